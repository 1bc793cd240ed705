//! Every test declares the external resources it uses; undeclared uses and unused declarations fail.
#![warn(missing_docs)]

mod declaration;
mod error;
mod footprint;
mod guard;
mod install;
mod isolate;
mod log;
mod manifest;
mod record;
mod registry;
mod resource;
mod scope;
mod session;
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
    pub use crate::scope::{fixture, fixture_async};
}
