//! A process that a test started, and that links a guard: it asks the test's directory.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{io, process};

use super::{Answer, verb};
use crate::Via;
use crate::log::{Allow, Event, Files, Sighting, Verb};
use crate::verdict::Blocked;

/// The scope of the test that started this process.
pub(crate) struct Inherited {
    files: Files,
    last: Mutex<Last>,
}

/// What was allowed when it was read last.
#[derive(Default)]
struct Last {
    /// Of what was read, if anything was.
    version: Option<Option<u64>>,
    allow: Allow,
    recorded: Vec<(&'static str, Option<String>)>,
}

impl Inherited {
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        Ok(Self { files: Files::open(dir)?, last: Mutex::default() })
    }

    /// Whether it has a declaration, and that of `whose`. Where it has none, nothing on disk says whose it is.
    pub(crate) fn is_declared_by(&self, whose: &str) -> bool {
        matches!(self.files.allowed_version(), Ok(Some(_)))
            && self.files.allowed().is_ok_and(|allow| allow.whose == whose)
    }

    pub(super) fn ask(&self, resource: &'static str, via: &Via<'_>, what: &str) -> Answer {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // The test is over, and its directory gone.
        let Ok(version) = self.files.allowed_version() else { return Answer::Allowed { known_in: None } };
        if last.version != Some(version) {
            let Ok(allow) = self.files.allowed() else { return Answer::Allowed { known_in: None } };
            *last = Last { version: Some(version), allow, recorded: Vec::new() };
        }
        if last.allow.stretches.is_empty() {
            return Answer::Allowed { known_in: None };
        }
        let seen = Sighting {
            verb: verb(last.allow.authorises(resource, via.target), last.allow.observe),
            stretches: last.allow.stretches.clone(),
            pid: process::id(),
            thread: String::new(),
            resource: resource.to_owned(),
            chokepoint: via.chokepoint.to_owned(),
            target: via.target.map(str::to_owned),
            what: what.to_owned(),
        };
        if via.continued && seen.verb != Verb::Used {
            return Answer::Allowed { known_in: None };
        }
        let key = (resource, seen.target.clone());
        if !last.recorded.contains(&key) {
            last.recorded.push(key);
            // A failure empties `allow`, where the test's verdict finds it.
            let _ = self.files.append(&Event::Use(seen.clone()));
        }
        match seen.verb {
            Verb::Blocked => {
                let narrowed = last.allow.names(resource);
                Answer::Blocked(Box::new(Blocked { by: last.allow.whose.clone(), seen, narrowed }))
            }
            Verb::Used | Verb::Passed => Answer::Allowed { known_in: None },
        }
    }
}
