//! Every test declares the external resources it uses; undeclared uses and unused declarations fail.
//!
//! ```
//! use resource_guards::{Resource, Violation, uses};
//!
//! /// A chokepoint: every message passes it.
//! static MAIL: Resource = Resource::new("mail");
//!
//! pub fn send(to: &str) -> Result<(), Violation> {
//!     MAIL.enforce_at(to, || format!("send to {to}"))?;
//!     // … talk to the service
//!     Ok(())
//! }
//!
//! #[cfg(test)]
//! resource_guards::install!(&MAIL);
//!
//! #[uses(mail("*@example.org"))]
//! #[test]
//! fn a_message_is_sent() {
//!     assert!(send("ada@example.org").is_ok());
//! }
//! # fn main() {
//! assert!(send("ada@example.org").is_ok(), "outside of tests everything passes");
//! # }
//! ```
//!
//! Without the attribute that test fails, also if it swallows the error; with an attribute that names more than it uses, it
//! fails too. `cargo test` and nextest give the same verdicts.
//!
//! | to | use |
//! | --- | --- |
//! | put guards around the tests of a binary | [`install!`] |
//! | say what a test uses | [`#[uses]`](macro@uses), and [`#[guarded]`](macro@guarded) on a module of tests that use nothing |
//! | say what a fixture uses | [`#[fixture_uses]`](macro@fixture_uses), [`Fixture`] |
//! | guard programs such as `git` | `guard_binary::Binary("git")`, of the crate `guard-binary` |
//! | guard a client of your own | [`Resource::enforce`]; [`ResourceGuard`] where something is to be put in place first |
//! | offer a guard to all users of a crate | [`Registration`] |
//! | judge tests of another harness | [`Scope`] |
//!
//! The variable `RESOURCE_GUARDS` switches: `enforce` (default), `observe` (records, blocks and fails nothing) or `off`. A
//! program that links this crate and runs no tests stays inactive: [`Resource::enforce`] is then one atomic load.
//!
//! How it works, what it cannot see and what it costs are in the README and in ARCHITECTURE.md.
#![warn(missing_docs)]
#![expect(clippy::test_attr_in_doctest, reason = "the first example shows a test")]

mod declaration;
mod described;
mod error;
mod footprint;
mod guard;
mod install;
mod isolate;
mod log;
mod manifest;
mod probe;
mod record;
mod registry;
mod resource;
mod scope;
mod session;
mod source;
pub mod tool;
mod verdict;

pub use async_trait::async_trait;
pub use inventory;
pub use resource_guards_macros::{fixture_uses, guarded, uses};

pub use error::GuardError;
pub use footprint::Footprint;
pub use guard::{Availability, ResourceGuard};
pub use isolate::TestResult;
pub use registry::Registration;
pub use resource::{Resource, Via};
pub use scope::{Fixture, Scope, ScopeFailure};
pub use session::Site;
pub use verdict::{Violation, ViolationKind};

/// What the macros expand to. No part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
    pub use resource_guards_macros::__uses_here as uses_here;

    pub use crate::declaration::{Declaration, Subject, Use};
    pub use crate::install::{Answer, NoLibtest, libtest_probe, runs_libtest};
    pub use crate::isolate::{run, run_async};
    pub use crate::scope::{drained, fixture, fixture_async};
}
