//! Code under test: it runs `tmux`.

use std::io;
use std::process::{Command, Stdio};

/// Opens a session on a server of its own and closes it again.
pub fn open_and_close(server: &str) -> io::Result<()> {
    tmux(server, &["-f", "/dev/null", "new-session", "-d"])?;
    tmux(server, &["kill-server"])
}

fn tmux(server: &str, arguments: &[&str]) -> io::Result<()> {
    let ran = Command::new("tmux").args(["-L", server]).args(arguments).stdin(Stdio::null()).output()?;
    if ran.status.success() { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&ran.stderr).trim())) }
}

/// A server that no other test has.
#[cfg(test)]
pub fn server(of: &str) -> String {
    format!("seed-{of}-{}", std::process::id())
}
