//! A run that is interrupted in the middle.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

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

#[test]
fn children_end_the_session_is_removed_and_the_run_is_marked() {
    let workspace = Workspace::get();
    for engine in ENGINES {
        let temp = tempfile::tempdir().unwrap();
        let mark = temp.path().join("pid");
        let sessions = temp.path().join("sessions");
        fs::create_dir(&sessions).unwrap();
        let mut command = workspace.command("", &["guards", "test", "-p", "mail", "--engine", engine, "-m", "log"]);
        command.env("WAITS", &mark).env("RESOURCE_GUARDS_TMPDIR", &sessions);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        wait("the test runs", || fs::read_to_string(&mark).is_ok_and(|pid| !pid.is_empty()));
        let test = fs::read_to_string(&mark).unwrap();
        assert!(runs(&test));
        interrupt(&child, "INT");
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{engine}: {stderr}");
        assert!(stderr.contains("(partial: the run was interrupted)"), "{engine}: {stderr}");
        wait("the test ends", || !runs(&test));
        assert_eq!(left(&sessions), 0, "{engine}");
        let mut headers: Vec<_> =
            fs::read_dir(workspace.target().join("guards")).unwrap().map(|run| run.unwrap().path()).collect();
        headers.sort();
        let header: Value =
            serde_json::from_slice(&fs::read(headers.last().unwrap().join("run.json")).unwrap()).unwrap();
        assert_eq!((&header["complete"], &header["exit_code"]), (&false.into(), &130.into()), "{engine}");
    }
}
