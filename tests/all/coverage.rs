//! Coverage of code that runs only in the process of an isolated test.
//!
//! The tests are built with `-C instrument-coverage`. Each calls one function a number of times that nothing else can
//! come to by chance, a prime number with seven digits. A process counts the calls in a 64-bit word, and its runtime
//! writes the words to the file that `LLVM_PROFILE_FILE` names when the process ends. So the number of a test stands in
//! the file of its own process, and in no other, exactly if the runtime of that process came to its end and counted
//! everything. This needs no tool that understands the format, and proves nothing about such tools.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use black_box::Crate;

/// How often each test of the crate calls the function.
const CALLS: [(&str, u64); 3] = [("isolated", 1_299_709), ("offending", 1_299_721), ("plain", 1_299_743)];

/// A cargo command with instrumentation, in a target directory of its own.
fn instrumented(profiles: &Path, arguments: &[&str]) -> Command {
    let mut command = Crate::named("runners").cargo();
    command
        .args(arguments)
        .args(["-p", "runners", "--features=guards", "--test=counted", "--color=never"])
        .env("RUSTFLAGS", "-C instrument-coverage")
        .env("CARGO_TARGET_DIR", Crate::target_directory().join("coverage"))
        .env("LLVM_PROFILE_FILE", profiles.join("%p-%m.profraw"));
    command
}

/// For each process that wrote a profile, the tests whose numbers stand in it.
fn counted(profiles: &Path) -> BTreeMap<String, Vec<&'static str>> {
    let mut counted = BTreeMap::new();
    for profile in fs::read_dir(profiles).unwrap() {
        let path = profile.unwrap().path();
        let process = path.file_name().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
        let bytes = fs::read(path).unwrap();
        let stands = |calls: u64| bytes.chunks_exact(8).any(|word| word == calls.to_ne_bytes());
        counted.insert(process, CALLS.iter().filter(|(_, calls)| stands(*calls)).map(|(test, _)| *test).collect());
    }
    counted
}

/// The process in which a test ran, as it says itself.
fn process_of(said: &str, test: &str) -> String {
    let said = said.split_once(&format!("---- {test} stdout ----\nprocess ")).expect("it is shown").1;
    said.lines().next().unwrap().to_owned()
}

#[test]
fn what_an_isolated_test_runs_is_counted_in_its_own_process() {
    let temp = tempfile::tempdir().unwrap();
    let [of_the_build, profiles] = ["build", "run"].map(|name| temp.path().join(name));
    let built = instrumented(&of_the_build, &["test", "--no-run"]).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));

    let output = instrumented(&profiles, &["test"]).args(["--", "--show-output"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("2 passed; 1 failed"), "{said}");
    let expected = CALLS.map(|(test, _)| (process_of(&said, test), vec![test]));
    // Those of the two isolated tests, and the one that runs all; listings and second runs have no part in it.
    let counted = counted(&profiles).into_iter().filter(|(_, tests)| !tests.is_empty());
    assert_eq!(counted.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected), "{said}");
}

#[test]
fn under_nextest_every_process_is_counted_too() {
    let temp = tempfile::tempdir().unwrap();
    let command = ["nextest", "run", "--no-fail-fast", "--user-config-file=none"];
    let output = instrumented(temp.path(), &command).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("2 passed, 1 failed"), "{said}");
    let mut counted: Vec<_> = counted(temp.path()).into_values().filter(|tests| !tests.is_empty()).collect();
    counted.sort();
    assert_eq!(counted, [["isolated"], ["offending"], ["plain"]], "each in a process of its own");
}
