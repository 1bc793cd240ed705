//! Tests of another harness than libtest declare in scopes, as they run: before that, nobody knows what, and it is said.

use serde_json::{Value, json};

use crate::support::{ENGINES, Ran, Workspace};

const MANIFEST: &str = "[package]\nname = \"own\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\nguard-binary = { path = \"@ROOT@/adapters/binary\" }\n\n\
    [[test]]\nname = \"by_hand\"\nharness = false\n";

const LIB: &str = r#"
#[cfg(test)]
mod tests {
    resource_guards::install!(guard_binary::Binary("git"), guard_binary::Binary("tar"));

    #[resource_guards::uses(tar)]
    #[test]
    fn packs() {
        std::process::Command::new("tar").arg("--version").output().unwrap();
    }
}
"#;

const BY_HAND: &str = r#"
use std::process::Command;

resource_guards::install!(guard_binary::Binary("git"));

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|given| given == word);
    if has("--list") {
        if !has("--ignored") {
            println!("in_a_scope: test\nby_attribute: test");
        }
        return;
    }
    let all = !has("in_a_scope") && !has("by_attribute");
    if all || has("in_a_scope") {
        resource_guards::Scope::new("in_a_scope").uses("git").run(asks_git).unwrap();
    }
    if all || has("by_attribute") {
        by_attribute();
    }
}

#[resource_guards::uses(git)]
fn by_attribute() {
    asks_git();
}

fn asks_git() {
    assert!(Command::new("git").arg("--exec-path").output().unwrap().status.success());
}
"#;

/// What is said wherever it matters.
const SAID: &str = "what tests of own::by_hand declare is known only as they run";

fn workspace() -> Workspace {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", LIB), ("tests/by_hand.rs", BY_HAND)];
    Workspace::of("own harness", &files.map(|(file, text)| (file, text.to_owned())))
}

fn list(workspace: &Workspace, words: &[&str]) -> Ran {
    let list = workspace.run(&[&["guards", "list"], words].concat());
    assert_eq!(list.code, 0, "{}", list.stderr);
    list
}

#[test]
fn a_list_does_not_call_unknown_nothing() {
    let workspace = workspace();
    let table = list(&workspace, &[]);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = table.stdout.lines().skip(1).map(words).collect();
    let rows = ["own tests::packs tar", "own::by_hand in_a_scope ? (as it runs)", "own::by_hand by_attribute git"];
    assert_eq!(lines, rows);
    assert!(!table.stderr.contains(SAID), "the table says it: {}", table.stderr);
    let json: Value = serde_json::from_str(&list(&workspace, &["--format", "json"]).stdout).unwrap();
    let declares: Vec<&Value> = json["tests"].as_array().unwrap().iter().map(|test| &test["declares"]).collect();
    let of = |resource: &str| json!([{ "resource": resource, "targets": [], "may": null }]);
    assert_eq!(declares, [&of("tar"), &Value::Null, &of("git")]);
    let by_resource = list(&workspace, &["--by-resource"]);
    assert!(by_resource.stderr.contains(&format!("{SAID}; they may be missing here")), "{}", by_resource.stderr);
}

#[test]
fn a_selection_that_cannot_know_says_so() {
    let workspace = workspace();
    let note = format!("{SAID}; `-m` takes those that have no #[uses] to declare nothing");
    for engine in ENGINES {
        for (expression, recorded, said) in [("git", 1, true), ("not git", 2, true), ("tar", 1, false)] {
            let run = workspace.run(&["guards", "test", "--engine", engine, "-m", expression]);
            assert_eq!(run.code, 0, "{engine} {expression}: {}", run.stderr);
            assert_eq!(run.stderr.contains(&note), said, "{engine} {expression}: {}", run.stderr);
            let report: Value =
                serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
            assert_eq!(report["tests"].as_array().unwrap().len(), recorded, "{engine} {expression}: {report}");
        }
        let whole = workspace.run(&["guards", "test", "--engine", engine]);
        assert_eq!((whole.code, whole.stderr.contains(SAID)), (0, false), "{engine}: {}", whole.stderr);
    }
    let none = workspace.run(&["guards", "test", "--test", "by_hand", "-m", "git and not git"]);
    assert_eq!((none.code, none.stderr.contains(&note)), (4, true), "{}", none.stderr);
    let described = crate::support::with_guards_toml(&workspace, "[resources.store]\nunix = [\"@store\"]\n");
    let by_a_name = workspace.run(&["guards", "list", "-m", "not store"]);
    assert!(by_a_name.stderr.contains(&note), "a scope may declare that too: {}", by_a_name.stderr);
    drop(described);
}

#[test]
fn whether_what_they_need_is_there_is_not_asked_which_is_said() {
    let workspace = workspace();
    for (words, said) in [(&["--test", "by_hand"][..], true), (&["--lib"], false)] {
        let run = workspace.run(&[&["guards", "test", "--unavailable", "require"], words].concat());
        assert_eq!(run.code, 0, "{words:?}: {}", run.stderr);
        let note = format!("{SAID}; what those without #[uses] need is not looked for");
        assert_eq!(run.stderr.contains(&note), said, "{words:?}: {}", run.stderr);
    }
}

#[test]
fn an_audit_does_not_blame_what_it_cannot_know() {
    let workspace = workspace();
    let audit = workspace.run(&["guards", "audit", "--json", "-"]);
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    let report: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
    let tests = report["tests"].as_array().unwrap();
    let scope = tests.iter().find(|test| test["name"] == "in_a_scope").expect("it has a record");
    assert_eq!(scope["tries"][0]["uses"][0]["resource"], "git", "{scope}");
    assert_eq!((&scope["declares"], &scope["verdict"]), (&Value::Null, &json!("passed")), "{scope}");
}
