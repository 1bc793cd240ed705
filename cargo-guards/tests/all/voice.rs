//! Colours, silence, and what is said where: data on standard output, everything else on standard error.

use std::process::Command;

use serde_json::Value;

use crate::support::{ENGINES, Ran, Workspace, ran};

/// Variables that say something about colours.
const SAYING: [&str; 5] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CARGO_TERM_COLOR", "FORCE_COLOR"];

/// Whether a text has colours. What moves the cursor, as progress does, is none.
fn is_colourful(text: &str) -> bool {
    let is_style = |rest: &str| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m');
    text.split("\x1b[").skip(1).any(is_style)
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Runs a command on a terminal, where both outputs are one.
fn on_a_terminal(workspace: &Workspace, words: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let line = std::iter::once("cargo").chain(words.iter().copied()).map(quoted).collect::<Vec<_>>().join(" ");
    let cargo = workspace.command("", &[]);
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    command.current_dir(workspace.root());
    for (name, value) in cargo.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    for name in SAYING {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color").envs(variables.iter().copied()).stdin(std::process::Stdio::null());
    let Ran { code, stdout, .. } = ran(command);
    (code, stdout)
}

/// Runs a command whose outputs are pipes.
fn on_pipes(workspace: &Workspace, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = workspace.command("", words);
    for name in SAYING {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    ran(command)
}

#[test]
fn colours_are_for_terminals_unless_the_user_says_otherwise() {
    let workspace = Workspace::get();
    let test = ["guards", "test", "-p", "mail", "-m", "mail"];
    assert_eq!(on_pipes(&workspace, &test, &[]).code, 0);
    let commands: [(&[&str], i32); 4] = [
        (&["guards", "why", "sends"], 0),
        // Both are errors, the second is clap's.
        (&["guards", "why", "no_such_test"], 1),
        (&["guards", "tset"], 2),
        (&test, 0),
    ];
    for (words, code) in commands {
        let colourful = |color: &[&str], variables: &[(&str, &str)]| {
            let (ended, text) = on_a_terminal(&workspace, &[words, color].concat(), variables);
            assert_eq!(ended, code, "{words:?} {color:?}: {text}");
            is_colourful(&text)
        };
        assert!(colourful(&[], &[]), "{words:?}");
        assert!(!colourful(&[], &[("NO_COLOR", "1")]), "{words:?}");
        assert!(!colourful(&["--color", "never"], &[]), "{words:?}");
        assert!(!colourful(&["--color=never"], &[]), "{words:?}");
        assert!(colourful(&["--color", "always"], &[("NO_COLOR", "1")]), "{words:?}");
        let piped = |color: &[&str]| {
            let ran = on_pipes(&workspace, &[words, color].concat(), &[]);
            assert_eq!(ran.code, code, "{words:?} {color:?}");
            is_colourful(&(ran.stdout + &ran.stderr))
        };
        assert!(!piped(&[]), "{words:?}");
        assert!(piped(&["--color", "always"]), "{words:?}");
    }
}

#[test]
fn the_engine_has_the_choice_of_the_user_and_else_its_own() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        let words = ["guards", "test", "-q", "-p", "mail", "--engine", engine];
        let colourful = |color: &[&str], variables: &[(&str, &str)]| {
            let ran = on_pipes(&workspace, &[&words[..], color].concat(), variables);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            is_colourful(&ran.stderr)
        };
        assert!(!colourful(&[], &[]), "{engine}");
        assert!(colourful(&["--color=always"], &[]), "{engine}");
        assert!(colourful(&[], &[("CARGO_TERM_COLOR", "always")]), "{engine}: as CI sets it");
        assert!(!colourful(&["--color=never"], &[("CARGO_TERM_COLOR", "always")]), "{engine}");
    }
}

#[test]
fn reports_are_never_coloured_and_the_same_on_a_terminal() {
    let workspace = Workspace::get();
    assert_eq!(on_pipes(&workspace, &["guards", "test", "-p", "mail"], &[]).code, 0);
    for form in ["--json", "--junit", "--html"] {
        let words = ["guards", "report", form, "-", "--color", "always"];
        let piped = on_pipes(&workspace, &words, &[]);
        assert_eq!((piped.code, piped.stderr.as_str()), (0, ""), "{form}");
        let (code, text) = on_a_terminal(&workspace, &words, &[]);
        assert_eq!((code, text.replace("\r\n", "\n")), (0, piped.stdout.clone()), "{form}");
        assert!(!text.contains('\x1b'), "{form}");
    }
}

#[test]
fn data_is_on_standard_output_and_talk_on_standard_error_where_quiet_leaves_only_what_is_wrong() {
    let workspace = Workspace::get();
    let run = |words: &[&str]| on_pipes(&workspace, words, &[("BROKEN", "always")]);
    let test = run(&["guards", "test", "-p", "mail", "--no-fail-fast"]);
    assert_eq!((test.code, test.stdout.as_str()), (100, ""), "nextest talks too");
    assert!(
        test.stderr.contains("guards: 1 violation") && test.stderr.contains("exceptions in force"),
        "{}",
        test.stderr
    );
    let quiet = run(&["guards", "test", "-p", "mail", "--no-fail-fast", "--quiet"]);
    assert!(quiet.stderr.contains("guards: 1 violation") && !quiet.stderr.contains("exceptions in force"));
    // A note: the run is partial, as when it was killed.
    for run in workspace.runs() {
        let path = run.join("run.json");
        let text = std::fs::read_to_string(&path).unwrap().replace("\"complete\": true", "\"complete\": false");
        std::fs::write(path, text).unwrap();
    }
    for words in [&["guards", "report", "--json", "-"][..], &["guards", "why", "sends"]] {
        let spoken = run(words);
        assert_eq!((spoken.code, spoken.stderr.lines().count()), (0, 1), "{}", spoken.stderr);
        assert!(spoken.stderr.starts_with("note: "), "{}", spoken.stderr);
        let quiet = run(&[words, &["--quiet"]].concat());
        assert_eq!((quiet.code, quiet.stderr.as_str(), &quiet.stdout), (0, "", &spoken.stdout));
    }
    let json = run(&["guards", "report", "--json", "-"]);
    assert!(serde_json::from_str::<Value>(&json.stdout).is_ok_and(|json| json["complete"] == false));
    let wrong = run(&["guards", "why", "nothing_like_it", "--quiet"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (1, ""));
    assert!(wrong.stderr.starts_with("error: "), "{}", wrong.stderr);
}

#[test]
fn what_tests_did_moves_no_cursor() {
    let workspace = Workspace::get();
    assert_eq!(on_pipes(&workspace, &["guards", "test", "-p", "mail", "-m", "mail"], &[]).code, 0);
    let run = workspace.runs().remove(0);
    for record in std::fs::read_dir(run.join("records")).unwrap() {
        let path = record.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap().replace("send to ada", "send \\u001b[2J");
        std::fs::write(path, text).unwrap();
    }
    let why = on_pipes(&workspace, &["guards", "why", "sends", "--color", "always"], &[]);
    assert!(why.stdout.contains("send \\u{1b}[2J") && !why.stdout.contains("\x1b[2J"), "{}", why.stdout);
}
