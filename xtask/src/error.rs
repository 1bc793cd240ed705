//! What can go wrong in a task.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// The result of a task.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// An operation that failed, and on what.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot run `{command}`")]
    Start { command: String, source: io::Error },
    #[error("`{command}` failed ({status}){}", said(.stderr))]
    Failed { command: String, status: ExitStatus, stderr: String },
    #[error("these failed: {}", .0.join(", "))]
    Several(Vec<String>),
    #[error("cannot {operation} `{}`", path.display())]
    File { operation: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot make a temporary directory")]
    Temporary(#[source] io::Error),
    #[error("cannot read the record `{}`", path.display())]
    Record { path: PathBuf, source: serde_json::Error },
    #[error("CI has everything that the tests need or fails, and this is absent: {}", .0.join("; "))]
    Absent(Vec<String>),
    #[error("{0}")]
    Unexpected(String),
}

impl Error {
    /// A closure for `map_err` on an operation on a file.
    pub(crate) fn file(operation: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { operation, path, source }
    }

    /// The message with the chain of its causes, on one line.
    pub(crate) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

fn said(stderr: &str) -> String {
    match stderr.trim() {
        "" => String::new(),
        text => format!(":\n{text}"),
    }
}
