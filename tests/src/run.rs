//! What came out of one run.

use std::fmt;
use std::process::ExitStatus;

use crate::engine::Engine;

/// How a test ended, for a user who reads the whole output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed. A test without `#[uses]` that breaks its word under `cargo test` counts as failed: libtest says `ok`,
    /// and a message after its summary names the test (DESIGN §6).
    Failed,
    /// It was not run.
    Ignored,
    /// It began, and its process ended without a word about it.
    Lost,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
            Self::Lost => "lost",
        })
    }
}

/// One test of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRun {
    /// The binary, without its package and hash, with underscores: `all`.
    pub binary: String,
    /// The name in the runner: `agents::opens_a_session`.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was printed about it: its own output, as far as the engine shows it, and the messages of the guards.
    pub text: String,
}

/// One run of a crate's tests.
#[derive(Debug, Clone)]
pub struct Run {
    /// What ran them.
    pub engine: Engine,
    /// The process that did, after which `cargo guards` names the records of a run.
    pub pid: u32,
    /// The engine's exit status.
    pub status: ExitStatus,
    /// Everything that it printed, to both outputs, in order.
    pub output: String,
    /// What `cargo guards` says in the end, where it runs the tests.
    pub summary: String,
    /// The tests.
    pub tests: Vec<TestRun>,
    /// Messages of the guards after a summary that name no test of the binary.
    pub unattributed: Vec<String>,
}

impl Run {
    /// The test of this name, or `binary name` where several binaries have one.
    ///
    /// # Panics
    ///
    /// If there is none, or more than one.
    #[must_use]
    pub fn test(&self, name: &str) -> &TestRun {
        let found: Vec<_> = self.tests.iter().filter(|test| test.answers_to(name)).collect();
        match found[..] {
            [test] => test,
            [] => panic!("`{name}` was not run under {}:\n{}", self.engine.command(), self.output),
            _ => panic!("several tests are called `{name}` under {}:\n{}", self.engine.command(), self.output),
        }
    }
}

impl TestRun {
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        match name.split_once(' ') {
            Some((binary, test)) if binary == self.binary => test == self.name,
            _ => name == self.name,
        }
    }
}
