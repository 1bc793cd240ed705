//! `cargo guards audit` on projects that never heard of guards, and on one that has them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::fix::world::World;
use crate::support::{ENGINES, Ran, Workspace, ran};

const MANIFEST: &str = "[package]\nname = \"stranger\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [[test]]\nname = \"odd\"\nharness = false\n";

const TESTS: &str = r#"
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;

#[test]
fn adds() {
    assert_eq!(1 + 1, 2);
}

#[test]
fn asks_for_a_version_through_a_shell() {
    assert!(Command::new("sh").args(["-c", "/usr/bin/git --version && git --exec-path"]).status().unwrap().success());
}

#[test]
fn talks_to_a_database() {
    // Whoever answers is not asked: there may be nobody.
    let _ = TcpStream::connect("127.0.0.1:5432");
}

#[test]
fn serves_itself() {
    let listener = TcpListener::bind("[::1]:0").or_else(|_| TcpListener::bind("127.0.0.1:0")).unwrap();
    TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let path = std::env::temp_dir().join(format!("stranger-{}", std::process::id()));
    let _listener = UnixListener::bind(&path).unwrap();
    UnixStream::connect(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(b"x", "127.0.0.1:9").unwrap();
}

#[test]
fn asks_for_the_users_keys() {
    assert!(UnixStream::connect("/tmp/ssh-nobody/agent.1").is_err());
    let _ = Command::new("thread").spawn();
}

#[test]
fn leaves_somebody_behind() {
    Command::new("sleep").arg("3").spawn().unwrap();
}

#[test]
#[ignore]
fn is_ignored() {}
"#;

/// A project without guards. `odd` is the harness of its second binary.
fn stranger(odd: &str) -> Workspace {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/touching.rs", TESTS), ("tests/odd.rs", odd)];
    Workspace::of("stranger", &files.map(|(file, text)| (file, text.to_owned())))
}

/// A harness that lists its only test, as nextest asks it to.
const LISTS: &str = r#"
fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.iter().any(|word| word == "--list") {
        if !words.iter().any(|word| word == "--ignored") {
            println!("lists: test");
        }
        return;
    }
    assert!(std::process::Command::new("true").status().unwrap().success());
}
"#;

fn audit(workspace: &Workspace, words: &[&str]) -> (Value, Ran) {
    let run = ran(workspace.command("", &[&["guards", "audit", "--json", "-"], words].concat()));
    let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let schema = include_str!("../../schema/audit-1.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    (json, run)
}

/// Each test with what it touched: `resource kind what`. Ports of its own and process ids are left out.
fn touched(audit: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |one: &Value| {
        let alarm = if one["alarm"].is_null() { "" } else { "!" };
        let what = match text(&one["resource"]).as_str() {
            "loopback" | "own-sockets" => text(&one["how"]),
            // Where PATH has found it is the machine's.
            _ if one["kind"] == "program" => text(&one["given"]).rsplit('/').next().unwrap().to_owned(),
            _ => text(&one["peer"]),
        };
        format!("{alarm}{} {what}", text(&one["resource"]))
    };
    let uses = |test: &Value| {
        let uses: BTreeSet<String> = test["uses"].as_array().unwrap().iter().map(one).collect();
        uses.into_iter().collect()
    };
    let tests = audit["tests"].as_array().unwrap();
    tests.iter().map(|test| (format!("{} {}", text(&test["binary_id"]), text(&test["name"])), uses(test))).collect()
}

#[test]
fn a_project_that_never_heard_of_guards_is_told_test_by_test_under_both_engines() {
    let workspace = stranger(LISTS);
    for engine in ENGINES {
        let (json, run) = audit(&workspace, &["--engine", engine]);
        assert_eq!(run.code, 0, "{engine}: {}", run.stderr);
        let expected: &[(&str, &[&str])] = &[
            ("stranger::odd lists", &["unix true"]),
            ("stranger::touching adds", &[]),
            ("stranger::touching asks_for_a_version_through_a_shell", &["git git", "shell sh"]),
            ("stranger::touching asks_for_the_users_keys", &["!ssh-agent /tmp/ssh-nobody/agent.1"]),
            ("stranger::touching leaves_somebody_behind", &["unix sleep"]),
            ("stranger::touching serves_itself", &["loopback connect", "loopback send", "own-sockets connect"]),
            ("stranger::touching talks_to_a_database", &["postgres 127.0.0.1:5432"]),
        ];
        let found = touched(&json);
        let expected: Vec<(String, Vec<String>)> = expected
            .iter()
            .map(|(test, uses)| ((*test).to_owned(), uses.iter().map(|&one| one.to_owned()).collect()))
            .collect();
        assert_eq!(found, expected, "{engine}");
        let left = json["tests"].as_array().unwrap().iter().find(|test| test["name"] == "leaves_somebody_behind");
        assert_eq!(left.unwrap()["notes"], json!(["`sleep` outlived the test"]), "{engine}");
        assert_eq!(json["not_run"], json!([{ "binary_id": "stranger::touching", "tests": ["is_ignored"] }]));
        assert_eq!(json["proposal"]["install"], "resource_guards::install!(guard_binary::Binary(\"git\"));");
        assert_eq!(json["proposal"]["guards_toml"], "[resources.postgres]\ntcp = [\"127.0.0.1:5432\"]");
    }
}

#[test]
fn the_text_begins_with_what_stands_out_and_the_run_is_kept_for_other_commands() {
    let workspace = stranger(LISTS);
    let page = workspace.root().join("audit.html");
    let words = ["guards", "audit", "--html", page.to_str().unwrap(), "stranger"];
    let mut command = workspace.command("..", &words);
    command.env_remove("RESOURCE_GUARDS");
    let run = ran(command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let in_order = [
        "audit: 3 of 7 tests touch something outside",
        "What no test should need",
        "ssh-agent by stranger::touching asks_for_the_users_keys: /tmp/ssh-nobody/agent.1",
        "  talks_to_a_database\n    postgres     127.0.0.1:5432\n",
        "1 test touched nothing.",
        "1 test of stranger::touching did not run",
        "[resources.postgres]",
    ];
    let mut rest = run.stdout.as_str();
    for part in in_order {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not in\n{rest}")).1;
    }
    let html = std::fs::read_to_string(page).unwrap();
    for part in [
        "1 test touches what no test should need",
        "prefers-color-scheme:dark",
        "/tmp/ssh-nobody/agent.1",
        "[resources.postgres]",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(
        !html.contains("src=") && !html.contains("http://") && !html.contains("https://"),
        "it needs something else"
    );
    let why = workspace.run(&["guards", "why", "asks_for_a_version_through_a_shell"]);
    assert!(why.stdout.contains("git --exec-path"), "{}{}", why.stdout, why.stderr);
    let report: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
    let tests = report["tests"].as_array().unwrap();
    let git = tests.iter().find(|test| test["name"] == "asks_for_a_version_through_a_shell").unwrap();
    let mend = "add a guard of git to install! of its test binary, and add #[uses(git)] to it, or stop using git";
    assert_eq!(git["tries"][0]["violations"][0]["mend"], mend);
}

#[test]
fn a_harness_that_does_not_list_its_tests_is_told_as_a_whole_and_said_to_be() {
    let workspace = stranger("fn main() { std::process::Command::new(\"true\").status().unwrap(); }");
    let words = ["--engine", "cargo-test", "--test", "odd"];
    let (json, run) = audit(&workspace, &words);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let tests = json["tests"].as_array().unwrap();
    assert_eq!((tests.len(), &tests[0]["name"], &tests[0]["uses"][0]["resource"]), (1, &Value::Null, &json!("unix")));
    let run = workspace.run(&[&["guards", "audit"], &words[..]].concat());
    assert!(run.stdout.contains("which test of stranger::odd it was: they share a process"), "{}", run.stdout);
}

#[test]
fn guards_are_off_what_is_declared_is_not_undeclared_and_the_code_is_the_engines() {
    let workspace = Workspace::get();
    for (engine, code) in [("nextest", 100), ("cargo-test", 101)] {
        let mut command = workspace.command("", &["guards", "audit", "--engine", engine, "-p", "mail", "-p", "tools"]);
        command.args(["--json", "-", "--no-fail-fast"]).env("FAILS", "1").env("BROKEN", "always");
        let run = ran(command);
        assert_eq!(run.code, code, "{}", run.stderr);
        assert!(!run.stderr.contains("RESOURCE GUARD"), "{}", run.stderr);
        let report: Value = serde_json::from_str(&workspace.run(&["guards", "report", "--json", "-"]).stdout).unwrap();
        let tests = report["tests"].as_array().unwrap();
        let tar = tests.iter().find(|test| test["name"] == "asks_for_the_version").expect("tar");
        assert_eq!(tar["declares"][0]["resource"], "tar");
        assert_eq!(tar["verdict"], "unknown", "only the engine knows");
    }
}

#[test]
fn what_cannot_be_done_is_an_error_that_names_it() {
    let workspace = stranger(LISTS);
    let error = |words: &[&str]| {
        let run = workspace.run(&[&["guards", "audit"], words].concat());
        (run.code, run.stderr)
    };
    let (code, text) = error(&["no/such/folder"]);
    assert!(code == 1 && text.contains("cannot enter the project `no/such/folder`"), "{code} {text}");
    let (code, text) = error(&["src"]);
    assert_eq!(code, 0, "a folder of the project is the project: {text}");
    let (code, text) = error(&["--engine", "cargo-test", "--", "no_test_has_this_name"]);
    assert_eq!(code, 0, "as `cargo test` has it: {text}");
    let (code, _) = error(&["--no-such-flag"]);
    assert_eq!(code, 2);
}

#[test]
fn what_is_proposed_and_fixed_after_an_audit_is_clean_under_strict() {
    let tests = "mod tests {\n    #[test]\n    fn asks_git() {\n        let git = std::process::Command::new(\"/usr/bin/env\").args([\"git\", \
        \"--exec-path\"]).status();\n        assert!(git.unwrap().success());\n    }\n\n    #[test]\n    fn asks_by_path() {\n        let git = std::process::Command::new(\"/usr/bin/git\")\
        .arg(\"--exec-path\").status();\n        assert!(git.unwrap().success());\n    }\n\n    #[test]\n    fn adds() {}\n}\n";
    let world = World::of("newcomer", |root| {
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let manifest = format!(
            "[package]\nname = \"newcomer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dev-dependencies]\n\
             resource-guards = {{ path = {:?} }}\nguard-binary = {{ path = {:?} }}\n",
            format!("{sources}/core"),
            format!("{sources}/adapters/binary")
        );
        std::fs::create_dir_all(root.join("src")).unwrap();
        std::fs::write(root.join("Cargo.toml"), manifest).unwrap();
        std::fs::write(root.join("src/lib.rs"), format!("#[cfg(test)]\n{tests}")).unwrap();
    });
    let audit = world.run(&["guards", "audit", "--json", "-"]);
    let found: Value = serde_json::from_str(&audit.stdout).expect(&audit.stderr);
    let install = found["proposal"]["install"].as_str().expect(&audit.stdout);
    world.write("src/lib.rs", format!("#[cfg(test)]\n{install}\n#[cfg(test)]\n{tests}"));
    world.commit();
    // The lines have moved, so that it is to be seen once more.
    assert_eq!(world.run(&["guards", "audit"]).code, 0);
    let said = world.fix(&[]);
    assert!(said.contains("`asks_git`: add git"), "{said}");
    let text = world.read("src/lib.rs");
    assert_eq!(text.matches("uses(").count(), 2, "{text}");
    assert!(text.contains("uses(git)]\n    #[test]\n    fn asks_git"), "{text}");
    assert!(text.contains("uses(may(git = \"only --strict sees it\"))]\n    #[test]\n    fn asks_by_path"), "{text}");
    for strict in [&["--strict"][..], &[]] {
        let run = world.run(&[&["guards", "test"], strict].concat());
        assert!(run.code == 0 && run.stderr.contains("no violations"), "{strict:?}: {}", run.stderr);
    }
}
