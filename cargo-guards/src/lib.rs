//! The library of `cargo guards`: selects tests by the external resources that they declare, has them run by the user's
//! own engine, and reads what they used.
//!
//! A program of one's own (an xtask) gives its users the same command:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     cargo_guards::main(std::env::args_os())
//! }
//! ```
//!
//! Nothing here runs tests. nextest does where it is installed, else `cargo test` (`engine`). What is added to it is one
//! session for all test processes, a selection in the engine's own terms (`select`, and `engine::runner` for `cargo test`, which
//! has no terms), and a directory of records (`records`).

mod audit;
mod cli;
mod completions;
pub mod config;
mod engine;
mod error;
pub mod exit;
mod fix;
mod list;
mod listing;
mod named;
mod nearest;
mod output;
mod records;
mod report;
mod select;
mod talk;
mod test;
mod why;

use engine::{archive, build, chain, flags, groups, interrupt, runner, session, supervise};
use listing::{ask, availability, catalog};
use records::{format, runs};
use select::selection;
use test::strict;

pub use cli::{main, run};
pub use error::{Error, Result};
