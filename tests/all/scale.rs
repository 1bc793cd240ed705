//! A thousand guarded tests at once: every event is recorded once and whole, offenders are found exactly, and nothing is
//! left, no directory and no process.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use black_box::{Crate, Engine, Outcome};
use serde_json::Value;

/// The records of a run, by test.
fn records(directory: &Path) -> BTreeMap<String, Value> {
    let mut records = BTreeMap::new();
    for file in fs::read_dir(directory).unwrap() {
        let record: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let test = record["test"].as_str().unwrap().to_owned();
        assert_eq!(records.insert(test.clone(), record), None, "`{test}` has two records");
    }
    records
}

/// Processes that were started by a test whose session lies in this place.
fn processes_of(place: &Path) -> Vec<String> {
    let mark = format!("RESOURCE_GUARDS_SCOPE={}", place.display());
    let has_mark = |process: &Path| {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry.starts_with(mark.as_bytes()))
    };
    let processes = fs::read_dir("/proc").unwrap().map(|process| process.unwrap().path());
    processes
        .filter(|process| has_mark(process))
        .map(|process| fs::read_to_string(process.join("cmdline")).unwrap_or_default())
        .collect()
}

/// What stands in the build script of the crate.
fn uses_what_it_does_not_declare(n: usize) -> bool {
    n % 97 == 1
}

fn declares_what_it_does_not_use(n: usize) -> bool {
    n % 101 == 1 && !uses_what_it_does_not_declare(n)
}

fn runs_a_thousand_tests(engine: Engine) {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path().join("place");
    let directory = temp.path().join("run");
    fs::create_dir(&place).unwrap();
    let run = Crate::named("scale")
        .env("RESOURCE_GUARDS_TMPDIR", &place)
        .env("RESOURCE_GUARDS_RUN", &directory)
        .args(if engine == Engine::Nextest { &[] } else { &["--test-threads=16"] })
        .run(engine);
    assert_eq!(processes_of(&place), [""; 0]);
    for base in fs::read_dir(&place).unwrap() {
        let left: Vec<_> = fs::read_dir(base.unwrap().path()).unwrap().map(|left| left.unwrap().path()).collect();
        assert!(left.is_empty(), "{left:?}");
    }

    let records = records(&directory);
    let names: Vec<String> = (0..1000).map(|n| format!("t{n:03}")).collect();
    assert_eq!(records.keys().collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
    for (n, test) in names.iter().enumerate() {
        let offends = uses_what_it_does_not_declare(n);
        let verb = if offends { "blocked" } else { "used" };
        let calls = (0..5).map(|n| format!("sdk used {test}-{n}"));
        let programs = ["a", "b"].map(|program| format!("program {verb} {test}-{program}"));
        let expected: BTreeSet<String> = calls.chain(programs).collect();
        let record = &records[test];
        let seen: Vec<_> = record["uses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|seen| ["resource", "verb", "target"].map(|field| seen[field].as_str().unwrap()).join(" "))
            .collect();
        assert_eq!(seen.len(), expected.len(), "`{test}`: {seen:?}");
        assert_eq!(BTreeSet::from_iter(seen), expected, "`{test}`");
        assert_eq!(record["notes"], Value::Array(Vec::new()), "`{test}`");

        let kinds: Vec<_> = record["violations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|violation| violation["kind"].as_str().unwrap())
            .collect();
        let expected = match (offends, declares_what_it_does_not_use(n)) {
            (true, _) => &["undeclared-use"][..],
            (_, true) => &["unused-declaration"],
            _ => &[],
        };
        assert_eq!(kinds, expected, "`{test}`");
        let outcome = if expected.is_empty() { Outcome::Passed } else { Outcome::Failed };
        assert_eq!(run.test(test).outcome, outcome, "`{test}`: {}", run.test(test).text);
    }
    let offenders =
        (0..1000).filter(|n| uses_what_it_does_not_declare(*n) || declares_what_it_does_not_use(*n)).count();
    assert_eq!(run.tests.iter().filter(|test| test.outcome == Outcome::Failed).count(), offenders);
    assert_eq!(offenders, 20, "both kinds are among them");
}

#[test]
fn a_thousand_tests_under_cargo_test() {
    runs_a_thousand_tests(Engine::CargoTest);
}

#[test]
fn a_thousand_tests_under_nextest() {
    runs_a_thousand_tests(Engine::Nextest);
}
