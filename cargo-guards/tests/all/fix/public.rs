//! Crates of others, which know nothing of guards: their tests spawn programs. Guards are put in, the tests observed, the
//! declarations written, and then nothing is left to say, under `--strict` neither.
//!
//! Cargo gets their sources when this test runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::world::{World, files};
use crate::support::{ENGINES, ran};

struct Public {
    name: &'static str,
    version: &'static str,
    /// The files of its test binaries' roots.
    roots: &'static [&'static str],
    programs: &'static [&'static str],
    /// A time that a busy machine exceeds, and a longer one: the file, and both.
    patience: Option<(&'static str, &'static str, &'static str)>,
    /// Tests that must declare, by the file of their functions.
    declares: &'static [(&'static str, &'static str)],
}

const PUBLIC: [Public; 2] = [
    Public {
        name: "subprocess",
        version: "=0.2.9",
        roots: &["src/lib.rs"],
        // Not `env`, into whose empty environment the shell of a wrapper puts PWD; not `sh`, whose name one test changes; and
        // not `sleep`, which some tests kill before its wrapper can say that it was there.
        programs: &["cat", "echo", "false", "grep", "printf", "sort", "touch", "true", "uniq", "wc"],
        patience: Some(("src/tests/common.rs", "from_millis(450)", "from_secs(45)")),
        declares: &[
            ("src/tests/common.rs", "#[resource_guards::uses(true)]\n#[test]\nfn good_cmd() {"),
            ("src/tests/builder.rs", "fn pipeline_open() {"),
        ],
    },
    Public {
        name: "run_script",
        version: "=0.11.2",
        roots: &[
            "src/lib.rs",
            "tests/run_script_macro_test.rs",
            "tests/run_test.rs",
            "tests/spawn_script_macro_test.rs",
            "tests/run_script_or_exit_macro_test.rs",
        ],
        programs: &["cat", "echo", "ls", "pwd", "sh", "sleep"],
        patience: None,
        declares: &[("src/lib_test.rs", "#[resource_guards::uses(sh)]\n#[test]\nfn run_test() {")],
    },
];

/// The run that `fix` learns from.
#[derive(Debug, Clone, Copy)]
enum Evidence {
    /// By the guards.
    Observed,
    /// By the guards and the kernel.
    Strict,
    /// By the kernel alone.
    Audited,
}

impl Evidence {
    fn collect(self, world: &World, words: &[&str]) {
        match self {
            Self::Observed => drop(world.observe(words)),
            Self::Strict => drop(world.observe(&[words, &["--strict"]].concat())),
            Self::Audited => {
                let audit = world.run(&[&["guards", "audit"], words].concat());
                assert_eq!(audit.code, 0, "{}{}", audit.stdout, audit.stderr);
            }
        }
    }
}

/// Where cargo has put the sources of the crates.
fn fetched(temp: &Path) -> Vec<PathBuf> {
    let dependencies: String =
        PUBLIC.iter().map(|public| format!("{} = {:?}\n", public.name, public.version)).collect();
    fs::create_dir(temp.join("src")).unwrap();
    fs::write(temp.join("src/lib.rs"), "").unwrap();
    let package = format!("[package]\nname = 'fetches'\nedition = '2024'\n[dependencies]\n{dependencies}[workspace]\n");
    fs::write(temp.join("Cargo.toml"), package).unwrap();
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--format-version=1", "--quiet"]).current_dir(temp);
    let metadata = ran(cargo);
    assert_eq!(metadata.code, 0, "{}", metadata.stderr);
    let metadata: Value = serde_json::from_str(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let folder = |public: &Public| {
        let package = packages.iter().find(|package| package["name"] == public.name).unwrap();
        Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
    };
    PUBLIC.iter().map(folder).collect()
}

/// Copies a crate and puts guards in.
fn guarded(public: &Public, from: &Path, to: &Path) {
    for file in files(from).into_iter().filter(|file| !file.ends_with("Cargo.lock")) {
        fs::create_dir_all(to.join(&file).parent().unwrap()).unwrap();
        fs::write(to.join(&file), fs::read(from.join(&file)).unwrap()).unwrap();
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = to.join("Cargo.toml");
    let mut text = fs::read_to_string(&manifest).unwrap();
    for (name, folder) in [("resource-guards", "core"), ("guard-binary", "adapters/binary")] {
        text.push_str(&format!("\n[dev-dependencies.{name}]\npath = {:?}\n", workspace.join(folder)));
    }
    fs::write(manifest, text).unwrap();
    if let Some((file, short, long)) = public.patience {
        let file = to.join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(short), "{}", file.display());
        fs::write(file, text.replace(short, long)).unwrap();
    }
    let guards: Vec<String> =
        public.programs.iter().map(|program| format!("guard_binary::Binary({program:?})")).collect();
    for root in public.roots {
        let root = to.join(root);
        let text = fs::read_to_string(&root).unwrap();
        fs::write(root, format!("{text}\n#[cfg(test)]\nresource_guards::install!({});\n", guards.join(", "))).unwrap();
    }
}

#[test]
fn two_public_crates_are_declared_for_and_then_clean() {
    let temp = tempfile::tempdir().unwrap();
    let folders = fetched(temp.path());
    let world = World::of("public", |root| {
        let members =
            "[workspace]\nresolver = '3'\nmembers = ['subprocess', 'run_script']\n[profile.dev]\ndebug = false\n";
        fs::write(root.join("Cargo.toml"), members).unwrap();
        for (public, folder) in PUBLIC.iter().zip(&folders) {
            guarded(public, folder, &root.join(public.name));
        }
    });
    for engine in ENGINES {
        for evidence in [Evidence::Observed, Evidence::Strict, Evidence::Audited] {
            world.git(&["checkout", "--quiet", "--", "."]);
            let words = ["--workspace", "--tests", "--engine", engine];
            let case = format!("{engine}, {evidence:?}");
            evidence.collect(&world, &words);
            let said = world.fix(&[]);
            for Public { name, declares, .. } in &PUBLIC {
                for (file, text) in *declares {
                    assert!(world.read(&format!("{name}/{file}")).contains(text), "{case}: {file}: {said}");
                }
            }
            let changed = world.git(&["diff", "--numstat"]);
            assert!(changed.lines().count() >= 3, "{changed}");
            let removed: BTreeSet<&str> = changed.lines().map(|line| line.split('\t').nth(1).unwrap()).collect();
            assert_eq!(removed, BTreeSet::from(["0"]), "lines are only added: {changed}");

            for strict in [&["--strict"][..], &[]] {
                let clean = world.run(&[&["guards", "test", "--no-fail-fast"], &words[..], strict].concat());
                assert_eq!(clean.code, 0, "{case} {strict:?}: {}{}", clean.stdout, clean.stderr);
                assert!(clean.stderr.contains("guards: no violations"), "{case} {strict:?}: {}", clean.stderr);
                let idle = world.run(&["guards", "fix", "--check"]);
                assert_eq!(idle.code, 0, "{case} {strict:?}: {}", idle.stderr);
            }
            println!("{case}: {}", said.matches("fixed: ").count());
        }
    }
}
