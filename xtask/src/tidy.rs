//! What must hold of the repository as a whole.

use std::fs;

use crate::run;

/// No user of the core, or of the guard of programs, pays for an async runtime or for a client.
#[test]
fn the_core_links_no_runtime_and_no_client() {
    for package in ["resource-guards", "guard-binary"] {
        let tree = run::captured(&mut run::cargo(&[
            "tree",
            "--offline",
            "--edges=normal",
            "--prefix=none",
            "--format={p}",
            "--package",
            package,
        ]))
        .expect("cargo tree");
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        for heavy in ["tokio", "hyper", "reqwest", "bollard", "tonic"] {
            assert!(
                !tree.lines().any(|line| line.split(' ').next() == Some(heavy)),
                "{package} links {heavy}:\n{tree}"
            );
        }
    }
}

/// A newcomer needs nothing else.
#[test]
fn the_readme_names_the_two_commands_on_its_first_screen() {
    let readme = fs::read_to_string(run::root().join("README.md")).expect("README.md");
    let screen: Vec<&str> = readme.lines().take(60).collect();
    for command in ["cargo xtask demo", "cargo xtask test"] {
        assert!(screen.iter().any(|line| line.starts_with(command)), "{command} is not on the first screen");
    }
}

/// What is measured is what users are told to write.
#[test]
fn the_readme_advises_the_profile_that_the_bench_measures() {
    let packages = |file: &str, profile: &str| -> Vec<(String, String)> {
        let text = fs::read_to_string(run::root().join(file)).expect(file);
        let lines: Vec<&str> = text.lines().collect();
        let begin = format!("[profile.{profile}.package.");
        let package = |pair: &[&str]| {
            let (name, _) = pair[0].strip_prefix(&begin)?.split_once(']')?;
            Some((name.to_owned(), pair[1].to_owned()))
        };
        lines.windows(2).filter_map(package).collect()
    };
    let advised = packages("README.md", "dev");
    assert_eq!(advised, packages("Cargo.toml", "advised"));
    assert!(!advised.is_empty());
}
