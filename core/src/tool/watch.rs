//! For a tool that watches test processes from outside, as the kernel sees them: which test a process belongs to, what
//! that test may use, and a line in its log.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::declaration::matches;
use crate::log::{Allow, Event, Files, Sighting, StretchId, Verb};
use crate::session::place::SCOPES;
use crate::verdict::Violation;

/// The scope of one test process, as it has registered itself in a session that is watched: see
/// [`SharedSession::watch`](super::SharedSession::watch).
#[derive(Debug)]
pub struct TestScope {
    /// The process that has registered it.
    pub pid: u32,
    /// When it did.
    pub since: SystemTime,
    /// The directory with its log.
    pub dir: PathBuf,
    /// The test binary.
    pub binary: PathBuf,
    /// The test. `None`: the process runs many, or none yet.
    pub test: Option<String>,
    /// What stands in front of sockets in it.
    pub fronts: Vec<Front>,
    known: Mutex<Known>,
}

/// What the log says, as far as it is read, and what need not be written into it again.
#[derive(Debug, Default)]
struct Known {
    /// So many bytes of the log are read.
    read: u64,
    /// Declared uses: the stretches that were live, the resource and the process.
    used: BTreeSet<(Vec<StretchId>, String, u32)>,
    /// The same of uses that were not declared, and only observed.
    passed: BTreeSet<(Vec<StretchId>, String, u32)>,
    /// The same with their targets, which are recorded once, whatever process it is.
    targets: BTreeSet<(Vec<StretchId>, String, Option<String>)>,
}

/// A relay in front of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// The resource that it guards.
    pub resource: String,
    /// The real socket.
    pub real: PathBuf,
    /// The relay's.
    pub relay: PathBuf,
}

/// A use that the tool has seen.
#[derive(Debug, Clone)]
pub struct Use<'a> {
    /// The resource.
    pub resource: &'a str,
    /// What saw it: `kernel`.
    pub chokepoint: &'a str,
    /// What exactly is used, where a declaration may be narrowed to that.
    pub target: Option<&'a str>,
    /// What is seen, in a few words and without secrets.
    pub what: &'a str,
    /// The process.
    pub pid: u32,
}

/// What the log of the test says to a use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing is judged just now.
    Outside,
    /// It is declared, or only observed, and recorded. With the stretches that it was recorded for.
    Allowed(Vec<u32>),
    /// It is not declared, and recorded as refused. With the words for whose it is: ``test `a::b` ``.
    Refused(String),
    /// The test is over, or has destroyed its log.
    Gone,
}

impl TestScope {
    /// What the process of this number has registered. `None`: it runs no guarded tests.
    #[must_use]
    pub fn of(session: &Path, pid: u32) -> Option<Self> {
        let file = session.join(SCOPES).join(pid.to_string());
        let text = fs::read(&file).ok()?;
        let since = fs::metadata(&file).and_then(|file| file.modified()).ok()?;
        let mut lines = text.split(|byte| *byte == b'\n').map(OsStr::from_bytes);
        let (dir, binary, test) = (lines.next()?, lines.next()?, lines.next()?);
        let fronts = lines.filter_map(|line| {
            let mut fields = line.as_bytes().splitn(3, |byte| *byte == b'\t').map(OsStr::from_bytes);
            let resource = fields.next()?.to_str()?.to_owned();
            Some(Front { resource, real: fields.next()?.into(), relay: fields.next()?.into() })
        });
        Some(Self {
            pid,
            since,
            dir: dir.into(),
            binary: binary.into(),
            test: Some(test.to_string_lossy().into_owned()).filter(|test| !test.is_empty()),
            fronts: fronts.collect(),
            known: Mutex::default(),
        })
    }

    /// The numbers of all processes that have registered.
    #[must_use]
    pub fn registered(session: &Path) -> BTreeSet<u32> {
        let files = fs::read_dir(session.join(SCOPES)).into_iter().flatten().flatten();
        files.filter_map(|file| file.file_name().to_str()?.parse().ok()).collect()
    }

    /// Asks whether the use is declared, and records it.
    ///
    /// It is not recorded, and allowed, where another chokepoint has recorded the same process with a use of the resource that
    /// was let through, or one of `on_behalf_of`: processes which it descends from.
    #[must_use]
    pub fn ask(&self, seen: &Use<'_>, on_behalf_of: &[u32]) -> Answer {
        let opened = Files::open(&self.dir).and_then(|files| Ok((files.allowed()?, files)));
        let Ok((allow, files)) = opened else { return Answer::Gone };
        if allow.stretches.is_empty() {
            return Answer::Outside;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.catch_up(&self.dir);
        let verb = verb(&allow, seen);
        let key = |pid| (allow.stretches.clone(), seen.resource.to_owned(), pid);
        let is_in = |uses: &BTreeSet<_>| on_behalf_of.iter().chain([&seen.pid]).any(|pid| uses.contains(&key(*pid)));
        if is_in(&known.used) || (verb == Verb::Passed && is_in(&known.passed)) {
            return Answer::Allowed(allow.stretches);
        }
        let target = seen.target.map(str::to_owned);
        let is_new = known.targets.insert((allow.stretches.clone(), seen.resource.to_owned(), target));
        known.note(verb, key(seen.pid));
        if (is_new || verb == Verb::Blocked)
            && files.append_apart(&Event::Use(sighting(verb, allow.stretches.clone(), seen))).is_err()
        {
            return Answer::Gone;
        }
        match verb {
            Verb::Blocked => Answer::Refused(allow.whose),
            Verb::Used | Verb::Passed => Answer::Allowed(allow.stretches),
        }
    }

    /// Records that a process becomes a chokepoint of the session, as a wrapper is. That will decide and record by itself;
    /// only if it is killed before is this a use.
    pub fn starts(&self, seen: &Use<'_>) {
        let opened = Files::open(&self.dir).and_then(|files| Ok((files.allowed()?, files)));
        // Where the log is gone, the chokepoint finds none either.
        let Ok((allow, files)) = opened else { return };
        if !allow.stretches.is_empty() {
            let verb = verb(&allow, seen);
            // A failure is in `allow` then, where the verdict finds it.
            let _ = files.append_apart(&Event::Starts(sighting(verb, allow.stretches, seen)));
        }
    }

    /// Whether the log has a use of the resource by one of these processes that was let through, since the stretch that is
    /// live now began.
    #[must_use]
    pub fn is_used_by(&self, resource: &str, pids: &[u32]) -> bool {
        let stretches = self.stretches();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.catch_up(&self.dir);
        pids.iter().any(|pid| {
            let key = (stretches.clone(), resource.to_owned(), *pid);
            known.used.contains(&key) || known.passed.contains(&key)
        })
    }

    /// The stretches that are live now.
    #[must_use]
    pub fn stretches(&self) -> Vec<u32> {
        self.allow().stretches
    }

    /// The targets at which the resource is declared just now. Empty: at all, or at none.
    #[must_use]
    pub fn targets(&self, resource: &str) -> Vec<String> {
        let items = self.allow().items;
        items.into_iter().filter(|(name, _)| name == resource).filter_map(|(_, glob)| glob).collect()
    }

    fn allow(&self) -> Allow {
        Files::open(&self.dir).and_then(|files| files.allowed()).unwrap_or_default()
    }

    /// Notes that uses of a resource could not be seen, so that no declaration of it is called unused.
    ///
    /// # Errors
    ///
    /// If the log cannot be written.
    pub fn cannot_observe(&self, resource: &str, why: &str) -> io::Result<()> {
        let event = Event::Unobserved { resource: resource.to_owned(), why: why.to_owned() };
        Files::open(&self.dir)?.append(&event)
    }
}

impl Known {
    /// Reads what was appended to the log.
    fn catch_up(&mut self, dir: &Path) {
        let Ok(mut file) = File::open(dir.join("events")) else { return };
        let mut text = Vec::new();
        if file.seek(SeekFrom::Start(self.read)).and_then(|_| file.read_to_end(&mut text)).is_err() {
            return;
        }
        // The last line may not be whole yet.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        self.read += whole as u64;
        for line in text[..whole].split(|byte| *byte == b'\n') {
            if let Some(Event::Use(seen)) = Event::parse(&String::from_utf8_lossy(line)) {
                self.note(seen.verb, (seen.stretches, seen.resource, seen.pid));
            }
        }
    }

    fn note(&mut self, verb: Verb, key: (Vec<StretchId>, String, u32)) {
        match verb {
            Verb::Used => _ = self.used.insert(key),
            Verb::Passed => _ = self.passed.insert(key),
            Verb::Blocked => {}
        }
    }
}

fn verb(allow: &Allow, seen: &Use<'_>) -> Verb {
    match (allow.authorises(seen.resource, seen.target), allow.observe) {
        (true, _) => Verb::Used,
        (false, true) => Verb::Passed,
        (false, false) => Verb::Blocked,
    }
}

fn sighting(verb: Verb, stretches: Vec<StretchId>, seen: &Use<'_>) -> Sighting {
    Sighting {
        verb,
        stretches,
        pid: seen.pid,
        thread: String::new(),
        resource: seen.resource.to_owned(),
        chokepoint: seen.chokepoint.to_owned(),
        target: seen.target.map(str::to_owned),
        what: seen.what.to_owned(),
    }
}

/// The violation of a test whose processes went on when it was over: what they use from then on, nobody has declared.
#[must_use]
pub fn late_use(scope: &TestScope, seen: &Use<'_>) -> Violation {
    Violation::late_use(scope.test.as_deref(), &scope.binary, &sighting(Verb::Blocked, Vec::new(), seen))
}

/// Whether a glob of a declaration covers a target, as all chokepoints see it.
#[must_use]
pub fn covers(glob: &str, target: &str) -> bool {
    matches(glob, Some(target))
}

#[cfg(test)]
mod tests;
