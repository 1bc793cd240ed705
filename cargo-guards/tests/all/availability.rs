//! `--unavailable`: tests whose resource is missing.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{ENGINES, Ran, Workspace, ran, with_guards_toml};

const DESCRIBED: &str = "[resources.mytool]\nexec = [\"mytool\"]\n[resources.peer]\ntcp = [\"peer.example:443\"]\n";

/// Runs the tests, and gives how often the guard of the store was asked.
fn test(workspace: &Workspace, words: &[&str], store: &str) -> (Ran, usize) {
    let temp = tempfile::tempdir().unwrap();
    let probes = temp.path().join("probes");
    let mut command = workspace.command("", &["guards", "test"]);
    command.args(words).env("STORE", store).env("PROBES", &probes);
    let run = ran(command);
    (run, fs::read_to_string(&probes).unwrap_or_default().lines().count())
}

const SKIP: [&str; 2] = ["--unavailable", "skip"];

#[test]
fn tests_of_a_missing_resource_are_left_out_and_counted() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    for engine in ENGINES {
        let (run, probes) =
            test(&workspace, &[&SKIP[..], &["--engine", engine, "-m", "store or queue"]].concat(), "missing");
        assert_eq!(run.code, 0, "{engine}: {}{}", run.stdout, run.stderr);
        assert_eq!(probes, 1, "two binaries have the guard, and it is asked once");
        assert!(run.stderr.contains("guards: no violations, 3 tests recorded, 6 tests left out\n"), "{}", run.stderr);
        let line = "  store: 6 tests (nobody answers at store.example): one tests::has_both, one tests::stores_a, \
                    one tests::stores_b and 3 more\n";
        assert!(run.stderr.contains("\nleft out, because a resource is missing\n"), "{}", run.stderr);
        assert!(run.stderr.contains(line), "{}", run.stderr);
        assert!(!(run.stdout + &run.stderr).contains("stores_c ..."), "it was not run");
    }
}

#[test]
fn a_test_that_is_left_out_is_so_in_every_report() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    let (run, _) = test(&workspace, &[&SKIP[..], &["-q", "-m", "store and queue"]].concat(), "missing");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("guards: no test was recorded, 1 test left out\n"), "also if quiet: {}", run.stderr);
    let json: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/report-1.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    assert_eq!(schema.iter_errors(&json).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
    let [test] = json["tests"].as_array().unwrap().as_slice() else { panic!("{json}") };
    assert_eq!((&test["name"], &test["verdict"]), (&"tests::has_both".into(), &"skipped".into()));
    assert_eq!(test["tries"][0]["missing"][0]["reason"], "nobody answers at store.example");
    let junit = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
    assert!(junit.contains("tests=\"1\" skipped=\"1\" errors=\"0\" failures=\"0\""), "{junit}");
    assert!(junit.contains("<skipped message=\"store is missing: nobody answers at store.example\""), "{junit}");
    let html = workspace.run(&["guards", "report", "--html", "-"]).stdout;
    assert!(
        html.contains("Left out <b>1</b>") && html.contains("is missing: nobody answers at store.example"),
        "{html}"
    );
    let why = workspace.run(&["guards", "why", "has_both"]).stdout;
    assert!(why.contains("  ending:   skipped\n") && why.contains("  missing:  store: nobody answers"), "{why}");
}

#[test]
fn documentation_and_plain_tests_run_when_others_are_left_out() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    let words = [&SKIP[..], &["-p", "one", "--engine", "cargo-test"]].concat();
    let (run, _) = test(&workspace, &words, "missing");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout.contains("test tests::computes ... ok") && run.stderr.contains("Doc-tests one"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("test one/src/lib.rs - documented (line "), "{}", run.stdout);
    assert!(run.stdout.contains("test tests::may_store ... ok"), "it can do without: {}", run.stdout);
    assert!(run.stderr.contains("  store: 5 tests ("), "{}", run.stderr);
}

#[test]
fn what_is_required_and_missing_fails_before_anything_is_run() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    for engine in ENGINES {
        let words = ["--unavailable", "require", "--engine", engine];
        let (run, probes) = test(&workspace, &words, "missing");
        assert_eq!((run.code, run.stdout.as_str(), probes), (5, "", 1), "{engine}: {}", run.stderr);
        let (_, said) = run.stderr.split_once("error: ").expect(&run.stderr);
        let expected = "\
resources are missing, so no test is run
  mytool: `mytool` is not on PATH
    needed by two::tool runs_the_tool
  store: nobody answers at store.example
    needed by one tests::has_both, one tests::stores_a, one tests::stores_b and 3 more
";
        assert_eq!(said, expected, "{engine}");
        assert!(run.stderr.contains("note: whether `peer` is there is unknown: its guard cannot tell\n"));
        assert!(!workspace.target().join("guards").exists(), "there was no run");
    }
    let help = workspace.run(&["guards", "--help"]).stdout;
    assert!(help.contains("\n  5      a resource is missing, and --unavailable require is in force\n"), "{help}");
    let (run, probes) = test(&workspace, &["--unavailable", "require", "-m", "store"], "");
    assert_eq!((run.code, probes), (0, 1), "{}", run.stderr);
}

#[test]
fn nobody_is_asked_unless_the_policy_needs_it() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    let (run, probes) = test(&workspace, &["-m", "store"], "missing");
    assert_eq!((run.code, probes), (0, 0), "the tests of this store pass without it: {}", run.stderr);
    let (run, probes) = test(&workspace, &[&SKIP[..], &["-m", "queue and not store"]].concat(), "missing");
    assert_eq!((run.code, probes), (0, 0), "no selected test needs the store: {}", run.stderr);
}

#[test]
fn the_file_has_the_default_and_the_command_line_the_last_word() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, &format!("unavailable = \"require\"\n{DESCRIBED}"));
    assert_eq!(test(&workspace, &["-m", "store"], "missing").0.code, 5);
    assert_eq!(test(&workspace, &["-m", "store", "--unavailable", "fail"], "missing").0.code, 0);
}

#[test]
fn a_probe_that_crashes_panics_or_hangs_leaves_it_unknown_and_the_tests_run() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    for (store, why) in [
        ("crashes", "its probe failed: it ended with signal: 6"),
        ("panics", "its probe panicked: on purpose"),
        ("hangs", "its probe failed: it did not end within 10 s\n"),
    ] {
        let (run, probes) = test(&workspace, &[&SKIP[..], &["-m", "store and queue"]].concat(), store);
        assert_eq!((run.code, probes), (0, 1), "{}", run.stderr);
        let note = format!("note: whether `store` is there is unknown: {why}");
        assert!(run.stderr.contains(&note), "{store}: {}", run.stderr);
        assert!(run.stderr.contains("guards: no violations, 1 test recorded\n"), "{}", run.stderr);
    }
    let (run, _) = test(&workspace, &[&SKIP[..], &["-m", "store and queue"]].concat(), "prints");
    assert!(!run.stderr.contains("is unknown"), "a guard may print: {}", run.stderr);
}

#[test]
fn a_run_of_which_nothing_is_left_is_a_success_that_says_so() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    for engine in ENGINES {
        let (run, _) = test(&workspace, &[&SKIP[..], &["--engine", engine, "-m", "store"]].concat(), "missing");
        // `may_store` can do without, and is run.
        assert!(run.stderr.contains("1 test recorded, 6 tests left out"), "{}", run.stderr);
        let (run, _) = test(&workspace, &[&SKIP[..], &["--engine", engine, "-m", "mytool"]].concat(), "missing");
        assert_eq!(run.code, 0, "{engine}: {}", run.stderr);
        assert!(run.stderr.contains("guards: no test was recorded, 1 test left out"), "{}", run.stderr);
        assert!(
            run.stderr.contains("  mytool: 1 test (`mytool` is not on PATH): two::tool runs_the_tool"),
            "{}",
            run.stderr
        );
    }
}
