#[test]
fn the_same_name() {}

#[resource_guards::uses(desk)]
#[test]
fn another() {
    crate::desk().unwrap();
}
