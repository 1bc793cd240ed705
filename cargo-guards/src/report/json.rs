//! The report as JSON. `schema/report-1.json` describes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::format::{Record, Seen, Use};
use crate::runs::Header;
use crate::{Error, Result};

/// The version of the format. It changes when a field is removed or changes its meaning.
const VERSION: u64 = 1;

/// A run, or several that were merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    version: u64,
    /// Whether all runs came to their end.
    pub(crate) complete: bool,
    pub(crate) runs: Vec<RunOf>,
    /// In the order of binaries and names.
    pub(crate) tests: Vec<Test>,
    /// Records that could not be read, and why.
    unread: Vec<String>,
}

/// What is known of one run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RunOf {
    started: u64,
    engine: String,
    selection: Option<String>,
    exit_code: Option<u8>,
}

/// One test, in all runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Test {
    pub(crate) binary_id: String,
    pub(crate) name: String,
    package: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    declares: Option<Vec<Use>>,
    pub(crate) verdict: Verdict,
    /// At least one.
    pub(crate) tries: Vec<Try>,
}

/// What became of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Its last try passed, and no try broke its declaration.
    Passed,
    /// Its last try failed, and no try broke its declaration.
    Failed,
    /// A try broke its declaration.
    Violated,
    /// The engine knows, and did not tell.
    Unknown,
}

/// One try of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Try {
    /// As nextest counts them.
    number: Option<u32>,
    ending: String,
    uses: Vec<Seen>,
    fixtures: Vec<String>,
    pub(crate) violations: Vec<Broken>,
    notes: Vec<String>,
    exceptions: Vec<Exception>,
    probed: Vec<String>,
}

/// A violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Broken {
    pub(crate) kind: String,
    resource: Option<String>,
    pub(crate) headline: String,
    mend: Option<String>,
    /// The whole text, as it is printed.
    pub(crate) message: String,
}

/// A `may(…)` in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exception {
    resource: String,
    reason: String,
}

impl Report {
    /// The report on one run.
    pub(crate) fn of(header: &Header, records: Vec<Record>, unread: Vec<String>) -> Self {
        let run = RunOf {
            started: header.started,
            engine: header.engine.clone(),
            selection: header.selection.clone(),
            exit_code: header.exit_code,
        };
        let tests = joined(records.into_iter().map(Test::of));
        Self { version: VERSION, complete: header.complete, runs: vec![run], tests, unread }
    }

    /// The report on all runs of these. A test that is in several has the tries of all.
    pub(crate) fn merge(reports: Vec<Self>) -> Self {
        let complete = reports.iter().all(|report| report.complete);
        let mut runs: Vec<RunOf> = reports.iter().flat_map(|report| report.runs.clone()).collect();
        runs.sort();
        let unread = reports.iter().flat_map(|report| report.unread.clone()).collect();
        let tests = joined(reports.into_iter().flat_map(|report| report.tests));
        Self { version: VERSION, complete, runs, tests, unread }
    }

    pub(crate) fn read(path: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Any {
            version: u64,
        }
        let not = |source| Error::Json { what: "a report of cargo guards", path: path.to_owned(), source };
        let text = fs::read(path).map_err(Error::file("read", path))?;
        let Any { version } = serde_json::from_slice(&text).map_err(not)?;
        if version != VERSION {
            return Err(Error::Version { path: path.to_owned(), version });
        }
        serde_json::from_slice(&text).map_err(not)
    }

    /// `path` is where it will be written, for the error.
    pub(crate) fn to_json(&self, path: &Path) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        let what = "a report of cargo guards";
        Ok(text.map_err(|source| Error::Json { what, path: path.to_owned(), source })? + "\n")
    }
}

/// Each test once.
fn joined(tests: impl Iterator<Item = Test>) -> Vec<Test> {
    let mut joined: BTreeMap<(String, String), Test> = BTreeMap::new();
    for test in tests {
        match joined.get_mut(&(test.binary_id.clone(), test.name.clone())) {
            Some(known) => known.tries.extend(test.tries),
            None => drop(joined.insert((test.binary_id.clone(), test.name.clone()), test)),
        }
    }
    joined.into_values().map(|test| Test { verdict: verdict(&test.tries), ..test }).collect()
}

fn verdict(tries: &[Try]) -> Verdict {
    if tries.iter().any(|one| !one.violations.is_empty()) {
        return Verdict::Violated;
    }
    match tries.last().map(|last| last.ending.as_str()) {
        Some("passed") => Verdict::Passed,
        Some("failed") => Verdict::Failed,
        _ => Verdict::Unknown,
    }
}

impl Test {
    fn of(record: Record) -> Self {
        let binary_id = record.binary_id();
        let violations = record.violations.into_iter().zip(record.messages).map(|(violation, message)| Broken {
            kind: violation.kind,
            resource: violation.resource,
            headline: violation.headline,
            mend: violation.mend,
            message,
        });
        let exceptions = record.exceptions.into_iter().map(|(resource, reason)| Exception { resource, reason });
        let one = Try {
            number: record.attempt,
            ending: record.ending,
            uses: record.uses,
            fixtures: record.fixtures,
            violations: violations.collect(),
            notes: record.notes,
            exceptions: exceptions.collect(),
            probed: record.probed,
        };
        Self {
            binary_id,
            name: record.test,
            package: record.package,
            file: record.file,
            line: record.line,
            declares: record.declared,
            verdict: Verdict::Unknown,
            tries: vec![one],
        }
    }
}
