mod innermost;

#[resource_guards::uses(chair)]
#[test]
fn the_same_name() {
    crate::chair().unwrap();
}
