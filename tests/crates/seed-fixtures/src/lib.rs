//! Fixtures with declarations of their own: `tar` and `tmux` are programs, the ledger is a call in this process.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use resource_guards::{Resource, Violation};

/// A resource of our own.
pub static LEDGER: Resource = Resource::new("ledger");

/// Writes a line into the ledger.
pub fn write_into_the_ledger(line: &str) -> Result<(), Violation> {
    LEDGER.enforce(|| format!("write {line}"))
}

/// Packs something.
pub fn pack() -> Result<(), String> {
    run(Command::new("tar").args(["cf", "/dev/null", "Cargo.toml"]))
}

/// Starts a server of its own and stops it.
pub fn open_a_terminal() -> Result<(), String> {
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let n = SERVERS.fetch_add(1, Ordering::Relaxed);
    let socket = std::env::temp_dir().join(format!("seed-fixtures-{}-{n}", std::process::id()));
    let mut tmux = Command::new("tmux");
    let ran = run(tmux.arg("-S").arg(&socket).args(["-f", "/dev/null", "start-server", ";", "kill-server"]));
    let _ = std::fs::remove_file(socket);
    ran
}

fn run(command: &mut Command) -> Result<(), String> {
    let ran = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if ran.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ran.stderr).trim().to_owned()) }
}

#[cfg(test)]
resource_guards::install!(guard_binary::Binary("tar"), guard_binary::Binary("tmux"), &LEDGER);

#[cfg(test)]
mod asynchronous;
#[cfg(test)]
mod authority;
#[cfg(test)]
mod consumers;
#[cfg(test)]
mod given_up;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod several;
#[cfg(test)]
mod teardown;
#[cfg(test)]
mod undeclared;
#[cfg(test)]
mod unused;
#[cfg(test)]
mod with_rstest;

#[cfg(feature = "declared-twice")]
#[resource_guards::fixture_uses(tar)]
#[resource_guards::fixture_uses(tmux)]
pub fn declared_twice() {}
