//! What a test binary tells to tools: the manifest, and a record of each test.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use black_box::{Crate, Engine};
use serde_json::{Value, json};

fn kinds() -> Crate {
    Crate::named("modes").cargo_args(&["--test=kinds"])
}

/// The records of a run, by test. Each must be one JSON object in a file of its own.
fn records(directory: &Path) -> BTreeMap<String, Value> {
    let mut records = BTreeMap::new();
    for file in fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(path.extension().and_then(|extension| extension.to_str()), Some("json"), "{path:?} is left over");
        let record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let test = record["test"].as_str().unwrap().to_owned();
        assert_eq!(records.insert(test.clone(), record), None, "`{test}` has two records");
    }
    records
}

/// Runs the tests with a directory for records that does not exist yet.
fn run(engine: Engine, mode: &str) -> BTreeMap<String, Value> {
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("run");
    let _ = kinds().env("RESOURCE_GUARDS_RUN", &directory).env("RESOURCE_GUARDS", mode).run(engine);
    records(&directory)
}

/// What is used, as `resource verb chokepoint what`.
fn uses(record: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let field = |seen: &Value| ["resource", "verb", "chokepoint", "what"].map(|name| text(&seen[name])).join(" ");
    let mut uses: Vec<_> = record["uses"].as_array().unwrap().iter().map(field).collect();
    uses.sort();
    uses
}

fn kinds_of_violations(record: &Value) -> Vec<String> {
    let kind = |violation: &Value| format!("{} {}", violation["kind"].as_str().unwrap(), violation["resource"]);
    record["violations"].as_array().unwrap().iter().map(kind).collect()
}

#[test]
fn every_test_that_is_run_has_one_record() {
    let all = [
        "by_fixture",
        "declared",
        "inside::innocent",
        "plain_call",
        "plain_innocent",
        "plain_program",
        "undeclared",
        "unused",
    ];
    for engine in Engine::ALL {
        let records = run(engine, "enforce");
        assert_eq!(records.keys().collect::<Vec<_>>(), all, "under {}", engine.command());

        let declared = &records["declared"];
        assert_eq!(
            declared["declared"],
            json!([
                { "resource": "tar", "targets": [], "may": null },
                { "resource": "sdk", "targets": [], "may": "only on a cold cache" },
            ])
        );
        assert_eq!(uses(declared), ["tar used PATH wrapper tar --version"]);
        assert_eq!(declared["uses"][0]["target"], "--version");
        assert_eq!(declared["exceptions"], json!([["sdk", "only on a cold cache"]]));
        assert_eq!(declared["probed"], json!(["tar"]), "it asked for the version only");
        assert_eq!(declared["violations"], json!([]));
        assert_eq!((&declared["ending"], &declared["outcome"]), (&json!("passed"), &json!("ok")));
        assert!(declared["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0 && seconds < 60.0), "{declared}");
        assert_eq!(declared["package"], "modes");
        assert!(declared["file"].as_str().unwrap().ends_with("tests/kinds.rs") && declared["line"].is_u64());

        assert_eq!(declared["function"], "declared");
        assert_eq!(declared["unobserved"], json!([]));

        assert_eq!(records["by_fixture"]["fixtures"], json!(["kinds::archive"]));
        let entered = &records["by_fixture"]["entered"];
        assert_eq!((&entered[0]["module"], &entered[0]["name"]), (&json!("kinds"), &json!("archive")));
        assert_eq!(entered[0]["uses"][0]["resource"], "tar");
        assert_eq!(kinds_of_violations(&records["unused"]), ["unused-declaration \"tar\""]);
        assert_eq!(
            kinds_of_violations(&records["undeclared"]),
            ["undeclared-use \"sdk\"", "undeclared-use \"tar\""],
            "all of them"
        );
        assert_eq!(uses(&records["undeclared"]), ["sdk blocked call send 7", "tar blocked PATH wrapper tar --version"]);
        for (plain, used) in [("plain_call", "sdk"), ("plain_program", "tar")] {
            assert_eq!(records[plain]["declared"], Value::Null);
            assert_eq!(kinds_of_violations(&records[plain]), [format!("undeclared-use \"{used}\"")]);
        }
        for record in records.values() {
            let messages = record["messages"].as_array().unwrap();
            assert_eq!(messages.len(), record["violations"].as_array().unwrap().len());
            let whole = |message: &Value| {
                let message = message.as_str().unwrap();
                message.starts_with("RESOURCE GUARD: test `") && message.contains("\n  mend: ")
            };
            assert!(messages.iter().all(whole), "{messages:?}");
        }
    }
}

#[test]
fn observing_records_what_would_be_blocked() {
    for engine in Engine::ALL {
        let records = run(engine, "observe");
        assert_eq!(
            uses(&records["undeclared"]),
            ["sdk passed call send 7", "tar passed PATH wrapper tar --version"],
            "under {}",
            engine.command()
        );
        assert_eq!(kinds_of_violations(&records["plain_program"]), ["undeclared-use \"tar\""]);
    }
}

/// libtest tells the process only whether all have passed.
#[test]
fn of_a_plain_test_that_shares_its_process_only_what_is_known_is_recorded() {
    for engine in Engine::ALL {
        let has_a_process = engine == Engine::Nextest;
        for (mode, ending) in [("enforce", if has_a_process { "passed" } else { "unknown" }), ("observe", "passed")] {
            let records = run(engine, mode);
            let plain = &records["plain_innocent"];
            assert_eq!((&plain["ending"], &plain["declared"]), (&json!(ending), &Value::Null), "{engine:?} {mode}");
            assert_eq!((&plain["violations"], &plain["uses"], &plain["notes"]), (&json!([]), &json!([]), &json!([])));
            assert_eq!(plain["seconds"].is_null(), !has_a_process);
        }
    }
}

#[test]
fn what_is_filtered_out_or_ignored_has_no_record() {
    let place = tempfile::tempdir().unwrap();
    for engine in Engine::ALL {
        let directory = place.path().join(format!("{engine:?}"));
        let _ = kinds().env("RESOURCE_GUARDS_RUN", &directory).args(&["innocent"]).run(engine);
        assert_eq!(
            records(&directory).keys().collect::<Vec<_>>(),
            ["inside::innocent", "plain_innocent"],
            "{engine:?}"
        );
    }
}

/// Where one of the plain tests is known to have used something, none of the others is called clean.
#[test]
fn an_offender_that_is_not_named_is_a_note_at_all_who_may_have_been_it() {
    for engine in [Engine::CargoTest, Engine::OneThread] {
        let place = tempfile::tempdir().unwrap();
        let plain =
            kinds().env("RESOURCE_GUARDS_RUN", place.path()).env("RESOURCE_GUARDS_RERUN", "0").args(&["plain_"]);
        let _ = plain.run(engine);
        let records = records(place.path());
        let note = "a use by a test that declares nothing could not be attributed, so it may have been this one's";
        for test in ["plain_innocent", "plain_program"] {
            assert_eq!(records[test]["notes"], json!([note]), "{test}");
        }
        assert_eq!(records["plain_call"]["notes"], json!([]));
    }
}

#[test]
fn a_scope_of_another_harness_has_a_record_too() {
    for engine in Engine::ALL {
        let place = tempfile::tempdir().unwrap();
        let by_hand = Crate::named("harnesses").cargo_args(&["--test=by_hand"]);
        let _ = by_hand.env("RESOURCE_GUARDS_RUN", place.path()).env("BREAK_IT", "1").run(engine);
        let records = records(place.path());
        assert_eq!(records.keys().collect::<Vec<_>>(), ["broken", "kept"]);
        let kept = &records["kept"];
        assert_eq!(
            (&kept["ending"], &kept["outcome"], &kept["violations"]),
            (&json!("passed"), &json!("ok"), &json!([]))
        );
        assert_eq!(kept["declared"][1]["resource"], "tar");
        assert_eq!(uses(kept), ["desk used call sit down", "tar used PATH wrapper tar cf …"]);
        let broken = &records["broken"];
        assert_eq!(kinds_of_violations(broken), ["undeclared-use \"desk\"", "unused-declaration \"tar\""]);
    }
}

#[test]
fn a_record_that_cannot_be_written_fails_the_run() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for engine in Engine::ALL {
        let run = kinds().env("RESOURCE_GUARDS_RUN", file.path()).args(&["--exact", "declared"]).run(engine);
        assert!(!run.status.success(), "{}", run.output);
        assert!(run.output.contains("cannot write the record of test `declared` into `"), "{}", run.output);
    }
}

#[test]
fn the_manifest_has_guards_footprints_and_declarations_with_their_lines() {
    let mut command = kinds().cargo();
    let output = command
        .args(["test", "-q", "-p", "modes", "--test=kinds"])
        .env("RESOURCE_GUARDS_MANIFEST", "1")
        .output()
        .unwrap();
    assert!(output.status.success());
    let manifest: Value = serde_json::from_slice(&output.stdout).expect("one JSON document, and no test is run");
    assert_eq!((&manifest["version"], &manifest["errors"]), (&json!(1), &json!([])));
    assert_eq!(manifest["libtest"], json!(true));
    let guards = manifest["guards"].as_array().unwrap();
    assert_eq!(guards.iter().map(|guard| &guard["resource"]).collect::<Vec<_>>(), ["sdk", "tar"]);
    assert_eq!(guards[1]["footprint"], json!({ "peers": [], "programs": ["tar"], "sockets": [] }));

    let source = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/crates/modes/tests/kinds.rs")).unwrap();
    let declarations = manifest["declarations"].as_array().unwrap();
    let paths: Vec<_> = declarations.iter().map(|declaration| declaration["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["archive", "declared", "by_fixture", "unused", "undeclared", "inside::innocent"]);
    for declaration in declarations {
        assert!(declaration["file"].as_str().unwrap().ends_with("modes/tests/kinds.rs"));
        let line = declaration["line"].as_u64().unwrap() as usize;
        // At most the attributes stand between the line and the name.
        let near = source.lines().skip(line - 1).take(3).collect::<String>();
        assert!(near.contains(&format!("fn {}(", declaration["name"].as_str().unwrap())), "line {line}: {near}");
    }
    assert_eq!(declarations[0]["subject"], "fixture");
    assert_eq!(declarations[1]["uses"][1], json!({ "resource": "sdk", "targets": [], "may": "only on a cold cache" }));
}
