//! `cargo guards completions`, as a shell has them that has read the script.

use std::fs;
use std::process::Command;

use crate::support::ran;

fn script(shell: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    let ran = ran({
        command.args(["completions", shell]);
        command
    });
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout
}

/// What a bash offers for a line whose last word is being typed, after it has run `before` and read the script, twice.
fn offered(before: &str, words: &[&str]) -> Vec<String> {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("completions.bash");
    fs::write(&file, script("bash")).unwrap();
    let asks = r#"
        set -u
        source "$FILE" && source "$FILE" || exit 9
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        [[ $(complete -p "$1") =~ ' -F '([^ ]+) ]] || exit 8
        "${BASH_REMATCH[1]}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "--noprofile", "-c", &format!("{before}\n{asks}"), "bash"]).args(words).env("FILE", &file);
    let ran = ran(bash);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
    ran.stdout.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values_also_behind_cargo() {
    for program in [&["cargo-guards"][..], &["cargo", "guards"], &["cargo", "+nightly", "guards"]] {
        let line = |rest: &[&'static str]| [program, rest].concat();
        assert_eq!(offered("", &line(&["te"])), ["test"], "{program:?}");
        assert_eq!(offered("", &line(&["re"])), ["report"]);
        assert_eq!(offered("", &line(&["report", "--ju"])), ["--junit"]);
        assert_eq!(offered("", &line(&["report", "--color", "al"])), ["always"]);
        assert_eq!(offered("", &line(&["completions", "z"])), ["zsh"]);
        let options = offered("", &line(&["test", "--"]));
        assert!(["--no-fail-fast", "--engine", "--release"].iter().all(|one| options.iter().any(|o| o == one)));
    }
}

#[test]
fn what_completed_cargo_before_still_does() {
    let before = "_cargo() { COMPREPLY=(\"before:$2\"); }; complete -F _cargo cargo";
    assert_eq!(offered(before, &["cargo", "te"]), ["before:te"]);
    assert_eq!(offered(before, &["cargo", "test", "--re"]), ["before:--re"]);
    assert_eq!(offered(before, &["cargo", "gu"]), ["before:gu", "guards"]);
    assert_eq!(offered("", &["cargo", "gu"]), ["guards"]);
    assert_eq!(offered(before, &["cargo", "guards", "wh"]), ["why"]);
}

#[test]
fn every_shell_that_is_offered_has_a_script_and_others_are_a_usage_error() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(script(shell).contains("cargo-guards"), "{shell}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-guards"));
    let wrong = ran({
        command.args(["completions", "csh"]);
        command
    });
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{}", wrong.stderr);
}
