use resource_guards::uses;

#[test]
fn unused() {}

#[uses(desk)]
#[test]
fn used() {
    crate::desk().unwrap();
}
