//! The wrapper under the shells that `/bin/sh` may be: it passes everything through, and its events are whole.

use std::env;
use std::ffi::OsString;

use black_box::Expected::{Fails, Ignored, Passes};
use black_box::{Crate, Engine};

/// The crate, whose program is found on PATH.
fn wrapper(shell: &str) -> Crate {
    let mut path = OsString::from(Crate::target_directory().join("debug"));
    path.push(":");
    path.push(env::var_os("PATH").unwrap());
    Crate::named("wrapper").env("PATH", path).env("SHELL_UNDER_TEST", shell)
}

/// Runs the crate with this shell. A shell that is not here is an error in CI.
fn passes_everything_through(shell: &str) {
    let program = shell.split(' ').next().unwrap();
    let is_here = env::split_paths(&env::var_os("PATH").unwrap()).any(|dir| dir.join(program).is_file());
    if !is_here {
        assert!(env::var("CI").is_err(), "`{program}` is not installed");
        eprintln!("NOT RUN: `{program}` is not installed");
        return;
    }
    wrapper(shell).expect_under(
        &[Engine::CargoTest],
        &[
            ("arguments_are_passed_unchanged", Passes),
            ("a_long_first_argument_costs_nothing", Passes),
            ("an_argument_beyond_ascii_is_no_target", Passes),
            (
                "only_any_target_matches_an_argument_beyond_ascii",
                Fails(&[
                    "test `only_any_target_matches_an_argument_beyond_ascii` used `reflect` without declaring it",
                    "mend: write `reflect` in place of `reflect(\"gr*\", \"*.txt\", \"??\")` in #[uses(…)]",
                ]),
            ),
            ("any_target_matches_an_argument_beyond_ascii", Passes),
            ("input_and_outputs_are_the_program_s_own", Passes),
            ("exit_codes_and_signals_are_the_program_s_own", Passes),
            ("the_program_has_the_process_of_its_wrapper", Passes),
            ("the_environment_is_untouched", Passes),
            (
                "a_blocked_program_does_not_run",
                Fails(&["test `a_blocked_program_does_not_run` used `reflect` without declaring it"]),
            ),
            ("events_of_many_processes_are_whole", Ignored),
        ],
    );
}

#[test]
fn dash() {
    passes_everything_through("dash");
}

#[test]
fn bash_as_posix_shell() {
    passes_everything_through("bash --posix");
}

#[test]
fn busybox_ash() {
    passes_everything_through("busybox ash");
}

#[test]
fn sixty_four_processes_append_a_thousand_events_each_and_tear_none() {
    let test = "events_of_many_processes_are_whole";
    let run = wrapper("sh").args(&["--ignored", "--exact", test]).run(Engine::CargoTest);
    assert!(run.status.success() && !run.output.contains("not understood"), "{}", run.output);
}
