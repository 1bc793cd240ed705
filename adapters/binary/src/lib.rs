//! Guards command-line programs: a wrapper in front of the real one on PATH.
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_binary::Binary("tmux"), guard_binary::Binary("docker-compose"));
//! ```
//!
//! A test that runs `tmux`, in whatever language and however far down its process tree, then needs `#[uses(tmux)]`; with
//! `#[uses(tmux("new-session"))]` only that first argument is declared. An argument that is not all printable ASCII, or that
//! has a backslash, is no target: only `*` matches it, as it matches a program without arguments.
//!
//! The program takes the place of its wrapper: arguments, input, outputs, exit code, signals and process id are its own.
//! The environment is the caller's, but for what the shell does to it: it keeps `PWD`, `OLDPWD`, `SHLVL`, `_`, `IFS`,
//! `OPTIND`, `PPID`, `LINENO` and the prompts for itself, and dash and busybox leave out variables whose names are no
//! identifiers, such as `A.B`.
//!
//! What a wrapper cannot see: a program that is run by an absolute path, with an emptied environment (`env -i`), or from
//! a PATH that the test made itself. A test process whose own PATH no longer begins with the wrappers is reported.

mod guard;
mod script;

pub use guard::Binary;
pub use script::Wrapper;

/// The README of the workspace shows this guard, so its examples are compiled here.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
