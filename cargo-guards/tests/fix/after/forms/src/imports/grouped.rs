#[rustfmt::skip]
use {
    crate::chair,
    resource_guards::{
        Resource, // a type
    },
};

#[test]
fn unused() {
    let _resource: Option<Resource> = None;
    let _ = chair;
}
