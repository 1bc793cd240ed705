//! What is no evidence that a declaration is not needed.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::world::World;
use crate::support::{ENGINES, Ran, Workspace, ran};

/// Runs the tests of `mail`, one of which does not use what it declares.
fn broken(workspace: &Workspace, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = workspace.command("", &["guards", "test", "-p", "mail"]);
    command.args(words).envs(variables.iter().copied());
    ran(command)
}

/// What `fix` would do.
fn check(workspace: &Workspace) -> Ran {
    let ran = workspace.run(&["guards", "fix", "--check"]);
    assert!([0, 6].contains(&ran.code), "{}", ran.stderr);
    ran
}

#[track_caller]
fn keeps(workspace: &Workspace, why: &str) {
    let kept = check(workspace);
    assert_eq!(kept.code, 0, "{}", kept.stderr);
    assert!(kept.stderr.contains("left: test `tests::keeps_its_word` of mail: remove `mail`"), "{}", kept.stderr);
    assert!(kept.stderr.contains(why), "{}", kept.stderr);
}

const ALWAYS: (&str, &str) = ("BROKEN", "always");

#[test]
fn a_whole_run_with_all_features_is_evidence_and_one_without_them_is_none() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        broken(&workspace, &["--no-fail-fast", "--engine", engine], &[ALWAYS]);
        keeps(&workspace, "why: the run had not feature `many` of `mail`, which may use it; run with --all-features");
        broken(&workspace, &["--no-fail-fast", "--engine", engine, "--all-features"], &[ALWAYS]);
        let found = check(&workspace);
        assert_eq!(found.code, 6, "{}", found.stderr);
        assert!(found.stderr.contains("`keeps_its_word`: remove mail"), "{}", found.stderr);
    }
}

#[test]
fn a_failed_test_is_none() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let mark = temp.path().join("mark");
    let flaky = ("BROKEN", mark.to_str().unwrap());
    let words = ["--all-features", "--no-fail-fast", "-m", "mail", "--", "--retries", "1"];
    broken(&workspace, &words, &[flaky]);
    assert_eq!(check(&workspace).code, 0, "the second try used it");
    fs::remove_file(&mark).unwrap();
    broken(&workspace, &words, &[flaky, ("THEN_FAILS", "1")]);
    keeps(&workspace, "why: test `tests::keeps_its_word` of mail did not pass in every try");
}

#[test]
fn an_interrupted_run_is_none() {
    let workspace = Workspace::get();
    let temp = tempfile::tempdir().unwrap();
    let mark = temp.path().join("pid");
    for engine in ENGINES {
        let _ = fs::remove_file(&mark);
        let words =
            ["guards", "test", "-p", "mail", "--lib", "--engine", engine, "-m", "mail or log", "--no-fail-fast"];
        let mut command = workspace.command("", &words);
        command.env("WAITS", &mark).env("BROKEN", "always");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(60);
        let recorded = || check(&workspace).stderr.contains("keeps_its_word");
        while !mark.exists() || !recorded() {
            assert!(Instant::now() < end, "{engine}");
            sleep(Duration::from_millis(50));
        }
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        child.wait().unwrap();
        keeps(&workspace, "why: the run did not come to its end");
    }
}

#[test]
fn a_run_of_other_features_is_none() {
    let world = World::get();
    let left = |words: &[&str]| {
        world.observe(&[&["-p", "features"], words].concat());
        let check = world.run(&["guards", "fix", "--check"]);
        assert_eq!(check.code, 0, "{}", check.stderr);
        check.stderr
    };
    for (words, why) in [
        (&[][..], "the run had not feature `steel` of `features`"),
        (&["--no-default-features"], "the run had not feature `default` of `features`"),
        (&["--no-default-features", "--features", "steel"], "the run had not feature `default` of `features`"),
    ] {
        let said = left(words);
        assert!(said.contains(why) && said.contains("remove `phone`"), "{said}");
    }
    world.observe(&["-p", "features", "--all-features"]);
    let said = world.fix(&[]);
    assert!(said.contains("`sits_down`: remove phone\n"), "{said}");
    assert!(world.read("features/src/lib.rs").contains("    #[uses(chair, desk)]\n"));
}

#[test]
fn a_run_of_some_binaries_or_cases_is_none() {
    let world = World::get();
    for engine in ENGINES {
        world.observe(&["-p", "forms", "--test", "first", "--engine", engine]);
        let said = world.run(&["guards", "fix", "--check"]).stderr;
        assert!(said.contains("left: test `both::used_in_none` of forms::first: remove `desk`"), "{said}");
        assert!(said.contains("why: it is also part of forms::second, which was not in the run"), "{said}");
    }
    world.observe(&["-p", "forms", "--", "no_case_needs_it::case_1"]);
    let said = world.run(&["guards", "fix", "--check"]).stderr;
    assert!(said.contains("why: `cases::no_case_needs_it::case_2` of forms was not run"), "{said}");
}
