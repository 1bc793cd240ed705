//! Which test a process belongs to: by what test processes have registered, by ancestry, and by inheritance.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use resource_guards::tool::{SCOPE, TestScope};

use crate::linux::{Process, ProcessId, Supervised};

/// The scopes of one session.
#[derive(Debug)]
pub(super) struct Scopes {
    session: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Those that have registered.
    owners: HashMap<ProcessId, Arc<TestScope>>,
    /// Those that were found to belong to one. Its own parent may be gone when it is asked about again.
    members: HashMap<ProcessId, Arc<TestScope>>,
}

impl Scopes {
    pub(super) fn of(session: PathBuf) -> Self {
        Self { session, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The scope that this very process has registered.
    pub(super) fn registered(&self, process: ProcessId) -> Option<Arc<TestScope>> {
        if let Some(scope) = self.known().owners.get(&process) {
            return Some(Arc::clone(scope));
        }
        let scope = TestScope::of(&self.session, process.pid).filter(|scope| !is_older(scope, process))?;
        let scope = Arc::new(scope);
        Some(Arc::clone(self.known().owners.entry(process).or_insert(scope)))
    }

    /// The scope of a process of the tree.
    pub(super) fn find(&self, run: &Supervised, process: &Process) -> Option<Arc<TestScope>> {
        let found = self.descent(process);
        if let Some(scope) = &found {
            self.known().members.insert(process.id, Arc::clone(scope));
        }
        // What cannot be told apart belongs to whoever began the tree.
        found.or_else(|| self.registered(run.process))
    }

    fn descent(&self, process: &Process) -> Option<Arc<TestScope>> {
        let mut passed = Vec::new();
        for process in std::iter::once(process.clone()).chain(process.ancestors()) {
            if let Some(scope) = self.registered(process.id) {
                return Some(scope);
            }
            if let Some(scope) = self.known().members.get(&process.id) {
                return Some(Arc::clone(scope));
            }
            if let Some(scope) = self.inherited(&process) {
                return Some(scope);
            }
            passed.extend([process.session, process.group]);
            if process.parent == std::process::id() {
                break;
            }
        }
        // An orphan is still in the session and in the group of who began it. Their numbers are not given to others as
        // long as somebody is in them.
        let known = self.known();
        passed.iter().find_map(|leader| {
            let (_, scope) = known.members.iter().find(|(process, _)| process.pid == *leader)?;
            Some(Arc::clone(scope))
        })
    }

    /// The scope that the process was started with, in its environment.
    fn inherited(&self, process: &Process) -> Option<Arc<TestScope>> {
        let dir = PathBuf::from(process.variable(SCOPE)?);
        if !dir.starts_with(&self.session) {
            return None;
        }
        let is = |scope: &&Arc<TestScope>| scope.dir == dir;
        if let Some(scope) = self.known().owners.values().find(is) {
            return Some(Arc::clone(scope));
        }
        let registered = TestScope::registered(&self.session);
        let scope = registered.into_iter().filter_map(|pid| TestScope::of(&self.session, pid));
        let scope = Arc::new(scope.into_iter().find(|scope| scope.dir == dir)?);
        // Its process may be gone, and its number is not taken for it: only the directory is.
        let id = ProcessId { pid: scope.pid, started: 0 };
        Some(Arc::clone(self.known().owners.entry(id).or_insert(scope)))
    }

    /// All processes that have registered, and those of which something was seen.
    pub(super) fn all(&self) -> Vec<TestScope> {
        let registered = TestScope::registered(&self.session);
        registered.into_iter().filter_map(|pid| TestScope::of(&self.session, pid)).collect()
    }
}

/// Whether a scope was registered before the process began, by an earlier one of its number.
fn is_older(scope: &TestScope, process: ProcessId) -> bool {
    const TICKS: u64 = 100;
    const TOLERANCE: Duration = Duration::from_secs(1);
    let uptime = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let uptime = Duration::from_secs(u64::try_from(uptime.tv_sec).unwrap_or_default());
    let age = uptime.saturating_sub(Duration::from_secs(process.started / TICKS));
    SystemTime::now().duration_since(scope.since).is_ok_and(|since| since > age + 2 * TOLERANCE)
}

/// The numbers of a process and of those that it descends from, up to but without one of them or this process.
pub(super) fn lineage(process: &Process, end: u32) -> Vec<u32> {
    let own = std::process::id();
    std::iter::once(process.id.pid)
        .chain(process.ancestors().map(|process| process.id.pid))
        .take_while(|pid| *pid != end && *pid != own)
        .collect()
}
