//! Dispatches.
fn main() {}
