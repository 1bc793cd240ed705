use resource_guards::uses;

#[uses(desk)]
#[test]
fn unused() {}

#[uses(desk)]
#[test]
fn used() {
    crate::desk().unwrap();
}
