//! What outlives a plain test under `cargo test --strict` is a finding about its binary, and no test.

use serde_json::Value;

use crate::junit::{find, is_valid};
use crate::support::{Ran, Workspace, ran};

const MANIFEST: &str = "[package]\nname = \"outliving\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\nguard-binary = { path = \"@ROOT@/adapters/binary\" }\n";

/// What it leaves runs git later, if it is told to.
const LEAVES: &str = r#"
use std::process::{Command, Stdio};

resource_guards::install!(guard_binary::Binary("git"));

#[test]
fn leaves_a_process() {
    let mut sh = Command::new("sh");
    sh.args(["-c", "sleep 1; test -z \"$LATE\" || exec /usr/bin/git --exec-path"]);
    sh.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
}
"#;

/// Keeps the run going until that has happened.
const WAITS: &str = "resource_guards::install!(guard_binary::Binary(\"git\"));\n\n\
    #[test]\nfn waits() {\n    std::thread::sleep(std::time::Duration::from_secs(3));\n}\n";

const FINDING: &str = "a test that declares nothing";

fn workspace() -> Workspace {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/leaves.rs", LEAVES), ("tests/waits.rs", WAITS)];
    Workspace::of("outliving", &files.map(|(file, text)| (file, text.to_owned())))
}

fn strict(workspace: &Workspace, late: bool) -> Ran {
    let mut command = workspace.command("", &["guards", "test", "--strict", "--engine", "cargo-test", "--tests"]);
    command.envs(late.then_some(("LATE", "1")));
    ran(command)
}

fn report(workspace: &Workspace, form: &str) -> String {
    let report = workspace.run(&["guards", "report", form, "-"]);
    assert_eq!(report.code, 0, "{}", report.stderr);
    report.stdout
}

/// How many findings and how many tests the JSON has.
fn counted(workspace: &Workspace) -> (usize, usize) {
    let json: Value = serde_json::from_str(&report(workspace, "--json")).unwrap();
    let tests = json["tests"].as_array().unwrap();
    let findings = tests.iter().filter(|test| test["name"] == FINDING).count();
    (findings, tests.len() - findings)
}

#[test]
fn a_process_that_outlives_a_plain_test_is_said_and_counted_nowhere_as_a_test() {
    let workspace = workspace();
    let run = strict(&workspace, false);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (findings, tests) = counted(&workspace);
    assert_eq!(findings, 1, "it stays in the JSON");
    assert!(run.stderr.contains(") outlived its test: outliving::leaves "), "{}", run.stderr);
    assert!(run.stderr.contains(&recorded(tests, "no violations")), "{}", run.stderr);
    let xml = report(&workspace, "--junit");
    is_valid(&xml);
    assert!(!xml.contains(FINDING) && xml.matches("<testcase").count() == tests, "{xml}");
    let html = report(&workspace, "--html");
    assert!(html.contains(&format!("<dt>Tests</dt><dd>{tests}</dd>")), "{html}");
    assert!(html.contains("outlived its test"), "{html}");
    let why = workspace.run(&["guards", "why", FINDING]);
    assert!(why.code == 1 && !why.stderr.contains("did you mean"), "{}{}", why.stdout, why.stderr);
}

/// As the summary begins.
fn recorded(tests: usize, violations: &str) -> String {
    match tests {
        0 => "guards: no test was recorded".to_owned(),
        1 => format!("guards: {violations}, 1 test recorded"),
        n => format!("guards: {violations}, {n} tests recorded"),
    }
}

#[test]
fn what_it_uses_is_a_violation_and_a_case_of_junit_but_no_test() {
    let workspace = workspace();
    let run = strict(&workspace, true);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let (findings, tests) = counted(&workspace);
    assert_eq!(findings, 1);
    assert!(run.stderr.contains(&format!("guards: 1 violation, {tests} test")), "{}", run.stderr);
    assert!(run.stderr.contains("used `git` without declaring it, after it had ended"), "{}", run.stderr);
    let xml = report(&workspace, "--junit");
    is_valid(&xml);
    assert_eq!(find(&xml, &format!("count(//testcase[@name='{FINDING}']/failure)")), "1", "{xml}");
    let html = report(&workspace, "--html");
    assert!(html.contains(&format!("<dt>Tests</dt><dd>{tests}</dd>")) && html.contains("1 violation"), "{html}");
    let why = workspace.run(&["guards", "why", FINDING]);
    assert!(why.stdout.contains("blocked git"), "{}{}", why.stdout, why.stderr);
    let fix = workspace.run(&["guards", "fix", "--check"]);
    assert!(fix.stderr.contains("why: no declaration holds after the end of a test"), "{}", fix.stderr);
}
