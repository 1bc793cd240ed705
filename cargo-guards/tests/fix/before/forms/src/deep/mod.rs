//! Modules in files.

mod inner;

#[test]
fn the_same_name() {
    crate::desk().unwrap();
}

mod inline {
    mod below;
}
