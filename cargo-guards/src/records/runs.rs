//! The records of runs: `target/guards/RUN/`, with `run.json` and a file for each test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use cargo_metadata::Metadata;
use resource_guards::tool;
use serde::{Deserialize, Serialize};

use crate::flags::BuildFlags;
use crate::format::{Record, VERSION};
use crate::{Error, Result};

use super::binaries;

/// So many runs are kept.
const KEPT: usize = 5;

/// A record that is longer than this is not read.
const LONGEST: u64 = 64 << 20;

const HEADER: &str = "run.json";

/// The mode of an audit.
pub(crate) const AUDIT: &str = "audit";

/// The tests that were left out.
const SKIPPED: &str = "skipped.json";

/// What is known of a run beside its records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) version: u64,
    /// `nextest` or `cargo test`.
    pub(crate) engine: String,
    /// The expression of `-m`.
    pub(crate) selection: Option<String>,
    /// Where the workspace is: several may share a target directory. Not known of an archive.
    #[serde(default)]
    pub(crate) workspace: Option<PathBuf>,
    /// Milliseconds since 1970.
    pub(crate) started: u64,
    /// Whether it came to its end. Not: it runs, was interrupted or killed.
    pub(crate) complete: bool,
    pub(crate) exit_code: Option<u8>,
    /// The switch that the tests ran under: `enforce`, `observe` or `off`; `audit` if the kernel alone has watched.
    #[serde(default)]
    pub(crate) mode: Option<String>,
    /// What was built; not known of an archive.
    #[serde(default)]
    pub(crate) built: Option<BuildFlags>,
    /// The names of test binaries by their paths, of which records do not have them: those of `cargo test`.
    #[serde(default)]
    pub(crate) binaries: BTreeMap<String, String>,
    /// Whether it stays when newer runs push older ones out.
    pub(crate) kept: bool,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) dir: PathBuf,
    pub(crate) header: Header,
}

fn base(target: &Path) -> PathBuf {
    target.join("guards")
}

impl Run {
    /// Makes the directory of a run that begins now, and removes those of old ones.
    pub(crate) fn begin(
        target: &Path,
        workspace: Option<&Path>,
        engine: &str,
        selection: Option<&str>,
        kept: bool,
    ) -> Result<Self> {
        let base = base(target);
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let dir = base.join(format!("{started}-{}", std::process::id()));
        fs::create_dir_all(dir.join("records")).map_err(Error::file("make", &dir))?;
        let header = Header {
            version: VERSION,
            engine: engine.to_owned(),
            selection: selection.map(str::to_owned),
            workspace: workspace.map(Path::to_owned),
            started: u64::try_from(started).unwrap_or_default(),
            complete: false,
            exit_code: None,
            mode: Some(std::env::var(tool::MODE).unwrap_or_else(|_| "enforce".to_owned())),
            built: None,
            binaries: BTreeMap::new(),
            kept,
        };
        let run = Self { dir, header };
        run.write()?;
        // Another run may be at it too.
        let of_this = |old: &Self| old.header.workspace.as_deref() == workspace && !old.header.kept;
        let old = all(&base).into_iter().rev().filter(of_this).skip(KEPT);
        old.for_each(|run| drop(fs::remove_dir_all(run.dir)));
        Ok(run)
    }

    /// The last one of this workspace, if it is known.
    pub(crate) fn last(target: &Path, workspace: Option<&Path>) -> Result<Self> {
        let base = base(target);
        let may_be =
            |run: &Self| workspace.is_none_or(|own| run.header.workspace.as_deref().is_none_or(|of| of == own));
        all(&base).into_iter().rfind(may_be).ok_or_else(|| {
            let of = workspace.map(|workspace| format!(" of `{}`", workspace.display())).unwrap_or_default();
            Error::Absent(format!("there is no run{of} in `{}`; `cargo guards test` makes one", base.display()))
        })
    }

    /// The run in a folder, or the last one of all that are in it.
    pub(crate) fn of(dir: &Path) -> Result<Self> {
        let path = dir.join(HEADER);
        if path.is_file() {
            let text = fs::read(&path).map_err(Error::file("read", &path))?;
            let header = serde_json::from_slice(&text).map_err(|source| Error::Json { what: "a run", path, source })?;
            return Ok(Self { dir: dir.to_owned(), header });
        }
        let run = all(dir).pop();
        run.ok_or_else(|| Error::Absent(format!("`{}` is no folder of runs of `cargo guards test`", dir.display())))
    }

    /// Notes how it ended.
    pub(crate) fn end(&mut self, exit_code: u8) -> Result<()> {
        self.header.exit_code = Some(exit_code);
        self.write()
    }

    fn write(&self) -> Result<()> {
        let path = self.dir.join(HEADER);
        let text = serde_json::to_vec_pretty(&self.header).map_err(|source| Error::Json {
            what: "a run",
            path: path.clone(),
            source,
        })?;
        fs::write(&path, text).map_err(Error::file("write", path))
    }

    /// Where test processes put their records.
    pub(crate) fn records_dir(&self) -> PathBuf {
        self.dir.join("records")
    }

    /// Writes down the tests that are left out.
    pub(crate) fn skip(&self, skipped: &[Record]) -> Result<()> {
        if skipped.is_empty() {
            return Ok(());
        }
        let path = self.dir.join(SKIPPED);
        let text = serde_json::to_vec(skipped).map_err(|source| Error::Json {
            what: "tests that are left out",
            path: path.clone(),
            source,
        })?;
        fs::write(&path, text).map_err(Error::file("write", path))
    }

    /// The records, those of tests that were left out among them, in the order of binaries, tests and tries; and what could not be read.
    pub(crate) fn records(&self) -> Result<(Vec<Record>, Vec<String>)> {
        let dir = self.records_dir();
        let mut records = Vec::new();
        let mut unread = Vec::new();
        for file in fs::read_dir(&dir).map_err(Error::file("read", &dir))? {
            let path = file.map_err(Error::file("read", &dir))?.path();
            match read(&path) {
                Ok(record) => records.push(record),
                Err(why) => unread.push(format!("the record `{}` is left out: {why}", path.display())),
            }
        }
        match skipped(&self.dir.join(SKIPPED)) {
            Ok(skipped) => records.extend(skipped),
            Err(why) => unread.push(format!("which tests were left out is not known: {why}")),
        }
        unread.sort();
        Ok((self.header.named(records), unread))
    }

    /// Finds out the names of binaries that its records do not have, for these and for later readers.
    pub(crate) fn name_binaries(&mut self, records: Vec<Record>, workspace: &Metadata) -> Vec<Record> {
        self.header.binaries.extend(binaries::names(&records, workspace));
        self.header.named(records)
    }
}

impl Header {
    /// Records with the names of their binaries, in the order of those, tests and tries.
    fn named(&self, mut records: Vec<Record>) -> Vec<Record> {
        for record in records.iter_mut().filter(|record| record.binary_id.is_none()) {
            record.binary_id = self.binaries.get(&record.binary).cloned();
        }
        records
            .sort_by_cached_key(|record| (record.binary_id(), record.test.clone(), record.iteration, record.attempt));
        records
    }
}

fn skipped(path: &Path) -> Result<Vec<Record>, String> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn read(path: &Path) -> Result<Record, String> {
    if path.extension().is_none_or(|extension| extension != "json") {
        return Err("the test process ended while it wrote it".to_owned());
    }
    let size = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > LONGEST {
        return Err(format!("it has {size} bytes"));
    }
    let text = fs::read(path).map_err(|error| error.to_string())?;
    let record: Record = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if record.version != VERSION {
        return Err(format!("it has version {}, and this is made for version {VERSION}", record.version));
    }
    Ok(record)
}

/// All runs, oldest first.
fn all(base: &Path) -> Vec<Run> {
    let Ok(found) = fs::read_dir(base) else { return Vec::new() };
    let mut runs: Vec<Run> = found
        .flatten()
        .filter_map(|entry| {
            let dir = entry.path();
            let header = serde_json::from_slice(&fs::read(dir.join(HEADER)).ok()?).ok()?;
            Some(Run { dir, header })
        })
        .collect();
    runs.sort_by_key(|run| run.header.started);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_runs_stay_and_those_that_are_kept() {
        let target = tempfile::tempdir().unwrap();
        let kept = Run::begin(target.path(), None, "nextest", None, true).unwrap();
        let dirs: Vec<PathBuf> = (0..KEPT + 2)
            .map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(2));
                Run::begin(target.path(), None, "nextest", None, false).unwrap().dir
            })
            .collect();
        assert!(kept.dir.exists());
        let left: Vec<bool> = dirs.iter().map(|dir| dir.exists()).collect();
        assert_eq!(left.iter().filter(|&&left| left).count(), KEPT);
        assert!(!left[0] && !left[1]);
    }

    #[test]
    fn workspaces_that_share_a_target_directory_have_each_its_own_last_run() {
        let target = tempfile::tempdir().unwrap();
        let begin = |workspace: &str| {
            std::thread::sleep(std::time::Duration::from_millis(2));
            Run::begin(target.path(), Some(Path::new(workspace)), "nextest", None, false).unwrap().dir
        };
        let (one, other) = (begin("/one"), begin("/other"));
        (0..KEPT).for_each(|_| drop(begin("/other")));
        let last = |workspace| Run::last(target.path(), workspace).map(|run| run.dir);
        assert_eq!(last(Some(Path::new("/one"))).unwrap(), one);
        assert!(one.exists() && !other.exists(), "old runs of others do not push out one's own");
        assert_ne!(last(None).unwrap(), one);
        let none = last(Some(Path::new("/third"))).unwrap_err().to_string();
        assert!(none.starts_with("there is no run of `/third` in"), "{none}");
    }

    #[test]
    fn records_that_cannot_be_read_are_named_and_the_others_read() {
        let target = tempfile::tempdir().unwrap();
        let run = Run::begin(target.path(), None, "nextest", None, false).unwrap();
        let record = r#"{"version":1,"test":"a","binary":"/t/b-0a","ending":"passed"}"#;
        fs::write(run.records_dir().join("test-1.json"), record).unwrap();
        fs::write(run.records_dir().join("test-2.json"), &record[..30]).unwrap();
        fs::write(run.records_dir().join("test-3.making"), record).unwrap();
        fs::write(run.records_dir().join("test-4.json"), record.replace(":1,", ":2,")).unwrap();
        let (records, unread) = run.records().unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].binary_id(), "b-0a");
        assert_eq!(unread.len(), 3, "{unread:?}");
    }
}
