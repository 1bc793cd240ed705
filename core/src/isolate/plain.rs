//! Tests without `#[uses]` in a process that runs many: their uses are refused as they happen, and named at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Stdio;

use super::single::Body;
use crate::declaration::{self, Subject};
use crate::log::{Event, Log, Verb};
use crate::record::{self, Record};
use crate::scope::Owner;
use crate::session::Session;
use crate::session::process::Arguments;
use crate::session::vars;
use crate::verdict::{Case, Ending, Verdict, Violation};

/// Judges the plain tests of this process: by the names of their threads, else by running them again one by one.
pub(crate) fn judge(session: &Session, owner: &Owner, arguments: &Arguments) -> Vec<Violation> {
    let log = owner.log();
    if log.unknown_lines > 0 {
        session.note(&[format!("{} lines in the log of tests without #[uses] are not understood", log.unknown_lines)]);
    }
    if !log.events.iter().any(is_breach) && log.damage.is_none() {
        return Vec::new();
    }
    let tests = list(session, arguments);
    let mut verdicts = BTreeMap::new();
    let mut unclear = BTreeSet::new();
    for test in &tests {
        let own = Log { events: events_of(&log, |thread| thread == test), ..Log::default() };
        if own.events.iter().any(is_breach) {
            // What children did inside of a fixture is not told apart here.
            if own.events.iter().any(|event| matches!(event, Event::Enter { .. })) {
                unclear.insert(test.as_str());
            }
            verdicts.insert(test.as_str(), judge_one(test, &own, Ending::Unknown));
        }
    }
    let rest = Log { events: events_of(&log, |thread| !tests.contains(thread)), ..log.clone() };
    let unexplained = rest.events.iter().any(is_breach);
    if unexplained {
        unclear.extend(tests.iter().map(String::as_str));
    }
    let again = rerun(session, &unclear);
    let explained = !again.is_empty();
    verdicts.extend(again);
    let binary = std::env::current_exe().unwrap_or_default();
    let whom = format!("a test of `{}` that declares nothing (which one could not be told)", binary.display());
    if rest.damage.is_some() || (unexplained && !explained) {
        let case = Case { test: &whom, uses: None, at: None, log: &rest, ending: Ending::Unknown };
        let verdict = crate::verdict::judge_somebody(&case);
        verdicts.insert(&whom, (rest, Ending::Unknown, verdict));
    }
    for (test, (log, ending, verdict)) in &verdicts {
        let body = Body { declaration: None, outcome: None };
        record::write(session, || Record::new(test, log, &body, *ending, verdict));
    }
    verdicts.into_values().flat_map(|(_, _, verdict)| verdict.violations).collect()
}

/// A test's log, how it ended, and what that makes.
type Judged = (Log, Ending, Verdict);

/// A use that was not declared, or a fixture: a plain test declares none.
fn is_breach(event: &Event) -> bool {
    match event {
        Event::Use(seen) => seen.verb != Verb::Used,
        Event::Enter { .. } => true,
        _ => false,
    }
}

/// The events of some threads, with those that belong to no thread left out.
fn events_of(log: &Log, of: impl Fn(&String) -> bool) -> Vec<Event> {
    let mut stretches = BTreeSet::new();
    log.events
        .iter()
        .filter(|event| match event {
            Event::Use(seen) => of(&seen.thread),
            Event::Enter { thread, stretch, .. } => of(thread) && stretches.insert(*stretch),
            Event::Leave { stretch, .. } | Event::Keeps { instance: stretch } => stretches.contains(stretch),
            _ => false,
        })
        .cloned()
        .collect()
}

fn judge_one(test: &str, log: &Log, ending: Ending) -> Judged {
    let verdict = crate::verdict::judge(&Case { test, uses: None, at: None, log, ending });
    (log.clone(), ending, verdict)
}

/// The plain tests that this process ran.
fn list(session: &Session, arguments: &Arguments) -> BTreeSet<String> {
    let mut tests = listed(session, &arguments.listing());
    // libtest also lists the ignored ones.
    if let Some(listing) = arguments.listing_of_ignored() {
        for ignored in listed(session, &listing) {
            tests.remove(&ignored);
        }
    }
    for declared in declaration::all().filter(|d| d.subject == Subject::Test) {
        tests.remove(&declared.path());
    }
    tests
}

fn listed(session: &Session, listing: &[String]) -> BTreeSet<String> {
    let listed = session
        .again()
        .and_then(|mut command| command.args(listing).stderr(Stdio::null()).stdin(Stdio::null()).output());
    let Ok(listed) = listed else { return BTreeSet::new() };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(str::to_owned)
        .collect()
}

/// Runs plain tests again, each in a process of its own, and judges those that break their word.
fn rerun<'a>(session: &Session, tests: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Judged> {
    let mut verdicts = BTreeMap::new();
    if std::env::var_os(vars::RERUN).is_some_and(|value| value == "0") {
        return verdicts;
    }
    for test in tests {
        let scope = session.place.scope();
        let ran = session
            .child(test, &scope)
            .and_then(|mut child| child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status());
        let log = Log::read(&scope);
        let _ = fs::remove_dir_all(&scope);
        let Ok(status) = ran else { continue };
        if log.events.iter().any(is_breach) {
            let ending = if status.success() { Ending::Passed } else { Ending::Failed };
            verdicts.insert(*test, judge_one(test, &log, ending));
        }
    }
    verdicts
}
