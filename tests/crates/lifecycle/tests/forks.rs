//! Tests that fork without exec.

use std::process::{Command, Stdio};

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

/// Runs `inside` in a forked child, and waits for it.
fn fork(inside: fn()) -> i32 {
    // SAFETY: the child calls nothing that needs a lock of another thread.
    match unsafe { libc::fork() } {
        0 => {
            inside();
            // SAFETY: nothing.
            unsafe { libc::_exit(3) }
        }
        pid => {
            let mut status = 0;
            // SAFETY: the child is ours.
            assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
            status
        }
    }
}

fn leaves() {
    // SAFETY: this is the point: exit handlers run in the child.
    unsafe { libc::exit(5) }
}

fn call() {
    let _ = SDK.enforce(|| "call");
}

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[uses()]
#[test]
fn the_child_exits() {
    assert_eq!(fork(leaves), 5 << 8);
}

#[uses()]
#[test]
fn the_child_exits_at_once() {
    assert_eq!(fork(|| {}), 3 << 8);
}

#[uses(sdk)]
#[test]
fn the_child_calls() {
    assert_eq!(fork(call), 3 << 8);
}

#[uses()]
#[test]
fn the_child_calls_undeclared() {
    assert_eq!(fork(call), 3 << 8);
}

#[uses(tar)]
#[test]
fn the_child_runs_a_program() {
    assert_eq!(fork(tar), 3 << 8);
}

#[uses(sdk)]
#[test]
fn the_child_exits_and_the_declaration_is_unused() {
    assert_eq!(fork(leaves), 5 << 8);
}

#[uses()]
#[test]
fn the_child_returns_from_the_test() {
    // SAFETY: as above.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        return;
    }
    let mut status = 0;
    // SAFETY: the child is ours.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    panic!("only the parent fails");
}

#[uses()]
#[test]
fn the_child_panics_last() {
    // SAFETY: as above.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        panic!("only the child fails");
    }
}

#[test]
fn plain_the_child_exits() {
    assert_eq!(fork(leaves), 5 << 8);
}
