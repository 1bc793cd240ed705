//! Test binaries of one name: a library and its program, a program and an integration test. Each has its own tests, whoever
//! runs them, and is called as nextest calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::support::{ENGINES, Workspace, ran};

const ROOT: &str = "[package]\nname = \"dup\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\
    members = [\"other\"]\n\n[dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\n";

/// Its library has a name of its own.
const OTHER: &str = "[package]\nname = \"other\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\nname = \"spoken\"\n\n\
    [dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\n";

/// The binaries whose test keeps its word, and those whose test of the same name does not.
const TARGETS: [(&str, &str, &str); 5] = [
    ("src/lib.rs", "dup", "passed"),
    ("src/main.rs", "dup::bin/dup", "violated"),
    ("src/bin/smoke-it.rs", "dup::bin/smoke-it", "violated"),
    ("tests/smoke-it.rs", "dup::smoke-it", "passed"),
    ("other/src/lib.rs", "other", "passed"),
];

fn source(file: &str, verdict: &str) -> String {
    let main =
        if file.contains("main") || file.contains("bin/") { "#[allow(dead_code)]\nfn main() {}\n\n" } else { "" };
    let body = if verdict == "passed" { "MAIL.enforce(|| \"send\").unwrap();" } else { "" };
    format!(
        "{main}#[cfg(test)]\nmod tests {{\n    pub(super) static MAIL: resource_guards::Resource = \
         resource_guards::Resource::new(\"mail\");\n    resource_guards::install!(&MAIL);\n\n    \
         #[resource_guards::uses(mail)]\n    #[test]\n    fn a() {{\n        {body}\n    }}\n}}\n"
    )
}

fn workspace() -> Workspace {
    let sources = TARGETS.map(|(file, _, verdict)| (file, source(file, verdict)));
    let manifests = [("Cargo.toml", ROOT.to_owned()), ("other/Cargo.toml", OTHER.to_owned())];
    Workspace::of("namesakes", &sources.into_iter().chain(manifests).collect::<Vec<_>>())
}

/// The verdict on the test of each binary.
fn verdicts(report: &str) -> BTreeMap<String, String> {
    let report: Value = serde_json::from_str(report).expect(report);
    let tests = report["tests"].as_array().unwrap().iter();
    tests.map(|test| (text(&test["binary_id"]), text(&test["verdict"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn expected() -> BTreeMap<String, String> {
    TARGETS.iter().map(|(_, id, verdict)| ((*id).to_owned(), (*verdict).to_owned())).collect()
}

#[test]
fn each_binary_has_its_own_test_and_the_name_that_nextest_gives_it() {
    let workspace = workspace();
    let list = workspace.run(&["guards", "list", "--workspace", "--format", "json"]);
    let list: Value = serde_json::from_str(&list.stdout).expect(&list.stderr);
    let listed: BTreeSet<String> =
        list["tests"].as_array().unwrap().iter().map(|test| text(&test["binary_id"])).collect();
    assert_eq!(listed, expected().into_keys().collect());
    for (engine, failed) in ENGINES.into_iter().zip([100, 101]) {
        for more in [&[][..], &["-m", "mail"], &["--strict"]] {
            let words = ["guards", "test", "--workspace", "--no-fail-fast", "--engine", engine];
            let run = workspace.run(&[&words, more].concat());
            assert_eq!(run.code, failed, "{engine} {more:?}: {}", run.stderr);
            let summary = run.stderr.rsplit_once("\nguards: ").expect(&run.stderr).1;
            assert!(summary.starts_with("2 violations, 5 tests recorded\n"), "{engine} {more:?}: {summary}");
            for id in ["dup::bin/dup", "dup::bin/smoke-it"] {
                assert!(summary.contains(&format!("\n  of:   {id}\n")), "{engine} {more:?}: {summary}");
            }
            let report = workspace.run(&["guards", "report", "--json", "-"]);
            assert_eq!(verdicts(&report.stdout), expected(), "{engine} {more:?}");
        }
        let why = workspace.run(&["guards", "why", "dup::bin/dup", "tests::a"]);
        assert_eq!(why.code, 0, "{engine}: {}", why.stderr);
        assert!(why.stdout.starts_with("tests::a of dup::bin/dup at src/main.rs:"), "{engine}: {}", why.stdout);
        assert_eq!(why.stdout.matches("tests::a of ").count(), 1, "{engine}: {}", why.stdout);
        let fix = workspace.run(&["guards", "fix", "--check"]);
        assert_eq!(fix.code, 6, "{engine}: {}", fix.stderr);
        for file in ["src/main.rs", "src/bin/smoke-it.rs"] {
            assert!(fix.stderr.contains(&format!("to fix: {file}:")), "{engine}: {}", fix.stderr);
        }
        assert_eq!(fix.stderr.matches("to fix: ").count(), 2, "{engine}: {}", fix.stderr);
    }
}

#[test]
fn reports_of_both_engines_are_about_the_same_tests() {
    let workspace = workspace();
    let temp = tempfile::tempdir().unwrap();
    let files = ENGINES.map(|engine| {
        let mut command = workspace.command("", &["guards", "test", "--workspace", "--engine", engine]);
        command.env("RESOURCE_GUARDS", "observe");
        let run = ran(command);
        assert_eq!(run.code, 0, "{engine}: {}", run.stderr);
        let file = temp.path().join(engine);
        workspace.run(&["guards", "report", "--json", file.to_str().unwrap()]);
        file
    });
    let mut command = workspace.command("", &["guards", "merge"]);
    command.args(&files);
    let merged = ran(command);
    assert_eq!(verdicts(&merged.stdout), expected());
    // The folder of a run has the names with it, also where there is no cargo.
    let run = workspace.runs().pop().unwrap();
    let elsewhere = temp.path().join("run");
    fs::rename(run, &elsewhere).unwrap();
    let mut command = workspace.command("", &["guards", "merge"]);
    command.arg(&elsewhere).current_dir(temp.path());
    assert_eq!(verdicts(&ran(command).stdout), expected());
}

#[test]
fn a_run_that_did_not_come_to_name_its_binaries_keeps_them_apart() {
    let workspace = workspace();
    workspace.run(&["guards", "test", "--workspace", "--no-fail-fast", "--engine", "cargo-test"]);
    let header = workspace.runs().pop().unwrap().join("run.json");
    let mut run: Value = serde_json::from_str(&fs::read_to_string(&header).unwrap()).unwrap();
    run.as_object_mut().unwrap().remove("binaries");
    fs::write(&header, run.to_string()).unwrap();
    let report = workspace.run(&["guards", "report", "--json", "-"]);
    let verdicts = verdicts(&report.stdout);
    let count = |verdict: &str| verdicts.values().filter(|known| *known == verdict).count();
    assert_eq!((count("passed"), count("violated")), (3, 2), "{verdicts:?}");
}
