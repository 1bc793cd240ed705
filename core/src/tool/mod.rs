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

mod killed;
mod watch;

use std::io;
use std::path::{Path, PathBuf};

pub use crate::session::shared::RunResource;

pub use crate::verdict::{Try, TryUse, Unused};
pub use watch::{Answer, Front, TestScope, Use, covers, late_use};

use crate::declaration;
use crate::registry;
use crate::session::place::{self, Place, SCOPES};
use crate::session::shared::Shared;
use crate::session::{provide_shared, vars};

/// The variable that names the directory of a [`SharedSession`].
pub const SESSION: &str = vars::SESSION;

/// The variable that names a directory, made where it is missing. One JSON record a test is written into it.
pub const RUN: &str = vars::RUN;

/// The variable that makes a test binary print its guards and declarations as one line of JSON and end, if it is `1`.
pub const MANIFEST: &str = vars::MANIFEST;

/// The variable that names guards, one a line: the resource, a tab, and the name that the guard has in the manifest. A test
/// binary asks each of them whether its resource is there ([`ResourceGuard::probe`]), prints a line of JSON a guard, and
/// ends: `{"resource":"docker","guard":"…","availability":"missing","reason":"…"}`, where `availability` is
/// `available`, `missing` or `unknown`.
///
/// [`ResourceGuard::probe`]: crate::ResourceGuard::probe
pub const PROBE: &str = vars::PROBE;

/// The variable that switches: `enforce`, `observe` or `off`.
pub const MODE: &str = vars::MODE;

/// The variable that every process inherits which a guarded test starts. Where it is set, a session is nested.
pub const SCOPE: &str = vars::SCOPE;

/// Whether this is a name that a resource may have.
#[must_use]
pub fn is_resource_name(name: &str) -> bool {
    crate::resource::is_name(name)
}

/// How like two names are, for "did you mean": 1 if they are the same, 0 if nothing is. More than 0.7 may be a slip of the
/// finger.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    registry::likeness(one, other)
}

/// A pattern that matches a target of a use, as it may stand in an attribute: white space, for one, becomes `?`.
#[must_use]
pub fn pattern_of(target: &str) -> String {
    declaration::pattern_of(target)
}

/// A resource and its patterns as they stand in an attribute, in messages and in the source alike: `http("*.crates.io")`.
#[must_use]
pub fn written(resource: &str, patterns: &[String]) -> String {
    declaration::written(resource, patterns)
}

/// Whether the text of a `guards.toml` describes the resource, as test processes see it: a header `[resources.NAME]`, and
/// below it, before the next header, a line that sets `exec`, `unix` or `tcp`.
#[must_use]
pub fn describes(text: &str, resource: &str) -> bool {
    crate::described::describes(text, resource)
}

/// The directory of a session that all test processes of a run share: wrappers are written once for each test binary.
///
/// It is removed on drop. What a killed tool left is removed by the next session.
#[derive(Debug)]
pub struct SharedSession {
    place: Place,
    /// Where programs of its own are.
    wrappers: Option<PathBuf>,
}

impl SharedSession {
    /// Makes the directory: in `RESOURCE_GUARDS_TMPDIR`, else in memory, else in the temporary directory.
    ///
    /// # Errors
    ///
    /// If no such directory can be made, or programs in it could not be run. The message names what was tried.
    pub fn create() -> io::Result<Self> {
        place::sweep();
        Place::create().map(|place| Self { place, wrappers: None }).map_err(io::Error::other)
    }

    /// Puts programs, by name and text, in front of all others on the PATH of the tests, but behind what guards of their
    /// own binary put there. To be called once, before [`tell`](Self::tell).
    ///
    /// They are written into the session, or into `beside` where programs in the session cannot be run (a file system in
    /// memory is often mounted `noexec` in containers).
    ///
    /// # Errors
    ///
    /// If they can be written to neither.
    pub fn wrap(&mut self, programs: impl IntoIterator<Item = (String, String)>, beside: &Path) -> io::Result<()> {
        self.wrappers = Some(provide_shared(programs, self.place.dir(), beside).map_err(io::Error::other)?);
        Ok(())
    }

    /// Says something about resources to all test processes. To be called once, before the first of them starts.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn tell(&self, resources: &[RunResource]) -> io::Result<()> {
        Shared::write(self.place.dir(), self.wrappers.as_deref(), resources)
    }

    /// Makes test processes register their scopes, for [`TestScope::of`]: the caller watches them from outside.
    ///
    /// # Errors
    ///
    /// If the directory for that cannot be made.
    pub fn watch(&self) -> io::Result<()> {
        std::fs::create_dir(self.dir().join(SCOPES))
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
