//! The same 300 tests, in a binary with guards.

#[path = "body.rs"]
mod body;

resource_guards::install!(
    guard_binary::Binary("git"),
    guard_binary::Binary("tar"),
    guard_binary::Binary("tmux"),
    guard_binary::Binary("true"),
);

bench::tests!(crate::body::body);
