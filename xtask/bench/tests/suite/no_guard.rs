//! The same test in a binary that knows no guard.

#[test]
fn nothing() {}
