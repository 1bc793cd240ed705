//! The kit of the black-box tests: it builds a small crate of `tests/crates`, runs its tests as a user would, and tells
//! how each of them ended and what was said about it.
//!
//! ```text
//! Crate::named("hello").expect(&[
//!     ("a_declared_use_passes", Passes),
//!     ("an_undeclared_use_fails", Fails(&["test `an_undeclared_use_fails` used `tar` without declaring it"])),
//!     ("slow", Ignored),
//! ]);
//! ```
//!
//! [`Crate::expect`] runs the crate under all three engines, and each must give exactly the table: every test of the run
//! stands in it, every violation that was reported is one that its row names, the exit status follows from the rows, and
//! the engines report the same violations in the same words (process ids aside).
//!
//! | module | subject |
//! | --- | --- |
//! | `krate` | a crate under test, and how it is run |
//! | `engine` | the three engines |
//! | `environment` | what a nested run may inherit from ours |
//! | `libtest`, `nextest` | reading the output of `cargo test` and of `cargo nextest run` |
//! | `message` | the messages of the guards in a text |
//! | `run` | what came out of one run |
//! | `table` | comparing runs with a table |

mod engine;
mod environment;
mod krate;
mod libtest;
mod message;
mod nextest;
mod run;
mod table;

pub use engine::Engine;
pub use environment::command;
pub use krate::Crate;
pub use message::{messages, violations};
pub use run::{Outcome, Run, TestRun};
pub use table::Expected;
