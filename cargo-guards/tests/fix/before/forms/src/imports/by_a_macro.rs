use resource_guards::uses;

needs_a_desk!(made);

#[uses(desk)]
#[test]
fn unused() {}
