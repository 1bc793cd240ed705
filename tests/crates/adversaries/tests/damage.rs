//! Tests that destroy what records them.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use adversaries::programs::absolute;
use adversaries::setting;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"));

fn scope() -> PathBuf {
    setting("RESOURCE_GUARDS_SCOPE").into()
}

#[uses()]
#[test]
fn garbage_in_the_log() {
    let mut events = fs::OpenOptions::new().append(true).open(scope().join("events")).unwrap();
    events.write_all(b"\xff\xfe\0used\t\n\tgarbage\nblocked\t0\t").unwrap();
    drop(events);
    absolute();
}

#[uses()]
#[test]
fn the_log_is_removed() {
    fs::remove_dir_all(scope()).unwrap();
    absolute();
}

#[uses()]
#[test]
fn the_wrappers_are_removed() {
    let path = setting("PATH");
    let wrappers = PathBuf::from(path.split(':').next().unwrap());
    assert!(wrappers.join(".resource-guards").exists());
    fs::remove_file(wrappers.join("quill")).unwrap();
    let _ = std::process::Command::new("quill").arg("write").stdout(std::process::Stdio::null()).status();
}
