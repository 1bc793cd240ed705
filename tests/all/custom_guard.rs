//! A guard that registers itself, from a crate of its own: `examples/grpc-guard`.

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine};

const CHECK: &str = "used `beacon` without declaring it\n  seen: grpc.health.v1.Health/Check (tower layer, pid";
const WATCH: &str = "used `beacon` without declaring it\n  seen: grpc.health.v1.Health/Watch (tower layer, pid";
const PROGRAM: &str = "used `beacon` without declaring it\n  seen: beacon is-up … (PATH wrapper, pid";

#[test]
fn the_calls_and_the_program_of_a_service_are_one_resource() {
    Crate::named("custom-guard").cargo_args(&["--test=sdk"]).expect(&[
        ("declared::unary", Passes),
        ("declared::streaming", Passes),
        ("declared::program", Passes),
        ("undeclared::unary", Fails(&[CHECK])),
        ("undeclared::streaming", Fails(&[WATCH])),
        ("swallowed::unary", Fails(&[CHECK])),
        ("swallowed::streaming", Fails(&[WATCH])),
        ("swallowed::program", Fails(&[PROGRAM])),
        ("an_unused_declaration", Fails(&["declares `beacon` and never used it"])),
    ]);
}

#[test]
fn a_crate_that_is_only_named_brings_its_guard() {
    let named = Crate::named("custom-guard").cargo_args(&["--test=program"]);
    named.expect(&[("the_guard_of_a_crate_that_is_only_named_is_there", Passes)]);
}

#[test]
fn a_crate_that_nothing_names_does_not_and_the_run_says_so() {
    let dropped = Crate::named("custom-guard").cargo_args(&["--test=dropped"]);
    for engine in Engine::ALL {
        let run = dropped.run(engine);
        let says_so = "declares `beacon`, which no guard of this binary watches";
        assert!(!run.status.success() && run.output.contains(says_so), "{}", run.output);
    }
}
