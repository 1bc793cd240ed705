//! A test that runs tests: each is judged by its own declaration, whatever it inherits from the other.

use black_box::Crate;
use black_box::Engine::{CargoTest, Nextest};
use black_box::Expected::{Fails, Passes};

/// The tests of `outer` assert the verdicts on the nested ones.
#[test]
fn nested_runs_of_cargo_test_and_of_nextest_are_judged_by_themselves() {
    Crate::named("nested").cargo_args(&["--test=outer"]).expect(&[
        ("cargo_test", Passes),
        ("nextest", Passes),
        ("plain_cargo_test", Passes),
        ("plain_nextest", Passes),
        (
            "leaves_its_uses_to_the_nested_test",
            Fails(&["test `leaves_its_uses_to_the_nested_test` declares `tar` and never used it"]),
        ),
        ("uses_it_too", Passes),
        ("namesakes", Passes),
        ("runs_itself", Passes),
        (
            "runs_itself_undeclared",
            Fails(&["test `runs_itself_undeclared` used `tar` without declaring it\n  seen: tar --version (PATH wrapper, pid"]),
        ),
        ("undeclared_namesakes", Passes),
    ]);
}

/// Also where the kernel sees that process by itself.
#[test]
fn a_test_that_runs_itself_is_one_test_under_strict_too() {
    Crate::named("nested").cargo_args(&["--test=outer"]).args(&["runs_itself"]).strict().expect_under(
        &[CargoTest, Nextest],
        &[
            ("runs_itself", Passes),
            (
                "runs_itself_undeclared",
                Fails(&["test `runs_itself_undeclared` used `tar` without declaring it\n  seen: tar --version (PATH wrapper, pid"]),
            ),
        ],
    );
}
