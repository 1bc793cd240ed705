//! Guards of one's own: lines 29 to 33 of the reference's behaviours.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine};

fn seed_guards() -> Crate {
    let path = std::env::var("PATH").expect("the PATH of a test run is set and Unicode");
    Crate::named("seed-guards").env("PATH", &path).env("PATH_OF_THE_USER", path)
}

#[test]
fn calls_are_guarded() {
    seed_guards().expect(&[
        // seed 29: a guard without a program makes no wrapper.
        ("tests::a_call_is_guarded_without_a_wrapper", Passes),
        // seed 30: install has its effect while tests run.
        ("tests::a_guard_gives_tests_an_environment", Passes),
        // seed 31: checked before the original runs; arguments and result unchanged.
        ("tests::arguments_and_result_of_a_guarded_call_pass_through_unchanged", Passes),
        (
            "tests::a_refused_call_is_checked_before_the_original_runs",
            Fails(&[
                "used `mail` without declaring it\n  seen: send to ada (call, pid …)\n  mend: write #[uses(mail)] at",
            ]),
        ),
        ("tests::a_call_of_a_plain_test_is_refused", Fails(&["used `mail` without declaring it"])),
        // seed 32: synchronous, asynchronous and streaming calls.
        ("tests::an_async_call_is_guarded", Passes),
        ("tests::an_async_call_of_a_task_is_guarded", Passes),
        ("tests::an_undeclared_async_call_is_refused", Fails(&["used `mail` without declaring it"])),
        ("tests::a_stream_is_guarded", Passes),
        ("tests::a_stream_that_nobody_asks_for_a_page_is_no_use", Fails(&["declares `mail` and never used it"])),
        ("tests::an_undeclared_stream_is_refused", Fails(&["seen: fetch from ada (call, pid …)"])),
        // Targets and exceptions, which the reference has not.
        ("tests::targets_match_globs", Passes),
        (
            "tests::another_target_is_refused",
            Fails(&["used `mail` at `bob` without declaring it", "mend: write `mail(\"ada\", \"bob\")` in place of"]),
        ),
        (
            "tests::a_target_is_never_used",
            Fails(&["declares `mail` at `bob` and never used it", "mend: remove `mail(\"bob\")` from #[uses]"]),
        ),
        ("tests::an_exception_stays_unused", Passes),
        ("tests::an_exception_is_used", Passes),
        ("tests::evidence_is_asked_for_once", Passes),
    ]);
}

/// What each process did with the guards, in order.
fn diary(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut deeds = BTreeMap::<String, Vec<String>>::new();
    for line in fs::read_to_string(path).expect("the guards have kept a diary").lines() {
        let (process, deed) = line.split_once(' ').expect("a process and a deed");
        deeds.entry(process.to_owned()).or_default().push(deed.to_owned());
    }
    deeds
}

// seed 30: install and cleanup run once a process each, cleanup in reverse order.
// seed 33: registering twice is harmless; the crate does it within one `install!` and with a second one.
#[test]
fn every_guard_is_installed_and_cleaned_once_a_process() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    for engine in Engine::ALL {
        let path = temp.path().join(engine.command());
        let run = seed_guards().env("DIARY", &path).run(engine);
        let diary = diary(&path);
        assert!(diary.len() > 1, "a process a test: {}", run.output);
        for (process, deeds) in diary {
            let once = ["install mail", "install second", "cleanup second", "cleanup mail"];
            assert_eq!(deeds, once, "process {process} under {}", engine.command());
        }
    }
}

// seed 30: whatever one guard does, the others are cleaned.
#[test]
fn a_failing_install_fails_the_run_and_everything_is_cleaned() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    for (mishap, message) in [
        ("install", "cannot reach `the post office`: it is closed; come back on Monday"),
        ("panic in install", "it panicked: the post office burns"),
    ] {
        for engine in Engine::ALL {
            let path = temp.path().join(format!("{mishap} {}", engine.command()));
            let only = &["tests::a_guard_gives_tests_an_environment"];
            let run = seed_guards().env("DIARY", &path).env("MISHAP", mishap).args(only).run(engine);
            assert!(!run.status.success() && run.output.contains(message), "{}", run.output);
            for (_, deeds) in diary(&path) {
                assert_eq!(deeds, ["install mail", "install second", "cleanup second", "cleanup mail"]);
            }
        }
    }
}
