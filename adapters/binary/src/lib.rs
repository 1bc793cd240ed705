//! Guards command-line programs: a wrapper in front of the real one on PATH.
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_binary::Binary("tmux"), guard_binary::Binary("docker-compose"));
//! ```
//!
//! A test that runs `tmux`, in whatever language and however far down its process tree, then needs `#[uses(tmux)]`; with
//! `#[uses(tmux("new-session"))]` only that first argument is declared.
//!
//! What a wrapper cannot see: a program that is run by an absolute path, with an emptied environment (`env -i`), or from
//! a PATH that the test made itself. A test process whose own PATH no longer begins with the wrappers is reported.

mod guard;
mod script;

pub use guard::Binary;

/// The README of the workspace shows this guard, so its examples are compiled here.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
