//! Running programs: cargo, the runners, and whatever else is needed.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().map(Path::to_owned).unwrap_or_default()
}

/// A cargo command in the root of the workspace, as a user would start it: with no guard's variable inherited.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    for name in of_guards() {
        command.env_remove(name);
    }
    command
}

/// The variables of guards that this process has inherited.
pub(crate) fn of_guards() -> impl Iterator<Item = OsString> {
    let ours = |name: &OsString| name.to_str().is_some_and(|name| name.starts_with("RESOURCE_GUARDS"));
    env::vars_os().map(|(name, _)| name).filter(move |name| ours(name))
}

/// Runs a command on the terminal of this process, under a heading, and tells how it ended.
pub(crate) fn shown(command: &mut Command) -> Result<ExitStatus> {
    heading(&line(command));
    command.status().map_err(|source| Error::Start { command: line(command), source })
}

/// Runs a command that must succeed, and gives what it printed.
pub(crate) fn captured(command: &mut Command) -> Result<Output> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|source| Error::Start { command: line(command), source })?;
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Error::Failed { command: line(command), status: output.status, stderr })
}

/// The same, and how long it took.
pub(crate) fn timed(command: &mut Command) -> Result<(Duration, Output)> {
    let begin = Instant::now();
    let output = captured(command)?;
    Ok((begin.elapsed(), output))
}

/// Prints a heading.
pub(crate) fn heading(text: &str) {
    println!("\n=== {text}");
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
