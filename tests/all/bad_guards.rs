//! Guards and declarations that cannot be right: each fails every run of its binary, and never its listing.

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine, Outcome, Run, command};

fn binary(name: &str) -> Crate {
    Crate::named("bad-input").cargo_args(&["--test", name])
}

/// Runs a binary that cannot be guarded: it fails, no test passes, and these lines say why.
fn refused(name: &str, reasons: &[&str]) {
    for engine in Engine::ALL {
        let run = binary(name).run(engine);
        let reported: Vec<_> = run.output.lines().map(str::trim).filter_map(|line| line.strip_prefix("- ")).collect();
        for reason in reasons {
            assert!(
                reported.iter().any(|line| line.contains(reason)),
                "`{reason}` is not in {reported:?}\n{}",
                run.output
            );
        }
        assert!(reported.iter().all(|line| reasons.iter().any(|reason| line.contains(reason))), "{reported:?}");
        refuses(&run);
    }
    let listing = binary(name).args(&["--list"]).run(Engine::CargoTest);
    assert!(listing.status.success() && listing.output.contains("plain: test"), "{}", listing.output);
}

fn refuses(run: &Run) {
    assert!(!run.status.success(), "{}", run.output);
    assert!(run.output.contains("cannot be guarded, so none is run"), "{}", run.output);
    assert!(run.tests.iter().all(|test| test.outcome != Outcome::Passed), "{}", run.output);
}

#[test]
fn a_misspelt_resource_fails_every_run_with_the_nearest_name() {
    refused(
        "misspelt",
        &[
            "`two_letters_are_swapped` at bad-input/tests/misspelt.rs:9 declares `tmxu`, which no guard of this binary \
             watches; did you mean `tmux`? otherwise add a guard of `tmxu` to install!",
            "`nothing_is_like_it` at bad-input/tests/misspelt.rs:13 declares `zzz`, which no guard of this binary \
             watches; known are `tar`, `tmux`; add a guard of `zzz` to install!",
        ],
    );
    // Also a run that would not reach the mistake; switched off, nobody minds.
    for (mode, passes) in [("enforce", false), ("observe", false), ("off", true)] {
        let krate = binary("misspelt").env("RESOURCE_GUARDS", mode).args(&["--exact", "plain"]);
        let run = krate.run(Engine::CargoTest);
        assert_eq!(run.status.success(), passes, "{}", run.output);
    }
}

#[test]
fn a_pattern_that_no_target_matches_fails_every_run_and_says_what_to_write() {
    let at = |line: u32, path: &str, declared: &str| {
        format!("`{path}` at bad-input/tests/odd_targets.rs:{line} declares {declared}, which no target matches: ")
    };
    let host = "a target is a host, and this has";
    let github = "write http(\"api.github.com\")";
    let reasons = [
        at(46, "a_scheme", "`http` at `https://api.github.com`") + &format!("{host} a scheme; {github}"),
        at(50, "a_port_beside_a_host_and_capitals", "`http` at `api.github.com:443`")
            + &format!("{host} a port; {github}"),
        at(50, "a_port_beside_a_host_and_capitals", "`http` at `API.github.com`")
            + &format!("{host} upper-case letters; {github}"),
        at(54, "an_exception", "`http` at `api.github.com/path`") + &format!("{host} a path; {github}"),
        at(57, "everything_at_once", "`http` at `https://me@API.github.com.:8443/a/b`")
            + &format!("{host} a scheme, a path, credentials, a port, a final dot and upper-case letters; {github}"),
        at(63, "letters_that_are_not_ascii_and_a_guard_of_ones_own", "`http` at `bücher.example`")
            + &format!("{host} letters that are not ASCII; write the ASCII form of the name, `xn--…`"),
        at(63, "letters_that_are_not_ascii_and_a_guard_of_ones_own", "`depot` at `one`")
            + "a target is a number; write its digits",
        "`a_misspelt_name_is_told_too` at bad-input/tests/odd_targets.rs:67 declares `htpp`, which no guard of this \
         binary watches; did you mean `http`?"
            .to_owned(),
        at(87, "the_argument_of_a_program", "`cat` at `gr?ße.txt`")
            + "a target is a first argument of printable ASCII, any other counts as none; write \"*\", or no target at all",
    ];
    refused("odd_targets", &reasons.each_ref().map(String::as_str));

    let [program] = &binary("odd_targets").build()[..] else { panic!("one binary") };
    // Where cargo does not say which package it is, `guards.toml` is looked for from here.
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/bad-input");
    let manifest = command(program).current_dir(package).env("RESOURCE_GUARDS_MANIFEST", "1").output().unwrap();
    assert!(manifest.status.success(), "{manifest:?}");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.stdout).expect("the manifest is JSON");
    let errors: Vec<_> = manifest["errors"].as_array().unwrap().iter().filter_map(|error| error.as_str()).collect();
    assert_eq!(errors.len(), reasons.len(), "{errors:?}");
    assert!(errors.iter().zip(&reasons).all(|(error, reason)| error.starts_with(reason)), "{errors:?}");
}

#[test]
fn the_exit_code_of_a_refusal_is_that_of_a_failed_test() {
    let [program] = &binary("misspelt").build()[..] else { panic!("one binary") };
    let code = |arguments: &[&str]| command(program).args(arguments).output().unwrap().status.code();
    assert_eq!(code(&[]), Some(101));
    assert_eq!(code(&["--exact", "no such test"]), Some(101));
    assert_eq!(code(&["--list"]), Some(0));
    assert_eq!(code(&["--list", "--format", "terse", "--ignored"]), Some(0));
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn nextest_lists_a_binary_with_a_misspelt_resource() {
    let output = binary("misspelt")
        .cargo()
        .args(["nextest", "list", "-p", "bad-input", "--test=misspelt", "--user-config-file=none", "--color=never"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    assert!(listed.contains("nothing_is_like_it") && listed.contains("plain"), "{listed}");
}

#[test]
fn a_declaration_in_a_binary_without_install_fails_and_says_what_to_add() {
    binary("no_install").expect(&[
        (
            "declares",
            Fails(&["RESOURCE GUARD: `declares` has #[uses], but this test binary installs no guards\n  mend: add \
                     `#[cfg(test)] resource_guards::install!(…);` once to its crate root"]),
        ),
        ("plain", Passes),
    ]);
}

#[test]
fn two_guards_of_one_name_with_different_settings_are_shown_with_both_lines() {
    refused(
        "same_name",
        &["the guard `same_name::Relay` of `sdk` is registered twice with different settings, at \
           bad-input/tests/same_name.rs:30:1 (port 1) and at bad-input/tests/same_name.rs:33:5 (port 2); keep one of \
           them"],
    );
}

#[test]
fn two_guards_that_wrap_one_program_are_shown_with_both_lines() {
    refused(
        "same_program",
        &["cannot install the guard `program tar` of `archiver`, registered at bad-input/tests/same_program.rs:3:1: \
           cannot wrap the program `tar`: another guard registered at \
           bad-input/tests/same_program.rs:3:1 wraps it too; keep one of them"],
    );
}

#[test]
fn the_same_guard_twice_is_one() {
    binary("twice").expect(&[("both", Passes)]);
}

#[test]
fn names_that_are_none_are_all_reported() {
    let rule = "which is not a resource name; use at most 64 characters of [a-z][a-z0-9_-]*";
    let long = format!("`{}…`", "a".repeat(60));
    let reasons: Vec<_> = ["`Tar`", "`bin/tar`", "`..`", "``", "`tär`", &long]
        .iter()
        .map(|name| format!("the guard registered at bad-input/tests/odd_names.rs:8:1 watches {name}, {rule}"))
        .collect();
    refused("odd_names", &reasons.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn programs_that_are_none_are_all_reported() {
    let long = format!("`{}`", "a".repeat(60));
    let reasons: Vec<_> = ["`bin/tar`", "`..`", "``", "`a\\tb`", "`a\\\\b`", &long]
        .iter()
        .map(|name| format!("cannot wrap the program {name}: that is no name of a program; give the name under which"))
        .collect();
    refused("odd_programs", &reasons.iter().map(String::as_str).collect::<Vec<_>>());
}
