//! Tests whose session stands in a difficult place, or has a difficult PATH.

use std::env;
use std::process::{Command, Stdio};

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

fn tar() -> bool {
    Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

#[uses(tar)]
#[test]
fn declared() {
    assert!(tar());
}

#[uses()]
#[test]
fn undeclared() {
    assert!(!tar());
}

/// The rest of the first argument is not in the log.
#[uses(tar("--exclude=*.end"), sdk)]
#[test]
fn long_target() {
    SDK.enforce(|| "call").unwrap();
    let argument = format!("--exclude={}.end", "x".repeat(200));
    let status = Command::new("tar").args([argument.as_str(), "--version"]).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
}

#[test]
#[ignore = "is undeclared"]
fn plain_undeclared() {
    tar();
}

fn change_path() {
    // SAFETY: no other thread of this process reads the environment just now.
    unsafe { env::set_var("PATH", "/usr/local/bin:/usr/bin:/bin") };
}

#[uses(tar)]
#[test]
#[ignore = "looks like unused"]
fn changes_path() {
    change_path();
    assert!(tar());
}

/// Other resources are judged as ever.
#[uses(sdk)]
#[test]
#[ignore = "is unused"]
fn changes_path_and_does_not_call() {
    change_path();
}

#[test]
#[ignore = "escapes"]
fn plain_changes_path() {
    change_path();
    assert!(tar());
}

#[uses(tar)]
#[test]
#[ignore = "looks like unused"]
fn removes_the_wrappers() {
    let path = env::var_os("PATH").unwrap();
    std::fs::remove_dir_all(env::split_paths(&path).next().unwrap()).unwrap();
    assert!(tar());
}
