//! Tests that harm their own log.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn scope() -> PathBuf {
    env::var_os("RESOURCE_GUARDS_SCOPE").unwrap().into()
}

fn write_into_the_log() {
    let mut events = fs::OpenOptions::new().append(true).open(scope().join("events")).unwrap();
    events.write_all(b"used\t0\t1\nsang\tloudly\n\xff\xfe\x00\x01\n\n").unwrap();
    events.write_all("x".repeat(100_000).as_bytes()).unwrap();
    events.write_all(b"\n").unwrap();
}

#[uses(tar)]
#[test]
fn garbage_beside_a_use() {
    write_into_the_log();
    tar();
}

#[uses(tar)]
#[test]
fn garbage_instead_of_a_use() {
    write_into_the_log();
}

#[uses()]
#[test]
fn garbage_beside_an_undeclared_use() {
    write_into_the_log();
    tar();
}

#[uses(tar)]
#[test]
fn the_log_is_deleted() {
    tar();
    fs::remove_file(scope().join("events")).unwrap();
}

#[uses(tar)]
#[test]
fn the_directory_is_deleted() {
    tar();
    fs::remove_dir_all(scope()).unwrap();
}

#[uses()]
#[test]
fn the_directory_is_deleted_before_an_undeclared_use() {
    fs::remove_dir_all(scope()).unwrap();
    tar();
}

#[uses(tar)]
#[test]
fn the_log_is_emptied() {
    tar();
    fs::write(scope().join("events"), "").unwrap();
}

/// Fills the file system of the session, which is small.
#[test]
#[ignore = "needs a small file system"]
#[uses()]
fn the_file_system_is_full() {
    let filler = scope().join("filler");
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    // The last pages of the log have room for some more lines.
    for _ in 0..200 {
        tar();
    }
}

#[test]
#[ignore = "needs a small file system"]
#[uses(sdk)]
fn the_file_system_is_full_of_calls() {
    let filler = scope().join("filler");
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    for n in 0..2000 {
        let _ = SDK.enforce_at(&format!("target-{n}"), || "call");
    }
}
