//! `cargo guards why`.

use std::fs;

use crate::support::{ENGINES, Workspace, ran};

#[test]
fn the_evidence_is_shown_in_order_with_the_fixture() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        assert_eq!(workspace.run(&["guards", "test", "-p", "mail", "-m", "mail", "--engine", engine]).code, 0);
        let why = ran(workspace.command("mail", &["guards", "why", "sends"]));
        assert_eq!(why.code, 0, "{}", why.stderr);
        let lines: Vec<&str> = why.stdout.lines().collect();
        assert!(lines[0].starts_with("tests::sends of mail at ") && lines[0].contains("src/lib.rs:"), "{}", why.stdout);
        assert_eq!(lines[1], "  ending:   passed");
        assert_eq!(lines[2], "  declares: mail, may(log = \"only when verbose\")");
        assert!(lines[3].starts_with("  fixtures: ") && lines[3].ends_with("server"), "{}", lines[3]);
        assert!(lines[5].starts_with("    1. used mail at set-up: send to set-up (call, pid "), "{}", lines[5]);
        assert!(lines[5].ends_with("server)") && lines[5].contains(", in fixture "), "{}", lines[5]);
        assert!(lines[6].starts_with("    2. used mail at ada: send to ada (call, pid "), "{}", lines[6]);
        assert_eq!(lines.len(), 7, "{}", why.stdout);
    }
}

#[test]
fn a_test_that_has_no_record_is_an_error_with_the_nearest() {
    let workspace = Workspace::get();
    let none = workspace.run(&["guards", "why", "sends"]);
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("`cargo guards test` makes one"), "{}", none.stderr);
    assert_eq!(workspace.run(&["guards", "test", "-p", "mail", "-m", "mail"]).code, 0);
    let unknown = workspace.run(&["guards", "why", "tests::sedns"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("did you mean `mail tests::sends`?"), "{}", unknown.stderr);
}

#[test]
fn the_folder_of_another_workspace_can_be_named() {
    let workspace = Workspace::get();
    assert_eq!(workspace.run(&["guards", "test", "-p", "mail", "-m", "mail"]).code, 0);
    let temp = tempfile::tempdir().unwrap();
    let manifest = temp.path().join("Cargo.toml");
    fs::write(&manifest, "[workspace]\n[package]\nname = \"other\"\n[lib]\npath = \"lib.rs\"\n").unwrap();
    fs::write(temp.path().join("lib.rs"), "").unwrap();
    let from_there = |more: &[&str]| {
        let mut command = workspace.command("", &["guards", "why", "sends", "--target-dir"]);
        command.arg(workspace.target()).args(more).current_dir(temp.path());
        ran(command)
    };
    let why = from_there(&[]);
    assert_eq!(why.code, 0, "{}", why.stderr);
    assert!(why.stdout.contains("1. used mail at set-up"), "{}", why.stdout);
    assert!(why.stderr.contains(&format!("this is of `{}`", workspace.root().display())), "{}", why.stderr);
    // It was not meant where the workspace is named too.
    let none = from_there(&["--manifest-path", manifest.to_str().unwrap()]);
    assert_eq!(none.code, 1, "{}", none.stdout);
    assert!(none.stderr.contains("there is no run of `"), "{}", none.stderr);
}
