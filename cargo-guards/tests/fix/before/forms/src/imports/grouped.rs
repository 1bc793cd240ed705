#[rustfmt::skip]
use {
    crate::chair,
    resource_guards::{
        Resource, // a type
        uses,     // an attribute
    },
};

#[uses(desk)]
#[test]
fn unused() {
    let _resource: Option<Resource> = None;
    let _ = chair;
}
