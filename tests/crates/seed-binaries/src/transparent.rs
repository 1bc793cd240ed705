//! A declared program behaves as without a wrapper.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use resource_guards::uses;

fn talkative(arguments: &[&str]) -> Command {
    let mut command = Command::new("talkative");
    command.args(arguments);
    command
}

#[uses(talkative)]
#[test]
fn arguments_arrive_whole() {
    let odd = ["echo", "", "two words", "*", "$HOME", "`id`", "'", "\"", "\\", "-n", "--", "line\nfeed", "\ttab", "ä…"];
    let ran = talkative(&odd).arg(OsStr::from_bytes(b"\xff")).output().unwrap();
    let expected = "<><two words><*><$HOME><`id`><'><\"><\\><-n><--><line\nfeed><\ttab><ä…>";
    assert_eq!(ran.stdout, [expected.as_bytes(), b"<\xff> 14"].concat());
}

#[uses(talkative)]
#[test]
fn ten_thousand_arguments_arrive() {
    let ran = talkative(&["echo"]).args((0..10_000).map(|n| n.to_string())).output().unwrap();
    assert!(ran.stdout.ends_with(b"<9999> 10000"));
}

#[uses(talkative)]
#[test]
fn standard_input_arrives() {
    let mut child = talkative(&["copy"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let mut input = child.stdin.take().unwrap();
    let sent = bytes.clone();
    let writer = std::thread::spawn(move || input.write_all(&sent).unwrap());
    assert!(child.wait_with_output().unwrap().stdout == bytes);
    writer.join().unwrap();
}

#[uses(talkative)]
#[test]
fn both_outputs_arrive_each_on_its_own() {
    let ran = talkative(&["echo"]).output().unwrap();
    assert_eq!((ran.stdout.as_slice(), ran.stderr.as_slice()), (&b" 0"[..], &b"to the error output"[..]));
}

#[uses(talkative)]
#[test]
fn the_exit_code_arrives() {
    for code in [0, 1, 3, 126, 127, 255] {
        assert_eq!(talkative(&["exit", &code.to_string()]).status().unwrap().code(), Some(code));
    }
}

#[uses(talkative)]
#[test]
fn the_signal_that_ends_it_arrives() {
    for (name, number) in [("TERM", 15), ("KILL", 9), ("INT", 2)] {
        assert_eq!(talkative(&["signal", name]).status().unwrap().signal(), Some(number));
    }
}

#[uses(talkative)]
#[test]
fn a_signal_to_the_process_reaches_the_program() {
    let mut child = talkative(&["copy"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // What comes back is copied by the program: the wrapper is done.
    child.stdin.as_mut().unwrap().write_all(b"x").unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "a wrapper that stayed a parent would have died alone");
}

#[uses(talkative)]
#[test]
fn the_environment_arrives_and_nothing_is_added_but_ours() {
    let ran = talkative(&["environment"]).env("TALK", "a b").output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(said.ends_with("/programs of a user/talkative|a b"), "{said}");
}

#[uses(talkative)]
#[test]
fn it_runs_where_its_caller_runs() {
    let dir = std::env::temp_dir();
    let ran = Command::new("talkative").current_dir(&dir).args(["echo", "."]).output().unwrap();
    assert_eq!(ran.stdout, b"<.> 1");
}
