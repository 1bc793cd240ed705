//! The guards of one process: put in place before `main`, taken away and judged by at exit.
//!
//! [`start`] runs as a constructor, [`exit`] as an exit handler; [`native`] has the few unsafe calls that takes.

mod changes;
mod exit;
mod install;
mod native;
mod output;
pub(crate) mod place;
pub(crate) mod process;
pub(crate) mod shared;
mod site;
pub(crate) mod slots;
mod sockets;
mod start;
pub(crate) mod starting;
pub(crate) mod vars;
mod wrappers;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::ThreadId;
use std::time::Instant;

pub(crate) use exit::wait_for_children;
pub(crate) use output::BodyOutput;
pub use site::Site;
pub(crate) use wrappers::provide_shared;

use crate::declaration::Use;
use crate::described;
use crate::registry::{self, Entry};
use place::Place;
use process::{Birth, Process};
use shared::Shared;
use vars::Mode;

/// What became of this process at its start. Not set: no `install!` in this binary.
static STATUS: OnceLock<Status> = OnceLock::new();

enum Status {
    /// Listing, or switched off: everything passes through.
    Passing,
    Guarded(Box<Session>),
}

/// The guards of this process and what they stand in.
pub(crate) struct Session {
    pub(crate) mode: Mode,
    pub(crate) process: Process,
    /// How to run this binary again; known where tests are run in children.
    birth: Option<Birth>,
    pub(crate) place: Place,
    /// Where sockets are, if the place is too deep for them.
    sockets: Option<Place>,
    /// What the tool that prepared the run says.
    pub(crate) shared: Shared,
    /// Where a record of each test goes.
    pub(crate) run: Option<PathBuf>,
    /// When the guards were in place.
    pub(crate) began: Instant,
    pid: u32,
    /// The thread that runs the constructor, and `main`.
    main: ThreadId,
    guards: Vec<Entry>,
    registered: usize,
    /// The directory that must come first on PATH, if there is one.
    wrappers: Option<PathBuf>,
    /// Whether somebody watches from outside, who sees also what escapes the wrappers.
    watched: bool,
    violated: AtomicBool,
    notes: Mutex<Vec<String>>,
}

/// What a test should do about the guards.
pub(crate) enum Current {
    /// This binary does not invoke `install!`.
    NotInstalled,
    /// Nothing is guarded: run the body.
    Passing,
    /// Tests are judged.
    Guarded(&'static Session),
}

/// Why uses of a resource that no guard watches cannot all be seen.
fn unobserved(shared: &Shared, resource: &str) -> Option<String> {
    match shared.described(resource) {
        Some(why) => why.map(str::to_owned),
        None => described::here(resource).then(|| described::UNWATCHED.to_owned()),
    }
}

/// The session of this process.
pub(crate) fn current() -> Current {
    match STATUS.get() {
        None => Current::NotInstalled,
        Some(Status::Passing) => Current::Passing,
        Some(Status::Guarded(session)) => Current::Guarded(session),
    }
}

impl Session {
    /// A command that runs this binary again, as it was started.
    pub(crate) fn again(&self) -> io::Result<Command> {
        match &self.birth {
            Some(birth) => Ok(birth.again()),
            None => Err(io::Error::other("this process is the child of one that runs many tests")),
        }
    }

    /// A command that runs one test as our child, with this directory for its scope.
    pub(crate) fn child(&self, test: &str, scope: &Path) -> io::Result<Command> {
        let mut command = self.again()?;
        command
            .args(process::one_test(test))
            .env(vars::SESSION, self.place.dir())
            .env(vars::SCOPE, scope)
            .env(vars::PARENT, std::process::id().to_string());
        Ok(command)
    }

    /// Whether this is the process that the session was made in, and not a child which that forked without exec.
    pub(crate) fn is_own_process(&self) -> bool {
        self.pid == std::process::id()
    }

    /// A violation was found, so the process must not end with success.
    pub(crate) fn violated(&self) {
        if self.mode == Mode::Enforce {
            self.violated.store(true, Ordering::Relaxed);
        }
    }

    /// Something worth saying once the tests are over.
    pub(crate) fn note(&self, notes: &[String]) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(notes);
    }

    /// Resources whose programs have wrappers.
    fn wrapped(&self) -> impl Iterator<Item = &str> {
        self.guards
            .iter()
            .filter(|entry| !entry.guard.footprint().programs.is_empty())
            .map(|entry| entry.guard.resource().name())
            .chain(self.shared.wrapped())
    }

    /// Why uses of a resource cannot all be seen, if no guard watches it and it is only described.
    pub(crate) fn unobserved(&self, resource: &str) -> Option<String> {
        let watched = self.guards.iter().any(|entry| entry.guard.resource().name() == resource);
        if watched { None } else { unobserved(&self.shared, resource) }
    }

    /// What is wrong with declaring a resource.
    pub(crate) fn mistakes_in(&self, item: &Use) -> Vec<String> {
        let is_described = |name: &str| self.shared.described(name).is_some() || described::here(name);
        registry::mistakes_in(&self.guards, item, &is_described)
    }

    /// What a test did so that programs may have escaped the wrappers.
    fn escape(&self) -> Option<&'static str> {
        wrappers::escape(self.wrappers.as_ref()?, &std::env::var_os("PATH").unwrap_or_default())
    }

    /// Why programs may have escaped the wrappers, as events of the test's log.
    pub(crate) fn path_escape(&self) -> Option<Vec<crate::log::Event>> {
        if self.watched {
            return None;
        }
        let why = format!("the test {}", self.escape()?);
        let everything = std::iter::once("*").chain(self.wrapped());
        Some(
            everything
                .map(|resource| crate::log::Event::Unobserved { resource: resource.to_owned(), why: why.clone() })
                .collect(),
        )
    }
}
