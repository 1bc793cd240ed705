//! Tests and fixtures that break their word, one mistake each. Every one of them but the first would be green without
//! the guards.

use std::path::Path;

use resource_guards::{Fixture, fixture_uses, uses};
use tempfile::TempDir;

use crate::fixtures::{git, repository};

#[uses(git)]
#[test]
fn undeclared_use() {
    let repository = repository();
    demo::run(repository.path(), "tar", &["-cf", "backup.tar", ".git"]).unwrap();
}

#[uses(git)]
#[test]
fn undeclared_use_swallowed() {
    // The code under test hides the failure. The log does not.
    let _ = demo::pack_if_possible(repository().path());
}

#[uses(git("init"))]
#[test]
fn undeclared_subcommand() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet"]);
    let _ = demo::run(dir.path(), "git", &["fsck"]);
}

#[uses(git, tmux)]
#[test]
fn unused_declaration() {
    assert!(repository().path().is_dir());
}

#[uses()]
#[test]
fn undeclared_fixture() {
    assert!(repository().path().is_dir());
}

#[fixture_uses(git)]
fn packs_and_hides_it() -> Fixture<TempDir> {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet"]);
    Fixture::with_teardown(dir, |dir| {
        let _ = demo::pack_if_possible(dir.path());
    })
}

#[uses(git)]
#[test]
fn fixture_undeclared_use() {
    let _ = packs_and_hides_it();
}

#[fixture_uses(git, tar)]
fn never_packs() -> Fixture<TempDir> {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet"]);
    Fixture::new(dir)
}

#[uses(git, tar)]
#[test]
fn fixture_unused_declaration() {
    let _ = never_packs();
}

#[test]
fn in_a_plain_test() {
    let _ = demo::run(Path::new("."), "tmux", &["-V"]);
}

#[uses(git)]
#[test]
fn ended_early() {
    git(Path::new("."), &["--version"]);
    std::process::exit(0);
}
