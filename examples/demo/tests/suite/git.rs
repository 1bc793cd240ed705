//! Tests of git that keep their word.

use resource_guards::uses;

use crate::fixtures::{commit, git, repository};

#[uses(git)]
#[test]
fn a_commit_is_in_the_log() {
    let repository = repository();
    commit(repository.path(), "the second commit");
    assert_eq!(git(repository.path(), &["log", "--format=%s"]), "the second commit\nthe first commit\n");
}

/// Narrower than a resource: only this first argument.
#[uses(git("init"))]
#[test]
fn a_new_repository_has_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet"]);
    assert!(dir.path().join(".git").is_dir());
}

#[test]
fn a_plain_test_uses_nothing() {
    assert_eq!("refs/heads/main".rsplit('/').next(), Some("main"));
}
