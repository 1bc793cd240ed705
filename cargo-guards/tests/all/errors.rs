//! What goes wrong is said, with the code that the help promises.

use crate::support::Workspace;

#[test]
fn a_wrong_command_line_or_expression_is_a_usage_error() {
    let workspace = Workspace::get();
    let unknown = workspace.run(&["guards", "test", "-m", "mial and not log"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown
            .stderr
            .contains("error: no guard watches `mial`; did you mean `mail`?\n  |\n  | mial and not log\n  | ^^^^\n"),
        "{}",
        unknown.stderr
    );
    let syntax = workspace.run(&["guards", "list", "-m", "mail &"]);
    assert_eq!(syntax.code, 2);
    assert!(syntax.stderr.contains("  | mail &\n  |      ^\n"), "{}", syntax.stderr);
    assert_eq!(workspace.run(&["guards", "tset"]).code, 2);
    let shard = workspace.run(&["guards", "test", "--engine=cargo-test", "--partition=count:1/2"]);
    assert_eq!(shard.code, 2);
    assert!(shard.stderr.contains("`cargo test` has no --partition"), "{}", shard.stderr);
}

#[test]
fn a_build_error_is_cargos() {
    let workspace = Workspace::get();
    let words: [&[&str]; 2] =
        [&["guards", "list", "-p", "plain", "-F", "broken"], &["guards", "test", "-p", "plain", "-F", "broken"]];
    for words in words {
        let broken = workspace.run(words);
        assert_eq!(broken.code, 101, "{}", broken.stderr);
        assert!(broken.stderr.contains("broken on purpose"), "{}", broken.stderr);
        assert_eq!(broken.stdout, "");
    }
}

#[test]
fn no_tests_and_no_match_have_a_code_of_their_own() {
    let workspace = Workspace::get();
    let none = workspace.run(&["guards", "list", "-p", "tools", "--lib"]);
    assert_eq!(none.code, 4);
    assert!(none.stderr.ends_with("note: there are no tests\n"), "{}", none.stderr);
    let unmatched = workspace.run(&["guards", "test", "-m", "mail and not mail"]);
    assert_eq!(unmatched.code, 4);
    assert!(unmatched.stderr.ends_with("error: no test matches `mail and not mail`\n"), "{}", unmatched.stderr);
    assert!(!workspace.target().join("guards").exists(), "nothing was run");
}

#[test]
fn a_binary_that_cannot_be_listed_is_named() {
    let workspace = Workspace::get();
    let crash = workspace.run(&["guards", "list", "-p", "plain", "-F", "crash"]);
    assert_eq!((crash.code, crash.stdout.as_str()), (1, ""));
    assert!(crash.stderr.contains("error: cannot list the tests of `plain::crash` ("), "{}", crash.stderr);
    assert!(crash.stderr.contains("it ended with signal: 6"), "{}", crash.stderr);
    let garbage = workspace.run(&["guards", "test", "-m", "mail", "-p", "plain", "-F", "garbage"]);
    assert_eq!(garbage.code, 1);
    assert!(garbage.stderr.contains("`plain::garbage`") && garbage.stderr.contains("`hello` is no line"));
}

#[test]
fn a_workspace_without_guards_knows_no_resource() {
    let workspace = Workspace::get();
    let unknown = workspace.run(&["guards", "test", "-p", "plain", "-m", "not mail"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("none of the test binaries has guards"), "{}", unknown.stderr);
    let all = workspace.run(&["guards", "test", "-p", "plain"]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(all.stderr.contains("guards: no test was recorded"), "{}", all.stderr);
}

#[test]
fn the_help_has_the_exit_codes() {
    let help = Workspace::get().run(&["guards", "--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    let (_, table) = help.stdout.split_once("\nExit codes:\n").expect(&help.stdout);
    for line in
        ["0      passed", "1      an operation failed", "2      the command line", "3 ", "4      no test", "other  "]
    {
        assert!(table.lines().any(|l| l.trim_start().starts_with(line)), "{line}: {table}");
    }
}

/// As each engine has it by itself.
#[test]
fn a_filter_of_the_engine_that_matches_nothing_is_judged_by_the_engine() {
    let workspace = Workspace::get();
    for (engine, code) in [("nextest", 4), ("cargo-test", 0)] {
        let run = workspace.run(&["guards", "test", "-p", "mail", "-m", "mail", "--engine", engine, "--", "nosuch"]);
        assert_eq!(run.code, code, "{engine}: {}", run.stderr);
    }
}
