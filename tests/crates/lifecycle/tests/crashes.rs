//! Tests that end in ways which need a closer look: each is run by itself, or with one other.

use std::process::{Command, Stdio, abort, exit};
use std::time::Duration;
use std::{env, fs, thread};

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

fn call() {
    let _ = SDK.enforce(|| "call");
}

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn kill_this_process() -> ! {
    let _ = Command::new("sh").args(["-c", "kill -9 $PPID"]).status();
    unreachable!("nobody survives that")
}

#[uses(sdk)]
#[test]
#[should_panic]
fn exits_where_it_should_panic() {
    call();
    exit(0);
}

#[uses()]
#[test]
fn aborts_after_an_undeclared_use() {
    tar();
    abort();
}

#[uses(sdk)]
#[test]
#[should_panic]
fn aborts_where_it_should_panic() {
    call();
    abort();
}

extern "C" fn abort_at_exit() {
    abort();
}

#[uses(sdk)]
#[test]
fn returns_and_then_crashes() {
    call();
    // SAFETY: the handler is what atexit(3) asks for.
    assert_eq!(unsafe { libc::atexit(abort_at_exit) }, 0);
}

/// Tells its process id, and runs until it is killed.
#[uses(sdk)]
#[test]
#[ignore = "is killed by others"]
fn runs_on() {
    fs::write(env::var_os("PID_FILE").unwrap(), std::process::id().to_string()).unwrap();
    thread::sleep(Duration::from_secs(60));
}

fn wait_for_the_other_test() {
    let file = env::var_os("PID_FILE").unwrap();
    while fs::read(&file).map_or(0, |pid| pid.len()) == 0 {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[ignore = "kills others"]
fn kills_the_process_of_all_tests() {
    wait_for_the_other_test();
    kill_this_process();
}

#[test]
#[ignore = "kills others"]
fn exits_the_process_of_all_tests() {
    wait_for_the_other_test();
    exit(0);
}
