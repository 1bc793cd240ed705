//! What can go wrong, and what the user can do about it.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An operation that failed, on what, and how to mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program could not be started.
    #[error("cannot run `{command}`")]
    Start {
        /// The program with its arguments.
        command: String,
        /// Why.
        source: io::Error,
    },
    /// The tests did not build; cargo has said why.
    #[error("the tests do not build")]
    Build {
        /// The exit code of cargo.
        code: u8,
    },
    /// The workspace could not be found or read.
    #[error("cannot read the workspace: {}", .0.trim())]
    Workspace(String),
    /// A file or directory could not be read or written.
    #[error("cannot {operation} `{}`", path.display())]
    File {
        /// What was tried.
        operation: &'static str,
        /// On what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has not the form that it should have.
    #[error("cannot understand `{}` as {what}", path.display())]
    Json {
        /// What it should be.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A file was written by a version of the tool that this one does not know.
    #[error("`{}` has version {version} of its format, and this is made for version 1: update cargo-guards", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What stands in it.
        version: u64,
    },
    /// A source file is not understood, so nothing is edited.
    #[error("cannot edit `{}`: line {line} is not understood: {why}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is wrong there.
        why: String,
    },
    /// Edits would not have the effect that they should have.
    #[error("cannot edit `{}`: {why}; please report this", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// Source files are not as they were when the tests ran.
    #[error("`{0}` changed after the last run began, so what it saw may not hold there; run the tests again")]
    Stale(String),
    /// A test binary did not say what it contains.
    #[error("cannot list the tests of `{binary}` ({}): {why}", path.display())]
    Listing {
        /// Its name as nextest gives it.
        binary: String,
        /// Where it is.
        path: PathBuf,
        /// What it did instead.
        why: String,
    },
    /// The JUnit document could not be made.
    #[error("cannot write JUnit: {0}")]
    Junit(String),
    /// The HTML page could not be made.
    #[error("cannot write HTML: {0}")]
    Html(String),
    /// The expression of `-m` is wrong. The text shows where.
    #[error("{0}")]
    Expression(String),
    /// `guards.toml` has mistakes.
    #[error("cannot use `{}`, {}:\n{}", path.display(), mistakes_of(mistakes), mistakes.join("\n"))]
    Config {
        /// The file.
        path: PathBuf,
        /// Each mistake, with the lines that it is about.
        mistakes: Vec<String>,
    },
    /// There are more `may(…)` than `guards.toml` allows. The text lists them.
    #[error("too many exceptions\n{0}")]
    Exceptions(String),
    /// Resources that the tests need are missing, and `--unavailable require` is in force. The text lists them.
    #[error("resources are missing, so no test is run{0}")]
    Missing(String),
    /// The kernel's view is not to be had.
    #[error("cannot run tests with --strict")]
    Strict(#[source] guard_kernel::Error),
    /// The same, for an audit, which has no other view.
    #[error("cannot audit tests")]
    Audit(#[source] guard_kernel::Error),
    /// Tests ran, and none of them came through the runner.
    #[error(
        "no test was watched: cargo did not use the runner that watches tests; is `build.target` set in its configuration, \
         or a wrapper script of nextest? pass --target, or leave the script out"
    )]
    NotWatched,
    /// The session's directory could not be made.
    #[error("cannot prepare the session")]
    Session(#[source] io::Error),
    /// Signals could not be taken over.
    #[error("cannot handle signals")]
    Signals(#[source] io::Error),
    /// The options contradict each other or the machine.
    #[error("{0}")]
    Usage(String),
    /// There is nothing to read.
    #[error("{0}")]
    Absent(String),
    /// `cargo test` did not ask which tests are selected.
    #[error(
        "cargo did not use the runner that selects the tests, so others may have run; is `build.target` set in its \
         configuration? pass --target then, or install nextest"
    )]
    NotSelected,
}

fn mistakes_of(mistakes: &[String]) -> String {
    match mistakes.len() {
        1 => "which has a mistake".to_owned(),
        n => format!("which has {n} mistakes"),
    }
}

impl Error {
    /// A closure for `map_err` on an operation on a file.
    pub(crate) fn file(operation: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { operation, path, source }
    }

    /// The message with the chain of its causes.
    #[must_use]
    pub fn with_causes(&self) -> String {
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
