//! The verdict on one test: a pure function of its declaration, its log and its outcome.

mod fixtures;
mod judge;
mod subject;
mod violation;

pub(crate) use judge::{Case, Ending, Verdict, judge, judge_somebody};
pub(crate) use violation::Blocked;
pub use violation::{Violation, ViolationKind};

#[cfg(test)]
mod laws;
