//! What is found out about a run beside what stands in the logs of its tests.

use std::collections::BTreeMap;
use std::path::PathBuf;

use resource_guards::Violation;

/// What the kernel would see of one resource of a test binary.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The resource.
    pub resource: String,
    /// The names of its programs.
    pub programs: Vec<String>,
    /// The paths of its sockets; `@name` for one without a file.
    pub sockets: Vec<PathBuf>,
    /// Patterns of its peers, `host:port`.
    pub peers: Vec<String>,
}

/// What is found out about a run.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Findings {
    /// Uses by processes whose test was over.
    pub late: Vec<Late>,
    /// Processes that outlived their test.
    pub outliving: Vec<Outliving>,
    /// What went wrong: something was not watched.
    pub failures: Vec<String>,
    /// What else is worth saying.
    pub notes: Vec<String>,
}

/// A use by a process whose test was over, or whose log was gone.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Late {
    /// The test.
    pub of: Of,
    /// What is wrong.
    pub violation: Violation,
    /// The resource.
    pub resource: String,
    /// What was seen.
    pub what: String,
    /// Of what exactly.
    pub target: Option<String>,
    /// The process.
    pub pid: u32,
    /// Whether the process of the test was still there: it has removed its log, or is just ending.
    pub lived: bool,
}

/// A process that outlived its test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Outliving {
    /// The test.
    pub of: Of,
    /// What it runs.
    pub program: String,
    /// Its number.
    pub pid: u32,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Of {
    /// The test binary.
    pub binary: PathBuf,
    /// The test's name. `None`: it cannot be told which one of the binary.
    pub test: Option<String>,
    /// What the environment said.
    pub variables: BTreeMap<String, String>,
}
