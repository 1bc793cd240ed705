//! Harnesses that are not libtest: `harness = false` with libtest-mimic, or with a `main` of one's own.

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine};

#[test]
fn trials_of_libtest_mimic_are_judged_in_scopes() {
    let undeclared = "enters fixture `archive`, which declares `tar`, without declaring it too";
    Crate::named("harnesses").cargo_args(&["--test=mimic"]).expect(&[
        ("a_declared_use", Passes),
        ("an_undeclared_use", Fails(&["test `an_undeclared_use` used `desk` without declaring it"])),
        ("an_undeclared_program", Fails(&["test `an_undeclared_program` used `tar` without declaring it"])),
        ("an_unused_declaration", Fails(&["test `an_unused_declaration` declares `desk` and never used it"])),
        ("an_exception", Passes),
        ("a_panic", Fails(&["the chair breaks"])),
        ("a_fixture", Passes),
        ("an_undeclared_fixture", Fails(&[undeclared])),
        ("an_idle_fixture", Fails(&["fixture `idle` declares `desk` and never used it"])),
        ("an_attribute", Passes),
        (
            "an_attribute_of_an_async_function",
            Fails(&["test `declared_by_an_attribute_and_idle` declares `desk` and never used it"]),
        ),
        // seed 10: outside of a test's life everything passes through.
        ("outside_of_a_scope_everything_passes", Passes),
        ("a_result", Passes),
    ]);
}

#[test]
fn a_main_of_its_own_opens_scopes_by_hand() {
    Crate::named("harnesses").cargo_args(&["--test=by_hand"]).expect(&[("all_is_as_it_should_be", Passes)]);
}

/// Also if the harness does not look at what its scopes return.
#[test]
fn a_broken_scope_fails_the_process() {
    let by_hand = Crate::named("harnesses").cargo_args(&["--test=by_hand"]).env("BREAK_IT", "1");
    for run in Engine::ALL.map(|engine| by_hand.run(engine)) {
        assert!(run.output.contains("test all_is_as_it_should_be ... ok"), "{}", run.output);
        assert!(!run.status.success(), "{}", run.output);
    }
}
