//! The report as one HTML page, which needs nothing beside it and no script to be read: violations first, then tests ×
//! resources, then what else is worth knowing. What comes from tests is escaped.

mod cell;
pub(crate) mod filters;
mod lists;
mod rows;
pub(crate) mod text;

use std::collections::BTreeMap;

use askama::Template;
use chrono::DateTime;

use super::json::{Broken, Report, RunOf, Test, Verdict};
use crate::{Error, Result};
use lists::List;
use rows::Group;
use text::{counted, ticked, visible};

/// So many violations are shown in full. Behind them their rows say what they are.
const CARDS: usize = 200;

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    version: &'static str,
    title: String,
    /// A class of the title.
    mood: &'static str,
    lead: String,
    complete: bool,
    runs: Vec<Run>,
    tests: usize,
    columns: Vec<Column>,
    violations: Vec<Violation>,
    more_violations: usize,
    groups: Vec<Group>,
    lists: Vec<List>,
    filter_rules: String,
}

struct Run {
    started: String,
    engine: String,
    selection: Option<String>,
    exit_code: String,
}

/// A resource, and how many tests declare or use it.
struct Column {
    name: String,
    tests: usize,
}

struct Violation {
    /// HTML.
    headline: String,
    seen: Vec<String>,
    /// HTML.
    mend: Option<String>,
    of: String,
}

/// The document.
pub(crate) fn text(report: &Report) -> Result<String> {
    let resources = resources(report);
    let groups = rows::groups(report, &resources);
    let counts = (0..resources.len()).map(|n| groups.iter().map(|group| group.with(n)).sum());
    let columns: Vec<Column> =
        resources.iter().zip(counts).map(|(name, tests)| Column { name: visible(name), tests }).collect();
    let all: Vec<(&Test, &Broken)> =
        report.tests.iter().flat_map(|test| test.distinct_violations().map(move |broken| (test, broken))).collect();
    let tests = report.own_tests().count();
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        title: title(report, all.len()),
        mood: if !all.is_empty() {
            "bad"
        } else if report.complete && report.own_tests().any(|test| test.verdict != Verdict::Skipped) {
            "good"
        } else {
            ""
        },
        lead: lead(&groups, tests),
        complete: report.complete,
        runs: report.runs.iter().map(Run::of).collect(),
        tests,
        filter_rules: filters::rules(
            &groups.iter().map(|group| (group.key, group.with_each(resources.len()))).collect::<Vec<_>>(),
            &resources,
        ),
        columns,
        violations: all.iter().take(CARDS).map(|(test, broken)| Violation::of(test, broken)).collect(),
        more_violations: all.len().saturating_sub(CARDS),
        groups,
        lists: lists::of(report),
    };
    page.render().map_err(|error| Error::Html(error.to_string()))
}

/// All resources that a test declares, uses or is blamed for, in the order of their names.
fn resources(report: &Report) -> Vec<&str> {
    let mut resources: BTreeMap<&str, ()> = BTreeMap::new();
    for test in report.own_tests() {
        let declared = test.declares.iter().flatten().map(|item| &item.resource);
        let seen = test.tries.iter().flat_map(|one| &one.uses).map(|seen| &seen.resource);
        let broken = test.violations().filter_map(|broken| broken.what.resource.as_ref());
        resources.extend(declared.chain(seen).chain(broken).map(|name| (name.as_str(), ())));
    }
    resources.into_keys().collect()
}

fn title(report: &Report, violations: usize) -> String {
    match violations {
        0 if report.own_tests().next().is_none() => "No test was recorded".to_owned(),
        0 if report.own_tests().all(|test| test.verdict == Verdict::Skipped) => "No test ran".to_owned(),
        0 => "No violations".to_owned(),
        n => counted(n, "violation"),
    }
}

/// How the tests came out, in one sentence.
fn lead(groups: &[Group], tests: usize) -> String {
    if tests == 0 {
        return "There is nothing to judge.".to_owned();
    }
    let parts: Vec<String> =
        groups.iter().map(|group| format!("{} {}", group.rows.len(), group.title.to_lowercase())).collect();
    format!("{}: {}", counted(tests, "test"), parts.join(", "))
}

impl Run {
    fn of(run: &RunOf) -> Self {
        let started = i64::try_from(run.started).ok().and_then(DateTime::from_timestamp_millis);
        Self {
            started: started.map_or("unknown".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
            engine: visible(&run.engine),
            selection: run.selection.as_deref().map(visible),
            exit_code: run.exit_code.map_or("none".to_owned(), |code| code.to_string()),
        }
    }
}

impl Violation {
    fn of(test: &Test, broken: &Broken) -> Self {
        let of = visible(&test.binary_id);
        let named = broken.what.headline.contains(&format!("`{}`", test.name));
        Self {
            headline: ticked(&broken.what.headline),
            seen: broken.what.seen.iter().map(|seen| visible(seen)).collect(),
            mend: broken.what.mend.as_deref().map(ticked),
            // A fixture's violation does not say in which test it was.
            of: if named { of } else { format!("{of} {}", visible(&test.name)) },
        }
    }
}
