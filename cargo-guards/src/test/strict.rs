//! `--strict`: the kernel's view around a run, and what it found beside the logs of the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guard_kernel::{Enforce, Late, Of, Outliving, Supervisor, Watched};
use resource_guards::tool::{self, SharedSession};
use resource_guards::{Footprint, ViolationKind};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::config::Config;
use crate::format::{Record, VERSION};
use crate::runs::Run;
use crate::talk::Talk;
use crate::{Error, Result, runner};

/// The watch around a run.
pub(crate) struct Strict {
    supervisor: Supervisor,
    policy: Arc<Enforce>,
}

impl Strict {
    /// Says whether this machine can do it, before anything is built.
    pub(crate) fn check() -> Result<()> {
        guard_kernel::supported().map_err(Error::Strict)
    }

    /// Begins to watch.
    pub(crate) fn begin(session: &SharedSession, catalog: &Catalog, config: &Config, talk: &Talk) -> Result<Self> {
        session.watch().map_err(Error::Session)?;
        let unguarded: Vec<&str> =
            catalog.binaries.iter().filter(|binary| binary.guards.is_none()).map(|binary| binary.id.as_str()).collect();
        if !unguarded.is_empty() {
            talk.note(format!("no guards, so nothing is judged: {}", unguarded.join(", ")));
        }
        let described: Vec<Watched> =
            config.resources().iter().map(|described| watched(&described.name, &described.footprint)).collect();
        let binaries = catalog.binaries.iter().filter(|binary| binary.guards.is_some()).map(|binary| {
            let own = binary.guarded_by.iter().map(|guard| watched(&guard.resource, &guard.footprint));
            (binary.path.clone(), own.chain(described.iter().cloned()).collect())
        });
        let path = std::env::var_os("PATH").unwrap_or_default();
        let observe = std::env::var_os(tool::MODE).is_some_and(|mode| mode == "observe");
        let policy = Arc::new(Enforce::new(session.dir(), binaries, &path, observe));
        let supervisor = Supervisor::start(policy.clone()).map_err(Error::Strict)?;
        Ok(Self { supervisor, policy })
    }

    /// The words that go before each test binary. `target`: where cargo builds.
    pub(crate) fn runner(&self, target: &Path) -> Result<Vec<String>> {
        runner::words(&self.supervisor.runner(&target.join("guards/kernel"), false).map_err(Error::Strict)?)
    }

    /// Ends the watch, adds what was found to the records of the tests, and says the rest. False if something was not
    /// watched.
    pub(crate) fn end(self, run: &Run, talk: &Talk) -> Result<bool> {
        self.supervisor.settle();
        self.supervisor.stop();
        let findings = self.policy.findings();
        let mut records = Records::read(&run.records_dir())?;
        for outliving in &findings.outliving {
            records.outliving(outliving);
        }
        for late in &findings.late {
            records.late(late);
        }
        records.write()?;
        for note in &findings.notes {
            talk.note(note);
        }
        for failure in &findings.failures {
            talk.error(failure);
        }
        Ok(findings.failures.is_empty())
    }
}

fn watched(resource: &str, footprint: &Footprint) -> Watched {
    Watched {
        resource: resource.to_owned(),
        programs: footprint.programs.clone(),
        sockets: footprint.sockets.clone(),
        peers: footprint.peers.clone(),
    }
}

/// The records of a run, to be added to.
struct Records {
    dir: PathBuf,
    files: Vec<(PathBuf, Value, bool)>,
}

impl Records {
    fn read(dir: &Path) -> Result<Self> {
        let entries = fs::read_dir(dir).map_err(Error::file("read", dir))?;
        let paths =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|x| x == "json"));
        let files =
            paths.filter_map(|path| Some((path.clone(), serde_json::from_slice(&fs::read(path).ok()?).ok()?, false)));
        Ok(Self { dir: dir.to_owned(), files: files.collect() })
    }

    /// The record of a test, made if there is none: of a plain test without an offence under `cargo test`.
    fn of(&mut self, of: &Of) -> &mut Value {
        let test = of.test.as_deref().unwrap_or(Record::SOMEBODY);
        let number = |name: &str| of.variables.get(name).and_then(|number| number.parse::<u32>().ok());
        let (attempt, iteration) = (number("NEXTEST_ATTEMPT"), number("NEXTEST_STRESS_CURRENT"));
        let is = |record: &Value| {
            record["binary"].as_str().map(Path::new) == Some(&*of.binary)
                && record["test"].as_str() == Some(test)
                && (record["attempt"].is_null() || record["attempt"].as_u64() == attempt.map(u64::from))
                && record["iteration"].as_u64() == iteration.map(u64::from)
        };
        let n = self.files.iter().position(|(_, record, _)| is(record)).unwrap_or_else(|| {
            let path = self.dir.join(format!("late-{}-{}.json", std::process::id(), self.files.len()));
            let record = json!({
                "version": VERSION,
                "test": test,
                "binary": of.binary,
                "binary_id": of.variables.get("NEXTEST_BINARY_ID"),
                "attempt": attempt,
                "iteration": iteration,
                "package": of.variables.get("CARGO_PKG_NAME"),
                "ending": "unknown",
            });
            self.files.push((path, record, false));
            self.files.len() - 1
        });
        self.files[n].2 = true;
        &mut self.files[n].1
    }

    fn outliving(&mut self, outliving: &Outliving) {
        let whose = outliving.of.test.as_ref().map_or("its test".to_owned(), |test| format!("test `{test}`"));
        let note = format!("`{}` (pid {}) outlived {whose}", outliving.program, outliving.pid);
        push(self.of(&outliving.of), "notes", json!(note));
    }

    fn late(&mut self, late: &Late) {
        let record = self.of(&late.of);
        // A test that lived and whose log is gone has removed it, and was judged for that.
        let is_kind = |violation: &Value| violation["kind"] == json!(ViolationKind::NotRecorded);
        let is_said = late.lived && record["violations"].as_array().is_some_and(|all| all.iter().any(is_kind));
        if !is_said {
            push(record, "violations", json!(late.violation));
            push(record, "messages", json!(late.violation.to_string()));
        }
        push(
            record,
            "uses",
            json!({
                "resource": late.resource,
                "verb": "blocked",
                "chokepoint": "kernel",
                "what": late.what,
                "target": late.target,
                "pid": late.pid,
                "stretches": [],
                "within": [],
            }),
        );
    }

    fn write(&self) -> Result<()> {
        for (path, record, _) in self.files.iter().filter(|(_, _, changed)| *changed) {
            let text = record.to_string();
            fs::write(path, text).map_err(Error::file("write", path))?;
        }
        Ok(())
    }
}

fn push(record: &mut Value, list: &str, item: Value) {
    match record[list].as_array_mut() {
        Some(list) => list.push(item),
        None => record[list] = json!([item]),
    }
}
