//! 1,000 trivial tests in a binary with guards.

#[path = "body.rs"]
mod body;

resource_guards::install!(guard_binary::Binary("git"), guard_binary::Binary("tar"));

bench::tests!(crate::body::body; h0 h1 h2 h3 h4 h5 h6 h7 h8 h9);
