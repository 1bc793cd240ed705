//! Programs that are there, and cannot be run, and one whose name is difficult.

use std::process::Command;

use resource_guards::uses;

resource_guards::install!(
    guard_binary::Binary("dangling"),
    guard_binary::Binary("unexecutable"),
    guard_binary::Binary("folder"),
    guard_binary::Binary("a good 'one'.2").resource("good"),
);

/// The exit code, and what is said.
fn run(program: &str) -> (Option<i32>, String) {
    let output = Command::new(program).arg("x").output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[uses(dangling)]
#[test]
fn a_dangling_link() {
    let (code, said) = run("dangling");
    println!("{said}");
    assert_eq!(code, Some(127));
}

#[uses(unexecutable)]
#[test]
fn a_file_that_cannot_be_executed() {
    let (code, said) = run("unexecutable");
    println!("{said}");
    assert_eq!(code, Some(127));
}

#[uses(folder)]
#[test]
fn a_folder() {
    let (code, said) = run("folder");
    println!("{said}");
    assert_eq!(code, Some(127));
}

#[uses(good)]
#[test]
fn a_good_one() {
    assert_eq!(run("a good 'one'.2"), (Some(3), "good x\n".to_owned()));
}

#[test]
fn an_undeclared_dangling_link() {
    assert_eq!(run("dangling").0, Some(127));
}

#[uses(dangling)]
#[test]
fn an_unused_dangling_link() {}
