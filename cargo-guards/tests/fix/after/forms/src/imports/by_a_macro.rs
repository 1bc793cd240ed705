use resource_guards::uses;

needs_a_desk!(made);

#[test]
fn unused() {}
