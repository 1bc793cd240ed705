//! Paths of Unix sockets, which the system bounds more tightly than other paths.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::RelayError;

/// The longest path of a socket, in bytes, that every client can connect to. Linux holds 107 and macOS 103, and some
/// clients reserve a few for themselves.
pub(crate) const MAX_SOCKET_PATH: usize = 99;

/// The path of a socket called `name` in `directory`, if a socket may have it.
///
/// ```
/// use guard_relay::socket_path;
///
/// let path = socket_path("/tmp/session", "docker.sock").unwrap();
/// assert_eq!(path.to_str(), Some("/tmp/session/docker.sock"));
///
/// let deep = format!("/tmp/{}", "x".repeat(100));
/// let error = socket_path(&deep, "docker.sock").unwrap_err();
/// assert!(error.to_string().contains("has 117 bytes and at most 99 are safe"), "{error}");
/// ```
///
/// # Errors
///
/// [`RelayError::SocketPathTooLong`] for a path of 100 bytes or more.
pub fn socket_path(directory: impl AsRef<Path>, name: &str) -> Result<PathBuf, RelayError> {
    let path = directory.as_ref().join(name);
    check_socket_path(&path)?;
    Ok(path)
}

pub(crate) fn check_socket_path(path: &Path) -> Result<(), RelayError> {
    match path.as_os_str().as_bytes().len() {
        0..=MAX_SOCKET_PATH => Ok(()),
        length => Err(RelayError::SocketPathTooLong { path: path.to_owned(), length }),
    }
}
