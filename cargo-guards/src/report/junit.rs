//! The report as JUnit XML: a suite a binary, a case a test. It has the tests that were recorded. What a run saw that only
//! observed, such as an audit, is output of a test, and no failure.
//!
//! There is no standard; the elements and attributes are those that the schemas of Jenkins' xUnit plugin and of Maven's
//! Surefire have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::json::{Report, Test, Verdict};
use super::tries;
use crate::{Error, Result};

/// Violations that are no fault of a test's declaration: something went wrong around it.
const ERRORS: [&str; 3] = ["ended-early", "guard-failed", "not-recorded"];

/// The document.
pub(crate) fn text(report: &Report) -> Result<String> {
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    let is_case = |test: &&Test| !test.is_of_binary() || test.violations().next().is_some();
    for test in report.tests.iter().filter(is_case) {
        let suite = suites.entry(&test.binary_id).or_insert_with(|| TestSuite::new(test.binary_id.as_str()));
        let (test, seen) = &without_observed(test, report);
        let mut case = TestCase::new(test.name.as_str(), status(test, report));
        case.set_classname(test.binary_id.as_str());
        if !seen.is_empty() {
            case.set_system_out(seen.join("\n\n"));
        }
        if let Some(time) = time(test) {
            case.set_time(time);
            suite.set_time(suite.time.unwrap_or_default().saturating_add(time));
        }
        if let Some(started) = started(test).filter(|started| suite.timestamp.is_none_or(|known| *started < known)) {
            suite.set_timestamp(started);
        }
        suite.add_test_case(case);
    }
    let mut junit = Junit::new("cargo-guards");
    junit.add_test_suites(suites.into_values());
    let text = junit.to_string().map_err(|error| Error::Junit(error.to_string()))?;
    // The outermost element comes first. Jenkins' schema knows this attribute of suites only.
    Ok(text.replacen(&format!(" skipped=\"{}\"", junit.skipped), "", 1))
}

/// The test as it is without what runs say of it that only observed, and that.
fn without_observed(test: &Test, report: &Report) -> (Test, Vec<String>) {
    let mut test = test.clone();
    let mut seen = Vec::new();
    for one in test.tries.iter_mut().filter(|one| report.is_observed(one)) {
        seen.extend(one.violations.drain(..).map(|broken| broken.message));
    }
    test.verdict = tries::verdict(&test.tries);
    (test, seen)
}

/// How long all its tries took, as far as that is known.
fn time(test: &Test) -> Option<Duration> {
    let known = test.tries.iter().filter_map(|one| Duration::try_from_secs_f64(one.seconds?).ok());
    known.reduce(Duration::saturating_add)
}

/// When the first run began that it was in.
fn started(test: &Test) -> Option<DateTime<FixedOffset>> {
    let first = test.tries.iter().map(|one| one.run).min()?;
    Some(DateTime::from_timestamp_millis(i64::try_from(first).ok()?)?.fixed_offset())
}

fn status(test: &Test, report: &Report) -> TestCaseStatus {
    match test.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Violated => violated(test),
        Verdict::Skipped => left_out(test),
        Verdict::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("failed").set_message("the test failed; the engine has its output");
            status
        }
        // Neither a success nor a failure may be made up.
        Verdict::Unknown => {
            let kept = if test.tries.iter().all(|one| report.is_observed(one)) {
                "it was only observed"
            } else {
                "it kept its word"
            };
            let mut status = TestCaseStatus::skipped();
            status
                .set_type("unknown")
                .set_message(format!("{kept}; whether it passed, only the engine's output tells"));
            status
        }
    }
}

fn left_out(test: &Test) -> TestCaseStatus {
    let missing = test.tries.iter().flat_map(|one| &one.missing);
    let reasons: BTreeSet<String> =
        missing.map(|missing| format!("{} is missing: {}", missing.resource, missing.reason)).collect();
    let mut status = TestCaseStatus::skipped();
    status.set_type("missing").set_message(reasons.into_iter().collect::<Vec<_>>().join("; "));
    status
}

fn violated(test: &Test) -> TestCaseStatus {
    let around = |kind: &str| ERRORS.contains(&kind);
    let only_around = test.violations().all(|broken| around(&broken.what.kind));
    let kind = if only_around { NonSuccessKind::Error } else { NonSuccessKind::Failure };
    let mut status = TestCaseStatus::non_success(kind);
    if let Some(first) = test.violations().find(|broken| only_around || !around(&broken.what.kind)) {
        status.set_type(first.what.kind.as_str()).set_message(first.what.headline.as_str());
    }
    let text: Vec<&str> = test.distinct_violations().map(|broken| broken.message.as_str()).collect();
    status.set_description(text.join("\n\n"));
    status
}
