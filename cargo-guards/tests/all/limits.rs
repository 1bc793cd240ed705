//! `max-threads` and `max-exceptions` of `guards.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::{ENGINES, Ran, Workspace, ran, with_guards_toml};

/// The names that tests of this workspace declare and no guard of it has.
const DESCRIBED: &str = "[resources.mytool]\nexec = [\"mytool\"]\n[resources.peer]\ntcp = [\"peer.example:443\"]\n";

/// Runs what uses the store or the queue with eight threads; how many tests used each at a time.
fn overlaps(workspace: &Workspace, engine: &str) -> BTreeMap<String, usize> {
    let temp = tempfile::tempdir().unwrap();
    let uses = temp.path().join("uses");
    let mut command = workspace.command("", &["guards", "test", "--engine", engine, "-m", "store or queue", "--"]);
    command.args(if engine == "nextest" { &["--test-threads=8"][..] } else { &["--", "--test-threads=8"] });
    command.env("USES", &uses);
    let run = ran(command);
    assert_eq!(run.code, 0, "{engine}: {}{}", run.stdout, run.stderr);
    most(&uses)
}

fn most(uses: &Path) -> BTreeMap<String, usize> {
    let mut now: BTreeMap<String, usize> = BTreeMap::new();
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for line in fs::read_to_string(uses).unwrap().lines() {
        let (sign, name) = line.split_at(1);
        let count = now.entry(name.to_owned()).or_default();
        if sign == "+" {
            *count += 1
        } else {
            *count -= 1
        }
        let seen = most.entry(name.to_owned()).or_default();
        *seen = (*seen).max(*count);
    }
    assert!(now.values().all(|count| *count == 0), "{now:?}");
    most
}

#[test]
fn no_more_tests_than_the_limit_use_a_resource_at_a_time() {
    let workspace = Workspace::services();
    for engine in ENGINES {
        let free = {
            let _file = with_guards_toml(&workspace, DESCRIBED);
            overlaps(&workspace, engine)
        };
        assert!(free["store"] > 2 && free["queue"] > 1, "without a limit they overlap: {engine}: {free:?}");
        let limits = "[resources.store]\nmax-threads = 2\n[resources.queue]\nmax-threads = 1\n";
        let _file = with_guards_toml(&workspace, &(DESCRIBED.to_owned() + limits));
        let limited = overlaps(&workspace, engine);
        assert_eq!((limited["store"], limited["queue"]), (2, 1), "{engine}");
    }
}

#[test]
fn the_limit_is_in_nextests_own_terms_too() {
    let workspace = Workspace::services();
    let limits = "[resources.store]\nmax-threads = 2\n[resources.queue]\nmax-threads = 1\n";
    let _file = with_guards_toml(&workspace, &(DESCRIBED.to_owned() + limits));
    let temp = tempfile::tempdir().unwrap();
    // What nextest is given, as it is at the moment when it is started.
    let seen = temp.path().join("seen");
    let shadow = temp.path().join("cargo-nextest");
    let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|dir| dir.join("cargo-nextest"))
        .find(|program| program.is_file())
        .unwrap_or_else(|| std::env::home_dir().unwrap().join(".cargo/bin/cargo-nextest"));
    let script = format!(
        "#!/bin/sh\nfor word; do case $word in cargo-guards:*) cat \"${{word#*:}}\" >'{}' ;; esac; done\n\
         shift 2\nset -- nextest show-config test-groups --tool-config-file \"cargo-guards:{}\"\nexec '{}' \"$@\"\n",
        seen.display(),
        seen.display(),
        real.display()
    );
    fs::write(&shadow, script).unwrap();
    fs::set_permissions(&shadow, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = workspace.command("", &["guards", "test", "--engine", "nextest"]);
    let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).unwrap().to_owned();
    let dirs = std::iter::once(temp.path().to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(dirs).unwrap());
    let shown = ran(command);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let groups: Vec<&str> = shown.stdout.lines().filter(|line| line.starts_with("group: ")).collect();
    assert_eq!(
        groups,
        ["group: @tool:cargo-guards:queue (max threads = 1)", "group: @tool:cargo-guards:store (max threads = 2)"],
        "{}",
        shown.stdout
    );
    let tests: Vec<&str> = shown.stdout.lines().map(str::trim).filter(|line| line.starts_with("tests::")).collect();
    assert_eq!(tests.len(), 3 + 5, "queues and both; stores and may: {}", shown.stdout);
}

#[test]
fn a_limit_of_a_name_that_nobody_knows_is_a_mistake_if_another_is_near() {
    let workspace = Workspace::services();
    let run = |text: &str, words: &[&str]| {
        let _file = with_guards_toml(&workspace, &(DESCRIBED.to_owned() + text));
        workspace.run(&[&["guards", "list"], words].concat())
    };
    let near = run("[resources.sotre]\nmax-threads = 1\n", &[]);
    assert_eq!((near.code, near.stdout.as_str()), (2, ""), "{}", near.stderr);
    let expected = "\
error: no guard watches `sotre`, and it is not described
 --> guards.toml:5:12
  |
5 | [resources.sotre]
  |            ^^^^^ did you mean `store`?
";
    assert!(near.stderr.ends_with(expected), "{}", near.stderr);
    let far = run("[resources.zzz]\nmax-threads = 1\n", &[]);
    assert_eq!(far.code, 0, "{}", far.stderr);
    assert!(far.stderr.contains("note: no guard watches `zzz`"), "{}", far.stderr);
    let part = run("[resources.sotre]\nmax-threads = 1\n", &["-p", "two"]);
    assert_eq!(part.code, 0, "a guard of another package may watch it: {}", part.stderr);
}

/// One package, with a guard of `git`, and a target that is not built without a feature.
fn with_a_feature() -> Workspace {
    let manifest = "[package]\nname = \"featured\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
        [features]\nmore = []\nless = []\ndefault = [\"less\"]\n\n\
        [[test]]\nname = \"more\"\nrequired-features = [\"more\"]\n\n\
        [dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\n";
    let tests = "static GIT: resource_guards::Resource = resource_guards::Resource::new(\"git\");\n\
        resource_guards::install!(&GIT);\n\n#[resource_guards::uses(git)]\n#[test]\nfn commits() {\n    \
        GIT.enforce(|| \"commit\").unwrap();\n}\n";
    let files = [
        ("Cargo.toml", manifest),
        ("src/lib.rs", "#[test]\nfn adds() {}\n"),
        ("tests/git.rs", tests),
        ("tests/more.rs", ""),
    ];
    Workspace::of("featured", &files.map(|(file, text)| (file, text.to_owned())))
}

#[test]
fn two_letters_in_the_wrong_order_are_a_mistake_in_all_that_a_plain_build_builds() {
    let workspace = with_a_feature();
    let _file = with_guards_toml(&workspace, "[resources.gti]\nmax-threads = 1\n");
    let expected = "\
error: no guard watches `gti`, and it is not described
 --> guards.toml:1:12
  |
1 | [resources.gti]
  |            ^^^ did you mean `git`?
";
    for words in [
        &["list"][..],
        &["list", "--all-features"],
        &["test", "--engine", "nextest"],
        &["test", "--engine", "cargo-test"],
    ] {
        let run = workspace.run(&[&["guards"], words].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words:?}: {}", run.stderr);
        assert!(run.stderr.ends_with(expected), "{words:?}: {}", run.stderr);
    }
    for part in [&["--lib"][..], &["--test", "git"], &["--no-default-features"], &["--features", "more"]] {
        let run = workspace.run(&[&["guards", "list"], part].concat());
        assert!(run.code == 0 && !run.stderr.contains("gti"), "{part:?}: {}", run.stderr);
    }
}

fn with_ceiling(workspace: &Workspace, max: usize, words: &[&str]) -> Ran {
    let _file = with_guards_toml(workspace, &format!("max-exceptions = {max}\n{DESCRIBED}"));
    workspace.run(&[&["guards", "test", "-m", "store", "--engine", "cargo-test"], words].concat())
}

#[test]
fn more_exceptions_than_the_ceiling_fail_and_fewer_are_a_note() {
    let workspace = Workspace::services();
    let over = with_ceiling(&workspace, 0, &[]);
    assert_eq!((over.code, over.stdout.as_str()), (3, ""), "{}", over.stderr);
    let (_, said) = over.stderr.split_once("error: too many exceptions\n").expect(&over.stderr);
    let expected = "\
error: there is 1 exception, and `max-exceptions` is 0
 --> guards.toml:1:18
  |
1 | max-exceptions = 0
  |                  ^ remove an exception, or raise this where it is reviewed
  may(store = \"only on a cold cache\") at one/src/lib.rs:";
    assert!(said.starts_with(expected), "{said}");
    let under = with_ceiling(&workspace, 5, &[]);
    assert_eq!(under.code, 0, "{}", under.stderr);
    assert!(under.stderr.contains("^ lower it to 1\n"), "{}", under.stderr);
    let part = with_ceiling(&workspace, 5, &["-p", "two"]);
    assert_eq!(part.code, 0, "{}", part.stderr);
    assert!(!part.stderr.contains("lower it"), "other packages may have more: {}", part.stderr);
    let exact = with_ceiling(&workspace, 1, &[]);
    assert_eq!(exact.code, 0, "{}", exact.stderr);
    assert!(!exact.stderr.contains("max-exceptions"), "{}", exact.stderr);
}
