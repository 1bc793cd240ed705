//! Declarations from what only the kernel saw: clean under `--strict`, and not called unused where it does not watch.

use std::fs;
use std::path::Path;

use super::world::World;
use crate::support::{ENGINES, ran};

const TESTS: &str = r#"
use resource_guards::uses;
use std::process::Command;

resource_guards::install!(guard_binary::Binary("git"), guard_binary::Binary("env"));

fn version(git: &str) {
    assert!(Command::new(git).arg("--exec-path").status().unwrap().success());
}

#[test]
fn by_its_name() {
    version("git");
}

#[test]
fn by_its_path() {
    version("/usr/bin/git");
}

#[test]
fn by_both() {
    version("git");
    version("/usr/bin/git");
}

#[test]
fn without_an_environment() {
    let mut env = Command::new("env");
    assert!(env.args(["-i", "/usr/bin/git", "--exec-path"]).status().unwrap().success());
}

#[uses(git("status"))]
#[test]
fn one_target_by_its_path() {
    assert!(Command::new("git").args(["status", "--short"]).status().unwrap().success());
    assert!(Command::new("/usr/bin/git").args(["log", "-1"]).status().unwrap().success());
}

#[test]
fn nothing() {}

#[test]
#[ignore]
fn leaves_somebody_behind() {
    Command::new("/bin/sh").args(["-c", "exec >/dev/null 2>&1; sleep 1; exec /usr/bin/git --exec-path"]).spawn().unwrap();
}

#[test]
#[ignore]
fn takes_its_time() {
    std::thread::sleep(std::time::Duration::from_secs(3));
}
"#;

fn world() -> World {
    world_of(&[("git", TESTS)])
}

/// A package with these integration tests.
fn world_of(tests: &[(&str, &str)]) -> World {
    World::of("strict", |root| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = format!(
            "[package]\nname = 'hidden'\nversion = '0.0.0'\nedition = '2024'\n[workspace]\n[dev-dependencies]\n\
             resource-guards.path = {:?}\nguard-binary.path = {:?}\n",
            workspace.join("core"),
            workspace.join("adapters/binary")
        );
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir_all(root.join("tests")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.join("src/lib.rs"), "").unwrap();
        for (name, text) in tests {
            fs::write(root.join(format!("tests/{name}.rs")), text).unwrap();
        }
    })
}

/// A declaration of what nothing watches would end every run of the binary.
#[test]
fn an_audit_declares_nothing_where_no_guard_of_the_binary_watches_it() {
    const VERSION: &str = r#"
#[test]
fn version() {
    assert!(std::process::Command::new("git").arg("--exec-path").status().unwrap().success());
}
"#;
    let watched = format!("resource_guards::install!(guard_binary::Binary(\"git\"));\n{VERSION}");
    let other = format!("resource_guards::install!(guard_binary::Binary(\"env\"));\n{VERSION}");
    let world = world_of(&[("watched", &watched), ("other", &other), ("none", VERSION)]);
    for engine in ENGINES {
        world.git(&["checkout", "--quiet", "--", "."]);
        let audit = world.run(&["guards", "audit", "--engine", engine]);
        assert_eq!(audit.code, 0, "{}{}", audit.stdout, audit.stderr);
        let said = world.fix(&[]);
        assert_eq!(world.git(&["diff", "--name-only"]), "tests/watched.rs\n", "{said}");
        for binary in ["other", "none"] {
            let left = format!("left: test `version` of hidden::{binary}: add `git`");
            assert!(said.contains(&left) && said.contains("no guard of its test binary watches git"), "{said}");
        }
        assert_eq!(world.run(&["guards", "test", "--engine", engine]).code, 0);
    }
}

#[test]
fn what_only_the_kernel_sees_is_declared_as_what_may_stay_unused() {
    let world = world();
    for engine in ENGINES {
        world.git(&["checkout", "--quiet", "--", "."]);
        let mut observe = world.command(&["guards", "test", "--strict", "--engine", engine]);
        observe.env("RESOURCE_GUARDS", "observe");
        assert_eq!(ran(observe).code, 0);
        let said = world.fix(&[]);
        let text = world.read("tests/git.rs");
        for declared in [
            "uses(git)]\n#[test]\nfn by_its_name",
            "uses(may(git = \"only --strict sees it\"))]\n#[test]\nfn by_its_path",
            "uses(git)]\n#[test]\nfn by_both",
            "#[uses(may(git(\"status\", \"log\") = \"only --strict sees it\"))]\n#[test]\nfn one_target_by_its_path",
            "uses(env, may(git = \"only --strict sees it\"))]\n#[test]\nfn without_an_environment",
        ] {
            assert!(text.contains(declared), "{engine}: {declared}: {said}{text}");
        }
        assert_eq!(text.matches("uses(").count(), 5, "{engine}: {text}");
        for strict in [&["--strict"][..], &[]] {
            let clean = world.run(&[&["guards", "test", "--engine", engine], strict].concat());
            let is_clean = clean.code == 0 && clean.stderr.contains("guards: no violations");
            assert!(is_clean, "{engine} {strict:?}: {}{}", clean.stdout, clean.stderr);
            let idle = world.run(&["guards", "fix", "--check", "--allow-dirty"]);
            assert_eq!(idle.code, 0, "{engine} {strict:?}: {}", idle.stderr);
        }
    }
}

#[test]
fn what_is_used_after_a_test_has_ended_is_not_declared() {
    // `cargo test` has plain tests in one process, which ends with the last of them.
    let world = world();
    let late = world.run(&["guards", "test", "--strict", "--engine", "nextest", "--", "--run-ignored", "only"]);
    assert!(late.stderr.contains("used `git` without declaring it, after it had ended"), "{}", late.stderr);
    let left = world.run(&["guards", "fix", "--check"]);
    assert_eq!(left.code, 0, "{}", left.stderr);
    assert!(left.stderr.contains("why: no declaration holds after the end of a test"), "{}", left.stderr);
}
