//! Shares a module with the second.

mod common;
#[path = "shared/both.rs"]
mod both;

#[resource_guards::uses(desk, phone)]
#[test]
fn plain() {
    forms::desk().unwrap();
    let _shared = common::shared();
}
