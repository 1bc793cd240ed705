//! Every form of a test and of a declaration: before, after, and what is left.
//!
//! `GOLDEN=write` writes what comes out into `tests/fix/after` instead of comparing it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::world::{World, files, sources};
use crate::support::ENGINES;

const PACKAGES: [&str; 4] = ["-p", "forms", "-p", "renamed"];

/// What no edit mends, as the strict run says it.
const LEFT: [&str; 10] = [
    "fixture `fixtures::only_for_the_ignored` declares `chair` and never used it",
    "test `both::used_in_one` declares `desk` and never used it",
    "test `cases::one_case_needs_it::case_2` declares `desk` and never used it",
    "test `conditions::a_condition_in_a_macro` declares `desk` and never used it",
    "test `conditions::a_condition_in_the_body` declares `desk` and never used it",
    "test `conditions::under_a_condition_that_does_not_hold` used `desk` without declaring it",
    "test `included::plain` used `desk` without declaring it",
    "test `included::unused` declares `chair` and never used it",
    "test `macros::first` used `desk` without declaring it",
    "test `macros::second` used `desk` without declaring it",
];

/// Every line ends with CR LF, as where git is set so.
fn with_carriage_returns(world: &World, file: &str) {
    let text = world.read(file);
    assert!(!text.contains('\r'));
    world.write(file, text.replace('\n', "\r\n"));
}

fn violations(stderr: &str) -> BTreeSet<&str> {
    let (_, summary) = stderr.rsplit_once("\nguards: ").expect(stderr);
    summary.lines().filter_map(|line| line.strip_prefix("RESOURCE GUARD: ")).collect()
}

#[test]
fn what_was_observed_is_declared_and_then_only_what_cannot_be_mended_is_left() {
    let world = World::get();
    with_carriage_returns(&world, "forms/src/tables.rs");
    world.write("forms/src/runtimes.rs", format!("\u{feff}{}", world.read("forms/src/runtimes.rs")));
    world.commit();
    for engine in ENGINES {
        world.git(&["checkout", "--quiet", "--", "."]);
        world.observe(&[&PACKAGES[..], &["--engine", engine]].concat());

        let check = world.run(&["guards", "fix", "--check"]);
        assert_eq!((check.code, check.stdout.as_str()), (6, ""), "{}", check.stderr);
        let diff = world.run(&["guards", "fix", "--diff"]);
        assert_eq!(diff.code, 0, "{}", diff.stderr);
        assert_eq!(world.git(&["status", "--porcelain"]), "", "nothing is written");

        let said = world.fix(&[]);
        compare(&world, engine);
        assert!(said.contains("fixed: forms/src/cases.rs:19: `some_cases`, case 1: add chair\n"), "{said}");
        assert!(said.contains("left: test `macros::first` of forms: add #[uses(desk)]"), "{said}");
        assert!(said.contains("why: its function is not in the source; a macro makes it"), "{said}");
        assert!(said.contains("fixed: forms/src/imports/alone.rs:1: import of `uses`: remove it\n"), "{said}");
        assert!(said.contains("the import of `uses` in forms/src/imports/below.rs may be unused now"), "{said}");
        assert!(said.contains("the import of `uses` in forms/src/imports/by_a_macro.rs may be unused now"), "{said}");
        assert_eq!(said.matches("may be unused now").count(), 2, "{said}");
        world.git(&["diff", "--stat", "--exit-code", "HEAD", "--", "forms/src/lib.rs"]);

        // What is printed is what is written.
        let fixed = world.git(&["diff", "--binary"]);
        world.git(&["stash", "--quiet"]);
        world.write("../fix.patch", &diff.stdout);
        world.git(&["apply", "../fix.patch"]);
        assert_eq!(world.git(&["diff", "--binary"]), fixed, "{engine}");
        world.git(&["stash", "drop", "--quiet"]);

        let again = world.run(&["guards", "fix", "--check"]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        let strict = world.run(&[&["guards", "test", "--no-fail-fast", "--engine", engine], &PACKAGES[..]].concat());
        assert_eq!(violations(&strict.stderr), BTreeSet::from(LEFT), "{engine}: {}", strict.stderr);
        let idle = world.run(&["guards", "fix", "--check"]);
        assert_eq!(idle.code, 0, "{engine}: a second run has nothing that can be mended: {}", idle.stderr);
    }
}

#[test]
fn refusals_are_mended_in_rounds() {
    let world = World::get();
    for engine in ENGINES {
        world.git(&["checkout", "--quiet", "--", "."]);
        let mut rounds = 0;
        let left = loop {
            let words = ["guards", "test", "--no-fail-fast", "--engine", engine];
            let run = world.run(&[&words[..], &PACKAGES[..]].concat());
            let check = world.run(&["guards", "fix", "--check", "--quiet"]);
            if check.code == 0 {
                break run.stderr;
            }
            assert_eq!(check.code, 6, "{}", check.stderr);
            let said = world.fix(&["--allow-dirty"]);
            assert!(said.contains("the last run refused what was not declared"), "{said}");
            rounds += 1;
            assert!(rounds < 5, "{engine}: {said}");
        };
        assert!(rounds > 1, "a test that was refused one thing goes on when it is declared");
        assert_eq!(violations(&left), BTreeSet::from(LEFT), "{engine}: {left}");
    }
}

/// Compares the sources with those of `tests/fix/after`; a file that is not there is as it was before.
fn compare(world: &World, engine: &str) {
    let (before, after) = (sources().join("before"), sources().join("after"));
    let sources =
        files(&before).into_iter().filter(|file| file.extension().is_none_or(|extension| extension != "toml"));
    let mut different = Vec::new();
    for file in sources {
        let text = world.read(file.to_str().unwrap());
        let text = text.trim_start_matches('\u{feff}');
        if file.ends_with("tables.rs") {
            assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "its line ends stay: {text}");
        }
        let text = text.replace("\r\n", "\n");
        let golden = golden(&before, &after, &file);
        if std::env::var_os("GOLDEN").is_some_and(|golden| golden == "write") {
            let changed = text != fs::read_to_string(before.join(&file)).unwrap();
            let file = after.join(&file);
            let _ = fs::remove_file(&file);
            if changed {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
        } else if text != golden {
            different.push(format!("== {}\n{text}", file.display()));
        }
    }
    assert!(different.is_empty(), "{engine}: not as in tests/fix/after:\n{}", different.concat());
    assert!(world.read("forms/src/runtimes.rs").starts_with('\u{feff}'), "the byte order mark stays");
}

fn golden(before: &Path, after: &Path, file: &Path) -> String {
    let after = after.join(file);
    fs::read_to_string(if after.exists() { after } else { before.join(file) }).unwrap()
}
