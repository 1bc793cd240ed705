//! A log with torn, binary and unknown lines, and one that is gone.

use black_box::{Crate, Engine, Outcome, Run};

fn damage(engine: Engine, test: &str) -> Run {
    let with_output = if engine == Engine::Nextest { &[][..] } else { &["--show-output"][..] };
    Crate::named("bad-input").cargo_args(&["--test=damage"]).args(&["--exact", test]).args(with_output).run(engine)
}

#[test]
fn lines_that_are_not_understood_are_counted_and_never_fatal() {
    for engine in Engine::ALL {
        for (test, passes) in [
            ("garbage_beside_a_use", true),
            ("garbage_instead_of_a_use", true),
            ("garbage_beside_an_undeclared_use", false),
        ] {
            let run = damage(engine, test);
            assert_eq!(run.test(test).outcome == Outcome::Passed, passes, "{}", run.output);
            assert_eq!(run.status.success(), passes, "{}", run.output);
            let note = format!("RESOURCE GUARD: note: 4 lines in the log of test `{test}` are not understood");
            assert!(run.output.contains(&note), "{}", run.output);
            // The use may be what the lines said.
            let doubt = format!("whether test `{test}` used `tar` could not be observed: lines of its log are not");
            assert_eq!(run.output.contains(&doubt), test == "garbage_instead_of_a_use", "{}", run.output);
            let violation = format!("test `{test}` used `tar` without declaring it");
            assert_eq!(run.output.contains(&violation), !passes, "{}", run.output);
        }
    }
}

#[test]
fn a_log_that_is_deleted_or_emptied_fails_its_test() {
    for engine in Engine::ALL {
        for (test, why) in [
            ("the_log_is_deleted", "cannot be read: No such file or directory"),
            ("the_directory_is_deleted", "cannot be read: No such file or directory"),
            ("the_directory_is_deleted_before_an_undeclared_use", "cannot be read: No such file or directory"),
            ("the_log_is_emptied", "was emptied"),
        ] {
            let run = damage(engine, test);
            assert!(!run.status.success(), "{}", run.output);
            let said = &run.test(test).text;
            assert_eq!(run.test(test).outcome, Outcome::Failed, "{}", run.output);
            let violation = format!("RESOURCE GUARD: uses by test `{test}` may not be recorded: the log `");
            assert!(said.contains(&violation) && said.contains(why), "under {}: {}", engine.command(), run.output);
        }
    }
}
