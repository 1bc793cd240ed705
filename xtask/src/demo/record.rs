//! What the guards write down about one test: the part that the demo shows.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::{Error, Result};

/// One test.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) test: String,
    pub(super) declared: Option<Vec<Declared>>,
    pub(super) ending: String,
    pub(super) uses: Vec<Seen>,
    pub(super) violations: Vec<Violation>,
}

/// An item of a declaration.
#[derive(Debug, Deserialize)]
pub(super) struct Declared {
    pub(super) resource: String,
    pub(super) may: Option<String>,
}

/// A use.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    pub(super) resource: String,
    /// `used`, `blocked` or `passed`.
    pub(super) verb: String,
    pub(super) what: String,
}

/// A breach of the declaration.
#[derive(Debug, Deserialize)]
pub(super) struct Violation {
    pub(super) kind: String,
    pub(super) resource: Option<String>,
    /// The host, the first argument or the like, where only some are declared.
    #[serde(default)]
    pub(super) target: Option<String>,
}

impl Record {
    /// All records in the directory of a run.
    pub(super) fn read_all(dir: &Path) -> Result<Vec<Self>> {
        let entries = fs::read_dir(dir).map_err(Error::file("list", dir))?;
        let mut records = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::file("list", dir))?.path();
            let text = fs::read(&path).map_err(Error::file("read", &path))?;
            records.push(serde_json::from_slice(&text).map_err(|source| Error::Record { path, source })?);
        }
        Ok(records)
    }
}
