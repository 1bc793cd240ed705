//! Putting guards in place and taking them away.

use std::any::Any;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use super::changes::Changes;
use super::site::{Requests, Site};
use crate::GuardError;
use crate::registry::{self, Entry};

/// A file in the scope's directory with the variables that the session changed, as they were before.
const BEFORE: &str = "environment";

/// Installs all guards, in order, whatever happens to one of them. Errors name the guard and its line.
pub(super) fn install(guards: &[Entry], site: &mut Site) -> Vec<String> {
    guards
        .iter()
        .filter_map(|entry| {
            site.guard = Some(entry.at);
            let installed =
                catch_unwind(AssertUnwindSafe(|| drive(entry.guard.install(site), |work| pollster::block_on(work))));
            failure(entry, "install", installed)
        })
        .collect()
}

/// Cleans all guards, in reverse order, whatever happens to one of them.
pub(super) fn cleanup(guards: &[Entry]) -> Vec<String> {
    guards
        .iter()
        .rev()
        .filter_map(|entry| {
            let cleaned = catch_unwind(AssertUnwindSafe(|| drive(entry.guard.cleanup(), elsewhere)));
            failure(entry, "clean up", cleaned)
        })
        .collect()
}

/// What a guard does, for as long as it takes.
type Work<'a> = Pin<Box<dyn Future<Output = Result<(), GuardError>> + Send + 'a>>;

/// Runs what a guard does. Most of it never waits, and needs no executor; otherwise `wait` finishes it.
fn drive(mut work: Work<'_>, wait: impl FnOnce(Work<'_>) -> Result<(), GuardError>) -> Result<(), GuardError> {
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => wait(work),
    }
}

/// Waits on another thread: the thread-locals of an exiting one, which the executor needs, may be gone.
fn elsewhere(work: Work<'_>) -> Result<(), GuardError> {
    thread::scope(|scope| scope.spawn(|| pollster::block_on(work)).join()).unwrap_or_else(|panic| resume_unwind(panic))
}

fn failure(
    entry: &Entry,
    operation: &str,
    result: Result<Result<(), GuardError>, Box<dyn Any + Send>>,
) -> Option<String> {
    let why = match result {
        Ok(Ok(())) => return None,
        Ok(Err(error)) => error.to_string(),
        Err(panic) => format!("it panicked: {}", crate::isolate::message(&*panic).unwrap_or("(no message)")),
    };
    Some(format!("cannot {operation} {}: {why}", described(entry)))
}

fn described(entry: &Entry) -> String {
    let name = registry::shortened(&entry.guard.name());
    format!("the guard `{name}` of `{}`, registered at {}", entry.guard.resource().name(), entry.at)
}

/// Sets the environment that the guards asked for, and starts their threads. `before`: what an outer session changed.
pub(super) fn apply(requests: Requests, before: &Changes, wrappers: &[&Path], scope: &Path) -> Result<(), String> {
    let variables = requests.variables(wrappers, std::env::var_os("PATH"));
    let mut text = Vec::new();
    for (name, _) in variables.iter().filter(|(name, _)| *name != "PATH") {
        text.extend_from_slice(name.as_bytes());
        let before = before.get(name).map(|before| before.map(OsStr::to_owned));
        if let Some(value) = before.unwrap_or_else(|| std::env::var_os(name)) {
            text.push(b'=');
            text.extend_from_slice(value.as_bytes());
        }
        text.push(0);
    }
    if !text.is_empty() {
        let file = scope.join(BEFORE);
        fs::write(&file, text).map_err(|error| format!("cannot write `{}`: {error}", file.display()))?;
    }
    for (name, value) in variables.iter() {
        super::native::set_variable(name, value);
    }
    for (name, service) in requests.threads {
        std::thread::Builder::new()
            .name(name.clone())
            .spawn(service)
            .map_err(|error| format!("cannot start the thread `{name}`: {error}"))?;
    }
    Ok(())
}

/// What an outer session changed in the environment, as it was before: the user's own.
pub(super) fn before(outer: Option<&Path>) -> Changes {
    let text = outer.and_then(|scope| fs::read(scope.join(BEFORE)).ok()).unwrap_or_default();
    let mut changes = Changes::default();
    for entry in text.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let mut parts = entry.splitn(2, |byte| *byte == b'=').map(|part| OsStr::from_bytes(part).to_owned());
        changes.put(parts.next().unwrap_or_default(), parts.next());
    }
    changes
}
