//! `cargo guards list`, and selecting.

use serde_json::{Value, json};

use crate::support::{Workspace, ran};

const TESTS: [&str; 6] = [
    "mail tests::computes",
    "mail tests::keeps_its_word",
    "mail tests::logs",
    "mail tests::sends",
    "plain adds",
    "tools::pack asks_for_the_version",
];

fn names(json: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut names: Vec<String> =
        json.as_array().unwrap().iter().map(|test| text(&test["binary_id"]) + " " + &text(&test["name"])).collect();
    names.sort();
    names
}

#[test]
fn the_table_has_every_test_with_its_declaration_also_from_a_subfolder() {
    let workspace = Workspace::get();
    let list = ran(workspace.command("mail/src", &["guards", "list", "--workspace"]));
    assert_eq!(list.code, 0, "{}", list.stderr);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = list.stdout.lines().map(words).collect();
    assert_eq!(
        lines,
        [
            "BINARY TEST DECLARES",
            "mail tests::computes -",
            "mail tests::keeps_its_word mail",
            "mail tests::logs log",
            "mail tests::sends mail, may(log = \"only when verbose\")",
            "plain adds - (no guards)",
            "tools::pack asks_for_the_version tar",
        ]
    );
    assert!(!list.stdout.contains('\x1b'));
}

#[test]
fn the_json_has_binaries_and_tests_with_their_places() {
    let workspace = Workspace::get();
    let list = workspace.run(&["guards", "list", "--format", "json", "-q"]);
    assert_eq!((list.code, list.stderr.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(names(&json["tests"]), TESTS);
    assert_eq!(json["binaries"][0]["guards"], json!(["log", "mail"]));
    assert_eq!(json["binaries"][1], json!({ "id": "plain", "package": "plain", "guards": null, "errors": [] }));
    let sends = json["tests"].as_array().unwrap().iter().find(|test| test["name"] == "tests::sends").unwrap();
    assert_eq!(sends["declares"][1], json!({ "resource": "log", "targets": [], "may": "only when verbose" }));
    assert!(sends["file"].as_str().unwrap().ends_with("mail/src/lib.rs") && sends["line"].is_u64());
}

#[test]
fn by_resource_every_guarded_resource_is_named() {
    let workspace = Workspace::get();
    let list = workspace.run(&["guards", "list", "--by-resource", "--format=json"]);
    let json: Value = serde_json::from_str(&list.stdout).unwrap();
    let resources: Vec<_> =
        json["resources"].as_array().unwrap().iter().map(|r| (&r["name"], names(&r["tests"]))).collect();
    assert_eq!(resources[0], (&json!("log"), vec![TESTS[2].to_owned(), TESTS[3].to_owned()]));
    assert_eq!(resources[1], (&json!("mail"), vec![TESTS[1].to_owned(), TESTS[3].to_owned()]));
    assert_eq!(resources[2], (&json!("tar"), vec![TESTS[5].to_owned()]));
    let table = workspace.run(&["guards", "list", "--by-resource", "-p", "tools"]).stdout;
    assert_eq!(table.split_whitespace().skip(3).collect::<Vec<_>>(), ["tar", "tools::pack", "asks_for_the_version"]);
}

/// What nextest lists for what we print for an expression, and what we list for it.
fn by_nextest_and_by_us(workspace: &Workspace, expression: &str, words: &[&str]) -> (Vec<String>, Vec<String>) {
    let run = |first: &[&str], last: &[&str]| {
        let ran = workspace.run(&[first, words, last].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let filterset = run(&["guards", "test", "-m", expression, "--print-filterset"], &[]);
    let listed = run(&["nextest", "list"], &["--message-format=json", "-E", filterset.trim()]);
    let json: Value = serde_json::from_str(&listed).unwrap();
    let mut matched = Vec::new();
    for (binary, suite) in json["rust-suites"].as_object().unwrap() {
        for (test, case) in suite["testcases"].as_object().unwrap() {
            if case["filter-match"]["status"] == "matches" {
                matched.push(format!("{binary} {test}"));
            }
        }
    }
    matched.sort();
    let ours: Value = serde_json::from_str(&run(&["guards", "list", "-m", expression], &["--format=json"])).unwrap();
    (matched, names(&ours["tests"]))
}

#[test]
fn the_filterset_selects_the_same_in_nextest() {
    let workspace = Workspace::get();
    for (expression, expected) in [
        ("mail and log", vec![TESTS[3]]),
        ("not (mail or log)", vec![TESTS[0], TESTS[4], TESTS[5]]),
        ("tar or mail and not log", vec![TESTS[1], TESTS[5]]),
        ("not log or log", TESTS.to_vec()),
    ] {
        let (by_nextest, ours) = by_nextest_and_by_us(&workspace, expression, &[]);
        assert_eq!(by_nextest, expected, "{expression}");
        assert_eq!(ours, expected, "{expression}");
    }
}

#[test]
fn many_tests_are_folded_and_still_exact() {
    let workspace = Workspace::get();
    let many = ["-p", "mail", "--features", "many"];
    for (expression, expected) in [("log", 2 + 32), ("not log", 2 + 32), ("log and not mail", 1 + 32)] {
        let (by_nextest, ours) = by_nextest_and_by_us(&workspace, expression, &many);
        assert_eq!(ours.len(), expected, "{expression}");
        assert_eq!(by_nextest, ours, "{expression}");
    }
}
