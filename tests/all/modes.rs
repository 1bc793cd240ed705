//! `RESOURCE_GUARDS` set to `off`, `observe`, `enforce`, nothing, and nonsense, in a crate that forbids unsafe code; and
//! `RESOURCE_GUARDS_RERUN=0`.

use black_box::Expected::{Fails, Ignored, Passes, PassesSaying};
use black_box::{Crate, Engine, Outcome};

fn kinds() -> Crate {
    Crate::named("modes").cargo_args(&["--test=kinds"])
}

const LET_THROUGH: &[&str] = &["tar ran: true", "the call was let through: true"];

#[test]
fn enforce_is_the_default() {
    for mode in [None, Some(""), Some("enforce")] {
        let krate = mode.map_or_else(kinds, |mode| kinds().env("RESOURCE_GUARDS", mode));
        krate.expect(&[
            ("declared", Passes),
            ("by_fixture", Passes),
            ("unused", Fails(&["test `unused` declares `tar` and never used it"])),
            (
                "undeclared",
                Fails(&[
                    "tar ran: false\n",
                    "the call was let through: false\n",
                    "test `undeclared` used `sdk` without declaring it",
                    "test `undeclared` used `tar` without declaring it",
                ]),
            ),
            ("plain_call", Fails(&["test `plain_call` used `sdk` without declaring it"])),
            ("plain_program", Fails(&["test `plain_program` used `tar` without declaring it"])),
            ("plain_innocent", Passes),
            ("plain_ignored", Ignored),
            ("inside::innocent", Passes),
        ]);
    }
}

#[test]
fn off_and_observe_block_nothing_and_fail_nothing() {
    for mode in ["off", "observe"] {
        kinds().env("RESOURCE_GUARDS", mode).expect(&[
            ("declared", Passes),
            ("by_fixture", Passes),
            ("unused", Passes),
            ("undeclared", PassesSaying(LET_THROUGH)),
            ("plain_call", PassesSaying(&LET_THROUGH[1..])),
            ("plain_program", PassesSaying(&LET_THROUGH[..1])),
            ("plain_innocent", Passes),
            ("plain_ignored", Ignored),
            ("inside::innocent", Passes),
        ]);
    }
}

#[test]
fn another_value_is_an_error_that_names_the_three() {
    for engine in Engine::ALL {
        let run = kinds().env("RESOURCE_GUARDS", "loud").run(engine);
        assert!(!run.status.success(), "{}", run.output);
        let says = "cannot read the mode from RESOURCE_GUARDS=loud: set it to `enforce`, `observe` or `off`";
        assert!(run.output.contains(says), "{}", run.output);
        assert!(run.tests.iter().all(|test| test.outcome != Outcome::Passed), "{}", run.output);
    }
}

/// Uses in the process are told by their threads; children have none, and running the tests again would name them.
#[test]
fn without_a_second_run_an_offender_by_program_is_known_but_not_named() {
    for engine in [Engine::CargoTest, Engine::OneThread] {
        let run = kinds().env("RESOURCE_GUARDS_RERUN", "0").args(&["plain"]).run(engine);
        assert!(!run.status.success(), "{}", run.output);
        assert_eq!(run.test("plain_call").outcome, Outcome::Failed, "{}", run.output);
        assert_eq!(run.test("plain_program").outcome, Outcome::Passed, "{}", run.output);
        let [message] = &run.unattributed[..] else { panic!("{:?}\n{}", run.unattributed, run.output) };
        assert!(message.starts_with("RESOURCE GUARD: a test of `"), "{message}");
        assert!(
            message.contains("(which one could not be told) used `tar` without declaring it\n  seen: tar --version")
        );
    }
}
