//! A process that runs exactly one test.

use std::any::Any;
use std::time::Duration;

use super::{TestResult, earlier, message};
use crate::declaration::{self, Declaration, Subject};
use crate::log::{Event, Log, Outcome};
use crate::record::{self, Record};
use crate::scope::Owner;
use crate::session::{BodyOutput, Session, slots};
use crate::verdict::{Case, Ending, Violation, judge};

/// The body begins, once there is a slot for it: from here on its declaration is in force.
#[track_caller]
pub(super) fn begin(session: &Session, owner: &Owner, declaration: &'static Declaration) -> BodyOutput {
    if let Err(what) = slots::take_for_good(&session.shared, declaration.uses) {
        owner.note(&Event::Fault { what });
    }
    owner.begin(declaration);
    BodyOutput::open()
}

/// The body has ended; what happens later in this process still belongs to the test.
pub(super) fn end<R: TestResult>(session: &Session, owner: &Owner, result: &Result<R, Box<dyn Any + Send>>) {
    // A child that was forked without exec may return from the body too: it is not the test.
    if !session.is_own_process() {
        return;
    }
    for event in session.path_escape().unwrap_or_default() {
        owner.note(&event);
    }
    owner.end(match result {
        Ok(value) if value.is_success() => Outcome::Ok,
        Ok(_) => Outcome::Err,
        Err(panic) => Outcome::Panic(message(&**panic).map(str::to_owned)),
    });
}

/// The declaration whose body began, and how it ended.
pub(crate) struct Body {
    pub(crate) declaration: Option<&'static Declaration>,
    pub(crate) outcome: Option<Outcome>,
}

impl Body {
    pub(crate) fn of(log: &Log) -> Self {
        let mut body = Self { declaration: None, outcome: None };
        for event in &log.events {
            match event {
                Event::Begin { declaration } => body.declaration = find(declaration),
                Event::End(outcome) => body.outcome = Some(outcome.clone()),
                _ => {}
            }
        }
        body
    }
}

fn find(path: &str) -> Option<&'static Declaration> {
    declaration::all().find(|d| d.subject == Subject::Test && path.rsplit_once("::") == Some((d.module, d.name)))
}

/// What the verdict on the test of this process, or of a child, is made from.
pub(crate) fn case<'a>(test: &'a str, log: &'a Log, body: &Body, ending: Ending) -> Case<'a> {
    Case { test, uses: body.declaration.map(|d| d.uses), at: body.declaration.map(|d| (d.file, d.line)), log, ending }
}

/// Waits for a program that is still on its way to its chokepoint, if a declared resource is not used yet.
pub(crate) fn wait_for_late_uses(owner: &Owner, limit: Duration) {
    let everything_used = || {
        let log = owner.log();
        let body = Body::of(&log);
        let waiting = body.declaration.is_some() && body.outcome == Some(Outcome::Ok);
        !waiting || judge(&case("", &log, &body, Ending::Passed)).violations.is_empty()
    };
    crate::session::wait_for_children(limit, everything_used);
}

/// Under nextest: judges the test of this process, which ends with `status`.
pub(crate) fn judge_at_exit(
    session: &Session,
    owner: &Owner,
    test: &str,
    log: &Log,
    status: Option<i32>,
) -> Vec<Violation> {
    let body = Body::of(log);
    let ending = match (status, &body.outcome) {
        (Some(0), None) if body.declaration.is_some() => Ending::Early,
        (Some(0), _) => Ending::Passed,
        (Some(_), _) => Ending::Failed,
        (None, None) if body.declaration.is_some() => Ending::Early,
        (None, Some(Outcome::Ok)) => Ending::Passed,
        (None, Some(Outcome::Err)) => Ending::Failed,
        (None, Some(Outcome::Panic(_)) | None) => Ending::Unknown,
    };
    let case = case(test, log, &body, ending);
    let mut verdict = judge(&case);
    earlier::settle(session, test, &mut verdict);
    earlier::keep(session, owner.dir(), &case, &verdict);
    session.note(&verdict.notes);
    record::write(session, || Record::new(&case, body.outcome.as_ref(), &verdict, Some(session.began.elapsed())));
    verdict.violations
}
