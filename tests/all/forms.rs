//! The forms of a test: wherever `#[uses]` stands, whatever makes the test, whatever it returns.

use black_box::Crate;
use black_box::Expected::{Fails, Ignored, Passes};

const UNDECLARED: &str = "used `desk` without declaring it\n  seen: sit down (call, pid …)";
const UNUSED: &str = "declares `desk` and never used it";

fn forms(module: &str) -> Crate {
    Crate::named("forms").cargo_args(&["--lib"]).args(&[module])
}

#[test]
fn attributes_may_stand_in_any_order() {
    forms("placement::").expect(&[
        ("placement::above_test", Passes),
        ("placement::below_test", Passes),
        ("placement::by_its_path", Passes),
        ("placement::under_a_condition", Passes),
        ("placement::under_a_condition_that_does_not_hold", Fails(&[UNDECLARED])),
        ("placement::above_ignore", Ignored),
        ("placement::below_ignore", Ignored),
        ("placement::written_by_a_macro", Passes),
        ("placement::written_by_a_macro_too", Passes),
        ("placement::r#match", Passes),
        ("placement::grüße", Passes),
        ("placement::among_lints_and_documentation", Passes),
    ]);
}

#[test]
fn ignored_tests_are_judged_when_they_are_run() {
    forms("ignore")
        .args(&["--ignored"])
        .expect(&[("placement::above_ignore", Passes), ("placement::below_ignore", Fails(&[UNUSED]))]);
}

#[test]
fn a_wanted_panic_is_replayed() {
    forms("panics::").expect(&[
        ("panics::any_panic_is_wanted", Passes),
        ("panics::a_certain_panic_is_wanted", Passes),
        ("panics::another_panic_is_wanted", Fails(&["the chair breaks", "table"])),
        ("panics::a_wanted_panic_does_not_come", Fails(&["did not panic as expected"])),
        ("panics::a_wanted_panic_comes_and_the_declaration_is_unused", Fails(&[UNUSED])),
        ("panics::a_wanted_panic_comes_from_the_guard", Fails(&[UNDECLARED])),
        ("panics::a_panic_without_a_text_is_wanted", Passes),
        ("panics::a_plain_test_wants_a_panic", Passes),
        ("panics::a_plain_test_wants_a_panic_and_sits_down", Fails(&[UNDECLARED])),
    ]);
}

#[test]
fn a_test_returns_what_a_test_may_return() {
    forms("results::").expect(&[
        ("results::a_result_is_ok", Passes),
        ("results::a_result_is_an_error", Fails(&["the chair breaks"])),
        ("results::an_aliased_result_is_ok", Passes),
        ("results::an_aliased_result_is_the_refusal", Fails(&[UNDECLARED])),
        ("results::an_exit_code_is_success", Passes),
        ("results::an_exit_code_is_failure", Fails(&[])),
        ("results::a_result_of_an_exit_code_is_failure", Fails(&[])),
        ("results::a_termination_of_its_own_is_success", Passes),
        ("results::a_termination_of_its_own_is_failure", Fails(&[])),
        ("results::a_result_of_a_termination_of_its_own_is_success", Passes),
        ("results::a_result_of_a_termination_of_its_own_is_failure", Fails(&[])),
        ("results::an_opaque_termination_is_success", Passes),
        ("results::an_early_return_leaves_the_body_and_not_the_judgement", Passes),
        ("results::a_test_that_never_returns", Fails(&["the chair breaks"])),
    ]);
}

#[test]
fn one_name_may_stand_in_several_modules() {
    forms("modules::").expect(&[
        ("modules::upstairs::the_same_name", Passes),
        (
            "modules::upstairs::left::corner::the_same_name",
            Fails(&["test `modules::upstairs::left::corner::the_same_name` declares"]),
        ),
        ("modules::downstairs::the_same_name", Fails(&["test `modules::downstairs::the_same_name` used `desk`"])),
        ("modules::downstairs::the_same_name_and_more", Passes),
        ("modules::twice::inside", Passes),
        ("modules::twice", Fails(&["test `modules::twice` declares `desk` and never used it"])),
    ]);
}

#[test]
fn tests_of_a_guarded_module_declare_nothing() {
    let exact = "used `desk` without declaring it\n  seen: sit down (call, pid …)\n  mend: write #[uses(desk)] at";
    forms("guarded::").expect(&[
        ("guarded::tests::a_plain_test_sits_down", Fails(&[exact])),
        ("guarded::tests::a_plain_test_stands", Passes),
        ("guarded::tests::a_declared_test_sits_down", Passes),
        ("guarded::tests::a_plain_async_test_sits_down", Fails(&[exact])),
        ("guarded::tests::a_plain_case_sits_down::case_1", Fails(&[exact])),
        ("guarded::tests::a_plain_case_sits_down::case_2", Passes),
        ("guarded::tests::inside::a_plain_test_sits_down_and_panics", Fails(&[exact])),
    ]);
}

#[test]
fn tests_of_tokio_are_judged_like_others() {
    forms("runtimes::").expect(&[
        ("runtimes::above_tokio", Passes),
        ("runtimes::below_tokio", Passes),
        ("runtimes::on_several_threads", Passes),
        ("runtimes::above_tokio_undeclared", Fails(&[UNDECLARED])),
        ("runtimes::below_tokio_undeclared", Fails(&[UNDECLARED])),
        ("runtimes::unused_under_tokio", Fails(&[UNUSED])),
        ("runtimes::a_result_under_tokio", Passes),
        ("runtimes::a_panic_under_tokio", Passes),
        ("runtimes::a_plain_test_under_tokio", Fails(&[UNDECLARED])),
    ]);
}

#[test]
fn every_case_of_rstest_is_judged() {
    forms("cases::").expect(&[
        ("cases::above_rstest::case_1", Passes),
        (
            "cases::above_rstest::case_2_standing",
            Fails(&["test `cases::above_rstest::case_2_standing` declares `desk`"]),
        ),
        ("cases::below_the_last_case::case_1", Passes),
        ("cases::below_the_last_case::case_2", Fails(&[UNUSED])),
        // Between two cases the attribute is that of the case below it.
        ("cases::between_two_cases::case_1", Fails(&[UNDECLARED])),
        ("cases::between_two_cases::case_2", Passes),
        ("cases::between_two_cases::case_3", Passes),
        ("cases::every_value::times_1_1", Passes),
        ("cases::every_value::times_2_2", Passes),
        ("cases::async_cases::case_1", Passes),
        ("cases::async_cases::case_2", Fails(&[UNUSED])),
        ("cases::plain_cases::case_1", Fails(&[UNDECLARED])),
        ("cases::plain_cases::case_2", Passes),
    ]);
}

#[test]
fn every_row_of_test_case_is_judged() {
    forms("tables::").expect(&[
        ("tables::above_test_case::test_case_1_once", Passes),
        ("tables::above_test_case::test_case_2_never", Fails(&[UNUSED])),
        ("tables::below_test_case::test_case_1_once", Passes),
        ("tables::below_test_case::test_case_2_never", Fails(&[UNUSED])),
        ("tables::with_a_result::test_case_1_right", Passes),
        ("tables::with_a_result::test_case_2_wrong", Fails(&["left: 4", "right: 2"])),
        ("tables::with_a_panic::test_case_1_breaks", Passes),
        ("tables::with_a_panic::test_case_2_holds", Fails(&["the chair breaks", "table"])),
        ("tables::plain::test_case_1_once", Fails(&[UNDECLARED])),
        ("tables::plain::test_case_2_never", Passes),
    ]);
}

#[test]
fn a_property_is_one_test() {
    forms("properties::").expect(&[
        ("properties::above_test", Passes),
        ("properties::below_test", Passes),
        ("properties::unused", Fails(&[UNUSED])),
        ("properties::undeclared", Fails(&[UNDECLARED])),
        ("properties::a_property_does_not_hold", Fails(&["the chair breaks", "minimal failing input"])),
        ("properties::plain", Fails(&[UNDECLARED])),
    ]);
}

#[test]
fn unit_tests_and_integration_tests_have_their_own_sessions() {
    Crate::named("forms").args(&["of_an_integration_test", "of_the_second", "modules::twice::"]).expect(&[
        ("modules::twice::inside", Passes),
        ("of_an_integration_test", Passes),
        ("first of_an_integration_test_undeclared", Fails(&[UNDECLARED])),
        (
            "by_path::of_an_integration_test_in_another_folder",
            Fails(&["mend: write #[uses(desk)] at forms/shared/by_path.rs:7, or stop using desk"]),
        ),
        ("of_the_second_integration_test", Passes),
        ("second of_an_integration_test_undeclared", Fails(&[UNDECLARED])),
    ]);
}
