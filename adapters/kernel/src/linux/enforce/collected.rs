//! Findings while a run goes on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use resource_guards::tool::{TestScope, Use, late_use};

use crate::findings::{Findings, Late, Of, Outliving};
use crate::linux::{Process, Supervised};

impl Of {
    fn new(run: &Supervised, scope: &TestScope) -> Self {
        Self { binary: scope.binary.clone(), test: scope.test.clone(), variables: run.variables.clone() }
    }
}

/// Findings while they are collected.
#[derive(Debug, Default)]
pub(super) struct Collected(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    late: Vec<Late>,
    outliving: BTreeSet<Outliving>,
    failures: BTreeSet<String>,
    notes: BTreeSet<String>,
    /// Scopes and resources of which it is said that they could not be observed.
    unobserved: BTreeSet<(PathBuf, String)>,
    /// The first processes of the trees that were watched.
    began: BTreeSet<u32>,
}

impl Collected {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn began(&self, run: &Supervised) {
        self.inner().began.insert(run.process.pid);
    }

    pub(super) fn elsewhere(&self, pid: u32) {
        let note = "tests are watched by a supervisor around this one, and what it refuses is not in this verdict";
        let mut inner = self.inner();
        inner.began.insert(pid);
        inner.notes.insert(note.to_owned());
    }

    pub(super) fn note(&self, note: String) {
        self.inner().notes.insert(note);
    }

    pub(super) fn failure(&self, what: String) {
        self.inner().failures.insert(what);
    }

    /// Whether nothing was said yet of this resource in this scope.
    pub(super) fn is_new(&self, scope: &Path, resource: &str) -> bool {
        self.inner().unobserved.insert((scope.to_owned(), resource.to_owned()))
    }

    /// `lived`: whether the test's process has not ended.
    pub(super) fn late(&self, run: &Supervised, scope: &TestScope, seen: &Use<'_>, lived: bool) {
        self.inner().late.push(Late {
            of: Of::new(run, scope),
            violation: late_use(scope, seen),
            resource: seen.resource.to_owned(),
            what: seen.what.to_owned(),
            target: seen.target.map(str::to_owned),
            pid: seen.pid,
            lived,
        });
    }

    pub(super) fn outliving(&self, run: &Supervised, scope: &TestScope, process: &Process) {
        let of = Of::new(run, scope);
        self.inner().outliving.insert(Outliving { of, program: process.name.clone(), pid: process.id.pid });
    }

    /// All of them. `registered`: the test processes that ran.
    pub(super) fn findings(&self, registered: Vec<TestScope>) -> Findings {
        let inner = self.inner();
        let mut failures: Vec<String> = inner.failures.iter().cloned().collect();
        for scope in registered.iter().filter(|scope| !is_below(scope, &inner.began)) {
            failures.push(format!("{} of `{}` ran without being watched", whose(scope), scope.binary.display()));
        }
        Findings {
            late: inner.late.clone(),
            outliving: inner.outliving.iter().cloned().collect(),
            failures,
            notes: inner.notes.iter().cloned().collect(),
        }
    }
}

/// Whether a process began one of the trees, or runs one test for one that did, which has then named its directory.
fn is_below(scope: &TestScope, began: &BTreeSet<u32>) -> bool {
    let maker = scope.dir.file_name().and_then(|name| name.to_str()?.split_once('-')?.0.parse().ok());
    began.contains(&scope.pid) || maker.is_some_and(|pid: u32| began.contains(&pid))
}

/// Whose a scope is, in messages.
pub(super) fn whose(scope: &TestScope) -> String {
    match &scope.test {
        Some(test) => format!("test `{test}`"),
        None => "a test that declares nothing".to_owned(),
    }
}
