//! Names with hyphens and dots, in a path with spaces.

use std::process::Command;

use resource_guards::uses;

fn says(program: &str) -> String {
    String::from_utf8(Command::new(program).output().unwrap().stdout).unwrap()
}

#[uses(docker-compose)]
#[test]
fn a_hyphenated_program_is_declared() {
    assert_eq!(says("docker-compose"), "the real docker-compose");
}

#[test]
fn a_hyphenated_program_is_not_declared() {
    assert_eq!(says("docker-compose"), "");
}

#[uses(python)]
#[test]
fn a_program_with_a_dot_is_declared_by_the_name_of_its_resource() {
    assert_eq!(says("python3.11"), "the real python3.11");
}

#[test]
fn a_program_with_a_dot_is_not_declared() {
    assert_eq!(says("python3.11"), "");
}
