//! Session directories that cannot be, PATHs that lead nowhere, and programs that cannot be run.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Output;

use black_box::Expected::{Fails, Ignored, Passes, PassesSaying};
use black_box::{Crate, Engine, Outcome, command};

fn place() -> Crate {
    Crate::named("bad-input").cargo_args(&["--test=place"])
}

const UNDECLARED: &str = "test `undeclared` used `tar` without declaring it";

#[test]
fn a_place_that_cannot_hold_a_session_is_an_error_that_says_which_and_why() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("file");
    fs::write(&file, "").unwrap();
    let others = temp.path().join("others");
    fs::create_dir(&others).unwrap();
    // A base for sessions that everybody may write to.
    let uid = fs::metadata(&others).unwrap().uid();
    let base = others.join(format!("resource-guards-v4-{uid}"));
    fs::create_dir(&base).unwrap();
    fs::set_permissions(&base, fs::Permissions::from_mode(0o777)).unwrap();
    for (dir, why) in [
        (file, "Not a directory"),
        (temp.path().join("missing"), "No such file or directory"),
        (others, "exists, but is no directory of this user with mode 0700"),
    ] {
        for engine in Engine::ALL {
            let run = place().env("RESOURCE_GUARDS_TMPDIR", &dir).run(engine);
            assert!(!run.status.success(), "{}", run.output);
            let where_ = format!("cannot make a session directory in `{}`", dir.display());
            let mend = "set RESOURCE_GUARDS_TMPDIR to a directory that is writable and not full";
            for said in [&where_, why, mend] {
                assert!(run.output.contains(said), "`{said}` is not said:\n{}", run.output);
            }
            assert!(run.tests.iter().all(|test| test.outcome != Outcome::Passed), "{}", run.output);
        }
    }
}

#[test]
fn where_the_place_has_a_colon_wrappers_are_beside_the_binary() {
    let temp = tempfile::tempdir().unwrap();
    let colon = temp.path().join("a:b");
    fs::create_dir(&colon).unwrap();
    for engine in Engine::ALL {
        let run = place().env("RESOURCE_GUARDS_TMPDIR", &colon).run(engine);
        assert_eq!(run.test("declared").outcome, Outcome::Passed, "{}", run.output);
        assert!(run.test("undeclared").text.contains(UNDECLARED), "{}", run.output);
    }
}

#[test]
fn a_place_may_have_spaces_and_quotes_and_nothing_is_left_in_it() {
    let temp = tempfile::tempdir().unwrap();
    let odd = temp.path().join("a b'c \"d\" $e `f` é\\g");
    fs::create_dir(&odd).unwrap();
    place().env("RESOURCE_GUARDS_TMPDIR", &odd).expect(&[
        ("declared", Passes),
        ("undeclared", Fails(&[UNDECLARED])),
        ("long_target", Passes),
        ("changes_path", Ignored),
        ("changes_path_and_does_not_call", Ignored),
        ("plain_changes_path", Ignored),
        ("plain_undeclared", Ignored),
        ("removes_the_wrappers", Ignored),
    ]);
    for base in fs::read_dir(&odd).unwrap() {
        assert_eq!(fs::read_dir(base.unwrap().path()).unwrap().count(), 0);
    }
}

/// Runs the binary on a file system of its own: `options` are those of mount(8).
fn on_a_file_system(binary: &Path, options: &str, arguments: &[&str]) -> Output {
    let script = "mount -t tmpfs -o \"$1\" small \"$2\" || exit 77; export RESOURCE_GUARDS_TMPDIR=\"$2\"; \
                  binary=$3; shift 3; exec \"$binary\" \"$@\"";
    let point = tempfile::tempdir().unwrap();
    let output = command("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, "sh", options])
        .args([point.path(), binary])
        .args(arguments)
        .output()
        .expect("unshare(1) of util-linux is there");
    assert_ne!(output.status.code(), Some(77), "a file system can be mounted: {output:?}");
    output
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn a_place_without_room_is_refused_and_where_nothing_may_be_run_wrappers_are_beside_the_binary() {
    let [binary] = &place().build()[..] else { panic!("one binary") };
    for (options, why) in [("size=4k", "No space left on device"), ("size=1m,ro", "Read-only file system")] {
        let output = on_a_file_system(binary, options, &["--exact", "declared"]);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(101), "{options}: {said}");
        assert!(said.contains("cannot be guarded, so none is run") && said.contains(why), "{options}: {said}");
    }
    for options in ["size=1m", "size=1m,noexec"] {
        let output = on_a_file_system(binary, options, &["--exact", "declared", "undeclared"]);
        let said = text(&output);
        assert!(said.contains("test declared ... ok") && said.contains(UNDECLARED), "{options}: {said}");
    }
}

/// A test of nextest that declares nothing has its first file made by whoever uses something.
#[test]
fn a_file_system_in_memory_that_has_no_room_for_more_files_is_passed_over() {
    let [binary] = &place().build()[..] else { panic!("one binary") };
    let test = "plain_undeclared";
    // There is room for the root, the directory of all sessions, and that of this one.
    let script = "mount -t tmpfs -o nr_inodes=3 small /dev/shm || exit 77; exec \"$@\"";
    let output = command("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(binary)
        .args(["--ignored", "--exact", test])
        .env("NEXTEST_EXECUTION_MODE", "process-per-test")
        .env("NEXTEST_TEST_NAME", test)
        .output()
        .expect("unshare(1) of util-linux is there");
    let said = text(&output);
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert!(said.contains(&format!("test `{test}` used `tar` without declaring it")), "{said}");
}

#[test]
fn a_log_that_gets_full_in_the_middle_of_a_test_fails_it_loudly() {
    let [binary] = &Crate::named("bad-input").cargo_args(&["--test=damage"]).build()[..] else { panic!("one binary") };
    for test in ["the_file_system_is_full", "the_file_system_is_full_of_calls"] {
        let output = on_a_file_system(binary, "size=1m", &["--ignored", "--exact", test]);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(101), "{said}");
        assert!(said.contains(&format!("test {test} ... FAILED")), "{said}");
        let violation =
            format!("RESOURCE GUARD: uses by test `{test}` may not be recorded: a chokepoint could not write");
        assert!(said.contains(&violation) && said.contains("is the disk full?"), "{said}");
        assert!(!said.contains("ended with success before"), "{said}");
    }
}

/// Runs the binary with this PATH, or none; whether each of the two tests passed.
fn with_path(path: Option<&str>) -> (bool, bool, String) {
    let [binary] = &place().build()[..] else { panic!("one binary") };
    let mut tests = command(binary);
    tests.args(["--exact", "declared", "undeclared", "--test-threads=1"]).current_dir("/");
    match path {
        Some(path) => tests.env("PATH", path),
        None => tests.env_remove("PATH"),
    };
    let said = text(&tests.output().unwrap());
    (said.contains("test declared ... ok"), said.contains("test undeclared ... ok"), said)
}

#[test]
fn without_path_or_with_empty_entries_programs_are_found_where_they_would_be_and_guarded() {
    for (path, finds) in [
        (None, true),
        (Some(":/usr/bin:/bin:"), true),
        (Some("/nonexistent::/usr/bin:/bin"), true),
        (Some("bin:usr/bin"), true),
        (Some(""), false),
        (Some("/nonexistent"), false),
    ] {
        let (declared, undeclared, said) = with_path(path);
        assert_eq!((declared, undeclared), (finds, false), "PATH={path:?}\n{said}");
        assert!(said.contains(UNDECLARED), "PATH={path:?}\n{said}");
        assert!(!said.contains("never used"), "PATH={path:?}\n{said}");
    }
}

#[test]
fn a_test_that_changes_path_is_reported_and_not_called_unused() {
    let note = "programs run by test `changes_path` could not be observed: the test changed PATH, which no longer \
                begins with the wrappers";
    let doubt = "whether test `changes_path` used `tar` could not be observed";
    for engine in Engine::ALL {
        let krate = |test| place().args(&["--include-ignored", "--exact", test]);
        let with_output = if engine == Engine::Nextest { &[][..] } else { &["--show-output"][..] };
        let run = krate("changes_path").args(with_output).run(engine);
        assert!(run.status.success(), "{}", run.output);
        assert!(run.output.contains(note) && run.output.contains(doubt), "{}", run.output);

        let run = krate("removes_the_wrappers").args(with_output).run(engine);
        let said =
            "whether test `removes_the_wrappers` used `tar` could not be observed: the test removed the wrappers";
        assert!(run.status.success() && run.output.contains(said), "{}", run.output);

        let run = krate("changes_path_and_does_not_call").run(engine);
        let said = &run.test("changes_path_and_does_not_call").text;
        assert!(!run.status.success() && said.contains("declares `sdk` and never used it"), "{}", run.output);

        let run = krate("plain_changes_path").run(engine);
        assert!(run.status.success() && run.output.contains("could not be observed"), "{}", run.output);
    }
}

#[test]
fn a_program_that_cannot_be_run_has_a_stub_and_is_judged() {
    let temp = tempfile::tempdir().unwrap();
    let at = |name: &str| temp.path().join(name);
    symlink("/nonexistent", at("dangling")).unwrap();
    fs::write(at("unexecutable"), "#!/bin/sh\n").unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("a good 'one'.2"), "#!/bin/sh\necho good \"$1\"\nexit 3\n").unwrap();
    fs::set_permissions(at("a good 'one'.2"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = OsString::from(temp.path());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let missing = |name: &str| format!("RESOURCE GUARD: `{name}` is not installed");
    let (dangling, plain, folder) = (missing("dangling"), missing("unexecutable"), missing("folder"));
    Crate::named("bad-input").cargo_args(&["--test=programs"]).env("PATH", path).expect(&[
        ("a_dangling_link", PassesSaying(&[&dangling])),
        ("a_file_that_cannot_be_executed", PassesSaying(&[&plain])),
        ("a_folder", PassesSaying(&[&folder])),
        ("a_good_one", Passes),
        (
            "an_undeclared_dangling_link",
            Fails(&["test `an_undeclared_dangling_link` used `dangling` without declaring it\n  seen: dangling x"]),
        ),
        ("an_unused_dangling_link", Fails(&["test `an_unused_dangling_link` declares `dangling` and never used it"])),
    ]);
}
