//! What is no evidence that a declaration is not needed.

use std::fs;
use std::path::Path;
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

/// The second case may be what is meant by a use of which nobody can say whose it was.
#[test]
fn a_case_of_which_not_all_was_observed_is_none_that_another_case_alone_uses_something() {
    let world = World::of("unattributed", |root| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = format!(
            "[package]\nname = 'unattributed'\nversion = '0.0.0'\nedition = '2024'\n[workspace]\n[dev-dependencies]\n\
             resource-guards.path = {:?}\nguard-binary.path = {:?}\ntest-case = '3'\n",
            workspace.join("core"),
            workspace.join("adapters/binary")
        );
        let tests = "#![cfg(test)]\nresource_guards::install!(guard_binary::Binary(\"git\"));\n\
            static GIT: resource_guards::Resource = resource_guards::Resource::new(\"git\");\n\n\
            #[test_case::test_case(true; \"itself\")]\n#[test_case::test_case(false; \"by_a_child\")]\n\
            fn asks(itself: bool) {\n    if itself {\n        GIT.enforce(|| \"git\").unwrap();\n    } else {\n        \
            assert!(std::process::Command::new(\"git\").arg(\"--exec-path\").status().unwrap().success());\n    }\n}\n";
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.join("src/lib.rs"), tests).unwrap();
    });
    let mut command = world.command(&["guards", "test", "--engine", "cargo-test"]);
    command.env("RESOURCE_GUARDS", "observe").env("RESOURCE_GUARDS_RERUN", "0");
    let observed = ran(command);
    assert_eq!(observed.code, 0, "{}", observed.stderr);
    assert!(observed.stderr.contains("could not be attributed, so it may have been this one's"), "{}", observed.stderr);
    let said = world.fix(&[]);
    assert!(said.contains("`asks`: add git\n"), "{said}");
    assert!(world.read("src/lib.rs").contains("#[resource_guards::uses(git)]\n"), "{}", world.read("src/lib.rs"));
}
