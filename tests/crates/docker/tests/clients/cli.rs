//! The docker command, by its name and by its path.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use docker::{IMAGE, TAG, container, text};

type Docker = fn() -> Command;

pub fn nothing() {}

/// Questions about the daemon itself are no use of it.
pub fn version(docker: Docker) {
    text(docker().arg("version")).unwrap();
}

pub fn ps(docker: Docker) -> Result<(), String> {
    let names = text(docker().args(["ps", "--format={{.Names}}"]))?;
    assert!(names.lines().any(|name| name == container()), "{names}");
    Ok(())
}

pub fn run(docker: Docker) -> Result<(), String> {
    let image = format!("{IMAGE}:{TAG}");
    assert_eq!(text(docker().args(["run", "--rm", "--network=none", &image, "echo", "hello"]))?, "hello\n");
    Ok(())
}

/// Standard input goes in, its end included.
pub fn exec(docker: Docker) -> Result<(), String> {
    let mut docker = docker();
    docker.args(["exec", "-i", &container(), "wc", "-c"]);
    let mut child = docker.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // One that is refused does not read.
    let written = child.stdin.take().unwrap().write_all(&vec![b'x'; 1_000_000]);
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    written.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1000000");
    Ok(())
}

/// Follows: the second line is not there when the command starts.
pub fn logs(docker: Docker) -> Result<(), String> {
    let mut child = docker()
        .args(["logs", "-f", "--tail=1", &container()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(4).collect::<Result<Vec<_>, _>>().unwrap();
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    if lines.len() == 4 { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

pub fn build(docker: Docker) -> Result<(), String> {
    let context = tempfile::tempdir().unwrap();
    std::fs::write(context.path().join("Dockerfile"), "FROM scratch\nCOPY large /large\n").unwrap();
    std::fs::write(context.path().join("large"), vec![7; 3 << 20]).unwrap();
    let built = format!("{IMAGE}:built");
    let id = text(docker().args(["build", "-q", "-t", &built]).arg(context.path()).env("DOCKER_BUILDKIT", "0"))?;
    assert!(id.starts_with("sha256:"), "{id}");
    Ok(())
}
