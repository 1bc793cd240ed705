//! Binary guards: lines 24 to 29 of the reference's behaviours.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use black_box::Expected::{Fails, Passes, PassesSaying};
use black_box::{Crate, Engine};

/// The crate, with its programs on PATH.
fn seed_binaries() -> Crate {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/seed-binaries/programs of a user");
    let old = std::env::var("PATH").expect("the PATH of a test run is set and Unicode");
    let path = format!("{}:{old}", programs.display());
    Crate::named("seed-binaries").env("PATH", &path).env("PATH_OF_THE_USER", path)
}

#[test]
fn programs_are_wrapped() {
    seed_binaries().expect(&[
        // seed 24: arguments, the three streams and the exit code pass through; so do signals, for a wrapper is replaced
        // by its program.
        ("transparent::arguments_arrive_whole", Passes),
        ("transparent::ten_thousand_arguments_arrive", Passes),
        ("transparent::standard_input_arrives", Passes),
        ("transparent::both_outputs_arrive_each_on_its_own", Passes),
        ("transparent::the_exit_code_arrives", Passes),
        ("transparent::the_signal_that_ends_it_arrives", Passes),
        ("transparent::a_signal_to_the_process_reaches_the_program", Passes),
        ("transparent::the_environment_arrives_and_nothing_is_added_but_ours", Passes),
        ("transparent::it_runs_where_its_caller_runs", Passes),
        ("names::a_hyphenated_program_is_declared", Passes),
        ("names::a_hyphenated_program_is_not_declared", Fails(&["used `docker-compose` without declaring it"])),
        ("names::a_program_with_a_dot_is_declared_by_the_name_of_its_resource", Passes),
        (
            "names::a_program_with_a_dot_is_not_declared",
            Fails(&["used `python` without declaring it\n  seen: python3.11 (PATH wrapper, pid …)\n  mend: add #[uses(python)]"]),
        ),
        // seed 25: blocked: 127, a message, and a record that survives.
        (
            "blocked::a_refused_program_ends_with_127_says_why_and_is_not_run",
            Fails(&["used `talkative` without declaring it\n  seen: talkative echo … (PATH wrapper, pid …)"]),
        ),
        ("blocked::a_refusal_names_the_test", Fails(&["used `talkative` without declaring it"])),
        ("blocked::a_refusal_in_a_pipeline_is_recorded", Fails(&["used `talkative` without declaring it"])),
        ("blocked::the_first_argument_may_be_declared", Passes),
        (
            "blocked::another_first_argument_is_refused",
            Fails(&["used `talkative` at `exit` without declaring it", "mend: write `talkative(\"echo\", \"exit\")` in place of `talkative(\"echo\")` in #[uses(…)]"]),
        ),
        // seed 26: a program that is not installed gets a stub.
        ("not_installed::a_stub_counts_as_a_use_and_says_that_the_program_is_not_installed", Passes),
        ("not_installed::a_stub_is_refused_like_a_program", Fails(&["used `no-such-program` without declaring it"])),
        // seed 27: tests see wrappers.
        ("shared::one_test_sees_the_wrappers", PassesSaying(&["wrapper "])),
        ("shared::another_test_sees_the_wrappers", PassesSaying(&["wrapper "])),
        ("shared::a_plain_test_sees_the_wrappers", PassesSaying(&["wrapper "])),
        ("shared::wrappers_are_for_their_user_only", Passes),
        // seed 28: only the front of PATH is changed, and only in processes that run tests: nothing is left to restore.
        ("shared::the_rest_of_the_path_is_as_it_was", Passes),
    ]);
}

// seed 27: wrappers are made once a session, used by all its processes, and removed by the one which made them.
#[test]
fn the_processes_of_one_session_share_its_wrappers_and_nothing_is_left() {
    for engine in [Engine::CargoTest, Engine::OneThread] {
        let run = seed_binaries().args(&["see_the_wrappers", "sees_the_wrappers", "--show-output"]).run(engine);
        let seen: Vec<&str> = run.output.lines().filter_map(|line| line.strip_prefix("wrapper ")).collect();
        assert_eq!(seen.len(), 3, "{}", run.output);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 1, "one file: {seen:?}");
        let (_, path) = seen[0].split_once(' ').expect("an inode and a path");
        let session = PathBuf::from(path).ancestors().nth(3).expect("session, bin, set, wrapper").to_owned();
        let base = session.parent().and_then(|base| base.file_name()).unwrap_or_default().to_string_lossy();
        assert!(base.starts_with("resource-guards-v"), "{path}");
        assert!(!session.exists(), "{} was left", session.display());
    }
}

// Under nextest no process lasts as long as the run: the wrappers are a part of the binary's build.
#[test]
fn under_nextest_the_processes_share_wrappers_beside_the_binary() {
    let place = tempfile::tempdir().unwrap();
    let run = seed_binaries()
        .args(&["see_the_wrappers", "sees_the_wrappers"])
        .env("RESOURCE_GUARDS_TMPDIR", place.path())
        .run(Engine::Nextest);
    let seen: Vec<&str> = run.output.lines().filter_map(|line| line.trim_start().strip_prefix("wrapper ")).collect();
    assert_eq!(seen.len(), 3, "{}", run.output);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 1, "one file: {seen:?}");
    assert!(seen.iter().all(|wrapper| wrapper.contains(".guards/")), "{seen:?}");
    for base in std::fs::read_dir(place.path()).unwrap() {
        assert_eq!(std::fs::read_dir(base.unwrap().path()).unwrap().count(), 0, "nothing is left");
    }
}

// seed 29: a guard without a program makes no wrapper: `seed_guards`, `a_call_is_guarded_without_a_wrapper`.
