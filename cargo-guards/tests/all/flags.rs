//! The flags of a build and of an engine reach both, and the selection fits to what they build.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::generated::two_hundred;
use crate::support::{ENGINES, Ran, ran};
use crate::two_hundred::{guards, passed};

#[test]
fn a_profile_of_cargo_is_selected_from_too() {
    let workspace = two_hundred();
    for engine in ENGINES {
        let words = ["test", "-p", "post", "-m", "log and mail", "--engine", engine, "--cargo-profile", "quick"];
        let run = guards(&workspace, &words, &[]);
        assert_eq!((run.code, passed(engine, &run)), (0, 25), "{engine}: {}", run.stderr);
        assert!(run.stderr.contains("guards: no violations, 25 tests recorded"), "{engine}: {}", run.stderr);
    }
    assert!(workspace.target().join("quick/deps").is_dir());
}

#[test]
fn release_and_target_directory_are_those_of_the_engine_and_the_run_is_kept_there() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let elsewhere = temp.path().join(engine);
        let target = ["--target-dir", elsewhere.to_str().unwrap()];
        let run =
            guards(&workspace, &[&["test", "-p", "plain", "--release", "--engine", engine], &target[..]].concat(), &[]);
        assert_eq!((run.code, passed(engine, &run)), (0, 40), "{engine}: {}", run.stderr);
        assert!(elsewhere.join("release/deps").is_dir());
        let report = guards(&workspace, &[&["report", "--json", "-"], &target[..]].concat(), &[]);
        assert_eq!(report.code, 0, "{}", report.stderr);
        assert!(report.stdout.contains("\"exit_code\": 0"), "{}", report.stdout);
    }
}

#[test]
fn features_and_packages_decide_what_is_selected_from() {
    let workspace = two_hundred();
    for engine in ENGINES {
        let test = |words: &[&str]| guards(&workspace, &[&["test", "--engine", engine], words].concat(), &[]);
        let one = test(&["-p", "pack", "-m", "tar or git"]);
        assert_eq!((one.code, passed(engine, &one)), (0, 40), "{}", one.stderr);
        let two = test(&["-p", "pack", "-p", "plain", "-m", "not (tar or git)"]);
        assert_eq!((two.code, passed(engine, &two)), (0, 60), "{}", two.stderr);
        let but_one = test(&["--workspace", "--exclude", "post", "-m", "not tar"]);
        assert_eq!((but_one.code, passed(engine, &but_one)), (0, 80), "{}", but_one.stderr);
        let other = test(&["-p", "pack", "-m", "mail"]);
        assert_eq!(other.code, 2, "no guard of that package: {}", other.stderr);
        let more = test(&["-p", "plain", "-F", "more"]);
        assert_eq!((more.code, passed(engine, &more)), (0, 41), "{}", more.stderr);
    }
}

#[test]
fn after_a_failure_the_engine_goes_on_only_if_it_is_told_to() {
    let workspace = two_hundred();
    let broken = [("IDLE", "1")];
    for engine in ENGINES {
        let test = |words: &[&str]| {
            let one = if engine == "nextest" { ["-j", "1"] } else { ["--", "--test-threads=1"] };
            let words = [&["test", "--workspace", "-m", "mail or tar", "--engine", engine], words, &["--"], &one[..]];
            guards(&workspace, &words.concat(), &broken)
        };
        let (stops, goes_on) = (test(&[]), test(&["--no-fail-fast"]));
        // `pack`, where the first is broken, comes before `post`.
        assert!(passed(engine, &stops) < passed(engine, &goes_on), "{engine}");
        assert_eq!(passed(engine, &goes_on), 69, "{engine}");
    }
}

#[test]
fn a_profile_of_nextest_its_retries_and_its_shards_are_its_own() {
    let workspace = two_hundred();
    let folder = workspace.root().join(".config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("nextest.toml"), "[profile.flaky]\nretries = 2\nfail-fast = false\n").unwrap();
    let run = guards(
        &workspace,
        &["test", "-p", "post", "-m", "mail", "--", "--profile", "flaky", "--partition", "count:1/2"],
        &[("SILENT", "1")],
    );
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!((run.code, passed("nextest", &run)), (100, 24), "{}", run.stderr);
    assert!(run.stderr.contains("TRY 3 FAIL"), "{}", run.stderr);
    assert!(run.stderr.contains("guards: 1 violation, 25 tests recorded"), "{}", run.stderr);
}

#[test]
fn a_runner_of_the_environment_is_kept() {
    let workspace = two_hundred();
    let temp = tempfile::tempdir().unwrap();
    let log = temp.path().join("log");
    let runner = temp.path().join("runner");
    fs::write(&runner, "#!/bin/sh\necho \"$1\" >>\"$LOG\"\nshift\nexec \"$@\"\n").unwrap();
    fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).unwrap();
    for (engine, more) in ENGINES.into_iter().flat_map(|engine| [(engine, None), (engine, Some("--strict"))]) {
        fs::write(&log, "").unwrap();
        let words = ["guards", "test", "-p", "post", "-m", "mail and log", "--engine", engine];
        let mut command = workspace.command("", &words);
        command.args(more).env(variable(), format!("{} me", runner.display())).env("LOG", &log);
        let run = ran(command);
        assert_eq!((run.code, passed(engine, &run)), (0, 25), "{engine} {more:?}: {}", run.stderr);
        let lines = fs::read_to_string(&log).unwrap();
        assert!(!lines.is_empty() && lines.lines().all(|line| line == "me"), "{engine} {more:?}: {lines}");
    }
}

/// `CARGO_TARGET_<TRIPLE>_RUNNER`.
fn variable() -> String {
    let mut rustc = Command::new("rustc");
    rustc.arg("-vV");
    let Ran { stdout, .. } = ran(rustc);
    let host = stdout.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    format!("CARGO_TARGET_{}_RUNNER", host.to_uppercase().replace('-', "_"))
}

#[test]
fn flags_that_build_something_else_than_was_selected_are_refused() {
    let workspace = two_hundred();
    let run = guards(&workspace, &["test", "-p", "post", "-m", "mail", "--engine=cargo-test", "--", "--release"], &[]);
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("give flags of the build before `--`"), "{}", run.stderr);
    assert!(!run.stdout.contains("test result"), "{}", run.stdout);
}
