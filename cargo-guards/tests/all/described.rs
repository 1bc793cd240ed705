//! Resources that `guards.toml` describes, without a line of code.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::{ENGINES, Ran, Workspace, ran, with_guards_toml};

const DESCRIBED: &str = "[resources.mytool]\nexec = [\"mytool\"]\n[resources.peer]\ntcp = [\"peer.example:443\"]\n";

/// A command for which the program is installed.
fn with_tool(mut command: Command, temp: &Path) -> Command {
    let tool = temp.join("mytool");
    fs::write(&tool, "#!/bin/sh\nexit 0\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).unwrap().to_owned();
    let dirs = std::iter::once(temp.to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(dirs).unwrap());
    command
}

fn test(workspace: &Workspace, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let temp = tempfile::tempdir().unwrap();
    let mut command = with_tool(workspace.command("", words), temp.path());
    command.envs(variables.iter().copied());
    ran(command)
}

#[test]
fn its_uses_are_judged_as_those_of_any_other_resource() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    for engine in ENGINES {
        let words = ["guards", "test", "-p", "two", "--engine", engine, "--no-fail-fast"];
        let good = test(&workspace, &words, &[]);
        assert_eq!(good.code, 0, "{engine}: {}{}", good.stdout, good.stderr);
        let unseen = "whether test `connects` used `peer` could not be observed: ";
        assert!(good.stderr.contains(unseen), "{engine}: {}", good.stderr);
        assert!(!good.stderr.contains("`runs_the_tool` used"), "{}", good.stderr);
        let why = workspace.run(&["guards", "why", "runs_the_tool"]).stdout;
        assert!(why.contains("used mytool at serve: mytool serve (PATH wrapper, pid "), "{why}");
        let unused = test(&workspace, &words, &[("UNUSED", "1")]);
        assert_ne!(unused.code, 0, "{engine}: {}", unused.stderr);
        assert!(
            unused.stderr.contains("test `runs_the_tool` declares `mytool` and never used it"),
            "{}",
            unused.stderr
        );
        if engine == "cargo-test" {
            assert!(good.stdout.contains("by hand: kept its word"), "{}", good.stdout);
            assert!(unused.stdout.contains("by hand: broke its word"), "{}", unused.stdout);
        }
        let undeclared = test(&workspace, &words, &[("FORGETS", "1")]);
        assert_ne!(undeclared.code, 0, "{engine}: {}", undeclared.stderr);
        let message =
            "test `forgets_to_declare` used `mytool` without declaring it\n  seen: mytool serve (PATH wrapper, pid ";
        assert!(undeclared.stderr.contains(message), "{engine}: {}", undeclared.stderr);
    }
}

#[test]
fn it_is_selected_by_its_name_and_listed() {
    let workspace = Workspace::services();
    let _file = with_guards_toml(&workspace, DESCRIBED);
    let list = workspace.run(&["guards", "list", "-m", "mytool or peer"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    assert_eq!(list.stderr.matches("note").count(), 0, "the binary has no complaint: {}", list.stderr);
    assert!(list.stdout.contains("runs_the_tool") && list.stdout.contains("connects"), "{}", list.stdout);
    let none = workspace.run(&["guards", "test", "-p", "one", "-m", "mytool"]);
    assert_eq!(none.code, 4, "known, though no test of this package declares it: {}", none.stderr);
}

#[test]
fn a_plain_run_knows_its_name_says_what_it_cannot_see_and_calls_nothing_unused() {
    let workspace = Workspace::services();
    let commands: [&[&str]; 2] = [
        &["test", "--no-fail-fast", "-p", "two", "--", "--nocapture"],
        &["nextest", "run", "-p", "two", "--no-capture"],
    ];
    for words in commands {
        let plain = {
            let _file = with_guards_toml(&workspace, DESCRIBED);
            test(&workspace, words, &[("UNUSED", "1")])
        };
        assert_eq!(plain.code, 0, "{words:?}: {}{}", plain.stdout, plain.stderr);
        if words[0] == "test" {
            assert!(plain.stdout.contains("by hand: kept its word"), "{}", plain.stdout);
        }
        let note = "whether test `runs_the_tool` used `mytool` could not be observed: guards.toml describes it, and only \
                    `cargo guards test` watches what is described there";
        assert!((plain.stdout + &plain.stderr).contains(note), "{words:?}: {}", plain.stderr);
        let _file = with_guards_toml(&workspace, &DESCRIBED.replace("resources.mytool", "resources.mytol"));
        let misspelt = test(&workspace, words, &[]);
        assert_ne!(misspelt.code, 0);
        let complaint = "declares `mytool`, which no guard of this binary watches";
        assert!((misspelt.stdout + &misspelt.stderr).contains(complaint), "{words:?}: {}", misspelt.stderr);
    }
}

#[test]
fn a_limit_alone_describes_nothing() {
    let workspace = Workspace::services();
    let text = DESCRIBED.replace("exec = [\"mytool\"]", "max-threads = 1");
    let _file = with_guards_toml(&workspace, &text);
    let plain = test(&workspace, &["test", "--no-fail-fast", "-p", "two"], &[]);
    assert!(plain.stderr.contains("declares `mytool`, which no guard"), "{}", plain.stderr);
}
