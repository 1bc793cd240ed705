//! The smallest crate: one guard, one test of each kind.

use black_box::Crate;
use black_box::Expected::{Fails, Ignored, Passes, PassesSaying};

#[test]
fn a_crate_with_one_guard_gets_one_verdict_of_each_kind() {
    Crate::named("hello").expect(&[
        ("a_declared_use_passes", PassesSaying(&["there are files in the archive: a.txt"])),
        ("an_undeclared_use_fails", Fails(&["test `an_undeclared_use_fails` used `tar` without declaring it"])),
        (
            "an_unused_declaration_fails",
            Fails(&["test `an_unused_declaration_fails` declares `tar` and never used it"]),
        ),
        ("a_test_that_uses_nothing_passes", Passes),
        ("an_ignored_test_is_not_run", Ignored),
    ]);
}
