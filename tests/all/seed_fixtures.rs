//! Fixtures: lines 11 to 23 of the reference's behaviours.

use black_box::Expected::{Fails, Passes, PassesSaying};
use black_box::{Crate, Engine, Outcome};

#[test]
fn a_fixture_is_authorised_by_its_own_declaration_alone() {
    Crate::named("seed-fixtures").args(&["authority::"]).expect(&[
        // seed 11: not by that of the test which triggered it.
        ("authority::a_fixture_is_authorised_by_its_own_declaration", Passes),
        (
            "authority::the_declaration_of_a_test_does_not_authorise_its_fixture",
            Fails(&["fixture `authority::archive_in_a_terminal` used `tmux` without declaring it"]),
        ),
        (
            "authority::the_declaration_of_a_fixture_does_not_authorise_its_test",
            Fails(&[
                "test `authority::the_declaration_of_a_fixture_does_not_authorise_its_test` used `tar` without",
                "enters fixture `authority::archive`, which declares `tar`, without declaring it too",
            ]),
        ),
    ]);
}

#[test]
fn the_consumer_of_a_fixture_declares_its_resources() {
    let tar = "enters fixture `consumers::workshop`, which declares `tar`, without declaring it too\n  mend: ";
    let tmux = "enters fixture `consumers::workshop`, which declares `tmux`, without declaring it too\n  mend: ";
    Crate::named("seed-fixtures").args(&["consumers::"]).expect(&[
        // seed 12: all that are missing are listed, also where the test calls nothing itself.
        ("consumers::a_consumer_declares_nothing", Fails(&[tar, tmux])),
        ("consumers::a_plain_consumer_declares_nothing", Fails(&[tar, tmux])),
        ("consumers::a_consumer_declares_one_of_two", Fails(&[tmux])),
        // seed 13: with the declaration it passes, with and without a call of its own.
        ("consumers::a_consumer_declares_both_and_calls_nothing_itself", Passes),
        ("consumers::a_consumer_declares_both_and_calls_them_too", Passes),
    ]);
}

#[test]
fn a_fixture_uses_what_it_declares() {
    Crate::named("seed-fixtures").args(&["unused::"]).expect(&[
        // seed 14: in its set-up or in its teardown.
        (
            "unused::a_fixture_never_uses_what_it_declares",
            Fails(&["fixture `unused::idle` declares `tar` and never used it\n  in:   test \
                 `unused::a_fixture_never_uses_what_it_declares`\n  mend: remove `tar` from #[fixture_uses] at \
                 seed-fixtures/src/unused.rs:"]),
        ),
        (
            "unused::a_fixture_without_a_teardown_never_uses_what_it_declares",
            Fails(&["fixture `unused::idle_value` declares `tar` and never used it"]),
        ),
        (
            "unused::a_fixture_is_not_excused_by_the_use_of_its_consumer",
            Fails(&["fixture `unused::idle` declares `tar` and never used it"]),
        ),
        // seed 18: each of two resources.
        (
            "unused::a_fixture_uses_one_of_two",
            Fails(&["fixture `unused::half_idle` declares `tmux` and never used it"]),
        ),
        // seed 19: but not if the set-up failed for its own reason.
        ("unused::a_set_up_panics_before_it_uses_anything", Fails(&["its own set-up error"])),
        ("unused::a_set_up_errs_before_it_uses_anything", Fails(&["its own set-up error"])),
        ("unused::a_fixture_may_stay_idle_for_a_reason", Passes),
    ]);
}

// seed 15: an undeclared use in a set-up fails there, before the consumer runs, and the original error is kept.
#[test]
fn a_fixture_declares_what_it_uses() {
    let undeclared = Crate::named("seed-fixtures").args(&["undeclared::"]);
    undeclared.expect(&[
        (
            "undeclared::a_set_up_swallows_its_undeclared_use",
            Fails(&["fixture `undeclared::swallows` used `tar` without declaring it"]),
        ),
        (
            "undeclared::a_set_up_swallows_its_undeclared_call",
            Fails(&["fixture `undeclared::swallows_a_call` used `ledger` without declaring it"]),
        ),
        (
            "undeclared::a_set_up_panics_for_its_undeclared_use",
            Fails(&[
                "its own set-up error",
                "RESOURCE GUARD: blocked `tar cf …`: fixture `undeclared::panics` does not declare `tar`",
                "fixture `undeclared::panics` used `tar` without declaring it",
            ]),
        ),
        (
            "undeclared::a_set_up_errs_for_its_undeclared_use",
            Fails(&["its own set-up error", "fixture `undeclared::errs` used `tar` without declaring it"]),
        ),
        (
            "undeclared::a_set_up_swallows_its_undeclared_call_under_a_plain_test",
            Fails(&["fixture `undeclared::swallows_a_call` used `ledger` without declaring it"]),
        ),
    ]);
    for engine in Engine::ALL {
        let run = undeclared.run(engine);
        assert!(run.tests.iter().any(|test| test.outcome == Outcome::Failed));
        assert!(!run.output.contains("the consumer ran"), "under {}:\n{}", engine.command(), run.output);
    }
}

#[test]
fn a_teardown_belongs_to_its_fixture() {
    Crate::named("seed-fixtures").args(&["teardown::"]).expect(&[
        // seed 16: an undeclared use in a teardown is caught when the fixture ends.
        (
            "teardown::an_undeclared_call_in_a_teardown_is_caught",
            Fails(&["fixture `teardown::written_down_in_secret` used `ledger` without declaring it"]),
        ),
        (
            "teardown::an_undeclared_program_in_a_teardown_is_caught",
            Fails(&["fixture `teardown::opened_in_secret` used `tmux` without declaring it"]),
        ),
        (
            "teardown::a_teardown_during_unwinding_is_recorded",
            Fails(&["its own reason", "fixture `teardown::written_down_in_secret` used `ledger` without declaring it"]),
        ),
        ("teardown::a_teardown_fails_for_its_own_reason", Fails(&["its own teardown error"])),
        // seed 17: a use in the teardown alone is enough.
        ("teardown::a_use_in_the_drop_alone_is_enough", Passes),
        ("teardown::a_use_in_the_teardown_function_alone_is_enough", Passes),
        // seed 18: two resources may be split across set-up and teardown.
        ("teardown::one_resource_in_the_set_up_and_one_in_the_teardown", Passes),
        (
            "teardown::a_forgotten_fixture_is_not_called_idle",
            PassesSaying(&["used `tar` could not be observed: it was not dropped before test `"]),
        ),
    ]);
}

#[test]
fn several_fixtures_contribute_and_answer_each_for_itself() {
    let archive = "enters fixture `several::archive`, which declares `tar`, without declaring it too";
    Crate::named("seed-fixtures").args(&["several::"]).expect(&[
        // seed 20: nested ones, and two on one test.
        ("several::nested_fixtures_contribute_their_resources", Passes),
        ("several::a_nested_fixture_must_be_declared_too", Fails(&[archive])),
        ("several::a_fixture_is_covered_by_the_one_inside_of_it", Passes),
        (
            "several::a_fixture_is_not_authorised_by_the_one_inside_of_it",
            Fails(&["fixture `several::ledger_that_packs` used `tar` without declaring it"]),
        ),
        ("several::the_first_of_two_is_dropped_first", Passes),
        ("several::the_first_of_two_is_dropped_last", Passes),
        ("several::one_of_two_is_not_declared", Fails(&[archive])),
        ("several::one_fixture_twice", Passes),
        ("several::between_two_stretches_the_test_answers_for_itself", Passes),
        // Two types of a module each have a `new`.
        ("several::fixtures_of_one_name_are_told_apart", Passes),
        (
            "several::the_other_of_one_name_is_not_declared",
            Fails(&["enters fixture `several::new`, which declares `tar`, without declaring it too"]),
        ),
    ]);
}

#[test]
fn a_program_that_is_not_waited_for_is_a_use_where_it_was_started() {
    // `spawn` returns before the wrapper has said anything.
    Crate::named("seed-fixtures").args(&["servers::"]).expect(&[
        ("servers::a_server_is_its_fixtures", Passes),
        (
            "servers::a_server_in_secret_is_its_fixtures_too",
            Fails(&["fixture `servers::server_in_secret` used `tar` without declaring it"]),
        ),
        ("servers::what_the_test_started_before_is_the_tests", Passes),
        (
            "servers::what_is_started_at_the_end_is_seen",
            Fails(&["test `servers::what_is_started_at_the_end_is_seen` used `tar` without declaring it"]),
        ),
        // In a static, which is never dropped.
        ("servers::a_server_can_be_shared_by_threads", Passes),
    ]);
}

#[test]
fn a_teardown_that_waits_for_the_runtime_it_stops_is_given_up() {
    Crate::named("seed-fixtures").args(&["given_up::"]).expect_under(
        &[Engine::Nextest],
        &[(
            "given_up::without_uses",
            Fails(&[
                "enters fixture `given_up::archive`, which declares `tar`, without declaring it too",
                "the async teardown of fixture `given_up::archive` is still waiting after 30 s, and is given up",
            ]),
        )],
    );
}

#[test]
fn async_fixtures_are_judged_like_others() {
    let overlap = "while stretches of several fixtures overlapped, so which one did is ambiguous: tar cf …";
    Crate::named("seed-fixtures").args(&["asynchronous::"]).expect(&[
        // seed 11 to 17, awaited.
        ("asynchronous::an_async_set_up_is_authorised_by_its_own_declaration", Passes),
        (
            "asynchronous::the_consumer_of_an_async_fixture_declares_nothing",
            Fails(&["enters fixture `asynchronous::archive`, which declares `tar`, without declaring it too"]),
        ),
        ("asynchronous::an_async_teardown_is_awaited_at_the_end", Passes),
        ("asynchronous::an_async_teardown_is_awaited_on_several_threads", Passes),
        ("asynchronous::an_async_teardown_is_awaited_by_hand", Passes),
        ("asynchronous::an_async_teardown_is_awaited_when_the_declaration_stands_below", Passes),
        ("asynchronous::an_async_teardown_is_awaited_that_a_task_has_left", Passes),
        ("asynchronous::an_async_teardown_is_awaited_when_the_test_panics", Fails(&["its own reason"])),
        (
            "asynchronous::an_undeclared_use_in_an_async_teardown_is_caught",
            Fails(&["fixture `asynchronous::opened_in_secret_at_the_end` used `tmux` without declaring it"]),
        ),
        ("asynchronous::overlapping_set_ups_use_what_they_declare", PassesSaying(&[overlap])),
        (
            "asynchronous::a_call_in_an_overlapping_set_up_is_that_of_the_future_which_makes_it",
            Fails(&["fixture `asynchronous::writes_in_secret_with` used `ledger` without declaring it"]),
        ),
        (
            "asynchronous::a_program_that_no_overlapping_set_up_declares_is_caught",
            Fails(&[
                "fixture `asynchronous::packs_with` used `tmux` without declaring it",
                "fixture `asynchronous::opens_in_secret_with` used `tmux` without declaring it",
            ]),
        ),
    ]);
}

#[test]
fn fixtures_of_rstest_are_judged_like_others() {
    let archive = "enters fixture `with_rstest::archive`, which declares `tar`, without declaring it too";
    let idle = "fixture `with_rstest::archive_of` declares `tar` and never used it";
    Crate::named("seed-fixtures").args(&["with_rstest::"]).expect(&[
        ("with_rstest::an_injected_fixture_is_authorised_by_its_own_declaration", Passes),
        ("with_rstest::the_consumer_of_an_injected_fixture_declares_nothing", Fails(&[archive])),
        ("with_rstest::a_fixture_of_a_fixture_contributes_its_resources", Passes),
        ("with_rstest::a_fixture_of_a_fixture_must_be_declared_too", Fails(&[archive])),
        // seed 21: a parametrised fixture is judged for each parameter.
        ("with_rstest::a_fixture_is_judged_for_each_case::case_1", Passes),
        ("with_rstest::a_fixture_is_judged_for_each_case::case_2", Fails(&[idle])),
        ("with_rstest::a_fixture_is_judged_for_each_case::case_3", Passes),
        ("with_rstest::a_fixture_is_judged_for_each_value::files_1_0", Fails(&[idle])),
        ("with_rstest::a_fixture_is_judged_for_each_value::files_2_1", Passes),
        ("with_rstest::an_injected_async_fixture_is_torn_down_on_the_runtime_of_its_case::case_1", Passes),
        ("with_rstest::an_injected_async_fixture_is_torn_down_on_the_runtime_of_its_case::case_2", Passes),
        ("with_rstest::an_injected_async_fixture_that_nobody_looks_at_is_torn_down", Passes),
        // seed 22: the one set-up of a shared fixture is not attributed to whichever test came first: a judged test has
        // a process of its own, and in it a set-up of its own.
        ("with_rstest::the_first_of_two_asks_for_a_shared_fixture", Passes),
        ("with_rstest::the_second_of_two_asks_for_a_shared_fixture", Passes),
        (
            "with_rstest::a_third_asks_for_a_shared_fixture_and_declares_nothing",
            Fails(&["enters fixture `with_rstest::one_archive_for_all`, which declares `tar`, without declaring it"]),
        ),
    ]);
}

// seed 23: a fixture that declares twice is an error, which says how to write it in one.
#[test]
fn a_fixture_that_declares_twice_does_not_compile() {
    let mut check = Crate::named("seed-fixtures").cargo();
    let checked =
        check.args(["check", "-p", "seed-fixtures", "--features=declared-twice"]).output().expect("cargo runs");
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(!checked.status.success(), "{said}");
    assert!(said.contains("stands on this function twice: write it once, #[fixture_uses(tar, tmux)]"), "{said}");
}
