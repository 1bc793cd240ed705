//! 300 tests without guards.

#[path = "body.rs"]
mod body;

bench::tests!(crate::body::body);
