//! Where the wrappers are.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use resource_guards::uses;

/// The first directory on PATH, which is the wrappers'.
fn wrappers() -> PathBuf {
    std::env::split_paths(&std::env::var_os("PATH").unwrap()).next().unwrap()
}

fn say_where_they_are() {
    let wrapper = wrappers().join("talkative");
    println!("wrapper {} {}", std::fs::metadata(&wrapper).unwrap().ino(), wrapper.display());
}

#[uses()]
#[test]
fn one_test_sees_the_wrappers() {
    say_where_they_are();
}

#[uses()]
#[test]
fn another_test_sees_the_wrappers() {
    say_where_they_are();
}

#[test]
fn a_plain_test_sees_the_wrappers() {
    say_where_they_are();
}

#[uses()]
#[test]
fn the_rest_of_the_path_is_as_it_was() {
    let path = std::env::var("PATH").unwrap();
    let rest = path.strip_prefix(&format!("{}:", wrappers().display())).unwrap();
    assert_eq!(rest, std::env::var("PATH_OF_THE_USER").unwrap());
}

#[uses()]
#[test]
fn wrappers_are_for_their_user_only() {
    assert_eq!(std::fs::metadata(wrappers().join("talkative")).unwrap().mode() & 0o777, 0o700);
}
