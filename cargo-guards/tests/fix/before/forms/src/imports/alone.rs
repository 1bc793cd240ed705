use resource_guards::uses;

#[uses(desk)]
#[test]
fn unused() {}
