//! Modules in files.

mod inner;

#[resource_guards::uses(desk)]
#[test]
fn the_same_name() {
    crate::desk().unwrap();
}

mod inline {
    mod below;
}
