//! What is written down about one test, for tools that report on a whole run.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::declaration::{self, Declaration, Subject, Use};
use crate::log::{Event, Log, Outcome, Running, Verb};
use crate::session::Session;
use crate::verdict::{Case, Try, TryUse, Verdict, Violation};

/// The version of the format. It changes when a field is removed or changes its meaning.
const VERSION: u32 = 1;

/// One test, what it declared, what it was seen to use, and the verdict.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    version: u32,
    test: &'a str,
    binary: String,
    /// As nextest calls the binary and counts its tries of the test; not known under other runners.
    binary_id: Option<String>,
    attempt: Option<u32>,
    /// Which repetition of a stress test it is, from 0.
    iteration: Option<u32>,
    package: Option<String>,
    file: Option<&'a str>,
    line: Option<u32>,
    /// The path of the function that declares; cases of a test share it.
    function: Option<String>,
    declared: Option<&'a [Use]>,
    ending: &'static str,
    outcome: Option<&'static str>,
    /// How long it took; not known of a test that shares its process.
    seconds: Option<f64>,
    uses: Vec<Seen<'a>>,
    fixtures: Vec<&'a str>,
    /// What those fixtures declare, each once.
    entered: Vec<&'static Declaration>,
    /// Resources whose uses could not all be seen; `*` is any.
    unobserved: Vec<&'a str>,
    violations: &'a [Violation],
    messages: Vec<String>,
    notes: &'a [String],
    exceptions: &'a [(String, String)],
    probed: &'a [String],
}

#[derive(Debug, Serialize)]
struct Seen<'a> {
    resource: &'a str,
    verb: &'static str,
    chokepoint: &'a str,
    what: &'a str,
    target: Option<&'a str>,
    pid: u32,
    stretches: &'a [u32],
    /// The fixtures whose stretches those are.
    within: Vec<&'a str>,
}

impl<'a> Record<'a> {
    /// `outcome`: of the body, where it is known. `took`: not known of a test that shares its process.
    pub(crate) fn new(
        case: &Case<'a>,
        outcome: Option<&Outcome>,
        verdict: &'a Verdict,
        took: Option<Duration>,
    ) -> Self {
        let log = case.log;
        let stretches: Vec<(u32, &str)> = log
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Enter { stretch, fixture, .. } => Some((*stretch, fixture.as_str())),
                _ => None,
            })
            .collect();
        let uses = log.events.iter().filter_map(|event| match event {
            Event::Use(seen) => Some(Seen {
                resource: &seen.resource,
                verb: match seen.verb {
                    Verb::Used => "used",
                    Verb::Blocked => "blocked",
                    Verb::Passed => "passed",
                },
                chokepoint: &seen.chokepoint,
                what: &seen.what,
                target: seen.target.as_deref(),
                pid: seen.pid,
                stretches: &seen.stretches,
                within: stretches.iter().filter(|(id, _)| seen.stretches.contains(id)).map(|(_, name)| *name).collect(),
            }),
            _ => None,
        });
        let mut entered: Vec<(&str, u32)> = log
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Enter { stretch, instance, fixture, line, .. } if stretch == instance => {
                    Some((&**fixture, *line))
                }
                _ => None,
            })
            .collect();
        let fixtures = entered.iter().map(|(path, _)| *path).collect();
        entered.sort_unstable();
        entered.dedup();
        Self {
            version: VERSION,
            test: case.test,
            binary: std::env::current_exe().unwrap_or_default().display().to_string(),
            binary_id: binary_id(),
            attempt: attempt(),
            iteration: iteration(),
            package: std::env::var("CARGO_PKG_NAME").ok(),
            file: case.at.map(|(file, _)| file),
            line: case.at.map(|(_, line)| line),
            function: function(case),
            declared: case.uses,
            ending: case.ending.word(),
            outcome: outcome.map(|outcome| match outcome {
                Outcome::Ok => "ok",
                Outcome::Err => "err",
                Outcome::Panic(_) => "panic",
            }),
            // Nanoseconds would be longer than they are true.
            seconds: took.map(|took| took.as_micros() as f64 / 1e6),
            uses: uses.collect(),
            entered: entered.into_iter().filter_map(|(path, line)| declaration::fixture(path, line)).collect(),
            unobserved: unobserved(log),
            fixtures,
            violations: &verdict.violations,
            messages: verdict.violations.iter().map(ToString::to_string).collect(),
            notes: &verdict.notes,
            exceptions: &verdict.exceptions,
            probed: &verdict.probed,
        }
    }
}

impl Record<'_> {
    /// The record of a test whose process has not judged it.
    pub(crate) fn by_another_process(self, running: &Running) -> Self {
        let Running { test: _, binary, binary_id, package, attempt, iteration } = running.clone();
        let known = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            binary,
            binary_id: known(binary_id),
            package: known(package),
            attempt: attempt.parse().ok(),
            iteration: iteration.parse().ok(),
            ..self
        }
    }

    /// What it says to other tries of the test.
    pub(crate) fn as_try(&self) -> Try<'_> {
        let uses = self.uses.iter().map(|seen| TryUse {
            resource: seen.resource,
            verb: seen.verb,
            target: seen.target,
            within: seen.within.clone(),
        });
        Try {
            ending: self.ending,
            uses: uses.collect(),
            fixtures: self.fixtures.clone(),
            headlines: self.violations.iter().map(Violation::headline).collect(),
            notes: self.notes.iter().map(String::as_str).collect(),
        }
    }

    /// Writes it into the directory of a run.
    pub(crate) fn write_into(&self, run: &Path) -> io::Result<()> {
        std::fs::create_dir_all(run)?;
        // Random names of two processes that start at the same instant can be equal; process ids are not.
        let prefix = format!("test-{}-", std::process::id());
        let mut file = tempfile::Builder::new().prefix(&prefix).suffix(".making").tempfile_in(run)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        let name = file.path().with_extension("json");
        file.persist_noclobber(name).map(drop).map_err(|error| error.error)
    }
}

/// The name that nextest gives to this binary.
pub(crate) fn binary_id() -> Option<String> {
    std::env::var("NEXTEST_BINARY_ID").ok()
}

/// Which try of its test this process is, as nextest counts.
pub(crate) fn attempt() -> Option<u32> {
    std::env::var("NEXTEST_ATTEMPT").ok()?.parse().ok()
}

/// Which repetition of its test this process is, if nextest repeats all tests.
pub(crate) fn iteration() -> Option<u32> {
    std::env::var("NEXTEST_STRESS_CURRENT").ok()?.parse().ok()
}

/// The path of the function that declares. Several may stand in one line of a macro.
fn function(case: &Case<'_>) -> Option<String> {
    let here = declaration::all().filter(|d| d.subject == Subject::Test && case.at == Some((d.file, d.line)));
    let is_it = |path: &String| {
        case.test.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    here.map(Declaration::path).find(is_it)
}

fn unobserved(log: &Log) -> Vec<&str> {
    let named = log.events.iter().filter_map(|event| match event {
        Event::Unobserved { resource, .. } => Some(resource.as_str()),
        _ => None,
    });
    let all = (log.unknown_lines > 0 || log.damage.is_some()).then_some("*");
    let mut unobserved: Vec<&str> = named.chain(all).collect();
    unobserved.sort_unstable();
    unobserved.dedup();
    unobserved
}

/// Writes a record into the directory of the run, if there is one. Otherwise it is not even made.
pub(crate) fn write<'a>(session: &Session, record: impl FnOnce() -> Record<'a>) {
    let Some(run) = &session.run else { return };
    let record = record();
    if let Err(error) = record.write_into(run) {
        // Not printed here: what a passing test prints stays unseen.
        session.note(&[format!("cannot write the record of test `{}` into `{}`: {error}", record.test, run.display())]);
        session.violated();
    }
}
