//! Tests whose process is killed, or aborts: they are in every report, like those that fail in any other way.

use serde_json::Value;

use crate::support::{Workspace, ran};

#[test]
fn a_test_that_aborts_is_reported_with_what_it_was_refused() {
    let workspace = Workspace::get();
    for (aborts, strict, violations) in
        [("at once", None, 0), ("after a use", None, 1), ("after a use", Some("--strict"), 1)]
    {
        let mut test = workspace.command("", &["guards", "test", "--engine=nextest", "-p", "mail", "--no-fail-fast"]);
        test.args(strict).env("ABORTS", aborts);
        let test = ran(test);
        assert_eq!(test.code, 100, "{}", test.stderr);
        let said = test.stderr.contains("test `tests::computes` used `mail` without declaring it");
        assert_eq!(said, violations == 1, "{}", test.stderr);

        let json = workspace.run(&["guards", "report", "--json", "-"]).stdout;
        let json: Value = serde_json::from_str(&json).unwrap();
        let tests = json["tests"].as_array().unwrap();
        let computes = tests.iter().find(|test| test["name"] == "tests::computes").expect("it is reported");
        assert_eq!((&computes["package"], &computes["tries"][0]["ending"]), (&"mail".into(), &"failed".into()));
        assert_eq!(computes["tries"].as_array().unwrap().len(), 1, "it has one record");
        assert_eq!(computes["tries"][0]["violations"].as_array().unwrap().len(), violations);
        let junit = workspace.run(&["guards", "report", "--junit", "-"]).stdout;
        assert!(junit.contains("name=\"tests::computes\"") && junit.contains("failures=\"1\""), "{junit}");
        let why = workspace.run(&["guards", "why", "computes"]);
        assert_eq!(why.code, 0, "{}", why.stderr);
        assert!(why.stdout.contains("ending:   failed") && why.stdout.contains("killed or aborts"), "{}", why.stdout);
    }
}
