//! A process that goes on when its test is over, and uses a resource then.

use std::process::{Command, Stdio};

use adversaries::programs::path;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"));

#[expect(clippy::zombie_processes, reason = "it is to outlive the test")]
#[uses()]
#[test]
fn leaves_a_process() {
    let mut sh = Command::new("sh");
    sh.args(["-c", "sleep 1; exec \"$1\" write", "sh", &path()]);
    sh.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
}

/// Keeps the run going until that has happened.
#[uses()]
#[test]
fn waits() {
    std::thread::sleep(std::time::Duration::from_secs(2));
}
