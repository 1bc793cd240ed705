//! What test binaries and test processes write, as it is read here. Both formats are versioned; fields that are not known
//! yet are ignored, those that came later may be missing.

use resource_guards::Footprint;
use serde::{Deserialize, Serialize};

/// The version of both formats.
pub(crate) const VERSION: u64 = 1;

/// What a test binary says about itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) version: u64,
    /// Whether libtest runs its tests; where another harness does, they may declare in scopes, as they run.
    pub(crate) libtest: Option<bool>,
    #[serde(default)]
    pub(crate) guards: Vec<Guard>,
    #[serde(default)]
    pub(crate) declarations: Vec<Declaration>,
    #[serde(default)]
    pub(crate) errors: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Guard {
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) settings: String,
    #[serde(default)]
    pub(crate) footprint: Footprint,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Declaration {
    pub(crate) path: String,
    pub(crate) subject: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) uses: Vec<Use>,
}

/// One resource of a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Use {
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) targets: Vec<String>,
    #[serde(default)]
    pub(crate) may: Option<String>,
}

impl Use {
    /// As it is written in the attribute.
    pub(crate) fn written(&self) -> String {
        let item = resource_guards::tool::written(&self.resource, &self.targets);
        match &self.may {
            Some(reason) => format!("may({item} = {reason:?})"),
            None => item,
        }
    }
}

/// What one test process wrote about one test.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) version: u64,
    pub(crate) test: String,
    pub(crate) binary: String,
    pub(crate) binary_id: Option<String>,
    pub(crate) attempt: Option<u32>,
    /// Which repetition of a stress test it is, from 0.
    #[serde(default)]
    pub(crate) iteration: Option<u32>,
    pub(crate) package: Option<String>,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    /// The path of the function that declares; cases of a test share it.
    #[serde(default)]
    pub(crate) function: Option<String>,
    pub(crate) declared: Option<Vec<Use>>,
    pub(crate) ending: String,
    pub(crate) seconds: Option<f64>,
    #[serde(default)]
    pub(crate) uses: Vec<Seen>,
    #[serde(default)]
    pub(crate) fixtures: Vec<String>,
    /// What those fixtures declare, each once.
    #[serde(default)]
    pub(crate) entered: Vec<Entered>,
    /// Resources whose uses could not all be seen; `*` is any.
    #[serde(default)]
    pub(crate) unobserved: Vec<String>,
    #[serde(default)]
    pub(crate) violations: Vec<Violation>,
    #[serde(default)]
    pub(crate) messages: Vec<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) exceptions: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) probed: Vec<String>,
    /// Why it was left out: only in a record that this tool writes about a test which did not run.
    #[serde(default)]
    pub(crate) missing: Vec<Missing>,
}

/// A resource that was not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Missing {
    pub(crate) resource: String,
    pub(crate) reason: String,
}

/// A fixture that a test entered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entered {
    /// The path of its module, with its crate.
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) uses: Vec<Use>,
}

/// One use, in the order in which they were seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) resource: String,
    /// `used`, `blocked` or `passed`.
    pub(crate) verb: String,
    pub(crate) chokepoint: String,
    pub(crate) what: String,
    pub(crate) target: Option<String>,
    pub(crate) pid: u32,
    /// The test's body is 0.
    #[serde(default, skip_serializing)]
    pub(crate) stretches: Vec<u32>,
    /// The fixtures during whose set-up or teardown it was seen.
    #[serde(default)]
    pub(crate) within: Vec<String>,
    /// In an audit: whether no guard would have seen it without the kernel's view.
    #[serde(default, skip_serializing)]
    pub(crate) hidden: bool,
}

/// What was wrong; the whole text, as it is printed, is in `messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Violation {
    pub(crate) kind: String,
    /// ``test `NAME` `` or ``fixture `NAME` ``.
    #[serde(default)]
    pub(crate) subject: String,
    pub(crate) resource: Option<String>,
    /// Where not the whole resource is meant.
    #[serde(default)]
    pub(crate) target: Option<String>,
    pub(crate) headline: String,
    /// The evidence.
    #[serde(default)]
    pub(crate) seen: Vec<String>,
    pub(crate) mend: Option<String>,
    /// The path of the fixture that it is about, with its crate.
    #[serde(default)]
    pub(crate) fixture: Option<String>,
    /// No guard of the test's binary watches the resource, so that it cannot be declared there. Only an audit can see that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unguarded: bool,
}

impl Entered {
    /// Its path with its crate, as it stands in `fixtures` and `within`.
    pub(crate) fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }
}

impl Record {
    /// The ending of a test that was left out.
    pub(crate) const SKIPPED: &str = "skipped";

    /// What stands for the name where something is known of a binary only: which of its tests it was cannot be told.
    pub(crate) const SOMEBODY: &str = "a test that declares nothing";

    /// Whether it is a finding about a binary, and no test.
    pub(crate) fn is_of_binary(&self) -> bool {
        self.test == Self::SOMEBODY
    }

    /// The name of the test binary, as nextest gives it. Where that is not known, the package and the file, with its hash: no
    /// two binaries have one.
    pub(crate) fn binary_id(&self) -> String {
        match (&self.binary_id, &self.package) {
            (Some(id), _) => id.clone(),
            (None, Some(package)) => format!("{package}::{}", self.file_name()),
            (None, None) => self.file_name().to_owned(),
        }
    }

    /// That of the test binary, with its hash.
    pub(crate) fn file_name(&self) -> &str {
        self.binary.rsplit('/').next().unwrap_or_default()
    }
}
