//! A test that forks without exec: the child's uses are the test's, and its end is not.

use black_box::Crate;
use black_box::Expected::{Fails, Passes};

#[test]
fn a_forked_child_is_a_part_of_its_test_but_not_its_end() {
    Crate::named("lifecycle").cargo_args(&["--test=forks"]).expect(&[
        ("the_child_exits", Passes),
        ("the_child_exits_at_once", Passes),
        ("the_child_calls", Passes),
        (
            "the_child_calls_undeclared",
            Fails(&["test `the_child_calls_undeclared` used `sdk` without declaring it\n  seen: call (call, pid"]),
        ),
        ("the_child_runs_a_program", Passes),
        (
            "the_child_exits_and_the_declaration_is_unused",
            Fails(&["test `the_child_exits_and_the_declaration_is_unused` declares `sdk` and never used it"]),
        ),
        ("the_child_returns_from_the_test", Fails(&["only the parent fails"])),
        ("the_child_panics_last", Passes),
        ("plain_the_child_exits", Passes),
    ]);
}
