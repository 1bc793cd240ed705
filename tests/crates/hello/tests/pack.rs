use std::fs;

use hello::pack;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

/// What the archive of a fresh file lists.
fn pack_a_file() -> String {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.txt");
    fs::write(&file, "a").unwrap();
    pack(&file).unwrap()
}

#[uses(tar)]
#[test]
fn a_declared_use_passes() {
    let listed = pack_a_file();
    println!("there are files in the archive: {listed}");
    assert_eq!(listed, "a.txt\n");
}

#[test]
fn an_undeclared_use_fails() {
    assert_eq!(pack_a_file(), "", "a refused program prints nothing");
}

#[uses(tar)]
#[test]
fn an_unused_declaration_fails() {}

#[test]
fn a_test_that_uses_nothing_passes() {}

#[test]
#[ignore = "takes too long"]
fn an_ignored_test_is_not_run() {
    pack_a_file();
}
