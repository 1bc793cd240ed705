//! The flags of cargo that name targets: the selection, the engine and an audit have the same ones.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{ENGINES, Workspace, ran};

const MANIFEST: &str = "[package]\nname = \"targets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [dev-dependencies]\nresource-guards = { path = \"@ROOT@/core\" }\n";

/// A target with a test that declares and one that does not.
fn source(name: &str) -> String {
    format!(
        "#[cfg(test)]\nmod tests {{\n    use resource_guards::{{Resource, uses}};\n\n    \
         static MAIL: Resource = Resource::new(\"mail\");\n    resource_guards::install!(&MAIL);\n\n    \
         #[uses(mail)]\n    #[test]\n    fn {name}_sends() {{\n        MAIL.enforce(|| \"send\").unwrap();\n    }}\n\n    \
         #[test]\n    fn {name}_adds() {{\n        if std::env::var_os(\"SENDS\").is_some() {{\n            \
         MAIL.enforce(|| \"send\").unwrap();\n        }}\n    }}\n}}\n"
    )
}

fn workspace() -> Workspace {
    let targets = [
        ("src/lib.rs", "lib"),
        ("tests/it.rs", "it"),
        ("examples/first.rs", "first"),
        ("examples/second.rs", "second"),
        ("benches/slow.rs", "slow"),
        ("benches/fast.rs", "fast"),
    ];
    let file = |(file, name): (&'static str, &str)| {
        let main = if file.starts_with("examples") { "#[allow(dead_code)]\nfn main() {}\n\n" } else { "" };
        (file, main.to_owned() + &source(name))
    };
    let files: Vec<_> = targets.map(file).into_iter().chain([("Cargo.toml", MANIFEST.to_owned())]).collect();
    Workspace::of("targets", &files)
}

/// The targets whose tests stand in a list of JSON under this key.
fn targets(text: &str, ends: &str) -> BTreeSet<String> {
    let json: Value = serde_json::from_str(text).expect(text);
    let names = json["tests"].as_array().unwrap().iter().map(|test| test["name"].as_str().unwrap());
    names.filter_map(|name| Some(name.rsplit("::").next()?.strip_suffix(ends)?.to_owned())).collect()
}

#[test]
fn benchmarks_and_examples_are_targets_as_others_are() {
    let workspace = workspace();
    let run = |words: &[&str]| {
        let run = workspace.run(&[&["guards"], words].concat());
        assert_eq!(run.code, 0, "{words:?}: {}{}", run.stdout, run.stderr);
        run.stdout
    };
    for (flags, expected) in [
        (&[][..], &["it", "lib"][..]),
        (&["--examples"], &["first", "second"]),
        (&["--example", "first", "--lib"], &["first", "lib"]),
        // A library may have benchmarks too.
        (&["--benches"], &["fast", "lib", "slow"]),
        (&["--bench", "slow", "--bench", "fast"], &["fast", "slow"]),
        (&["--all-targets"], &["fast", "first", "it", "lib", "second", "slow"]),
    ] {
        let expected: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(targets(&run(&[&["list", "--format", "json"], flags].concat()), "_adds"), expected, "{flags:?}");
        for engine in ENGINES {
            for select in [&[][..], &["-m", "mail"]] {
                run(&[&["test", "--engine", engine], flags, select].concat());
                let report = run(&["report", "--json", "-"]);
                assert_eq!(targets(&report, "_sends"), expected, "{engine} {flags:?} {select:?}");
                let plain = if select.is_empty() { expected.clone() } else { BTreeSet::new() };
                assert_eq!(targets(&report, "_adds"), plain, "{engine} {flags:?} {select:?}");
            }
            let audit = run(&[&["audit", "--json", "-", "--engine", engine], flags].concat());
            assert_eq!(targets(&audit, "_adds"), expected, "{engine} {flags:?}");
        }
    }
}

#[test]
fn what_benchmarks_and_examples_use_is_declared_too() {
    let workspace = workspace();
    for engine in ENGINES {
        let mut command = workspace.command("", &["guards", "test", "--engine", engine, "--bench", "slow"]);
        command.args(["--example", "first"]).env("RESOURCE_GUARDS", "observe").env("SENDS", "1");
        let observed = ran(command);
        assert_eq!(observed.code, 0, "{engine}: {}", observed.stderr);
        let check = workspace.run(&["guards", "fix", "--check"]);
        assert_eq!(check.code, 6, "{engine}: {}", check.stderr);
        for found in ["benches/slow.rs:15: `slow_adds`: add mail\n", "examples/first.rs:18: `first_adds`: add mail\n"] {
            assert!(check.stderr.contains(found), "{engine}: {}", check.stderr);
        }
        assert!(!check.stderr.contains("left"), "{engine}: {}", check.stderr);
    }
}
