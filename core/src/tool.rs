//! What a tool that runs tests shares with them: one session for a whole run, and the variables that carry it.
//!
//! ```
//! use resource_guards::tool::{self, SharedSession};
//! use std::process::Command;
//!
//! let session = SharedSession::create()?;
//! let mut tests = Command::new("cargo");
//! tests.arg("test").env(tool::SESSION, session.dir()).env(tool::RUN, "target/records");
//! // … run it; the directory of the session is removed when `session` is dropped
//! # std::io::Result::Ok(())
//! ```
//!
//! Without a shared session each test process makes one of its own. The verdicts are the same.

use std::io;
use std::path::Path;

use crate::session::place::Place;
use crate::session::vars;

/// The variable that names the directory of a [`SharedSession`].
pub const SESSION: &str = vars::SESSION;

/// The variable that names a directory, made where it is missing. One JSON record a test is written into it.
pub const RUN: &str = vars::RUN;

/// The variable that makes a test binary print its guards and declarations as one line of JSON and end, if it is `1`.
pub const MANIFEST: &str = vars::MANIFEST;

/// The variable that switches: `enforce`, `observe` or `off`.
pub const MODE: &str = vars::MODE;

/// The variable that every process inherits which a guarded test starts. Where it is set, a session is nested.
pub const SCOPE: &str = vars::SCOPE;

/// The directory of a session that all test processes of a run share: wrappers are written once for each test binary.
///
/// It is removed on drop. What a killed tool left is removed by the next session.
#[derive(Debug)]
pub struct SharedSession {
    place: Place,
}

impl SharedSession {
    /// Makes the directory: in `RESOURCE_GUARDS_TMPDIR`, else in memory, else in the temporary directory.
    ///
    /// # Errors
    ///
    /// If no such directory can be made, or programs in it could not be run. The message names what was tried.
    pub fn create() -> io::Result<Self> {
        Place::create().map(|place| Self { place }).map_err(io::Error::other)
    }

    /// What [`SESSION`] is to be set to.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.place.dir()
    }
}

impl Drop for SharedSession {
    fn drop(&mut self) {
        self.place.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_lives_as_long_as_the_value() {
        let session = SharedSession::create().unwrap();
        let dir = session.dir().to_owned();
        assert!(dir.is_dir());
        drop(session);
        assert!(!dir.exists());
    }
}
