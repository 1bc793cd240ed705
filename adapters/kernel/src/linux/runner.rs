//! The program that cargo or nextest starts in front of each test binary: it puts itself under the filter, hands the
//! listener to the supervisor and becomes the test binary. It stays no parent, so signals, exit codes and children that
//! outlive it behave as without it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::linux::filter::{Notified, filter};
use crate::linux::native::seccomp::{self, Installed};

/// The first argument of the program when it is to be the runner.
pub const COMMAND: &str = "__supervised";

/// What the supervisor wants to know of the environment: which test it is.
pub(crate) const VARIABLES: [&str; 6] = [
    "NEXTEST_BINARY_ID",
    "NEXTEST_TEST_NAME",
    "NEXTEST_ATTEMPT",
    "CARGO_PKG_NAME",
    "CARGO_MANIFEST_DIR",
    "RESOURCE_GUARDS_SCOPE",
];

/// The word for a filter that notifies messages too.
pub(crate) const MESSAGES: &str = "messages";
/// The word for one that does not.
pub(crate) const NO_MESSAGES: &str = "no-messages";

/// What is said in place of a descriptor where somebody else watches already.
pub(crate) const WATCHED: &str = "watched";

/// Becomes the program of the arguments, under the filter: `ADDRESS messages|no-messages PROGRAM ARGUMENTS…`. Returns
/// only if that fails.
///
/// Call it at the very start of `main`, before any thread exists.
pub fn main(arguments: &[OsString]) -> io::Error {
    let [address, messages, program, arguments @ ..] = arguments else {
        return io::Error::new(io::ErrorKind::InvalidInput, format!("{COMMAND} is for cargo"));
    };
    // A listing is no test.
    if !arguments.iter().any(|argument| argument == "--list")
        && let Err(error) = supervise(address, messages, program)
    {
        let what = format!("cannot put `{}` under the kernel's view: {error}", program.display());
        return io::Error::new(error.kind(), what);
    }
    let error = Command::new(program).args(arguments).exec();
    io::Error::new(error.kind(), format!("cannot run `{}`: {error}", program.display()))
}

fn supervise(address: &OsStr, messages: &OsStr, program: &OsStr) -> io::Result<()> {
    let mut supervisor = UnixStream::connect_addr(&SocketAddr::from_abstract_name(address.as_bytes())?)?;
    let mut filter = filter(Notified { messages: messages == MESSAGES });
    let installed = seccomp::install(&mut filter)?;
    let listener = match &installed {
        Installed::Listener(listener) => listener.as_raw_fd().to_string(),
        Installed::Watched => WATCHED.to_owned(),
    };
    let mut message = Vec::new();
    let mut field = |bytes: &[u8]| {
        message.extend_from_slice(bytes);
        message.push(0);
    };
    field(listener.as_bytes());
    field(if seccomp::has_no_new_privileges() { b"no-new-privileges" } else { b"" });
    field(program.as_bytes());
    for name in VARIABLES {
        if let Some(value) = std::env::var_os(name) {
            field(&[name.as_bytes(), b"=", value.as_bytes()].concat());
        }
    }
    // Neither call is notified. The supervisor fetches the listener by its number while the next one, `execve`, waits
    // for somebody to receive its notification; so nothing has to be waited for here.
    supervisor.write_all(&message)?;
    supervisor.shutdown(Shutdown::Write)?;
    if let Installed::Listener(listener) = installed {
        // It is closed on `exec`, after the notification.
        std::mem::forget(listener);
    }
    Ok(())
}
