//! Machines that have no such view: what is asked for is refused, and never silently left out.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Error, Findings, Watched};

/// Always an error here.
///
/// # Errors
///
/// That it is not supported.
pub fn supported() -> Result<(), Error> {
    Err(Error::Unsupported(io::ErrorKind::Unsupported.into()))
}

/// Decides about calls, where there is a view of them.
pub trait Policy: Send + Sync + 'static {}

/// Refuses what tests do not declare, where there is a view of it.
#[derive(Debug)]
pub struct Enforce(());

impl Enforce {
    /// For the tests of a session.
    #[must_use]
    pub fn new(_: &Path, _: impl IntoIterator<Item = (PathBuf, Vec<Watched>)>, _: &OsStr, _: bool) -> Self {
        Self(())
    }

    /// Nothing.
    #[must_use]
    pub fn findings(&self) -> Findings {
        Findings::default()
    }
}

impl Policy for Enforce {}

/// There is none here.
pub struct Supervisor(std::convert::Infallible);

impl Supervisor {
    /// Always an error here.
    ///
    /// # Errors
    ///
    /// That it is not supported.
    pub fn start(_: Arc<dyn Policy>) -> Result<Self, Error> {
        supported().map(|()| unreachable!("it is not supported"))
    }

    /// The words of the runner.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn runner(&self, _: &Path, _: bool) -> Result<[PathBuf; 3], Error> {
        match self.0 {}
    }

    /// Waits until all process trees have ended.
    pub fn settle(&self) {
        match self.0 {}
    }

    /// Nothing is adopted here.
    pub fn reap(_: u32) {}

    /// Ends the watch.
    pub fn stop(self) {
        match self.0 {}
    }
}
