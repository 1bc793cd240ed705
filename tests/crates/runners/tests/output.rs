//! Tests with difficult output.
#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, io, thread};

use resource_guards::uses;

resource_guards::install!();

#[uses()]
#[test]
fn fails_after_a_word() {
    println!("said before the failure");
    panic!("the reason of the failure");
}

#[uses()]
#[test]
fn takes_turns() {
    for n in 0..200 {
        println!("turn {n} out");
        eprintln!("turn {n} err");
        let _ = Command::new("sh").args(["-c", &format!("echo turn {n} child; echo turn {n} child err >&2")]).status();
    }
}

#[uses()]
#[test]
fn writes_bytes() {
    println!("before the bytes");
    io::stdout().write_all(b"\xff\xfe\x00\x80 bytes\n").unwrap();
    println!("after the bytes");
}

#[uses()]
#[test]
fn writes_ten_megabytes() {
    let line = "x".repeat(1023);
    for _ in 0..10 * 1024 {
        println!("{line}");
    }
    println!("the last line");
}

#[uses()]
#[test]
fn leaves_a_child_that_holds_the_output() {
    println!("before the child");
    let child = Command::new("sleep").arg("30").stdin(Stdio::null()).spawn().unwrap();
    std::fs::write(env::var_os("PID_FILE").unwrap(), child.id().to_string()).unwrap();
}

#[uses()]
#[test]
fn leaves_a_child_that_keeps_writing() {
    println!("before the child");
    // It is busy between the lines and never sleeps, for some twenty seconds.
    let script = "n=0; while [ $n -lt 8000 ]; do echo still here; n=$((n + 1)); i=0; while [ $i -lt 2000 ]; do \
                  i=$((i + 1)); done; done";
    let child = Command::new("sh").args(["-c", script]).stdin(Stdio::null()).spawn().unwrap();
    std::fs::write(env::var_os("PID_FILE").unwrap(), child.id().to_string()).unwrap();
    thread::sleep(Duration::from_millis(100));
}
