//! What an audit has found, as it is written as JSON. `schema/audit-1.json` describes it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::catalogue::Catalogue;
use super::observed::{All, Evidence, How, Observed, Peer, Subject, Touch};
use super::proposal::Proposal;
use crate::catalog::Catalog;

/// The version of the format. It changes when a field is removed or changes its meaning.
const VERSION: u64 = 1;

/// Everything.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    version: u64,
    /// The root of the workspace.
    pub(super) root: String,
    pub(super) engine: String,
    /// Milliseconds since 1970.
    pub(super) started: u64,
    /// Whether the run came to its end.
    pub(super) complete: bool,
    /// The engine's.
    pub(super) exit_code: u8,
    /// Those of the catalogue that were touched, in its order.
    pub(super) resources: Vec<Resource>,
    /// In the order of binaries, names and tries.
    pub(super) tests: Vec<Test>,
    /// Tests that did not run.
    pub(super) not_run: Vec<NotRun>,
    /// What could not be observed, beside what stands at the tests.
    pub(super) unobserved: Vec<String>,
    pub(super) proposal: Proposal,
}

/// An entry of the catalogue.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) title: String,
    /// Part of every Unix, of Rust or of the project itself.
    pub(super) plain: bool,
    /// Why no test should need it.
    pub(super) alarm: Option<String>,
    /// How many tests touch it.
    pub(super) tests: usize,
}

/// One try of a test, or a whole binary.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Test {
    pub(super) binary_id: String,
    pub(super) binary: String,
    pub(super) package: Option<String>,
    /// `None`: all tests of the binary, which could not be told apart.
    pub(super) name: Option<String>,
    pub(super) iteration: Option<u32>,
    pub(super) attempt: Option<u32>,
    /// In the order of the catalogue.
    pub(super) uses: Vec<Use>,
    pub(super) notes: Vec<String>,
    /// What could not be observed.
    pub(super) unobserved: Vec<String>,
}

/// One thing that a test touched.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Use {
    pub(super) resource: String,
    /// Why no test should need it.
    pub(super) alarm: Option<String>,
    #[serde(flatten)]
    pub(super) what: What,
    pub(super) times: u64,
    /// The program that did it, and its process at the first time.
    pub(super) by: String,
    pub(super) pid: u32,
    #[serde(skip)]
    pub(super) plain: bool,
    /// Whether it is a program that no wrapper on PATH would have seen.
    #[serde(skip)]
    pub(super) hidden: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum What {
    Program {
        /// As the caller named it; empty if by a descriptor alone.
        given: String,
        /// The file, all links followed.
        path: String,
        /// The names with the first arguments, a few of them.
        calls: BTreeSet<String>,
    },
    Peer {
        peer: String,
        how: How,
        /// Whether it is this machine.
        here: bool,
    },
}

/// Tests of a binary that did not run: ignored, filtered out, or behind a failure.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NotRun {
    pub(super) binary_id: String,
    pub(super) tests: Vec<String>,
}

/// What is known of the run.
pub(super) struct Header<'a> {
    pub(super) root: String,
    pub(super) engine: &'a str,
    pub(super) started: u64,
    pub(super) complete: bool,
    pub(super) exit_code: u8,
    pub(super) unobserved: Vec<String>,
}

impl Found {
    pub(super) fn of(header: Header<'_>, all: &All, catalogue: &Catalogue, built: &Catalog) -> Self {
        let mut tests: Vec<Test> =
            all.iter().map(|(subject, observed)| Test::of(subject, observed, catalogue, built)).collect();
        // A binary without tests has run as a whole too.
        tests.retain(|test| test.name.is_some() || !test.uses.is_empty() || !test.unobserved.is_empty());
        let order = |test: &Test| (test.iteration, test.attempt);
        tests.sort_by(|a, b| (&a.binary_id, &a.name, order(a)).cmp(&(&b.binary_id, &b.name, order(b))));
        let resources: Vec<Resource> = catalogue
            .entries
            .iter()
            .filter_map(|entry| {
                let touches = |test: &&Test| test.uses.iter().any(|one| one.resource == entry.name);
                // Tries of a test are one test.
                let of = tests.iter().filter(touches).map(|test| (&test.binary_id, &test.name));
                let count = of.collect::<BTreeSet<_>>().len();
                (count > 0).then(|| Resource {
                    name: entry.name.clone(),
                    title: entry.title.clone(),
                    plain: entry.plain,
                    alarm: entry.alarm.clone(),
                    tests: count,
                })
            })
            .collect();
        Self {
            version: VERSION,
            root: header.root,
            engine: header.engine.to_owned(),
            started: header.started,
            complete: header.complete,
            exit_code: header.exit_code,
            proposal: Proposal::of(&tests, catalogue),
            not_run: not_run(&tests, built),
            resources,
            tests,
            unobserved: header.unobserved,
        }
    }
}

fn not_run(tests: &[Test], built: &Catalog) -> Vec<NotRun> {
    let ran: BTreeSet<_> = tests.iter().map(|test| (test.binary_id.as_str(), test.name.as_deref())).collect();
    let mut missing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for test in &built.tests {
        let id = built.binaries[test.binary].id.as_str();
        if !ran.contains(&(id, Some(&test.name))) && !ran.contains(&(id, None)) {
            missing.entry(id).or_default().push(test.name.clone());
        }
    }
    missing.into_iter().map(|(id, tests)| NotRun { binary_id: id.to_owned(), tests }).collect()
}

impl Test {
    fn of(subject: &Subject, observed: &Observed, catalogue: &Catalogue, built: &Catalog) -> Self {
        let known = built.binaries.iter().find(|binary| binary.path == subject.binary);
        let file = subject.binary.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = known.map(|binary| binary.id.clone()).or_else(|| subject.binary_id.clone()).unwrap_or(file);
        let order = |one: &Use| catalogue.entries.iter().position(|entry| entry.name == one.resource);
        let mut uses: Vec<Use> =
            observed.touched.iter().map(|(touch, evidence)| Use::of(touch, evidence, catalogue)).collect();
        uses.sort_by_key(order);
        Self {
            binary_id: id,
            binary: subject.binary.display().to_string(),
            package: known.map(|binary| binary.package.clone()),
            name: subject.test.clone(),
            iteration: subject.iteration,
            attempt: subject.attempt,
            uses,
            notes: observed.notes.iter().cloned().collect(),
            unobserved: observed.unobserved.iter().cloned().collect(),
        }
    }

    /// Whether it touches something that is not part of every Unix, nor of the project.
    pub(super) fn is_noteworthy(&self) -> bool {
        self.uses.iter().any(|one| !one.plain)
    }

    /// Its name, or what is known instead.
    pub(super) fn shown(&self) -> String {
        let name = self.name.clone().unwrap_or_else(|| "(all tests of the binary)".to_owned());
        let repetition = self.iteration.map(|n| format!("repetition {}", n + 1));
        let attempt = self.attempt.filter(|&attempt| attempt > 1).map(|n| format!("try {n}"));
        let which: Vec<String> = repetition.into_iter().chain(attempt).collect();
        if which.is_empty() { name } else { format!("{name} ({})", which.join(", ")) }
    }
}

impl Use {
    fn of(touch: &Touch, evidence: &Evidence, catalogue: &Catalogue) -> Self {
        let class = catalogue.class(touch, evidence);
        // A default address alone reaches nobody.
        let idle = matches!(touch, Touch::Peer { how: How::Address, peer: Peer::Internet(address) }
            if address.port() != 53);
        Self {
            resource: class.entry.name.clone(),
            alarm: class.alarm.filter(|_| !idle).map(str::to_owned),
            what: match touch {
                Touch::Program { given, path } => {
                    What::Program { given: given.clone(), path: path.clone(), calls: evidence.what.clone() }
                }
                Touch::Peer { peer, how } => What::Peer { peer: peer.to_string(), how: *how, here: peer.is_here() },
            },
            times: evidence.times,
            by: evidence.by.clone(),
            pid: evidence.pid,
            plain: class.entry.plain || idle,
            hidden: matches!(touch, Touch::Program { .. }) && !evidence.by_name,
        }
    }

    /// What it is, in one line.
    pub(super) fn shown(&self) -> String {
        match &self.what {
            What::Program { calls, given, .. } if calls.is_empty() => given.clone(),
            What::Program { calls, .. } => calls.iter().cloned().collect::<Vec<_>>().join(", "),
            What::Peer { peer, how: How::Connect, .. } => peer.clone(),
            What::Peer { peer, how: How::Send, .. } => format!("{peer} (messages)"),
            What::Peer { peer, how: How::Address, .. } => format!("{peer} (default address)"),
        }
    }
}
