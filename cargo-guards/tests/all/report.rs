//! `cargo guards report` and `merge`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{ENGINES, Ran, Workspace, ran};

fn test(workspace: &Workspace, words: &[&str]) -> Ran {
    let mut command = workspace.command("", &["guards", "test", "-p", "mail", "-p", "tools"]);
    command.args(words).env("BROKEN", "always");
    ran(command)
}

/// Writes a report on the last run, which must be as the schema says.
fn report(workspace: &Workspace, file: &Path) -> Value {
    let ran = workspace.run(&["guards", "report", "--json", file.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    read(file)
}

fn read(file: &Path) -> Value {
    let report: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    is_as_the_schema_says(&report);
    report
}

pub(crate) fn is_as_the_schema_says(report: &Value) {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/report-1.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = schema.iter_errors(report).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

/// Names and verdicts.
fn verdicts(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["tests"].as_array().unwrap().iter().map(|test| text(&test["name"]) + " " + &text(&test["verdict"])).collect()
}

#[test]
fn json_and_junit_have_the_violations() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        assert_ne!(test(&workspace, &["--no-fail-fast", "--engine", engine, "-m", "mail or tar"]).code, 0);
        let json = report(&workspace, &temp.path().join("a.json"));
        assert_eq!(
            verdicts(&json),
            ["tests::keeps_its_word violated", "tests::sends passed", "asks_for_the_version passed"],
            "{engine}"
        );
        assert_eq!((&json["complete"], &json["runs"][0]["selection"]), (&true.into(), &"mail or tar".into()));
        let sends = &json["tests"][1]["tries"][0];
        assert!(sends["uses"][0]["within"][0].as_str().unwrap().ends_with("server"), "{sends}");
        let junit = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
        let declares = "test `tests::keeps_its_word` declares `mail` and never used it";
        assert!(
            junit.contains("<testsuite name=\"mail\" tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"1\""),
            "{junit}"
        );
        assert!(junit.contains(&format!("<failure message=\"{declares}\" type=\"unused-declaration\">")), "{junit}");
        assert!(junit.contains("mend: remove `mail`"), "{junit}");
    }
}

#[test]
fn merged_shards_are_an_unsharded_run() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let file = |name: &str| temp.path().join(name);
    test(&workspace, &["--no-fail-fast"]);
    let whole = report(&workspace, &file("whole.json"));
    for shard in ["1", "2"] {
        test(&workspace, &["--no-fail-fast", "--partition", &format!("count:{shard}/2")]);
        assert!(verdicts(&report(&workspace, &file(shard))).len() < verdicts(&whole).len());
    }
    let mut command = workspace.command("", &["guards", "merge"]);
    command.args([file("1"), file("2")]).arg("-o").arg(file("merged.json"));
    let merged = ran(command);
    assert_eq!((merged.code, merged.stderr.as_str()), (0, ""));
    let merged = read(&file("merged.json"));
    assert_eq!(verdicts(&merged), verdicts(&whole));
    assert_eq!(merged["runs"].as_array().unwrap().len(), 2);
    let from = file("merged.json");
    let junit = workspace.run(&["guards", "report", "--from", from.to_str().unwrap(), "--junit", "-"]);
    assert!(junit.stdout.contains("failures=\"1\""), "{}", junit.stdout);
}

#[test]
fn a_declaration_that_only_another_shard_used_is_not_unused_in_whatever_order_they_are_merged() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let file = |name: &str| temp.path().join(name);
    let merged = |names: &[&str]| {
        let mut command = workspace.command("", &["guards", "merge"]);
        command.args(names.iter().map(|name| file(name))).arg("-o").arg(file("merged"));
        assert_eq!(ran(command).code, 0);
        fs::copy(file("merged"), file("all")).unwrap();
        read(&file("merged"))
    };
    assert_ne!(test(&workspace, &["--no-fail-fast", "-m", "mail"]).code, 0);
    assert_eq!(verdicts(&report(&workspace, &file("a"))), ["tests::keeps_its_word violated", "tests::sends passed"]);
    assert_eq!(workspace.run(&["guards", "test", "-m", "mail", "-p", "mail"]).code, 0);
    report(&workspace, &file("b"));
    let both = merged(&["a", "b"]);
    assert_eq!(verdicts(&both), ["tests::keeps_its_word passed", "tests::sends passed"]);
    assert_eq!(merged(&["b", "a"]), both);
    assert_eq!(merged(&["b", "all", "a", "a"]), both, "what is merged twice counts once");
}

#[test]
fn what_is_no_report_is_named() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("other.json");
    let merge = |text: &str| {
        fs::write(&file, text).unwrap();
        let ran = workspace.run(&["guards", "merge", file.to_str().unwrap()]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        ran.stderr
    };
    assert!(merge("{").contains(&format!("cannot understand `{}` as a report of cargo guards", file.display())));
    assert!(merge("{\"version\": 2}").contains("has version 2 of its format"));
    assert_eq!(workspace.run(&["guards", "report"]).code, 2, "a form must be named");
}
