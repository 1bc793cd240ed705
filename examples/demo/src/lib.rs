//! The code under test of the demo: it runs programs, asks Docker and servers, and knows nothing about guards.

pub mod docker;
pub mod http;

use std::io;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a program in a directory.
///
/// # Errors
///
/// If it cannot be started, or ends without success; what it said is in the message.
pub fn run(dir: &Path, program: &str, arguments: &[&str]) -> io::Result<String> {
    let Output { status, stdout, stderr } = Command::new(program).args(arguments).current_dir(dir).output()?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(io::Error::other(format!("{program} {}: {status}\n{}", arguments.join(" "), said.trim_end())))
}

/// Packs a directory if it can. That it could not is no error: the caller has other ways.
#[must_use]
pub fn pack_if_possible(dir: &Path) -> bool {
    run(dir, "tar", &["-cf", "backup.tar", "--exclude=backup.tar", "."]).is_ok()
}
