//! Every command on 200 tests in three crates, under both engines, from a subfolder, with spaces in the path.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::generated::two_hundred;
use crate::support::{ENGINES, Ran, Workspace, hide_nextest, ran};

/// The folder that the commands are run in.
const FOLDER: &str = "pack/tests";

pub(crate) fn guards(workspace: &Workspace, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = workspace.command(FOLDER, &[&["guards"], words].concat());
    command.envs(variables.iter().copied());
    ran(command)
}

/// How many tests the engine says that it ran and that passed.
pub(crate) fn passed(engine: &str, run: &Ran) -> usize {
    let number = |line: &str, before: &str| {
        let (start, _) = line.split_once(before).expect(line);
        start.rsplit(' ').next().unwrap().parse::<usize>().unwrap()
    };
    if engine == "nextest" {
        let summary = run.stderr.lines().find(|line| line.contains("Summary [")).expect(&run.stderr);
        return number(summary, " passed");
    }
    run.stdout.lines().filter(|line| line.starts_with("test result: ")).map(|line| number(line, " passed;")).sum()
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

pub(crate) fn names(tests: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    tests.as_array().unwrap().iter().map(|test| text(&test["binary_id"]) + " " + &text(&test["name"])).collect()
}

/// Names and verdicts of the tests of a report that have a declaration: both engines record those.
pub(crate) fn verdicts(report: &Value) -> Vec<String> {
    let declared = report["tests"].as_array().unwrap().iter().filter(|test| !test["declares"].is_null());
    declared.map(|test| format!("{} {}", test["name"].as_str().unwrap(), test["verdict"].as_str().unwrap())).collect()
}

#[test]
fn all_are_listed_by_test_and_by_resource() {
    let workspace = two_hundred();
    let list = json(&guards(&workspace, &["list", "--workspace", "--format", "json"], &[]));
    assert_eq!(list["tests"].as_array().unwrap().len(), 200);
    let table = guards(&workspace, &["list", "--workspace"], &[]).stdout;
    assert_eq!(table.lines().count(), 201, "a header and a line for each");
    let by = json(&guards(&workspace, &["list", "--workspace", "--by-resource", "--format=json"], &[]));
    let count = |resource: &Value| (resource["name"].as_str().unwrap().to_owned(), names(&resource["tests"]).len());
    let counts: Vec<(String, usize)> = by["resources"].as_array().unwrap().iter().map(count).collect();
    let expected = [("git", 20), ("log", 50), ("mail", 50), ("tar", 20)].map(|(name, n)| (name.to_owned(), n));
    assert_eq!(counts, expected);
    let here = json(&guards(&workspace, &["list", "--format=json"], &[]));
    assert_eq!(here["tests"].as_array().unwrap().len(), 60, "without --workspace those of the package, as cargo does");
}

#[test]
fn all_run_under_both_engines_and_those_of_binaries_with_guards_are_recorded() {
    let workspace = two_hundred();
    for engine in ENGINES {
        let run = guards(&workspace, &["test", "--workspace", "--engine", engine], &[]);
        assert_eq!(run.code, 0, "{engine}: {}{}", run.stdout, run.stderr);
        assert_eq!(passed(engine, &run), 200, "{engine}");
        assert!(run.stderr.contains("guards: no violations, 160 tests recorded\n"), "{engine}: {}", run.stderr);
    }
}

#[test]
fn a_selection_is_the_same_for_both_engines_for_the_fallback_and_for_other_tools() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    for (n, (expression, expected)) in
        [("mail and not log", 25), ("not (mail or log or tar or git)", 85), ("tar or log and mail", 45)]
            .into_iter()
            .enumerate()
    {
        let select = ["test", "--workspace", "-m", expression];
        for engine in ENGINES {
            let run = guards(&workspace, &[&select[..], &["--engine", engine]].concat(), &[]);
            assert_eq!((run.code, passed(engine, &run)), (0, expected), "{engine}, {expression}: {}", run.stderr);
        }
        let mut fallback = workspace.command(FOLDER, &[&["guards"], &select[..]].concat());
        let hidden = temp.path().join(n.to_string());
        fs::create_dir(&hidden).unwrap();
        hide_nextest(&mut fallback, &hidden);
        let fallback = ran(fallback);
        assert_eq!((fallback.code, passed("cargo-test", &fallback)), (0, expected), "{}", fallback.stderr);
        let printed = guards(&workspace, &[&select[..], &["--print-filterset"]].concat(), &[]);
        assert_eq!(printed.code, 0, "{}", printed.stderr);
        let nextest = ["nextest", "run", "--workspace", "-E", printed.stdout.trim()];
        let other = ran(workspace.command(FOLDER, &nextest));
        assert_eq!((other.code, passed("nextest", &other)), (0, expected), "{}", other.stderr);
    }
}

#[test]
fn mistakes_are_reported_alike_explained_and_merged_of_shards() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    let broken = [("SILENT", "1"), ("SECRET", "1")];
    let report = |name: &str, words: &[&str], codes: &[i32]| {
        let run = guards(&workspace, &[&["test", "--workspace", "--no-fail-fast"], words].concat(), &broken);
        assert!(codes.contains(&run.code), "{}: {}", run.code, run.stderr);
        let file = temp.path().join(name);
        let written = guards(&workspace, &["report", "--json", file.to_str().unwrap()], &[]);
        assert_eq!(written.code, 0, "{}", written.stderr);
        (run, read(&file))
    };
    let mut whole = Vec::new();
    for (engine, code) in [("nextest", 100), ("cargo-test", 101)] {
        let (run, json) = report(engine, &["--engine", engine], &[code]);
        for violation in [
            "test `tests::mails_000` declares `mail` and never used it",
            "test `tests::computes_003` used `mail` without declaring it",
        ] {
            assert!(run.stderr.contains(violation), "{engine}: {}", run.stderr);
            assert!(json.to_string().contains(violation), "{engine}");
        }
        assert!(run.stderr.contains("guards: 2 violations, "), "{engine}: {}", run.stderr);
        let why = guards(&workspace, &["why", "mails_000"], &[]);
        assert!(why.stdout.contains("  declares: mail\n  saw:      nothing\n"), "{engine}: {}", why.stdout);
        let why = guards(&workspace, &["why", "tests::computes_003"], &[]);
        assert!(why.stdout.contains("1. blocked mail at eve: mail to eve (call, pid "), "{engine}: {}", why.stdout);
        whole.push(json);
    }
    let declared = verdicts(&whole[0]);
    assert_eq!(declared.len(), 135);
    assert_eq!(declared, verdicts(&whole[1]));
    let shards = ["1", "2", "3"].map(|shard| {
        report(shard, &["--partition", &format!("hash:{shard}/3")], &[0, 100]);
        temp.path().join(shard).to_str().unwrap().to_owned()
    });
    let merged = json(&guards(&workspace, &["merge", &shards[0], &shards[1], &shards[2]], &[]));
    assert_eq!(names(&merged["tests"]), names(&whole[0]["tests"]));
    assert_eq!(verdicts(&merged), declared);
}

fn read(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}
