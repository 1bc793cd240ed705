//! The process that runs many tests: it starts a child for one of them, judges it and replays its outcome.

use std::io::{self, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::single::{Body, case};
use crate::declaration::Declaration;
use crate::log::{Log, Outcome};
use crate::record::{self, Record};
use crate::session::Session;
use crate::session::process::Process;
use crate::session::vars::Mode;
use crate::verdict::{Ending, judge};

/// How long a grandchild may hold the test's output open after the test has ended.
const GRACE: Duration = Duration::from_millis(100);

/// The same for one that keeps writing.
const PATIENCE: Duration = Duration::from_secs(1);

/// What this process' runner is to be told.
pub(super) enum Replay {
    Passed,
    Panicked(Option<String>),
    Failed,
}

/// Tests whose child has not ended.
static RUNNING: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<String>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tests that run while this process exits: another test called `exit`, and nobody will judge them.
pub(crate) fn unfinished() -> Vec<String> {
    let mut unfinished = running().clone();
    unfinished.sort_unstable();
    unfinished
}

/// Tests that were judged here.
static JUDGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The tests of this process that have been judged, and recorded.
pub(super) fn judged() -> Vec<String> {
    JUDGED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Runs the test in a child, prints what it printed, and judges it.
pub(super) fn run(session: &Session, declaration: &'static Declaration, test: &str) -> Replay {
    let scope = session.place.scope();
    running().push(test.to_owned());
    let began = Instant::now();
    let ran = run_child(session, test, &scope);
    let took = began.elapsed();
    running().retain(|running| running != test);
    let log = Log::read(&scope);
    let _ = std::fs::remove_dir_all(&scope);
    let status = match ran {
        Ok(status) => status,
        Err(error) => {
            let what = format!("cannot run test `{test}` in a process of its own: {error}");
            eprintln!("RESOURCE GUARD: {what}");
            // A test that should panic would be content with this failure.
            session.note(&[what]);
            session.violated();
            return Replay::Failed;
        }
    };
    conclude(session, declaration, test, &log, status, took)
}

fn conclude(
    session: &Session,
    declaration: &'static Declaration,
    test: &str,
    log: &Log,
    status: ExitStatus,
    took: Duration,
) -> Replay {
    let mut body = Body::of(log);
    let begun = body.declaration.is_some();
    body.declaration = Some(declaration);
    let passed = status.success();
    let ending = match (&body.outcome, passed) {
        _ if !begun => Ending::Failed,
        (None, true) => Ending::Early,
        (_, true) => Ending::Passed,
        (_, false) => Ending::Failed,
    };
    let case = case(test, log, &body, ending);
    let verdict = judge(&case);
    session.note(&verdict.notes);
    record::write(session, || Record::new(&case, body.outcome.as_ref(), &verdict, Some(took)));
    JUDGED.lock().unwrap_or_else(PoisonError::into_inner).push(test.to_owned());
    for note in &verdict.notes {
        eprintln!("RESOURCE GUARD: note: {note}");
    }
    if let Some(what) = irregular(test, &body, begun, status).filter(|_| log.damage.is_none()) {
        // The violation of an early end says it too.
        if ending != Ending::Early {
            eprintln!("RESOURCE GUARD: {what}");
        }
        // A test that should panic is content with any failure, and one that returned has none: what is printed here
        // may stay unseen, and only the exit handler is sure to fail the run.
        session.note(&[what]);
        session.violated();
    }
    // libtest in the child knows whether the panic was wanted; what it made of the outcome tells.
    let should_panic = matches!((&body.outcome, passed), (Some(Outcome::Panic(_)), true) | (Some(Outcome::Ok), false));
    if !verdict.violations.is_empty() && session.mode == Mode::Enforce {
        for violation in &verdict.violations {
            eprintln!("{violation}");
        }
        session.violated();
        return if should_panic { Replay::Passed } else { Replay::Failed };
    }
    match body.outcome {
        _ if !begun => Replay::Failed,
        Some(Outcome::Ok) => Replay::Passed,
        Some(Outcome::Panic(message)) => Replay::Panicked(message),
        Some(Outcome::Err) | None => Replay::Failed,
    }
}

/// How the test's process ended, where that is not libtest's report on what became of the body.
fn irregular(test: &str, body: &Body, begun: bool, status: ExitStatus) -> Option<String> {
    let cause = cause(status);
    match (&body.outcome, status.success()) {
        (_, true) if !begun => Some(format!("test `{test}` did not start in its own process, or its log was emptied")),
        (_, false) if !begun => Some(format!("test `{test}` did not start in its own process: {cause}")),
        (None, _) => Some(format!("the process of test `{test}` ended before the test did: {cause}")),
        (Some(Outcome::Ok), false) => Some(format!(
            "test `{test}` returned, and its process failed all the same, as it does when a panic is missing: {cause}"
        )),
        (Some(_), _) => None,
    }
}

fn cause(status: ExitStatus) -> String {
    match status.signal() {
        Some(signal) => format!("it was killed by signal {signal}"),
        None => status.to_string(),
    }
}

fn run_child(session: &Session, test: &str, scope: &std::path::Path) -> io::Result<ExitStatus> {
    let mut command = session.child(test, scope)?;
    if matches!(&session.process, Process::Many(arguments) if arguments.nocapture) {
        return command.status();
    }
    captured(command)
}

/// Runs a command with one pipe for both outputs, and prints what comes out of it where the runner captures it.
fn captured(mut command: Command) -> io::Result<ExitStatus> {
    let (mut reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child: Child = command.spawn()?;
    // It holds the writing ends.
    drop(command);
    let (chunks, output) = mpsc::channel::<Vec<u8>>();
    thread::Builder::new().name("output of a test".to_owned()).spawn(move || {
        let mut buffer = [0; 8192];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) if chunks.send(buffer[..n].to_vec()).is_err() => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    })?;
    let status = child.wait()?;
    let mut bytes = Vec::new();
    let ended = Instant::now();
    let held = loop {
        match output.recv_timeout(GRACE) {
            Ok(chunk) if ended.elapsed() < PATIENCE => bytes.extend(chunk),
            Ok(_) => break true,
            Err(mpsc::RecvTimeoutError::Disconnected) => break false,
            Err(mpsc::RecvTimeoutError::Timeout) => break true,
        }
    };
    print!("{}", String::from_utf8_lossy(&bytes));
    if held {
        println!("RESOURCE GUARD: note: a process that this test started still runs and holds its output");
    }
    Ok(status)
}
