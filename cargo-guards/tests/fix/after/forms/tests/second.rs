//! Shares a module with the first.

mod common;
#[path = "shared/both.rs"]
mod both;

#[resource_guards::uses(chair, phone)]
#[test]
fn plain() {
    forms::chair().unwrap();
    let _shared = common::shared();
}
