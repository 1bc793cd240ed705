//! Scopes for harnesses that are not libtest: `harness = false`, libtest-mimic.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::{Owner, drain_teardowns, mistakes, owner};
use crate::declaration::{Declaration, Use};
use crate::isolate::{TestResult, message};
use crate::log::{Event, Log, Outcome, StretchId};
use crate::record::{self, Record};
use crate::session::slots::{self, Slots};
use crate::session::vars::Mode;
use crate::session::{self, Current, Session};
use crate::verdict::{Case, Ending, Violation, judge};

/// One test of a harness of your own, with its declaration.
///
/// Scopes of one process run one after the other, so that whatever a child process does belongs to one of them. So does
/// what other threads do meanwhile: work that belongs to no scope is done while none is open.
///
/// ```
/// use resource_guards::Scope;
///
/// # fn main() {
/// # if std::env::var_os("NEVER").is_some() {
/// let verdict = Scope::new("starts a session").uses("tmux").run(|| {
///     // … the test
/// });
/// assert!(verdict.is_ok(), "{}", verdict.unwrap_err());
/// # }
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a scope does nothing until it is run"]
pub struct Scope {
    name: String,
    uses: Vec<Use>,
    /// What an attribute would not accept.
    mistakes: Vec<String>,
    at: Option<(&'static str, u32)>,
}

/// Why a scope was not passed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ScopeFailure {
    /// The test broke its declaration.
    Violations(Vec<Violation>),
    /// This binary does not invoke `install!`; the body was not run.
    NotInstalled,
    /// It declares what nothing watches, patterns that no target matches, a resource twice or an exception without a reason, with
    /// what was probably meant; the body was not run.
    Unknown(Vec<String>),
    /// Another scope is open on this thread, or libtest runs this process; the body was not run.
    Inside(String),
}

impl Scope {
    /// A test of this name that declares nothing.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uses: Vec::new(), mistakes: Vec::new(), at: None }
    }

    pub(crate) fn of(declaration: &Declaration) -> Self {
        Self {
            name: declaration.path(),
            uses: declaration.uses.to_vec(),
            mistakes: Vec::new(),
            at: Some((declaration.file, declaration.line)),
        }
    }

    /// Declares a resource.
    pub fn uses(self, resource: &str) -> Self {
        self.declare(resource, &[], None)
    }

    /// Declares a resource at targets that match one of the globs.
    pub fn uses_at(mut self, resource: &str, targets: &[&str]) -> Self {
        if targets.is_empty() {
            self.mistakes.push(mistakes::no_target(resource));
        }
        self.declare(resource, targets, None)
    }

    /// Declares a resource that may stay unused, for this reason.
    pub fn may(self, resource: &str, reason: &str) -> Self {
        self.declare(resource, &[], Some(reason))
    }

    /// Declarations live as long as the program: their texts are few, and the attributes' are in it anyway.
    fn declare(mut self, resource: &str, targets: &[&str], may: Option<&str>) -> Self {
        let kept = |text: &str| -> &'static str { text.to_owned().leak() };
        let targets: Vec<&'static str> = targets.iter().map(|target| kept(target)).collect();
        let item = Use { resource: kept(resource), targets: targets.leak(), may: may.map(kept) };
        self.mistakes.extend(mistakes::in_one_more(&self.uses, &item));
        self.uses.push(item);
        self
    }

    /// Runs the test and judges it.
    ///
    /// # Errors
    ///
    /// If it broke its declaration, or could not be run.
    ///
    /// # Panics
    ///
    /// If the body does, after its violations are printed.
    pub fn run<R: TestResult>(self, body: impl FnOnce() -> R) -> Result<R, ScopeFailure> {
        let Some(open) = self.open()? else { return Ok(body()) };
        let result = catch_unwind(AssertUnwindSafe(body));
        open.close(result)
    }

    /// Runs an async test and judges it, after it has awaited the teardowns that its fixtures left.
    ///
    /// # Errors
    ///
    /// If it broke its declaration, or could not be run.
    ///
    /// # Panics
    ///
    /// If the body does, after its violations are printed.
    pub async fn run_async<R: TestResult>(self, body: impl Future<Output = R>) -> Result<R, ScopeFailure> {
        let Some(open) = self.open()? else { return Ok(body.await) };
        let result = drain_teardowns(body).await;
        open.close(result)
    }

    /// `None`: nothing is guarded.
    fn open(self) -> Result<Option<Open>, ScopeFailure> {
        let session = match session::current() {
            Current::NotInstalled => return Err(ScopeFailure::NotInstalled),
            Current::Passing => return Ok(None),
            Current::Guarded(session) => session,
        };
        let in_one = self.uses.iter().flat_map(|item| session.mistakes_in(item));
        let mistakes: Vec<String> = self.mistakes.iter().cloned().chain(in_one).collect();
        if !mistakes.is_empty() {
            return Err(ScopeFailure::Unknown(mistakes));
        }
        static ONE: Mutex<()> = Mutex::new(());
        if OPEN.get() {
            return Err(ScopeFailure::Inside(self.name));
        }
        let turn = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(owner) = owner() else { return Ok(None) };
        let Some(stretch) = owner.open(format!("test `{}`", self.name), self.uses.clone()) else {
            return Err(ScopeFailure::Inside(self.name));
        };
        let from = owner.log().events.len();
        for item in &self.uses {
            if let Some(why) = session.unobserved(item.resource) {
                owner.note(&Event::Unobserved { resource: item.resource.to_owned(), why });
            }
        }
        let slots = slots::take(&session.shared, &self.uses).unwrap_or_else(|what| {
            owner.note(&Event::Fault { what });
            Slots::new()
        });
        OPEN.set(true);
        Ok(Some(Open { scope: self, session, owner, stretch, from, began: Instant::now(), _slots: slots, _turn: turn }))
    }
}

thread_local! {
    /// Whether a scope is open on this thread: a second one would wait for itself.
    static OPEN: Cell<bool> = const { Cell::new(false) };
}

struct Open {
    scope: Scope,
    session: &'static Session,
    owner: &'static Owner,
    stretch: StretchId,
    from: usize,
    began: Instant,
    _slots: Slots,
    _turn: MutexGuard<'static, ()>,
}

impl Open {
    fn close<R: TestResult>(self, result: thread::Result<R>) -> Result<R, ScopeFailure> {
        OPEN.set(false);
        let ending = match &result {
            Ok(value) if value.is_success() => Ending::Passed,
            _ => Ending::Failed,
        };
        for event in self.session.path_escape().unwrap_or_default() {
            self.owner.note(&event);
        }
        self.owner.close();
        let log = self.log();
        let case = self.case(&log, ending);
        let verdict = judge(&case);
        let outcome = match &result {
            Ok(value) if value.is_success() => Outcome::Ok,
            Ok(_) => Outcome::Err,
            Err(panic) => Outcome::Panic(message(&**panic).map(str::to_owned)),
        };
        let took = self.began.elapsed();
        record::write(self.session, || Record::new(&case, Some(&outcome), &verdict, Some(took)));
        for note in &verdict.notes {
            eprintln!("RESOURCE GUARD: note: {note}");
        }
        let broken = !verdict.violations.is_empty() && self.session.mode == Mode::Enforce;
        if broken {
            self.session.violated();
        }
        match result {
            Ok(_) if broken => Err(ScopeFailure::Violations(verdict.violations)),
            Ok(value) => Ok(value),
            Err(panic) => {
                if broken {
                    eprintln!("{}", ScopeFailure::Violations(verdict.violations));
                }
                resume_unwind(panic)
            }
        }
    }

    /// What was logged since this scope was opened.
    fn log(&self) -> Log {
        let mut log: Log = self.owner.log();
        log.events = log.events.split_off(self.from.min(log.events.len()));
        // A child of an earlier scope may still be recording under that scope's number.
        log.events.retain(|event| match event {
            Event::Use(seen) => seen.stretches.iter().all(|id| *id >= self.stretch),
            _ => true,
        });
        log
    }

    fn case<'a>(&'a self, log: &'a Log, ending: Ending) -> Case<'a> {
        Case { test: &self.scope.name, uses: Some(&self.scope.uses), at: self.scope.at, log, ending }
    }
}

impl fmt::Display for ScopeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violations(violations) => {
                for (n, violation) in violations.iter().enumerate() {
                    if n > 0 {
                        f.write_str("\n")?;
                    }
                    write!(f, "{violation}")?;
                }
                Ok(())
            }
            Self::NotInstalled => f.write_str(
                "cannot open a scope: this test binary installs no guards; add `resource_guards::install!(…);` to it",
            ),
            Self::Unknown(mistakes) => write!(f, "cannot open a scope: it declares {}", mistakes.join("; and ")),
            Self::Inside(name) => write!(
                f,
                "cannot open a scope for `{name}`: another scope is open on this thread, or libtest runs this process, \
                 where `#[uses]` is the way to declare"
            ),
        }
    }
}

impl Error for ScopeFailure {}
