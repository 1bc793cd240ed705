//! The seam between what the kernel sees and what is made of it.

use std::path::PathBuf;

use crate::linux::{Call, ProcessId, Supervised};

/// Decides about calls, and learns what became of the processes that make them.
///
/// [`Enforce`](crate::linux::Enforce) asks the log of each test. A policy that answers [`Decision::Continue`] to everything and
/// writes down what it saw is an audit.
///
/// All methods are called on the thread of one process tree, one after the other for each tree and at the same time for
/// several. While `decide` runs, the caller waits.
pub trait Policy: Send + Sync + 'static {
    /// Decides about a call.
    fn decide(&self, call: &Call<'_>) -> Decision;

    /// A process tree begins. Its first process has not run its program yet.
    fn started(&self, run: &Supervised) {
        let _ = run;
    }

    /// The first process of the tree, or one that [`Call::watch`] was called for, has ended some time ago, and other
    /// processes of the tree have not.
    fn outlived(&self, run: &Supervised, process: ProcessId) {
        let _ = (run, process);
    }

    /// The last process of the tree has ended, or the supervisor ends.
    fn ended(&self, run: &Supervised) {
        let _ = run;
    }

    /// A process was to be put under the filter, and a supervisor around this one has it under its own already, which
    /// decides.
    fn watched_elsewhere(&self, pid: u32) {
        let _ = pid;
    }

    /// Something could not be watched, and why.
    fn failed(&self, what: &str);
}

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The kernel does it.
    Continue,
    /// It fails with EPERM, and this is written to the caller's standard error.
    Deny(String),
    /// The caller's stream socket is connected to this Unix socket instead.
    Redirect(PathBuf),
}
