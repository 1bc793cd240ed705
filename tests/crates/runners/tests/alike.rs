//! Tests that pass, with guards and without, and whose runs look the same.
#![forbid(unsafe_code)]

#[cfg(feature = "guards")]
resource_guards::install!(guard_binary::Binary("tar"));

use std::process::Command;

/// What tar prints.
fn tar(argument: &str) -> String {
    let output = Command::new("tar").arg(argument).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
fn speaks() {
    for n in 1..=3 {
        println!("line {n} for standard output");
        eprintln!("line {n} for standard error");
    }
    print!("no line feed");
}

#[cfg_attr(feature = "guards", resource_guards::uses(tar))]
#[test]
fn prints_what_a_program_printed() {
    let version = tar("--version");
    println!("{}", version.lines().next().unwrap_or_default());
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
fn runs_what_editors_run() {
    assert_eq!(runners::called(1), 2);
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
#[should_panic]
fn panics() {
    panic!("as it should");
}

#[cfg_attr(feature = "guards", resource_guards::uses(tar))]
#[test]
#[should_panic(expected = "in these words")]
fn panics_in_words() {
    tar("--version");
    panic!("in these words or others");
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
fn returns() -> Result<(), std::num::ParseIntError> {
    "1".parse::<u8>().map(drop)
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
#[ignore = "takes long"]
fn is_slow() {
    println!("the slow one");
}

#[cfg_attr(feature = "guards", resource_guards::uses())]
#[test]
#[ignore]
fn is_ignored_without_a_reason() {}

#[test]
fn is_plain() {
    println!("a plain test speaks, too");
}

mod a {
    mod module {
        #[cfg_attr(feature = "guards", resource_guards::uses())]
        #[test]
        fn has_a_test() {}

        /// Its name is the beginning of the other's.
        #[cfg_attr(feature = "guards", resource_guards::uses())]
        #[test]
        fn has_a_test_too() {
            println!("the longer name");
        }
    }

    #[cfg_attr(feature = "guards", resource_guards::uses())]
    #[test]
    fn speaks() {
        println!("its namesake speaks");
    }
}
