//! What happens when the process ends: guards are taken away, and what was not judged yet is judged.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use super::place;
use super::process::{Process, Runner};
use super::start::FAILED;
use super::{STATUS, Session, Status, install, native, starting};
use crate::isolate::{parent, plain, single};
use crate::log::{Event, Log};
use crate::registry;
use crate::scope;
use crate::verdict::Violation;

/// How long a program that is just being started may take to reach its chokepoint.
const LATE: Duration = Duration::from_millis(500);

/// The exit handler. `status` is known on glibc.
pub(super) fn exit(status: Option<i32>) {
    let Some(Status::Guarded(session)) = STATUS.get() else { return };
    // A child that was forked without exec inherits the handler, not the duty.
    if !session.is_own_process() {
        return;
    }
    // The thread-locals of an exiting thread are destroyed, and guards may need some. Those of the main thread of libtest
    // were never used by a test; for anybody else's there is a thread.
    let on_main = thread::current().id() == session.main;
    let finished = if on_main && matches!(session.process, Process::One { .. }) {
        Ok(catch_unwind(AssertUnwindSafe(|| finish(session, status, on_main))))
    } else {
        thread::Builder::new().spawn(move || finish(session, status, on_main)).map(thread::JoinHandle::join)
    };
    let violated = match finished {
        Ok(finished) => finished.unwrap_or(true),
        Err(error) => {
            say(&format!("RESOURCE GUARD: cannot start the thread that judges the tests: {error}\n"));
            true
        }
    };
    if violated && session.mode == super::Mode::Enforce {
        native::end(FAILED);
    }
}

/// Cleans up, judges and reports. True if the process must fail. `on_main`: the main thread ended it.
fn finish(session: &'static Session, status: Option<i32>, on_main: bool) -> bool {
    let Some(owner) = scope::owner() else { return false };
    starting::settle();
    if matches!(session.process, Process::One { .. }) {
        single::wait_for_late_uses(owner, LATE);
        for event in session.path_escape().unwrap_or_default() {
            owner.note(&event);
        }
    }
    let mut faults = install::cleanup(&session.guards);
    if registry::size() != session.registered {
        faults.push(
            "guards or declarations were registered after the tests had started, and are not in force; link them \
             into the test binary instead of loading them"
                .to_owned(),
        );
    }
    let mut violations = Vec::new();
    let mut unsaid = false;
    match &session.process {
        Process::One { test, by } => {
            for what in &faults {
                owner.note(&Event::Fault { what: what.clone() });
            }
            if *by == Runner::Nextest {
                unsaid = owner.ends_unsaid();
                let log = if unsaid { Log::default() } else { owner.log() };
                violations = single::judge_at_exit(session, owner, test, &log, status);
            }
        }
        Process::Many(arguments) => {
            faults.extend(parent::unfinished().iter().map(|test| {
                format!(
                    "the process ended while test `{test}` ran, so it is not judged; does another test call `exit`?"
                )
            }));
            if let Some(what) = session.escape() {
                session.note(&[format!(
                    "a test without #[uses] {what}; programs that such tests ran from then on could not be observed"
                )]);
            }
            // libtest returns to `main` when all tests have passed; a test that calls `exit` is on a thread of its own.
            violations = plain::judge(session, owner, arguments, on_main && status == Some(0));
            report_faults(&faults);
        }
        Process::ByHand | Process::Listing => report_faults(&faults),
    }
    report(session, &violations);
    if let Some(sockets) = &session.sockets {
        sockets.remove();
    }
    // A scope that ended unsaid was the whole place.
    if !unsaid && !matches!(session.process, Process::One { by: Runner::Ours, .. }) {
        if !session.place.is_own() {
            place::remove(owner.dir());
        }
        session.place.remove();
    }
    let shared = !matches!(session.process, Process::One { .. });
    !violations.is_empty() || (shared && !faults.is_empty()) || session.violated.load(Ordering::Relaxed)
}

fn report_faults(faults: &[String]) {
    for fault in faults {
        say(&format!("RESOURCE GUARD: {fault}\n"));
    }
}

fn report(session: &Session, violations: &[Violation]) {
    let notes = std::mem::take(&mut *session.notes.lock().unwrap_or_else(PoisonError::into_inner));
    for note in notes {
        say(&format!("RESOURCE GUARD: note: {note}\n"));
    }
    if session.mode == super::Mode::Enforce {
        for violation in violations {
            say(&format!("\n{violation}\n"));
        }
    }
}

/// Writes past the buffers and captures of the standard library, which may be gone by now.
fn say(text: &str) {
    let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
}

/// Waits while a child lives and `done` is false.
pub(crate) fn wait_for_children(limit: Duration, done: impl Fn() -> bool) {
    const STEP: Duration = Duration::from_millis(2);
    let end = Instant::now() + limit;
    while native::has_children() && !done() && Instant::now() < end {
        thread::sleep(STEP);
    }
}
