//! A thousand tests, each of which calls an SDK and runs a program, some of them offenders.

use std::process::{Command, Stdio};
use std::thread;

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");
static NEVER: Resource = Resource::new("never");

resource_guards::install!(&SDK, &NEVER, guard_binary::Binary("true").resource("program"));

/// Runs the program with this first argument; whether it ran.
fn run(argument: &str) -> bool {
    Command::new("true").arg(argument).stderr(Stdio::null()).status().unwrap().success()
}

/// Five calls and two programs on two threads at a time.
fn work(test: &str) {
    thread::scope(|scope| {
        scope.spawn(|| (0..3).for_each(|n| SDK.enforce_at(&format!("{test}-{n}"), || "call").unwrap()));
        scope.spawn(|| assert!(run(&format!("{test}-a"))));
        (3..5).for_each(|n| SDK.enforce_at(&format!("{test}-{n}"), || "call").unwrap());
        assert!(run(&format!("{test}-b")));
    });
}

fn offend(test: &str) {
    thread::scope(|scope| {
        scope.spawn(|| (0..5).for_each(|n| SDK.enforce_at(&format!("{test}-{n}"), || "call").unwrap()));
        assert!(!run(&format!("{test}-a")));
        assert!(!run(&format!("{test}-b")));
    });
}

include!(concat!(env!("OUT_DIR"), "/tests.rs"));
