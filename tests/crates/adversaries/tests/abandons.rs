//! A process that outlives a test without a declaration, which may share its process with others.

use std::process::{Command, Stdio};

use adversaries::programs::path;

resource_guards::install!(guard_binary::Binary("quill"));

#[expect(clippy::zombie_processes, reason = "it is to outlive the test")]
#[test]
fn leaves_a_process() {
    let mut sh = Command::new("sh");
    sh.args(["-c", "sleep 1; \"$1\" write", "sh", &path()]);
    sh.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
}
