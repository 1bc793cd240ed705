//! `guards.toml`: what a workspace says about its resources. The file is optional and stands at the root of the workspace.
//!
//! ```toml
//! # What `cargo guards test` does without --unavailable where a resource is missing: "fail" (default), "skip" or "require".
//! unavailable = "skip"
//! # More `may(…)` than this in the declarations of the workspace are an error; fewer are a note that it can be lowered.
//! max-exceptions = 3
//!
//! # Of the tests that declare `docker`, two run at a time.
//! [resources.docker]
//! max-threads = 2
//!
//! # A resource that needs no code: tests declare it with #[uses(warehouse)].
//! [resources.warehouse]
//! exec = ["warehouse", "warehouse-admin"]
//! unix = ["/run/warehouse.sock"]
//! tcp = ["*.warehouse.example:443", "10.0.0.7:5432", "[::1]:5432"]
//! max-threads = 1
//! ```
//!
//! | key | type | meaning |
//! | --- | --- | --- |
//! | `unavailable` | `"fail"`, `"skip"`, `"require"` | the policy of `cargo guards test` without `--unavailable` |
//! | `max-exceptions` | whole number | how many `may(…)` the declarations may have |
//! | `resources.NAME.max-threads` | whole number, at least 1 | how many tests that declare the resource run at a time |
//! | `resources.NAME.exec` | list of strings | names of programs, as they are found on `PATH` |
//! | `resources.NAME.unix` | list of strings | absolute paths of Unix sockets, or `@name` of an abstract one |
//! | `resources.NAME.tcp` | list of strings | `host:port`; in a host `*` stands for anything, as a port for any port |
//!
//! A resource with `exec`, `unix` or `tcp` is *described*. It has a header of its own, `[resources.NAME]`, and each of the
//! three begins a line: that is how a test process finds out, without a TOML parser, that the name is no mistake.
//!
//! | | `cargo guards test` | plain `cargo test`, `cargo nextest run` |
//! | --- | --- | --- |
//! | `max-threads` | holds, under both engines and over all test binaries | no limit |
//! | `exec` | wrapped in the session of the run, judged as any other resource | the name is known; what it uses is not observed, which is said, and it is never called unused |
//! | `unix`, `tcp` | seen under `--strict`; without it not observed, which is said | the name is known, as above |
//!
//! All mistakes in the file are shown at once, each with its line and a caret.

mod check;
mod mistake;
mod pattern;
mod read;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};

use resource_guards::Footprint;

pub(crate) use check::{Exception, Known};

use crate::{Error, Result};
use mistake::Mistake;

/// The name of the file.
pub const FILE: &str = "guards.toml";

/// What `guards.toml` says. Without the file it is empty, and changes nothing.
#[derive(Debug, Clone, Default)]
pub struct Config {
    source: Source,
    unavailable: Option<Policy>,
    max_exceptions: Option<(usize, Range<usize>)>,
    limits: Vec<Limit>,
    resources: Vec<Described>,
    /// Programs under `exec`, each with its resource and its place.
    programs: BTreeMap<String, (String, Range<usize>)>,
}

/// Where it stands, and its text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    path: PathBuf,
    text: String,
}

/// What to do with tests whose resource is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// Run them, and let them fail
    #[default]
    Fail,
    /// Leave them out, and count them
    Skip,
    /// Fail before anything is run
    Require,
}

/// A resource that is described by data alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// What tests declare.
    pub name: String,
    /// Programs, Unix sockets and peers, as a guard would give them. An abstract socket begins with `@`.
    pub footprint: Footprint,
}

/// How many tests that declare a resource run at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) resource: String,
    pub(crate) max: NonZeroUsize,
    /// Where the resource is named.
    name: Range<usize>,
}

impl Config {
    /// Reads the file in the root of a workspace, if there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or says what it may not. The message shows every mistake.
    pub fn of(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Error::file("read", path)(error)),
        }
    }

    fn parse(path: PathBuf, text: String) -> Result<Self> {
        let (mut config, mistakes) = read::read(&text);
        config.source = Source { path, text };
        if mistakes.is_empty() { Ok(config) } else { Err(config.source.error(&mistakes)) }
    }

    /// Files of this name beside packages of the workspace: nobody reads them.
    pub(crate) fn strays(workspace: &cargo_metadata::Metadata) -> impl Iterator<Item = PathBuf> {
        let root = workspace.workspace_root.as_std_path();
        let packages = workspace.packages.iter().filter_map(|package| package.manifest_path.as_std_path().parent());
        packages.filter(move |folder| *folder != root).map(|folder| folder.join(FILE)).filter(|file| file.is_file())
    }

    /// Whether there is such a file.
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.source.path.as_os_str().is_empty()
    }

    /// The resources that are described by data alone, by name.
    #[must_use]
    pub fn resources(&self) -> &[Described] {
        &self.resources
    }

    /// What to do where a resource is missing, unless the command line says something else.
    #[must_use]
    pub fn unavailable(&self) -> Policy {
        self.unavailable.unwrap_or_default()
    }

    /// Whether something in it is about the tests as a whole, so that they must be listed.
    pub(crate) fn is_about_tests(&self) -> bool {
        self.max_exceptions.is_some() || !self.limits.is_empty() || !self.programs.is_empty()
    }

    pub(crate) fn limits(&self) -> &[Limit] {
        &self.limits
    }
}

impl Source {
    /// The mistakes as one error.
    fn error(&self, mistakes: &[Mistake]) -> Error {
        let shown: Vec<String> = mistakes.iter().map(|mistake| mistake.shown(self)).collect();
        Error::Config { path: self.path.clone(), mistakes: shown }
    }
}
