//! Running the test of a `#[uses]` in a process of its own.
//!
//! - [`single`]: this process runs exactly one test, under nextest or as our own child.
//! - [`earlier`]: what its earlier tries used, under nextest.
//! - [`parent`]: this process runs many (`cargo test`): it starts a child for the test and replays its outcome.
//! - [`plain`]: tests without `#[uses]` in such a process, judged when it ends.

mod earlier;
pub(crate) mod parent;
pub(crate) mod plain;
mod result;
pub(crate) mod single;

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

pub use result::TestResult;

use crate::declaration::Declaration;
use crate::scope::{self, Owner, Scope, drain_teardowns};
use crate::session::process::Process;
use crate::session::{self, BodyOutput, Current, Session};
use crate::source::shown;

/// How the body of a test is to be run.
enum Way {
    /// Without guards.
    Bare,
    /// In this process, which is the test's own.
    Here(&'static Session, &'static Owner),
    /// In a child.
    InChild(&'static Session, String),
    /// In a scope, since this process has a `main` of its own.
    InScope(Scope),
}

/// The body of a synchronous test under `#[uses]`.
#[doc(hidden)]
#[track_caller]
pub fn run<R: TestResult>(declaration: &'static Declaration, body: impl FnOnce() -> R) -> R {
    match way(declaration) {
        Way::Bare => body(),
        Way::Here(session, owner) => {
            let output = single::begin(session, owner, declaration);
            let result = catch_unwind(AssertUnwindSafe(body));
            finish(session, owner, output, result)
        }
        Way::InChild(session, test) => replay(parent::run(session, declaration, &test)),
        Way::InScope(scope) => scope.run(body).unwrap_or_else(|failure| panic!("{failure}")),
    }
}

/// The body of an async test under `#[uses]`.
#[doc(hidden)]
pub async fn run_async<R: TestResult>(declaration: &'static Declaration, body: impl Future<Output = R>) -> R {
    match way(declaration) {
        Way::Bare => body.await,
        Way::Here(session, owner) => {
            let output = single::begin(session, owner, declaration);
            let result = drain_teardowns(body).await;
            finish(session, owner, output, result)
        }
        Way::InChild(session, test) => replay(parent::run(session, declaration, &test)),
        Way::InScope(scope) => scope.run_async(body).await.unwrap_or_else(|failure| panic!("{failure}")),
    }
}

#[track_caller]
fn way(declaration: &'static Declaration) -> Way {
    let session = match session::current() {
        Current::NotInstalled => panic!(
            "RESOURCE GUARD: `{}` has #[uses], but this test binary installs no guards\n  mend: add \
             `#[cfg(test)] resource_guards::install!(…);` once to its crate root ({}:{})",
            declaration.path(),
            shown(declaration.file),
            declaration.line
        ),
        Current::Passing => return Way::Bare,
        Current::Guarded(session) => session,
    };
    if session.process == Process::ByHand {
        return Way::InScope(Scope::of(declaration));
    }
    let test = thread::current().name().unwrap_or_default().to_owned();
    let path = declaration.path();
    let inside = test.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    assert!(
        inside,
        "RESOURCE GUARD: `{path}` has #[uses], but is not the test that runs it (`{test}`)\n  mend: put #[uses] on the \
         test function itself, at {}:{}",
        shown(declaration.file),
        declaration.line
    );
    match (&session.process, scope::owner()) {
        (Process::One { .. }, Some(owner)) => Way::Here(session, owner),
        (Process::Many(_), _) => Way::InChild(session, test),
        _ => Way::Bare,
    }
}

fn finish<R: TestResult>(
    session: &Session,
    owner: &Owner,
    output: BodyOutput,
    result: Result<R, Box<dyn Any + Send>>,
) -> R {
    single::end(session, owner, &result);
    drop(output);
    result.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Gives the outcome of the child to the runner of this process.
fn replay<R: TestResult>(outcome: parent::Replay) -> R {
    match outcome {
        parent::Replay::Passed => R::passed(),
        // A string can satisfy `should_panic(expected)`, and must when the child's did not fail for anything else.
        parent::Replay::Panicked(Some(message)) => resume_unwind(Box::new(message)),
        parent::Replay::Panicked(None) | parent::Replay::Failed => resume_unwind(Box::new(GuardedFailure)),
    }
}

/// The payload of a failure whose reason is already printed.
struct GuardedFailure;

/// The text of a panic, if it has one.
pub(crate) fn message(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<&'static str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}
