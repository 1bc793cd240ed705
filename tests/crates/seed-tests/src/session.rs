//! Code under test: it runs `tmux`.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a session on a server of its own and closes it again.
pub fn open_and_close(socket: &Path) -> io::Result<()> {
    tmux(socket, &["-f", "/dev/null", "new-session", "-d"])?;
    tmux(socket, &["kill-server"])
}

fn tmux(socket: &Path, arguments: &[&str]) -> io::Result<()> {
    let ran = Command::new("tmux").arg("-S").arg(socket).args(arguments).stdin(Stdio::null()).output()?;
    if ran.status.success() { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&ran.stderr).trim())) }
}

/// Opens and closes one where no other test has one.
#[cfg(test)]
pub fn open_and_close_something() -> io::Result<()> {
    let temp = tempfile::tempdir()?;
    open_and_close(&temp.path().join("socket"))
}
