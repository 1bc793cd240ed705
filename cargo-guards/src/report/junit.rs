//! The report as JUnit XML: a suite a binary, a case a test. It has the tests that have records; the engine's own JUnit has
//! the others.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::json::{Report, Test, Verdict};
use crate::{Error, Result};

/// The document.
pub(crate) fn text(report: &Report) -> Result<String> {
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for test in &report.tests {
        let suite = suites.entry(&test.binary_id).or_insert_with(|| TestSuite::new(test.binary_id.as_str()));
        let mut case = TestCase::new(test.name.as_str(), status(test));
        case.set_classname(test.binary_id.as_str());
        suite.add_test_case(case);
    }
    let mut junit = Junit::new("cargo-guards");
    junit.add_test_suites(suites.into_values());
    junit.to_string().map_err(|error| Error::Junit(error.to_string()))
}

fn status(test: &Test) -> TestCaseStatus {
    match (test.verdict, test.violations().next()) {
        (Verdict::Passed | Verdict::Unknown, _) => TestCaseStatus::success(),
        (Verdict::Violated, Some(first)) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let text: Vec<&str> = test.violations().map(|violation| violation.message.as_str()).collect();
            status
                .set_type(first.what.kind.as_str())
                .set_message(first.what.headline.as_str())
                .set_description(text.join("\n\n"));
            status
        }
        (Verdict::Failed | Verdict::Violated, _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("failed").set_message("the test failed; the engine has its output");
            status
        }
    }
}
