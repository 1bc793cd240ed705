//! What the tests need of the outside: an image, a container, a docker command and a Python, which whoever runs them has
//! made ready.

mod connection;

use std::process::{Command, Output};

pub use connection::Connection;

/// An image with a shell and a few tools.
pub const IMAGE: &str = "resource-guards-test";
/// Its tag.
pub const TAG: &str = "busybox";

/// The container that runs all the time, and prints a line ten times a second.
pub fn container() -> String {
    setting("TEST_CONTAINER")
}

/// The docker command, found on PATH.
pub fn docker() -> Command {
    Command::new("docker")
}

/// The docker command, by its absolute path.
pub fn docker_by_path() -> Command {
    Command::new(setting("TEST_DOCKER_PATH"))
}

/// A Python that has the SDK.
pub fn python() -> Command {
    Command::new(setting("TEST_PYTHON"))
}

/// What a command printed, or what it said when it failed.
pub fn text(command: &mut Command) -> Result<String, String> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&stderr).into_owned())
    }
}

/// A variable that must be set.
pub fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Each client in four cells: declared and used, undeclared, undeclared and swallowed, declared and unused. `call` talks to the
/// daemon; `prepare` comes as near to it as a test may that uses nothing.
#[macro_export]
macro_rules! clients {
    ($($client:ident: $call:expr, $prepare:expr;)*) => {
        mod declared {
            use super::*;
            $(#[uses(docker)] #[test] fn $client() { $call.unwrap() })*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $client() { $call.unwrap() })*
        }
        mod swallowed {
            use super::*;
            $(#[uses()] #[test] fn $client() { let _ = $call; })*
        }
        mod unused {
            use super::*;
            $(#[uses(docker)] #[test] fn $client() { $prepare })*
        }
    };
}
