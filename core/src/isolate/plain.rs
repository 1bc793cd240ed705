//! Tests without `#[uses]` in a process that runs many: their uses are refused as they happen, and named at the end.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::parent;
use crate::declaration::{self, Declaration, Subject};
use crate::log::{Event, Log, Verb};
use crate::record::{self, Record};
use crate::scope::Owner;
use crate::session::Session;
use crate::session::process::Arguments;
use crate::session::vars;
use crate::verdict::{Case, Ending, Verdict, Violation};

/// How much longer a test that is run again may take than all tests did.
const SPARE: Duration = Duration::from_secs(5);

/// How often it is looked whether it has ended: it takes some milliseconds at least.
const STEP: Duration = Duration::from_millis(1);

/// Judges the plain tests of this process: by the names of their threads, else by running them again one by one.
/// `all_passed`: libtest said so of the whole process, and how single tests ended is not known otherwise.
pub(crate) fn judge(session: &Session, owner: &Owner, arguments: &Arguments, all_passed: bool) -> Vec<Violation> {
    let log = owner.log();
    if log.unknown_lines > 0 {
        session.note(&[format!("{} lines in the log of tests without #[uses] are not understood", log.unknown_lines)]);
    }
    let clean = !log.events.iter().any(is_breach) && log.damage.is_none();
    if clean && session.run.is_none() {
        return Vec::new();
    }
    let tests = list(session, arguments);
    let mut verdicts: Vec<(&str, Judged)> = Vec::new();
    let mut unclear: Vec<&str> = Vec::new();
    for test in &tests {
        let own = Log { events: events_of(&log, |thread| thread == test), ..Log::default() };
        if own.events.iter().any(is_breach) {
            // What children did inside of a fixture is not told apart here.
            if own.events.iter().any(|event| matches!(event, Event::Enter { .. })) {
                unclear.push(test);
            }
            verdicts.push((test, judge_one(test, &own, Ending::Unknown)));
        }
    }
    let names: HashSet<&String> = tests.iter().collect();
    let rest = Log { events: events_of(&log, |thread| !names.contains(thread)), ..log.clone() };
    let unexplained = rest.events.iter().any(is_breach);
    if unexplained {
        unclear = tests.iter().map(String::as_str).collect();
    }
    let again = rerun(session, &unclear);
    // What is refused without a test may be a use of one's fixture that is allowed there.
    let known: HashSet<&str> = again.iter().flat_map(|(_, (log, ..))| &log.events).filter_map(what).collect();
    let explained =
        rest.events.iter().filter(|event| is_breach(event)).filter_map(what).all(|what| known.contains(what));
    verdicts.retain(|(test, _)| !again.iter().any(|(other, _)| other == test));
    verdicts.extend(again);
    verdicts.sort_unstable_by_key(|(test, _)| *test);
    let binary = std::env::current_exe().unwrap_or_default();
    let whom = format!("a test of `{}` that declares nothing (which one could not be told)", binary.display());
    if rest.damage.is_some() || (unexplained && !explained) {
        let case = Case { test: &whom, uses: None, at: None, log: &rest, ending: Ending::Unknown };
        let verdict = crate::verdict::judge_somebody(&case);
        verdicts.push((&whom, (rest, Ending::Unknown, verdict)));
    }
    for (test, (log, ending, verdict)) in &verdicts {
        write(session, test, log, *ending, verdict);
    }
    let named: HashSet<&str> = verdicts.iter().map(|(test, _)| *test).collect();
    let innocent = tests.iter().filter(|test| !named.contains(test.as_str()));
    record_innocent(session, innocent, all_passed, named.contains(whom.as_str()));
    verdicts.into_iter().map(|(_, judged)| judged).flat_map(|(_, _, verdict)| verdict.violations).collect()
}

fn write(session: &Session, test: &str, log: &Log, ending: Ending, verdict: &Verdict) {
    let case = Case { test, uses: None, at: None, log, ending };
    record::write(session, || Record::new(&case, None, verdict, None));
}

/// Records tests that did nothing. `unnamed`: one of them did, and which could not be told.
fn record_innocent<'a>(session: &Session, tests: impl Iterator<Item = &'a String>, all_passed: bool, unnamed: bool) {
    if session.run.is_none() {
        return;
    }
    let judged: HashSet<String> = parent::judged().into_iter().collect();
    // One of its cases may have failed before its body began, where #[uses] stands: then it is not plain, and not known.
    let declared: HashSet<String> =
        declaration::all().filter(|d| d.subject == Subject::Test).map(Declaration::path).collect();
    let is_case = |test: &str| test.match_indices("::").any(|(end, _)| declared.contains(&test[..end]));
    let ending = if all_passed { Ending::Passed } else { Ending::Unknown };
    let note = "a use by a test that declares nothing could not be attributed, so it may have been this one's";
    let verdict = Verdict { notes: unnamed.then(|| note.to_owned()).into_iter().collect(), ..Verdict::default() };
    for test in tests.filter(|test| !judged.contains(*test) && (all_passed || !is_case(test))) {
        write(session, test, &Log::default(), ending, &verdict);
    }
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

/// The resource that was used, or the fixture that was entered.
fn what(event: &Event) -> Option<&str> {
    match event {
        Event::Use(seen) => Some(&seen.resource),
        Event::Enter { fixture, .. } => Some(fixture),
        _ => None,
    }
}

/// The events of some threads, with those that belong to no thread left out.
fn events_of(log: &Log, of: impl Fn(&String) -> bool) -> Vec<Event> {
    let mut stretches = Vec::new();
    log.events
        .iter()
        .filter(|event| match event {
            Event::Use(seen) => of(&seen.thread),
            Event::Enter { thread, stretch, .. } => {
                let is_of = of(thread);
                stretches.extend(is_of.then_some(*stretch));
                is_of
            }
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
fn list(session: &Session, arguments: &Arguments) -> Vec<String> {
    let mut tests = listed(session, &arguments.listing());
    // libtest also lists the ignored ones.
    let ignored = arguments.listing_of_ignored().map(|listing| listed(session, &listing)).unwrap_or_default();
    let declared = declaration::all().filter(|d| d.subject == Subject::Test).map(Declaration::path);
    let others: HashSet<String> = ignored.into_iter().chain(declared).collect();
    tests.retain(|test| !others.contains(test));
    tests
}

fn listed(session: &Session, listing: &[String]) -> Vec<String> {
    let listed = session
        .again()
        .and_then(|mut command| command.args(listing).stderr(Stdio::null()).stdin(Stdio::null()).output());
    let Ok(listed) = listed else { return Vec::new() };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(str::to_owned)
        .collect()
}

/// Runs plain tests again, each in a process of its own, and judges those that break their word. One by one: threads of one
/// process may have taken turns in a way that processes do not.
fn rerun<'a>(session: &Session, tests: &[&'a str]) -> Vec<(&'a str, Judged)> {
    if tests.is_empty() || std::env::var_os(vars::RERUN).is_some_and(|value| value == "0") {
        return Vec::new();
    }
    // Nobody else speaks meanwhile, and it may take longer than the tests did.
    let _ = writeln!(
        io::stderr(),
        "RESOURCE GUARD: running {} without #[uses] again, one by one, to name what used something undeclared \
         ({}=0 turns that off)",
        if tests.len() == 1 { "1 test".to_owned() } else { format!("{} tests", tests.len()) },
        vars::RERUN,
    );
    // Alone, none takes longer than all of them together, unless it waits for another one.
    let limit = session.began.elapsed() + SPARE;
    tests.iter().filter_map(|test| Some((*test, run_again(session, test, limit)?))).collect()
}

/// Runs one plain test again, at most for so long. `None`: it kept its word as far as it came, or could not be run.
fn run_again(session: &Session, test: &str, limit: Duration) -> Option<Judged> {
    let scope = session.place.scope();
    let ran = session.child(test, &scope).and_then(|mut child| {
        let mut child = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if Instant::now() >= end {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(STEP);
        }
    });
    let log = Log::read(&scope);
    let _ = fs::remove_dir_all(&scope);
    let ending = match ran {
        Ok(Some(status)) if status.success() => Ending::Passed,
        Ok(Some(_)) => Ending::Failed,
        Ok(None) => {
            session.note(&[format!(
                "test `{test}`, run again by itself to see whether it used something, did not end within {} s",
                limit.as_secs()
            )]);
            Ending::Unknown
        }
        Err(_) => return None,
    };
    log.events.iter().any(is_breach).then(|| judge_one(test, &log, ending))
}
