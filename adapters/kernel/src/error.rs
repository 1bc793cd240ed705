//! What can go wrong.

use std::io;
use std::path::PathBuf;

/// Why the kernel's view is not to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// This machine cannot do it.
    #[error(
        "the kernel's view of tests is not supported here: {0}; it needs Linux 5.9 or newer on x86-64 or ARM (64 bits), \
         with seccomp"
    )]
    Unsupported(io::Error),
    /// The supervisor could not be started.
    #[error("cannot start the supervisor of test processes")]
    Start(#[source] io::Error),
    /// The program that goes before each test could not be made.
    #[error("cannot write `{}`, which is to be started before each test", path.display())]
    Runner {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
