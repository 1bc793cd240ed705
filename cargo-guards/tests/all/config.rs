//! Mistakes in `guards.toml`, each as the user sees it.

use std::fs;

use crate::support::{Workspace, with_guards_toml};

/// What `cargo guards test` says about a file, which must be the reason why it ends.
fn said(workspace: &Workspace, text: &str) -> String {
    let _file = with_guards_toml(workspace, text);
    let ran = workspace.run(&["guards", "test", "-p", "plain"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    ran.stderr.replace(&format!("{}/", workspace.root().display()), "")
}

#[test]
fn a_mistake_is_shown_with_file_line_and_caret() {
    let workspace = Workspace::get();
    let cases = [
        (
            "[resources.docker]\nmax-thread = 2\n",
            "\
error: unknown key `max-thread`
 --> guards.toml:2:1
  |
2 | max-thread = 2
  | ^^^^^^^^^^ did you mean `max-threads`?
",
        ),
        (
            "zzz = 1\n",
            "\
error: unknown key `zzz`
 --> guards.toml:1:1
  |
1 | zzz = 1
  | ^^^ known here are `unavailable`, `max-exceptions`, `resources`
",
        ),
        (
            "[resources.docker]\nmax-threads = \"2\"\n",
            "\
error: `max-threads` must be a whole number
 --> guards.toml:2:15
  |
2 | max-threads = \"2\"
  |               ^^^ this is a string
",
        ),
        (
            "[resources.docker]\nmax-threads = 0\n",
            "\
error: `max-threads` is out of range
 --> guards.toml:2:15
  |
2 | max-threads = 0
  |               ^ the least is 1
",
        ),
        (
            "unavailable = \"skp\"\n",
            "\
error: `skp` is no value of `unavailable`
 --> guards.toml:1:15
  |
1 | unavailable = \"skp\"
  |               ^^^^^ did you mean `skip`?
",
        ),
        (
            "[resources.Docker]\nmax-threads = 1\n",
            "\
error: `Docker` is no name of a resource
 --> guards.toml:1:12
  |
1 | [resources.Docker]
  |            ^^^^^^ names are lower case, [a-z][a-z0-9_-]*, and at most 64 characters long
",
        ),
        (
            "[resources.mytool]\nexec = \"mytool\"\n",
            "\
error: `exec` must be a list of strings
 --> guards.toml:2:8
  |
2 | exec = \"mytool\"
  |        ^^^^^^^^ this is a string
",
        ),
        (
            "[resources.mytool]\nexec = [\"/usr/bin/mytool\"]\n",
            "\
error: `/usr/bin/mytool` is no pattern for `exec`
 --> guards.toml:2:9
  |
2 | exec = [\"/usr/bin/mytool\"]
  |         ^^^^^^^^^^^^^^^^^ give the name under which PATH finds the program, without a folder
",
        ),
        (
            "[resources.mytool]\nunix = [\"run/mytool.sock\"]\n",
            "\
error: `run/mytool.sock` is no pattern for `unix`
 --> guards.toml:2:9
  |
2 | unix = [\"run/mytool.sock\"]
  |         ^^^^^^^^^^^^^^^^^ give an absolute path, such as `/run/tool.sock`, or `@name` of an abstract socket
",
        ),
        (
            "[resources.mytool]\ntcp = [\"example.org:99999\"]\n",
            "\
error: `example.org:99999` is no pattern for `tcp`
 --> guards.toml:2:8
  |
2 | tcp = [\"example.org:99999\"]
  |        ^^^^^^^^^^^^^^^^^^^ `99999` is no port: a number from 1 to 65535, or `*`
",
        ),
        (
            "[resources.mytool]\n",
            "\
error: nothing is said about `mytool`
 --> guards.toml:1:12
  |
1 | [resources.mytool]
  |            ^^^^^^ known here are `max-threads`, `exec`, `unix`, `tcp`
",
        ),
        (
            "resources.mytool.exec = [\"mytool\"]\n",
            "\
error: `mytool` is not described line by line
 --> guards.toml:1:11
  |
1 | resources.mytool.exec = [\"mytool\"]
  |           ^^^^^^ write the header `[resources.mytool]`, and below it `exec`, `unix` or `tcp` at the beginning of a line: test processes look for these lines
",
        ),
        (
            "[resources.b]\nexec = [\"tool\"]\n\n[resources.a]\nexec = [\"tool\"]\n",
            "\
error: `tool` belongs to `a` and to `b`
 --> guards.toml:5:9
  |
2 | exec = [\"tool\"]
  |         ------ it is here already
...
5 | exec = [\"tool\"]
  |         ^^^^^^ a use must belong to one resource: remove one of them
",
        ),
        (
            "max-exceptions = 1\nmax-exceptions = 2\n",
            "\
error: duplicate key
 --> guards.toml:2:1
  |
2 | max-exceptions = 2
  | ^^^^^^^^^^^^^^ remove one of them
",
        ),
    ];
    for (text, expected) in cases {
        let said = said(&workspace, text);
        let head = "error: cannot use `guards.toml`, which has a mistake:\n";
        assert_eq!(said, format!("{head}{expected}"), "{text}");
    }
}

#[test]
fn all_mistakes_are_shown_at_once_in_their_order() {
    let workspace = Workspace::get();
    let said = said(
        &workspace,
        "unavailable = 1\nmax-exceptions = -1\n[resources.z]\ntcp = [\"a\", 5]\nexec = []\n[resources.a]\nmax = 1\n",
    );
    assert!(said.starts_with("error: cannot use `guards.toml`, which has 6 mistakes:\n"), "{said}");
    let places: Vec<&str> = said.lines().filter_map(|line| line.trim().strip_prefix("--> guards.toml:")).collect();
    assert_eq!(places, ["1:15", "2:18", "4:8", "4:13", "5:8", "7:1"], "{said}");
}

#[test]
fn what_is_no_toml_is_shown_too_and_what_cannot_be_read_is_named() {
    let workspace = Workspace::get();
    let said = said(&workspace, "[resources.a]\nmax-threads = \nexec = [mytool]\n");
    let expected = "\
error: cannot use `guards.toml`, which has 2 mistakes:
error: string values must be quoted, expected literal string
 --> guards.toml:2:15
  |
2 | max-threads = 
  |               ^ this is no TOML
error: string values must be quoted, expected literal string
 --> guards.toml:3:9
  |
3 | exec = [mytool]
  |         ^^^^^^ this is no TOML
";
    assert_eq!(said, expected);
    let file = with_guards_toml(&workspace, "");
    fs::write(workspace.root().join("guards.toml"), b"unavailable = \"\xff\"").unwrap();
    let ran = workspace.run(&["guards", "test", "-p", "plain"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: cannot read `") && ran.stderr.contains("guards.toml`: "), "{}", ran.stderr);
    drop(file);
}

#[test]
fn it_is_shown_with_colours_only_where_they_are_wanted() {
    let workspace = Workspace::get();
    let _file = with_guards_toml(&workspace, "zzz = 1\n");
    let ran = workspace.run(&["guards", "--color", "always", "test", "-p", "plain"]);
    assert!(ran.stderr.contains("\x1b["), "{}", ran.stderr);
    assert!(!workspace.run(&["guards", "test", "-p", "plain"]).stderr.contains('\x1b'));
}

#[test]
fn a_file_beside_a_package_is_said_not_to_be_read() {
    let workspace = Workspace::get();
    let stray = workspace.root().join("plain/guards.toml");
    fs::write(&stray, "zzz").unwrap();
    let ran = workspace.run(&["guards", "test", "-p", "plain"]);
    fs::remove_file(&stray).unwrap();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("note: `{}` is not read; ", stray.display())), "{}", ran.stderr);
}

#[test]
fn a_program_that_a_guard_watches_as_another_resource_is_a_mistake_where_that_guard_is_built() {
    let workspace = Workspace::get();
    let _file = with_guards_toml(&workspace, "[resources.tar]\nexec = [\"tar\"]\n");
    assert_eq!(workspace.run(&["guards", "test", "-p", "tools"]).code, 0, "it is the same resource");
    drop(_file);
    let _file = with_guards_toml(&workspace, "[resources.archive]\nexec = [\"zip\", \"tar\"]\n");
    let ran = workspace.run(&["guards", "test", "-p", "tools"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    let said = ran.stderr.replace(&format!("{}/", workspace.root().display()), "");
    assert!(
        said.contains(
            "\
error: `tar` belongs to `archive`, and the guard `program tar` watches it for `tar`
 --> guards.toml:2:16
  |
2 | exec = [\"zip\", \"tar\"]
  |                ^^^^^ a use must belong to one resource: remove it here, or that guard from `install!`
"
        ),
        "{said}"
    );
    assert_eq!(workspace.run(&["guards", "test", "-p", "plain"]).code, 0, "no binary of it has that guard");
}
