//! Shares a module with the first.

mod common;
#[path = "shared/both.rs"]
mod both;

#[test]
fn plain() {
    forms::chair().unwrap();
    let _shared = common::shared();
}
