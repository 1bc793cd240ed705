//! Tests: lines 1 to 10 of the reference's behaviours.

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine, Expected, Outcome, messages};

const OWN_REASON: &str = "its own reason";

const TABLE: &[(&str, Expected<'_>)] = &[
    // seed 1: a declared use passes.
    ("declared::a_declared_program_is_used", Passes),
    ("declared::a_real_session_is_opened", Passes),
    // seed 2: an undeclared one fails, and the message names the resource and the edit.
    (
        "undeclared::an_undeclared_program_is_used",
        Fails(&[
            "test `undeclared::an_undeclared_program_is_used` used `tar` without declaring it\n  seen: tar cf … (PATH \
             wrapper, pid …)\n  mend: add #[uses(tar)], or stop using tar",
        ]),
    ),
    (
        "undeclared::an_undeclared_program_is_used_under_an_empty_declaration",
        Fails(&["mend: write #[uses(tar)] at seed-tests/src/undeclared.rs:"]),
    ),
    // seed 3: also when the test handles the failure.
    ("undeclared::the_failure_of_an_undeclared_program_is_swallowed", Fails(&["used `tar` without declaring it"])),
    ("undeclared::the_exit_code_of_an_undeclared_program_is_expected", Fails(&["used `tmux` without declaring it"])),
    (
        "undeclared::a_swallowed_use_is_found_beside_a_declared_one",
        Fails(&["used `tar` without declaring it", "mend: add `tar` to #[uses(…)] at seed-tests/src/undeclared.rs:"]),
    ),
    (
        "undeclared::the_refusal_of_an_undeclared_program_is_the_wanted_panic",
        Fails(&["used `tar` without declaring it"]),
    ),
    // seed 4: an unused declaration fails, and the message names what to remove.
    (
        "declared::a_declared_program_is_never_used",
        Fails(&["declares `tar` and never used it", "mend: remove `tar` from #[uses] at seed-tests/src/declared.rs:"]),
    ),
    // seed 5: no declaration, no use.
    ("declared::nothing_is_declared_and_nothing_used", Passes),
    // seed 6: a failure of the test's own, and a block: both are shown.
    ("failing::a_plain_test_fails_and_was_blocked", Fails(&[OWN_REASON, "used `tar` without declaring it"])),
    ("failing::a_declaring_test_fails_and_was_blocked", Fails(&[OWN_REASON, "used `tar` without declaring it"])),
    ("failing::a_test_returns_an_error_and_was_blocked", Fails(&[OWN_REASON, "used `tar` without declaring it"])),
    // seed 7: a test that failed is not blamed for what it did not come to use.
    ("failing::a_test_fails_before_it_uses_what_it_declares", Fails(&[OWN_REASON])),
    ("failing::a_test_returns_an_error_before_it_uses_what_it_declares", Fails(&[OWN_REASON])),
    // seed 9: several resources are judged one by one, and all of them shown.
    ("several::both_are_declared_and_used", Passes),
    (
        "several::both_are_used_and_none_is_declared",
        Fails(&["used `tar` without declaring it", "used `tmux` without declaring it"]),
    ),
    (
        "several::both_are_declared_and_none_is_used",
        Fails(&["declares `tar` and never used it", "declares `tmux` and never used it"]),
    ),
    (
        "several::one_is_declared_and_the_other_used",
        Fails(&["declares `tar` and never used it", "used `tmux` without declaring it"]),
    ),
    // seed 10: guards are active for a test's whole life.
    ("whole_life::a_use_in_a_lazy_set_up_counts", Passes),
    ("whole_life::an_undeclared_use_in_a_lazy_set_up_is_caught", Fails(&["used `tar` without declaring it"])),
    ("whole_life::a_use_in_a_drop_counts", Passes),
    ("whole_life::an_undeclared_use_in_a_drop_is_caught", Fails(&["used `tar` without declaring it"])),
    ("whole_life::a_use_after_the_body_on_the_thread_of_the_test_counts", Passes),
    (
        "whole_life::an_undeclared_use_after_the_body_on_the_thread_of_the_test_is_caught",
        Fails(&["used `tar` without declaring it"]),
    ),
];

#[test]
fn tests_are_judged_by_their_declarations() {
    Crate::named("seed-tests").expect(TABLE);
}

// seed 6: the test's own failure comes first.
#[test]
fn the_message_of_the_guards_is_appended_to_the_own_failure_of_a_test() {
    let failing = Crate::named("seed-tests").args(&["_and_was_blocked"]);
    for run in Engine::ALL.map(|engine| failing.run(engine)) {
        assert_eq!(run.tests.iter().filter(|test| test.outcome == Outcome::Failed).count(), 3);
        for test in run.tests.iter().filter(|test| test.outcome == Outcome::Failed) {
            let (own, guard) = (test.text.find(OWN_REASON), test.text.find("used `tar` without"));
            assert!(own.is_some() && own < guard, "`{}` under {}:\n{}", test.name, run.engine.command(), test.text);
        }
    }
}

// seed 8: parallel workers behave like one. `expect` compares one process with many threads, one thread, and one process
// a test; here are more threads than processors, many times as busy.
#[test]
fn many_workers_behave_like_one() {
    let run = Crate::named("seed-tests").args(&["--test-threads=16"]).run(Engine::CargoTest);
    run.expect(TABLE);
}

// seed 10: outside of a test's life everything passes through.
#[test]
fn nothing_is_blocked_or_judged_when_guards_are_off() {
    let off = Crate::named("seed-tests").env("RESOURCE_GUARDS", "off");
    for run in Engine::ALL.map(|engine| off.clone().args(&["undeclared::", "whole_life::"]).run(engine)) {
        for test in &run.tests {
            let messages = messages(&test.text);
            assert!(messages.is_empty(), "{}: {messages:?}", test.name);
        }
        assert!(run.unattributed.is_empty(), "{:?}", run.unattributed);
    }
}
