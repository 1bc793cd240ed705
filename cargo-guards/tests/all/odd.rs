//! Workspaces that are not as the command likes them: without guards, without tests, with guards that cannot be built.

use serde_json::{Value, json};

use crate::generated::two_hundred;
use crate::support::{ENGINES, Workspace};
use crate::two_hundred::{guards, passed};

/// A workspace of one package. Two of one name would be built into the same files.
fn bare(name: &str, text: &str) -> Workspace {
    let package = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n");
    Workspace::of(name, &[("Cargo.toml", package), ("src/lib.rs", text.to_owned())])
}

#[test]
fn a_workspace_without_any_guard_works_and_is_said_to_have_none() {
    let workspace = bare("no-guards", "#[test]\nfn adds() {}\n\n#[test]\nfn subtracts() {}\n");
    for engine in ENGINES {
        let run = workspace.run(&["guards", "test", "--engine", engine]);
        assert_eq!((run.code, passed(engine, &run)), (0, 2), "{}", run.stderr);
        assert!(run.stderr.contains("guards: no test was recorded"), "{}", run.stderr);
        let why = workspace.run(&["guards", "why", "adds"]);
        assert_eq!(why.code, 1);
        assert!(why.stderr.contains("it recorded no test at all: none was run that has guards"), "{}", why.stderr);
        let report = workspace.run(&["guards", "report", "--json", "-"]);
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        assert_eq!((&report["complete"], &report["tests"]), (&json!(true), &json!([])));
    }
    let list = workspace.run(&["guards", "list"]);
    assert_eq!((list.code, list.stdout.matches("- (no guards)").count()), (0, 2), "{}", list.stdout);
    let by_resource = workspace.run(&["guards", "list", "--by-resource", "--format=json"]);
    assert_eq!(serde_json::from_str::<Value>(&by_resource.stdout).unwrap()["resources"], json!([]));
    let all = workspace.run(&["guards", "test", "--print-filterset"]);
    assert_eq!((all.code, all.stdout.as_str()), (0, "binary_id(=no-guards)\n"));
}

#[test]
fn a_workspace_without_tests_has_nothing_to_match() {
    let workspace = bare("no-tests", "//! Nothing.\n");
    for words in [&["guards", "list"][..], &["guards", "test", "--print-filterset"], &["guards", "test"]] {
        let run = workspace.run(words);
        assert_eq!(run.code, 4, "{words:?}: {}", run.stderr);
    }
    let by_cargo = workspace.run(&["guards", "test", "--engine=cargo-test"]);
    assert_eq!(by_cargo.code, 0, "the engine's own: {}", by_cargo.stderr);
}

#[test]
fn a_guard_that_panics_is_named_by_every_command_and_its_tests_do_not_run() {
    let workspace = two_hundred();
    let panicked = "panicked while it was built: no settings";
    let list = guards(&workspace, &["list", "-p", "post", "-F", "panics"], &[]);
    assert_eq!((list.code, list.stdout.lines().count()), (0, 101));
    assert!(list.stderr.contains("note: the tests of `post` will not run: the guard registered at"), "{}", list.stderr);
    assert!(list.stderr.contains(panicked), "{}", list.stderr);
    for (engine, code) in [("nextest", 100), ("cargo-test", 101)] {
        for select in [&[][..], &["-m", "mail"]] {
            let words = [&["test", "-p", "post", "-F", "panics", "--engine", engine], select].concat();
            let run = guards(&workspace, &words, &[]);
            assert_eq!(run.code, code, "{}", run.stderr);
            let output = run.stdout + &run.stderr;
            assert!(output.contains(panicked) && !output.contains("1 passed"), "{engine}: {output}");
        }
    }
}
