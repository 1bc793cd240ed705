//! `cargo guards audit` where tests fail: an audit is about all that they touch, not about whether they pass.

use serde_json::{Value, json};

use crate::junit::{find, is_valid};
use crate::support::{ENGINES, Workspace, ran};

const MANIFEST: &str = "[package]\nname = \"failing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";

const FAILS: &str = "#[test]\nfn fails() {\n    assert!(std::env::var_os(\"PASSES\").is_some());\n}\n";

/// Tests that come after it, one after the other.
fn later() -> String {
    let test = |n| {
        format!(
            "#[test]\nfn asks_git_{n}() {{\n    std::thread::sleep(std::time::Duration::from_millis(300));\n    \
             assert!(std::process::Command::new(\"git\").arg(\"--exec-path\").status().unwrap().success());\n}}\n"
        )
    };
    (0..6).map(test).collect()
}

/// The workspace, whose first test fails only if it is told to.
fn failing() -> Workspace {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", FAILS), ("tests/later.rs", &later())];
    Workspace::of("failing", &files.map(|(file, text)| (file, text.to_owned())))
}

/// How many tests touched git, with the exit code.
fn audit(workspace: &Workspace, words: &[&str]) -> (usize, i32) {
    let run = workspace.run(&[&["guards", "audit", "--json", "-"], words].concat());
    let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let touches = |test: &&Value| test["uses"].as_array().unwrap().iter().any(|one| one["resource"] == json!("git"));
    (json["tests"].as_array().unwrap().iter().filter(touches).count(), run.code)
}

#[test]
fn a_failed_test_does_not_end_an_audit_unless_the_user_says_so() {
    let workspace = failing();
    for (engine, code) in ENGINES.into_iter().zip([100, 101]) {
        for more in
            [&[][..], &["--no-fail-fast"], &["--", "--no-fail-fast"], &["--no-fail-fast", "--", "--no-fail-fast"]]
        {
            let words = [&["--engine", engine], more].concat();
            assert_eq!(audit(&workspace, &words), (6, code), "{words:?}");
        }
    }
    for stop in [&["--fail-fast"][..], &["--ff"], &["--max-fail=1"], &["--max-fail", "1"]] {
        let words = [&["--engine", "nextest", "--no-fail-fast", "--"], stop].concat();
        let (found, code) = audit(&workspace, &words);
        assert!(found < 6 && code == 100, "{words:?}: {found} {code}");
    }
}

#[test]
fn what_an_audit_has_merely_seen_is_no_failure_in_junit() {
    let workspace = failing();
    let temp = tempfile::tempdir().unwrap();
    let report = temp.path().join("report.json");
    for engine in ENGINES {
        for passes in [true, false] {
            let mut command = workspace.command("", &["guards", "audit", "--engine", engine]);
            command.envs(passes.then_some(("PASSES", "1")));
            assert_eq!(ran(command).code == 0, passes, "{engine}");
            let written = workspace.run(&["guards", "report", "--json", report.to_str().unwrap()]);
            assert_eq!(written.code, 0, "{}", written.stderr);
            for from in [&[][..], &["--from", report.to_str().unwrap()]] {
                let xml = workspace.run(&[&["guards", "report", "--junit", "-"], from].concat()).stdout;
                is_valid(&xml);
                assert_eq!(find(&xml, "count(//failure | //error)"), "0", "{engine}: {xml}");
                assert_eq!(find(&xml, "count(//testcase)"), "7", "{engine}: {xml}");
                // Which test failed, only the engine has said.
                let unknown = if passes { "0" } else { "7" };
                assert_eq!(find(&xml, "count(//skipped[@type='unknown'])"), unknown, "{engine}: {xml}");
                let seen = find(&xml, "string(//testcase[@name='asks_git_0']/system-out)");
                assert!(seen.contains("test `asks_git_0` used `git` without declaring it"), "{engine}: {xml}");
                assert_eq!(find(&xml, "count(//testcase[@name='fails']/system-out)"), "0", "{engine}: {xml}");
            }
        }
    }
}
