//! The JUnit of `cargo guards report`, judged by a validator: `data/junit.xsd` says where its rules come from.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{ENGINES, Workspace, ran};

/// Fails with what the validator says, if the document is not as the schema wants it.
pub(crate) fn is_valid(xml: &str) {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("junit.xml");
    fs::write(&file, xml).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/junit.xsd");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file);
    let output = xmllint.output().expect("xmllint is needed on PATH: Debian's package `libxml2-utils`");
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
}

/// What an XPath expression finds.
pub(crate) fn find(xml: &str, expression: &str) -> String {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("junit.xml");
    fs::write(&file, xml).unwrap();
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--nonet", "--xpath", expression]).arg(&file);
    let ran = ran(xmllint);
    assert_eq!(ran.code, 0, "{expression}: {}", ran.stderr);
    ran.stdout.trim().to_owned()
}

/// The JUnit of the sample that has every kind of verdict.
fn sample() -> String {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    command.args(["report", "--junit", "-", "--from"]).arg(report);
    let ran = ran(command);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout
}

#[test]
fn every_kind_of_verdict_is_valid_and_counted() {
    let xml = sample();
    is_valid(&xml);
    let counts = |name: &str| find(&xml, &format!("string(/testsuites/@{name})"));
    assert_eq!(["tests", "failures", "errors"].map(counts), ["15", "4", "0"]);
    for outcome in ["failure", "error", "skipped"] {
        let sum = if outcome == "skipped" { "skipped" } else { &format!("{outcome}s") };
        let counted = find(&xml, &format!("sum(//testsuite/@{sum})"));
        assert_eq!(find(&xml, &format!("count(//testcase/{outcome})")), counted, "{outcome}");
    }
    let case = "//testsuite[@name='storage']/testcase[@classname='storage'][@name='plain::nobody_knows']";
    assert_eq!(find(&xml, &format!("string({case}/skipped/@type)")), "unknown", "no success is made up");
    assert_eq!(find(&xml, &format!("count({case}/@time)")), "0", "nor a time");
    let left_out = "//testcase[@name='images::are_stored']/skipped";
    assert_eq!(find(&xml, &format!("string({left_out}/@type)")), "missing");
    let reason = "docker is missing: no daemon answers at <unix:///var/run/docker.sock>";
    assert_eq!(find(&xml, &format!("string({left_out}/@message)")), reason);
    let warm = "//testcase[@name='cache::is_warm']";
    assert_eq!(find(&xml, &format!("count({warm}/*)")), "0", "another try used it");
    assert_eq!(find(&xml, &format!("number({warm}/@time) > 0")), "true");
    let hostile = "//testcase[starts-with(@name, 'case::<script>')]";
    assert_eq!(find(&xml, &format!("count({hostile})")), "1");
}

#[test]
fn what_went_wrong_around_a_test_is_an_error_and_no_failure() {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report.json");
    let report = fs::read_to_string(report).unwrap().replace("\"fixture-undeclared-use\"", "\"guard-failed\"");
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("report.json");
    fs::write(&file, report).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    command.args(["report", "--junit", "-", "--from"]).arg(file);
    let xml = ran(command).stdout;
    is_valid(&xml);
    assert_eq!(find(&xml, "string(//testcase[@name='sessions::ends_with_its_process']/error/@type)"), "guard-failed");
    assert_eq!(find(&xml, "string(/testsuites/@errors)"), "1");
}

#[test]
fn real_runs_are_valid_and_none_of_their_tests_is_missing() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        let mut command =
            workspace.command("", &["guards", "test", "--workspace", "--no-fail-fast", "--engine", engine]);
        command.env("BROKEN", "always");
        assert_ne!(ran(command).code, 0);
        let xml = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
        is_valid(&xml);
        let case = |name: &str| format!("//testsuite[@name='mail']/testcase[@name='tests::{name}']");
        assert_eq!(find(&xml, "count(//testcase)"), "5", "{engine}: {xml}");
        assert_eq!(find(&xml, &format!("string({}/failure/@type)", case("keeps_its_word"))), "unused-declaration");
        assert_eq!(find(&xml, &format!("count({}/*)", case("sends"))), "0");
        assert_eq!(find(&xml, &format!("number({}/@time) >= 0", case("sends"))), "true", "{engine}");
        // A test of the same process failed, and libtest does not tell which.
        let plain = if engine == "nextest" { "0" } else { "1" };
        assert_eq!(find(&xml, &format!("count({}/skipped)", case("computes"))), plain, "{engine}");
        assert_eq!(workspace.run(&["guards", "test", "--workspace", "--engine", engine]).code, 0);
        let xml = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
        is_valid(&xml);
        assert_eq!(find(&xml, "count(//testcase[not(*)])"), "5", "{engine}: all passed, and all are known to");
    }
}

#[test]
fn an_empty_report_is_valid() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("empty.json");
    fs::write(&file, r#"{"version":1,"complete":true,"runs":[],"tests":[],"unread":[]}"#).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    command.args(["report", "--junit", "-", "--from"]).arg(file);
    is_valid(&ran(command).stdout);
}
