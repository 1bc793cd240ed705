#[resource_guards::uses(chair, desk)]
#[test]
fn the_same_name() {
    crate::desk().unwrap();
    crate::chair().unwrap();
}
