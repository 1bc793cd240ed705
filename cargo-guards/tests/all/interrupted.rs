//! A run that is interrupted in the middle.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::generated::two_hundred;
use crate::run::left;
use crate::support::{ENGINES, Workspace};

pub(crate) fn wait(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(20));
    }
}

pub(crate) fn runs(pid: &str) -> bool {
    // A zombie has ended.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn interrupt(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success());
}

/// Each engine, without the kernel's view and with it.
fn ways() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    ENGINES.into_iter().flat_map(|engine| [(engine, None), (engine, Some("--strict"))])
}

/// The processes of a run, by the sessions that they inherit.
fn of_run(sessions: &Path) -> Vec<String> {
    let setting = format!("RESOURCE_GUARDS_TMPDIR={}", sessions.display());
    let inherits = |pid: &String| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == setting.as_bytes())
    };
    let names = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(inherits).collect()
}

#[test]
fn children_end_the_session_is_removed_and_the_run_is_marked() {
    let workspace = Workspace::get();
    let signals = [("INT", 130), ("QUIT", 131)];
    for ((engine, strict), (signal, code)) in ways().flat_map(|way| signals.map(|signal| (way, signal))) {
        let temp = tempfile::tempdir().unwrap();
        let mark = temp.path().join("pid");
        let sessions = temp.path().join("sessions");
        fs::create_dir(&sessions).unwrap();
        let mut command = workspace.command("", &["guards", "test", "-p", "mail", "--engine", engine, "-m", "log"]);
        command.args(strict).env("WAITS", &mark).env("RESOURCE_GUARDS_TMPDIR", &sessions);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        wait("the test runs", || fs::read_to_string(&mark).is_ok_and(|pid| !pid.is_empty()));
        let test = fs::read_to_string(&mark).unwrap();
        assert!(runs(&test) && of_run(&sessions).contains(&test));
        let status = fs::read_to_string(format!("/proc/{test}/status")).unwrap();
        assert!(strict.is_none() || status.contains("Seccomp:\t2\n"), "{status}");
        interrupt(&child, signal);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{engine}: {stderr}");
        assert!(stderr.contains("(partial: the run was interrupted)"), "{engine}: {stderr}");
        wait("the test ends", || !runs(&test));
        wait("nobody is left", || of_run(&sessions).is_empty());
        assert_eq!(left(&sessions), 0, "{engine}");
        let header = fs::read(workspace.runs().last().unwrap().join("run.json")).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!((&header["complete"], &header["exit_code"]), (&false.into(), &code.into()), "{engine}");
    }
}

/// What the terminal sends for Ctrl-C and Ctrl-\ reaches all processes of the foreground at once. A shell would end at the second,
/// and the terminal with it.
#[test]
fn a_key_on_a_terminal_ends_a_run_of_many_tests_and_what_there_is_of_it_is_called_partial() {
    let workspace = two_hundred();
    let keys = ways().map(|way| (way, (b"\x03", 130))).chain([((ENGINES[0], None), (b"\x1c", 131))]);
    for ((engine, strict), (key, code)) in keys {
        let temp = tempfile::tempdir().unwrap();
        let mark = temp.path().join("pid");
        let sessions = temp.path().join("sessions");
        fs::create_dir(&sessions).unwrap();
        let run =
            format!("exec cargo guards test --workspace --engine {engine} -m 'tar or git' {}", strict.unwrap_or(""));
        let mut command = workspace.terminal("pack/tests", &run);
        command.env("WAITS", &mark).env("RESOURCE_GUARDS_TMPDIR", &sessions);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        wait("the test runs", || fs::read_to_string(&mark).is_ok_and(|pid| !pid.is_empty()));
        let test = fs::read_to_string(&mark).unwrap();
        wait("others are recorded", || records(&workspace) > 3);
        child.stdin.as_mut().unwrap().write_all(key).unwrap();
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{engine}: {printed}");
        assert!(printed.contains("(partial: the run was interrupted)"), "{engine}: {printed}");
        wait("the test ends", || !runs(&test));
        wait("nobody is left", || of_run(&sessions).is_empty());
        assert_eq!(left(&sessions), 0, "{engine}");

        let file = temp.path().join("report");
        let report = workspace.run(&["guards", "report", "--json", file.to_str().unwrap()]);
        assert_eq!(report.code, 0);
        assert!(report.stderr.contains("did not come to its end, so this is partial"), "{}", report.stderr);
        let merged = workspace.run(&["guards", "merge", file.to_str().unwrap()]);
        assert!(merged.stderr.contains("so this is partial"), "{}", merged.stderr);
        let merged: Value = serde_json::from_str(&merged.stdout).unwrap();
        assert_eq!((&merged["complete"], &merged["runs"][0]["exit_code"]), (&json!(false), &json!(code)), "{engine}");
        let tests = merged["tests"].as_array().unwrap();
        assert!(tests.iter().any(|test| test["verdict"] == "passed"), "{engine}");
        assert!(tests.iter().all(|test| test["verdict"] != "violated"), "{engine}: {tests:?}");
    }
}

/// How many records the last run has.
fn records(workspace: &Workspace) -> usize {
    workspace.runs().last().map_or(0, |run| fs::read_dir(run.join("records")).map_or(0, Iterator::count))
}
