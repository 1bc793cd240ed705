//! `cargo guards test` under both engines.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{ENGINES, Ran, Workspace, hide_nextest, ran};

/// The tests of which the last run has records.
fn recorded(workspace: &Workspace) -> Vec<String> {
    let records = fs::read_dir(workspace.runs().last().unwrap().join("records")).unwrap();
    let mut tests: Vec<String> = records
        .map(|file| {
            let record: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
            record["test"].as_str().unwrap().to_owned()
        })
        .collect();
    tests.sort();
    tests
}

fn test(workspace: &Workspace, engine: &str, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = workspace.command("", &["guards", "test", "--engine", engine]);
    ran({
        command.args(words).envs(variables.iter().copied());
        command
    })
}

#[test]
fn a_selection_runs_the_same_tests_under_both_engines() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        let run = test(&workspace, engine, &["-m", "mail or tar"], &[]);
        assert_eq!(run.code, 0, "{engine}: {}{}", run.stdout, run.stderr);
        assert_eq!(recorded(&workspace), ["asks_for_the_version", "tests::keeps_its_word", "tests::sends"], "{engine}");
        assert!(run.stderr.contains("guards: no violations, 3 tests recorded"), "{}", run.stderr);
        assert!(run.stderr.contains("  log = \"only when verbose\": mail tests::sends\n"), "{}", run.stderr);
        assert!(run.stderr.contains("  tar: tools::pack asks_for_the_version\n"), "{}", run.stderr);
        let output = run.stdout + &run.stderr;
        assert!(!output.contains("adds") && !output.contains("computes") && !output.contains("documented"), "{output}");
    }
}

#[test]
fn without_a_declaration_is_selected_too_and_filters_of_the_user_narrow() {
    let workspace = Workspace::get();
    let run = test(&workspace, "cargo-test", &["-m", "not mail", "--", "--", "a"], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("test adds ... ok") && run.stdout.contains("test asks_for_the_version ... ok"));
    assert!(!run.stdout.contains("computes") && !run.stdout.contains("tests::logs"), "{}", run.stdout);
    let run = test(&workspace, "nextest", &["-m", "not mail", "--", "-E", "test(a)", "-E", "test(logs)"], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("3 tests run: 3 passed"), "{}", run.stderr);
}

#[test]
fn a_violation_is_told_with_its_mend_and_the_code_is_the_engines() {
    let workspace = Workspace::get();
    for (engine, code) in [("nextest", 100), ("cargo-test", 101)] {
        let broken = test(&workspace, engine, &["--no-fail-fast", "-p", "mail"], &[("BROKEN", "always")]);
        assert_eq!(broken.code, code, "{}{}", broken.stdout, broken.stderr);
        let (_, summary) = broken.stderr.split_once("\nguards: 1 violation, ").expect(&broken.stderr);
        assert!(summary.contains("test `tests::keeps_its_word` declares `mail` and never used it"), "{summary}");
        assert!(summary.contains("\n  mend: remove `mail` from #[uses] at "), "{summary}");
        assert!(summary.contains("\n  of:   mail\n"), "{summary}");
        let failed = test(&workspace, engine, &["-p", "mail", "-q"], &[("FAILS", "1")]);
        assert_eq!(failed.code, code);
        assert!(!failed.stderr.contains("guards: "), "nothing to say: {}", failed.stderr);
    }
}

#[test]
fn a_retry_does_not_hide_a_violation() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let mark = temp.path().join("mark");
    let flaky = [("SLIPS", mark.to_str().unwrap())];
    let run = test(&workspace, "nextest", &["-p", "mail", "--", "--retries", "1"], &flaky);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("guards: 1 violation, "), "{}", run.stderr);
    assert!(run.stderr.contains("test `tests::computes` used `mail` without declaring it"), "{}", run.stderr);
}

#[test]
fn a_declaration_that_only_a_retry_used_is_not_unused() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let mark = temp.path().join("mark");
    let flaky = [("BROKEN", mark.to_str().unwrap())];
    let run = test(&workspace, "nextest", &["-p", "mail", "--", "--retries", "1"], &flaky);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("TRY 1 FAIL"), "{}", run.stderr);
    assert!(run.stderr.contains("guards: no violations, "), "{}", run.stderr);
    let note = "test `tests::keeps_its_word` declares `mail` and never used it in one try, but did in another: mail ";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    let json: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
    let tests = json["tests"].as_array().unwrap();
    let broken = tests.iter().find(|test| test["name"] == "tests::keeps_its_word").unwrap();
    assert_eq!(broken["verdict"], "passed");
    assert_eq!(broken["tries"][0]["violations"][0]["used_in_another_try"], true);
    assert_eq!(broken["tries"][1]["violations"], json!([]));
    assert!(!workspace.run(&["guards", "report", "--junit", "-"]).stdout.contains("<failure"));
}

/// The engine and the reports say the same, also where the try that used it could not write its record.
#[test]
fn a_declaration_that_only_an_earlier_try_used_is_not_unused() {
    let workspace = Workspace::get();
    for aborts in [None, Some(("ABORTS", "in a flaky test"))] {
        let marks = tempfile::tempdir().unwrap();
        let flaky: Vec<_> = [("FLAKY", marks.path().to_str().unwrap())].into_iter().chain(aborts).collect();
        let words = ["-p", "mail", "-m", "mail", "--", "--retries", "2"];
        let run = test(&workspace, "nextest", &words, &flaky);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("2 passed (2 flaky)") && !run.stderr.contains("TRY 2 FAIL"), "{}", run.stderr);
        assert!(run.stderr.contains("guards: no violations, 2 tests recorded"), "{}", run.stderr);
        let json: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
        for one in json["tests"].as_array().unwrap() {
            assert_eq!((&one["verdict"], one["tries"].as_array().unwrap().len()), (&json!("passed"), 2), "{one}");
        }
    }
}

#[test]
fn a_declaration_that_no_try_used_fails_them_all() {
    let workspace = Workspace::get();
    let run = test(&workspace, "nextest", &["-p", "mail", "--", "--retries", "1"], &[("BROKEN", "always")]);
    assert_eq!(run.code, 100, "{}", run.stderr);
    assert!(run.stderr.contains("TRY 2 FAIL"), "{}", run.stderr);
    assert!(run.stderr.contains("guards: 1 violation, "), "{}", run.stderr);
}

/// Each repetition of a stress test stands for itself, in the reports as in the engine.
#[test]
fn what_one_repetition_of_a_stress_test_did_helps_no_other() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    for strict in [None, Some("--strict")] {
        let words = ["--no-fail-fast", "-p", "mail", "-m", "mail"].into_iter().chain(strict);
        let words: Vec<&str> = words.chain(["--", "--stress-count", "2"]).collect();
        let mark = temp.path().join(format!("mark{}", strict.unwrap_or_default()));
        let run = test(&workspace, "nextest", &words, &[("BROKEN", mark.to_str().unwrap())]);
        // nextest 0.9.143 ends with success if the last repetition did.
        assert!([3, 100].contains(&run.code), "{}{}", run.code, run.stderr);
        assert!(run.stderr.contains("guards: 1 violation, "), "{}", run.stderr);
        let json: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
        let tests = json["tests"].as_array().unwrap();
        let broken = tests.iter().find(|one| one["name"] == "tests::keeps_its_word").unwrap();
        assert_eq!(broken["verdict"], "violated");
        let iterations: Vec<&Value> = broken["tries"].as_array().unwrap().iter().map(|one| &one["iteration"]).collect();
        assert_eq!(iterations, [0, 1], "{broken}");
        assert!(workspace.run(&["guards", "why", "tests::sends"]).stdout.contains(", repetition 2\n"));
    }
    let audit = workspace.run(&["guards", "audit", "-p", "mail", "--json", "-", "--", "--stress-count", "2"]);
    let audit: Value = serde_json::from_str(&audit.stdout).expect(&audit.stderr);
    let sends = audit["tests"].as_array().unwrap().iter().filter(|one| one["name"] == "tests::sends");
    assert_eq!(sends.map(|one| &one["iteration"]).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn what_is_only_observed_does_not_fail() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        let observed = [("BROKEN", "always"), ("RESOURCE_GUARDS", "observe")];
        let run = test(&workspace, engine, &["-p", "mail"], &observed);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("guards: 1 violation, "), "{}", run.stderr);
        let junit = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
        assert!(!junit.contains("<failure") && junit.contains("<system-out>"), "{junit}");
    }
}

#[test]
fn without_nextest_cargo_test_runs_everything_and_the_session_is_removed() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let sessions = temp.path().join("sessions");
    fs::create_dir(&sessions).unwrap();
    let mut command = workspace.command("tools/tests", &["guards", "test", "--workspace"]);
    hide_nextest(&mut command, temp.path());
    let run = ran({
        command.env("RESOURCE_GUARDS_TMPDIR", &sessions);
        command
    });
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("test adds ... ok") && run.stderr.contains("Doc-tests plain"), "{}", run.stdout);
    assert_eq!(left(&sessions), 0, "the session is removed");
}

#[test]
fn a_runner_of_the_user_is_kept() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let runner = temp.path().join("a runner");
    fs::write(&runner, "#!/bin/sh\necho ran by $1 >&2\nshift\nexec \"$@\"\n").unwrap();
    fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).unwrap();
    let mut rustc = Command::new("rustc");
    rustc.arg("-vV");
    let host = ran(rustc).stdout;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let folder = workspace.root().join(".cargo");
    fs::create_dir_all(&folder).unwrap();
    let run = |name: &str| {
        fs::write(folder.join("config.toml"), format!("target.{name}.runner = [{runner:?}, 'me']\n")).unwrap();
        ENGINES.map(|engine| test(&workspace, engine, &["-m", "tar"], &[]))
    };
    let (by_triple, by_cfg) = (run(host), run("'cfg(unix)'"));
    fs::remove_dir_all(&folder).unwrap();
    for run in &by_triple {
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    assert!(by_triple[1].stderr.contains("ran by me"), "{}", by_triple[1].stderr);
    assert_eq!(recorded(&workspace), ["asks_for_the_version"]);
    assert_eq!((by_cfg[0].code, by_cfg[1].code), (0, 2), "{}", by_cfg[1].stderr);
    assert!(by_cfg[1].stderr.contains("cannot be kept while `cargo test` runs a selection"));
}

/// How many sessions there are.
pub(crate) fn left(sessions: &Path) -> usize {
    let bases = fs::read_dir(sessions).unwrap().map(|base| base.unwrap().path());
    bases.map(|base| fs::read_dir(base).unwrap().count()).sum()
}
