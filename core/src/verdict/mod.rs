//! The verdict on one test: a pure function of its declaration, its log and its outcome, and of its other tries, if it has any.

mod fixtures;
mod judge;
mod subject;
mod tries;
mod violation;

pub(crate) use judge::{Case, Ending, Verdict, judge, judge_somebody};
pub use tries::{Try, TryUse, Unused};
pub(crate) use violation::Blocked;
pub use violation::{Violation, ViolationKind};

#[cfg(test)]
mod laws;
