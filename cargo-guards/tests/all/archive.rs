//! The recipe of the README for shards on machines that do not build: an archive of nextest, a run directory of each shard,
//! and one report on all.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::generated::two_hundred;
use crate::support::{Ran, Workspace, ran};
use crate::two_hundred::{guards, names, passed, verdicts};

/// Makes the archive, which is what the building machine does.
fn archived(workspace: &Workspace, temp: &Path) -> String {
    let file = temp.join("tests.tar.zst").to_str().unwrap().to_owned();
    let made = workspace.run(&["nextest", "archive", "--workspace", "--archive-file", &file]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    file
}

/// The checkout and the programs of another machine, which has no cargo.
fn machine(workspace: &Workspace, dir: &Path) -> Command {
    let (checkout, programs) = (dir.join("check out"), dir.join("programs"));
    fs::create_dir_all(&programs).unwrap();
    let copied = Command::new("cp").arg("-r").args([workspace.root(), &checkout]).status().unwrap();
    assert!(copied.success());
    for program in ["cargo-nextest", "tar", "git", "sh"] {
        let path = env::var_os("PATH").unwrap();
        let home = env::home_dir().unwrap().join(".cargo/bin");
        let found = env::split_paths(&path).chain([home]).map(|dir| dir.join(program)).find(|file| file.exists());
        symlink(found.expect(program), programs.join(program)).unwrap();
    }
    let mut command = workspace.clean(env!("CARGO_BIN_EXE_cargo-guards"), "");
    command.current_dir(&checkout).env("PATH", &programs).env_remove("CARGO_TARGET_DIR").arg("guards");
    command
}

#[test]
fn shards_of_an_archive_merge_to_the_verdicts_of_a_whole_run() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    let broken = [("SILENT", "1"), ("SECRET", "1"), ("IDLE", "1")];
    let whole = guards(&workspace, &["test", "--workspace", "--no-fail-fast"], &broken);
    assert_eq!(whole.code, 100, "{}", whole.stderr);
    let whole: Value = serde_json::from_str(&guards(&workspace, &["report", "--json", "-"], &[]).stdout).unwrap();

    let archive = archived(&workspace, temp.path());
    let mut all = 0;
    let shards = [1, 2, 3].map(|shard| {
        let dir = temp.path().join(format!("machine {shard}"));
        let mut command = machine(&workspace, &dir);
        command.args(["test", "--archive-file", &archive, "--workspace-remap", ".", "--no-fail-fast"]);
        command.args(["--partition", &format!("slice:{shard}/3")]).envs(broken);
        let run = ran(command);
        assert_eq!(run.code, 100, "{}", run.stderr);
        assert!(run.stderr.contains("guards: "), "{}", run.stderr);
        all += passed("nextest", &run);
        dir.join("check out/target/guards").to_str().unwrap().to_owned()
    });
    assert_eq!(all, 197, "three of 200 are broken");
    let mut command = machine(&workspace, &temp.path().join("another"));
    let merged = ran({
        command.arg("merge").args(&shards);
        command
    });
    assert_eq!((merged.code, merged.stderr.as_str()), (0, ""));
    let merged: Value = serde_json::from_str(&merged.stdout).unwrap();
    assert_eq!((merged["runs"].as_array().unwrap().len(), &merged["complete"]), (3, &Value::Bool(true)));
    assert_eq!(names(&merged["tests"]), names(&whole["tests"]));
    assert_eq!(verdicts(&merged), verdicts(&whole));
    assert_eq!(broken_declarations(&merged), broken_declarations(&whole));
    assert_eq!(broken_declarations(&whole).len(), 3);
}

/// What was wrong, in the order of the tests.
fn broken_declarations(report: &Value) -> Vec<String> {
    let tests = report["tests"].as_array().unwrap();
    let violations = tests
        .iter()
        .flat_map(|test| test["tries"].as_array().unwrap())
        .flat_map(|one| &one["violations"].as_array().unwrap()[..]);
    violations.map(|violation| violation["headline"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_selection_is_printed_where_it_is_built_and_used_where_it_is_run() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    let archive = archived(&workspace, temp.path());
    let printed =
        guards(&workspace, &["test", "--workspace", "-m", "mail and not log", "--print-filterset"], &[]).stdout;
    let mut command = machine(&workspace, &temp.path().join("machine"));
    command.args(["test", "--archive-file", &archive, "--workspace-remap", ".", "--", "-E", printed.trim()]);
    let run = ran(command);
    assert_eq!((run.code, passed("nextest", &run)), (0, 25), "{}", run.stderr);
    let mut command = machine(&workspace, &temp.path().join("another"));
    command.args(["why", "mails_000", "--target-dir"]).arg(temp.path().join("machine/check out/target"));
    let why = ran(command);
    assert!(why.stdout.contains("1. used mail at ada: mail to ada (call, pid "), "{}{}", why.stdout, why.stderr);
}

#[test]
fn what_does_not_fit_to_an_archive_is_refused() {
    let workspace = two_hundred();
    let refused = |words: &[&str]| {
        let Ran { code, stderr, .. } = guards(&workspace, &[&["test"], words].concat(), &[]);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    let archive = ["--archive-file", "tests.tar.zst"];
    let selected = refused(&[&archive[..], &["-m", "mail"]].concat());
    assert!(selected.contains("--print-filterset` prints the selection, which goes here after `-- -E`"), "{selected}");
    assert!(refused(&[&archive[..], &["--engine", "cargo-test"]].concat()).contains("only nextest runs an archive"));
    assert!(refused(&["--workspace-remap", "."]).contains("--archive-file"));
    let absent = guards(&workspace, &[&["test"], &archive[..]].concat(), &[]);
    assert_ne!(absent.code, 0);
    assert!(absent.stderr.contains("tests.tar.zst"), "{}", absent.stderr);
}
