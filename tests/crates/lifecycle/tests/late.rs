//! Programs that start once their test is over: they are nobody's use any more, and run.

use std::env;
use std::process::{Command, Stdio};

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

/// Leaves a shell that waits until the test and its session are over, runs `tar`, and writes how that ended into a file.
#[expect(clippy::zombie_processes, reason = "it is to outlive the test")]
fn leave(test: &str) {
    let script = "while [ -e \"$RESOURCE_GUARDS_SCOPE\" ] || [ -e \"$RESOURCE_GUARDS_SESSION\" ]; do sleep 0.01; done
        tar --version; echo $? >\"$1\"";
    let file = format!("{}/{test}", env::var("LATE").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh", &file]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().unwrap();
}

#[test]
fn of_a_test_that_declares_nothing() {
    leave("of_a_test_that_declares_nothing");
}

#[uses(tar)]
#[test]
fn of_a_test_that_declares_it() {
    assert!(Command::new("tar").arg("--version").stdout(Stdio::null()).status().unwrap().success());
    leave("of_a_test_that_declares_it");
}

#[uses()]
#[test]
fn of_a_test_that_declares_other_things() {
    leave("of_a_test_that_declares_other_things");
}
