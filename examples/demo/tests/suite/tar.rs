//! Tests of tar that keep their word.

use std::fs;

use resource_guards::uses;

use crate::fixtures::repository;

#[uses(tar)]
#[test]
fn what_is_packed_can_be_unpacked() -> std::io::Result<()> {
    let (from, to) = (tempfile::tempdir()?, tempfile::tempdir()?);
    fs::write(from.path().join("a file"), "its text")?;
    let archive = to.path().join("archive.tar");
    demo::run(from.path(), "tar", &["-cf", &archive.to_string_lossy(), "."])?;
    demo::run(to.path(), "tar", &["-xf", "archive.tar"])?;
    assert_eq!(fs::read_to_string(to.path().join("a file"))?, "its text");
    Ok(())
}

/// The program is run by a shell, on another thread: the use is this test's all the same.
#[uses(tar)]
#[test]
fn a_grandchild_is_seen() {
    let version = std::thread::spawn(|| demo::run(".".as_ref(), "sh", &["-c", "tar --version | head -n 1"]));
    assert!(version.join().unwrap().unwrap().contains("tar"));
}

/// Two resources, one of them through a fixture.
#[uses(git, tar)]
#[test]
fn a_repository_can_be_packed() {
    assert!(demo::pack_if_possible(repository().path()));
}
