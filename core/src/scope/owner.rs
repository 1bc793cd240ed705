//! The scope of a process that runs tests.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use super::stretch;
use super::{Answer, epoch, verb};
use crate::Via;
use crate::declaration::{Declaration, Use};
use crate::log::{Allow, BODY, Event, Files, Log, Outcome, Phase, Sighting, StretchId, Verb, emptied};
use crate::session::starting;
use crate::verdict::Blocked;

/// How many tests share the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// One: whatever happens in the process belongs to it.
    One,
    /// All tests of the process that declare nothing: threads tell them apart.
    Many,
    /// The one that was opened by hand, or none.
    ByHand,
}

/// Decides and records for the tests of this process.
pub(crate) struct Owner {
    files: Files,
    sharing: Sharing,
    observe: bool,
    state: Mutex<State>,
}

/// A use that need not be recorded again: thread, stretches, resource and target.
type Recorded = (Option<ThreadId>, Vec<StretchId>, &'static str, Option<String>);

struct State {
    /// `None`: outside of every test, everything passes unrecorded.
    body: Option<Body>,
    live: Vec<Live>,
    /// A test under `#[uses]` has begun.
    begun: bool,
    next: StretchId,
    recorded: Vec<Recorded>,
}

/// Whose body runs, and what it may use.
struct Body {
    stretch: StretchId,
    whose: String,
    uses: Vec<Use>,
}

/// A stretch of a fixture that has begun and not ended.
struct Live {
    id: StretchId,
    parent: StretchId,
    fixture: &'static Declaration,
}

/// A fixture's life in one test: its set-up's stretch is its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance {
    pub(crate) id: StretchId,
    pub(crate) fixture: &'static Declaration,
}

impl Owner {
    /// Makes the scope. `whose` names the test, or the binary, in messages. `told`: chokepoints are told also what no file
    /// says; without that the directory has to be there.
    pub(crate) fn create(dir: &Path, sharing: Sharing, observe: bool, whose: String, told: bool) -> io::Result<Self> {
        let body = (sharing != Sharing::ByHand).then_some(Body { stretch: BODY, whose, uses: Vec::new() });
        let state = State { body, live: Vec::new(), begun: false, next: BODY + 1, recorded: Vec::new() };
        let allow = Allow { observe, ..state.allow_live() };
        let told = told || allow != Allow::unsaid();
        let files = if told { Files::create(dir, &allow)? } else { Files::unsaid(dir) };
        Ok(Self { files, sharing, observe, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn dir(&self) -> &Path {
        self.files.dir()
    }

    pub(crate) fn log(&self) -> Log {
        let mut log = self.files.read();
        if log.damage.is_none() && self.state().begun && !log.begins() {
            log.damage = Some(emptied(self.dir()));
        }
        log
    }

    /// Ends the scope if nobody has said anything in it, neither here nor in other processes; then there is no log to read.
    pub(crate) fn ends_unsaid(&self) -> bool {
        self.files.remove_unsaid()
    }

    /// Appends an event that is no use.
    pub(crate) fn note(&self, event: &Event) {
        // A failure empties `allow`, where the verdict finds it.
        let _ = self.files.append(event);
    }

    /// Says which test this is, in a session of a whole run.
    pub(crate) fn runs(&self, line: &[u8]) {
        let _ = self.files.append_line(line);
    }

    /// A name for a new directory beside this scope's own files.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.files.dir().join(name)
    }

    /// The body of a test under `#[uses]` begins. False if another one has begun and not ended.
    pub(crate) fn begin(&self, declaration: &Declaration) -> bool {
        let mut state = self.state();
        let Some(body) = state.body.as_mut() else { return false };
        body.uses.extend(declaration.uses);
        state.begun = true;
        self.note(&Event::Begin { declaration: declaration.full_path() });
        self.publish(&state);
        true
    }

    /// That body ended.
    pub(crate) fn end(&self, outcome: Outcome) {
        self.note(&Event::End(outcome));
    }

    /// A scope by hand begins; its body's stretch. `None` if one is open.
    pub(crate) fn open(&self, whose: String, uses: Vec<Use>) -> Option<StretchId> {
        let mut state = self.state();
        if self.sharing != Sharing::ByHand || state.body.is_some() {
            return None;
        }
        let stretch = state.number();
        state.body = Some(Body { stretch, whose, uses });
        self.publish(&state);
        Some(stretch)
    }

    /// A scope by hand ends.
    pub(crate) fn close(&self) {
        self.settle();
        let mut state = self.state();
        state.body = None;
        self.publish(&state);
    }

    /// A stretch of a fixture begins: its set-up, which makes an instance, or the drop of one.
    pub(crate) fn enter(&self, fixture: &'static Declaration, instance: Option<StretchId>) -> Option<StretchId> {
        self.settle();
        let mut state = self.state();
        state.body.as_ref()?;
        let id = state.number();
        let parent = state.known(stretch::current());
        self.note(&Event::Enter {
            stretch: id,
            instance: instance.unwrap_or(id),
            parent,
            phase: if instance.is_some() { Phase::TearDown } else { Phase::SetUp },
            fixture: fixture.full_path(),
            line: fixture.line,
            thread: self.thread().map(|(_, name)| name).unwrap_or_default(),
        });
        state.live.push(Live { id, parent, fixture });
        self.publish(&state);
        Some(id)
    }

    /// The instance whose set-up is this stretch.
    pub(crate) fn instance_at(&self, stretch: StretchId) -> Option<Instance> {
        let state = self.state();
        let live = state.live.iter().find(|live| live.id == stretch)?;
        Some(Instance { id: live.id, fixture: live.fixture })
    }

    /// It ended.
    pub(crate) fn leave(&self, stretch: StretchId, succeeded: bool) {
        self.settle();
        let mut state = self.state();
        state.live.retain(|live| live.id != stretch);
        self.note(&Event::Leave { stretch, succeeded });
        self.publish(&state);
    }

    pub(super) fn ask(&self, resource: &'static str, via: &Via<'_>, what: &str) -> Answer {
        let mut state = self.state();
        let thread = self.thread().filter(|_| !via.relayed);
        let allow = match (via.relayed, self.sharing) {
            (true, Sharing::Many) => state.allow_stretch(BODY),
            (true, _) => state.allow_live(),
            (false, _) => state.allow_stretch(stretch::current()),
        };
        if allow.stretches.is_empty() {
            return Answer::Allowed { known_in: None };
        }
        let narrowed = allow.names(resource);
        let seen = Sighting {
            verb: verb(allow.authorises(resource, via.target), self.observe),
            stretches: allow.stretches,
            pid: std::process::id(),
            thread: thread.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
            resource: resource.to_owned(),
            chokepoint: via.chokepoint.to_owned(),
            target: via.target.map(str::to_owned),
            what: what.to_owned(),
        };
        if via.continued && seen.verb != Verb::Used {
            return Answer::Allowed { known_in: None };
        }
        let key = (thread.map(|(id, _)| id), seen.stretches.clone(), resource, seen.target.clone());
        let mut recorded = Ok(());
        if !state.recorded.contains(&key) {
            state.recorded.push(key);
            recorded = self.files.append(&Event::Use(seen.clone()));
        }
        match seen.verb {
            Verb::Blocked => Answer::Blocked(Box::new(Blocked { by: allow.whose, seen, narrowed })),
            Verb::Used | Verb::Passed => {
                // Only the body of a lone test gives every thread the same answer.
                let same_for_all = state.live.is_empty() && self.sharing != Sharing::Many && recorded.is_ok();
                Answer::Allowed { known_in: same_for_all.then(epoch::now) }
            }
        }
    }

    /// Before another stretch begins, programs that this one has started reach their chokepoints.
    fn settle(&self) {
        // Children of a shared process belong to nobody in particular.
        if self.sharing != Sharing::Many {
            starting::settle();
        }
    }

    /// Whether a use was refused in this stretch, by any chokepoint.
    pub(crate) fn refused_in(&self, stretch: StretchId) -> Option<Sighting> {
        self.log().events.into_iter().find_map(|event| match event {
            Event::Use(seen) if seen.verb == Verb::Blocked && seen.stretches == [stretch] => Some(seen),
            _ => None,
        })
    }

    /// The thread, where threads tell tests apart.
    fn thread(&self) -> Option<(ThreadId, String)> {
        (self.sharing == Sharing::Many).then(|| {
            let thread = thread::current();
            (thread.id(), thread.name().unwrap_or_default().to_owned())
        })
    }

    /// Tells every chokepoint, in this process and in others, that the answers have changed.
    fn publish(&self, state: &State) {
        epoch::next();
        // Children of a shared process belong to nobody in particular: they get the body's answer, nothing.
        if self.sharing != Sharing::Many
            && self.files.allow(&Allow { observe: self.observe, ..state.allow_live() }).is_err()
        {
            self.note(&Event::Fault { what: format!("cannot replace `{}`", self.path("allow").display()) });
        }
    }
}

impl State {
    fn number(&mut self) -> StretchId {
        let id = self.next;
        self.next += 1;
        id
    }

    /// The stretch if it is live, else the body's.
    fn known(&self, stretch: StretchId) -> StretchId {
        match &self.body {
            Some(body) if !self.live.iter().any(|live| live.id == stretch) => body.stretch,
            _ => stretch,
        }
    }

    /// What code in this stretch may use.
    fn allow_stretch(&self, stretch: StretchId) -> Allow {
        let Some(body) = &self.body else { return Allow::default() };
        let stretch = self.known(stretch);
        let mut allow = Allow { stretches: vec![stretch], whose: body.whose.clone(), ..Allow::default() };
        match self.live.iter().find(|live| live.id == stretch) {
            Some(live) => live.extend(&mut allow),
            None => allow.extend(&body.uses),
        }
        allow
    }

    /// What a child started now may use: the innermost live stretches decide.
    fn allow_live(&self) -> Allow {
        let Some(body) = &self.body else { return Allow::default() };
        let mut innermost =
            self.live.iter().filter(|live| !self.live.iter().any(|inner| inner.parent == live.id)).peekable();
        if innermost.peek().is_none() {
            return self.allow_stretch(body.stretch);
        }
        let mut allow = Allow::default();
        for live in innermost {
            allow.stretches.push(live.id);
            live.extend(&mut allow);
        }
        allow
    }
}

impl Live {
    fn extend(&self, allow: &mut Allow) {
        allow.extend(self.fixture.uses);
        allow.whose = format!("fixture `{}`", self.fixture.path());
    }
}
