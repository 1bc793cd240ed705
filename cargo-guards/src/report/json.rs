//! The report as JSON. `schema/report-1.json` describes it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tries;
use crate::format::{Missing, Record, Seen, Use, Violation};
use crate::runs::{AUDIT, Header};
use crate::{Error, Result};

/// The version of the format. It changes when a field is removed or changes its meaning.
const VERSION: u64 = 1;

/// A run, or several that were merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    version: u64,
    /// Whether all runs came to their end.
    pub(crate) complete: bool,
    pub(crate) runs: Vec<RunOf>,
    /// In the order of binaries and names.
    pub(crate) tests: Vec<Test>,
    /// Records that could not be read, and why.
    pub(crate) unread: Vec<String>,
}

/// What is known of one run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RunOf {
    /// Milliseconds since 1970. Tries name their run by it.
    pub(crate) started: u64,
    pub(crate) engine: String,
    pub(crate) selection: Option<String>,
    pub(crate) exit_code: Option<u8>,
    /// The switch that its tests ran under, or `audit`; not known of old runs.
    #[serde(default)]
    pub(crate) mode: Option<String>,
}

/// One test, in all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Test {
    pub(crate) binary_id: String,
    pub(crate) name: String,
    package: Option<String>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) declares: Option<Vec<Use>>,
    pub(crate) verdict: Verdict,
    /// At least one.
    pub(crate) tries: Vec<Try>,
}

/// What became of a test, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// A try broke its declaration.
    Violated,
    /// The last try of a run failed, and no try broke its declaration.
    Failed,
    /// It was left out of every run, because a resource was missing.
    Skipped,
    /// The engine knows, and did not tell.
    Unknown,
    /// The last try of each run passed, and no try broke its declaration.
    Passed,
}

/// One try of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Try {
    /// The run that it is of.
    #[serde(default)]
    pub(crate) run: u64,
    /// Which repetition of a stress test it is of, from 0.
    #[serde(default)]
    pub(crate) iteration: Option<u32>,
    /// As nextest counts them.
    pub(crate) number: Option<u32>,
    pub(crate) ending: String,
    /// How long it took; not known of a test that shares its process.
    #[serde(default)]
    pub(crate) seconds: Option<f64>,
    pub(crate) uses: Vec<Seen>,
    pub(crate) fixtures: Vec<String>,
    pub(crate) violations: Vec<Broken>,
    pub(crate) notes: Vec<String>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) probed: Vec<String>,
    /// Why it was left out, if it was.
    #[serde(default)]
    pub(crate) missing: Vec<Missing>,
}

/// A violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Broken {
    #[serde(flatten)]
    pub(crate) what: Violation,
    /// The whole text, as it is printed.
    pub(crate) message: String,
    /// An unused declaration that another try or shard did use: no violation of the test.
    #[serde(default)]
    pub(crate) used_in_another_try: bool,
}

/// A `may(…)` in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exception {
    pub(crate) resource: String,
    pub(crate) reason: String,
}

impl Report {
    /// The report on one run.
    pub(crate) fn of(header: &Header, records: Vec<Record>, unread: Vec<String>) -> Self {
        let run = RunOf {
            started: header.started,
            engine: header.engine.clone(),
            selection: header.selection.clone(),
            exit_code: header.exit_code,
            mode: header.mode.clone(),
        };
        let tests = joined(records.into_iter().map(|record| Test::of(record, header.started)));
        Self { version: VERSION, complete: header.complete, runs: vec![run], tests, unread }
    }

    /// The report on all runs of these. A test that is in several has the tries of all.
    pub(crate) fn merge(reports: Vec<Self>) -> Self {
        let complete = reports.iter().all(|report| report.complete);
        let mut runs: Vec<RunOf> = reports.iter().flat_map(|report| report.runs.clone()).collect();
        runs.sort();
        runs.dedup();
        let unread = reports.iter().flat_map(|report| report.unread.clone()).collect();
        let tests = joined(reports.into_iter().flat_map(|report| report.tests));
        Self { version: VERSION, complete, runs, tests, unread }
    }

    /// The tests, without what is only known of a binary.
    pub(crate) fn own_tests(&self) -> impl Iterator<Item = &Test> {
        self.tests.iter().filter(|test| !test.is_of_binary())
    }

    /// Whether a try is of a run that only observed: an audit is one.
    pub(crate) fn is_observed(&self, one: &Try) -> bool {
        let observes = |mode: &str| mode == AUDIT || mode == "observe";
        self.runs.iter().any(|run| run.started == one.run && run.mode.as_deref().is_some_and(observes))
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
        let read: Self = serde_json::from_slice(&text).map_err(not)?;
        Ok(Self::merge(vec![read]))
    }

    /// `path` is where it will be written, for the error.
    pub(crate) fn to_json(&self, path: &Path) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        let what = "a report of cargo guards";
        Ok(text.map_err(|source| Error::Json { what, path: path.to_owned(), source })? + "\n")
    }
}

/// Each test once, with its tries in the order of runs, whatever order they came in.
fn joined(tests: impl Iterator<Item = Test>) -> Vec<Test> {
    let mut joined: BTreeMap<(String, String), Test> = BTreeMap::new();
    for test in tests {
        match joined.entry((test.binary_id.clone(), test.name.clone())) {
            Entry::Occupied(mut known) => known.get_mut().tries.extend(test.tries),
            Entry::Vacant(new) => drop(new.insert(test)),
        }
    }
    let settled = joined.into_values().map(|mut test| {
        tries::settle(&mut test.tries);
        Test { verdict: tries::verdict(&test.tries), ..test }
    });
    settled.collect()
}

impl Test {
    fn of(record: Record, run: u64) -> Self {
        let binary_id = record.binary_id();
        let violations = record.violations.into_iter().zip(record.messages);
        let violations = violations.map(|(what, message)| Broken { what, message, used_in_another_try: false });
        let exceptions = record.exceptions.into_iter().map(|(resource, reason)| Exception { resource, reason });
        let one = Try {
            run,
            iteration: record.iteration,
            number: record.attempt,
            ending: record.ending,
            // A number that JSON cannot hold would be none when it is read again.
            seconds: record.seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0),
            uses: record.uses,
            fixtures: record.fixtures,
            violations: violations.collect(),
            notes: record.notes,
            exceptions: exceptions.collect(),
            probed: record.probed,
            missing: record.missing,
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

    /// Whether it is a finding about a binary, and no test.
    pub(crate) fn is_of_binary(&self) -> bool {
        self.name == Record::SOMEBODY
    }

    /// What broke its declaration, in any try.
    pub(crate) fn violations(&self) -> impl Iterator<Item = &Broken> {
        self.tries.iter().flat_map(Try::violations)
    }

    /// The same, each once: another try repeats it with other process ids.
    pub(crate) fn distinct_violations(&self) -> impl Iterator<Item = &Broken> {
        let mut known = BTreeSet::new();
        self.violations().filter(move |broken| known.insert(&broken.what.headline))
    }
}

impl Try {
    /// What broke the declaration, when all tries are known.
    pub(crate) fn violations(&self) -> impl Iterator<Item = &Broken> {
        self.violations.iter().filter(|violation| !violation.used_in_another_try)
    }
}
