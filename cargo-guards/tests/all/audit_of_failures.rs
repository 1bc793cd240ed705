//! `cargo guards audit` where tests fail: an audit is about all that they touch, not about whether they pass.

use serde_json::{Value, json};

use crate::support::{ENGINES, Workspace};

const MANIFEST: &str = "[package]\nname = \"failing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";

const FAILS: &str = "#[test]\nfn fails() {\n    panic!();\n}\n";

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
