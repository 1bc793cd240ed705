//! Tests that end in other ways than by returning.

use std::cell::UnsafeCell;
use std::process::{Command, Stdio, abort, exit};

use resource_guards::inventory::{ErasedNode as _, Node};
use resource_guards::{Registration, Resource, uses};

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
fn exits_after_its_use() {
    call();
    exit(0);
}

#[uses(sdk)]
#[test]
fn exits_before_its_use() {
    exit(0);
}

#[uses()]
#[test]
fn exits_after_an_undeclared_use() {
    tar();
    exit(0);
}

#[uses(sdk)]
#[test]
fn exits_with_a_failure() {
    exit(7);
}

#[uses(sdk)]
#[test]
fn aborts() {
    call();
    abort();
}

#[uses(sdk)]
#[test]
fn is_killed() {
    kill_this_process();
}

#[uses(sdk)]
#[test]
fn overflows_its_stack() {
    fn deep(n: u64) -> u64 {
        let here = std::hint::black_box([n; 512]);
        if n == u64::MAX { 0 } else { deep(n + 1) + here[3] }
    }
    assert_eq!(deep(0), 1);
}

#[uses(sdk)]
#[test]
fn survives() {
    call();
}

#[uses(sdk)]
#[test]
fn registers_a_guard_after_the_start() {
    static LATE: Registration = Registration::new(|| Box::new(&SDK));
    static NODE: Node = Node { value: &LATE, next: UnsafeCell::new(None) };
    call();
    // SAFETY: the node holds a `Registration`, and is submitted once. A library that is loaded does no other thing.
    unsafe { LATE.submit(&NODE) };
}
