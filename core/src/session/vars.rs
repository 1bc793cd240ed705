//! The environment variables, all of them prefixed `RESOURCE_GUARDS`.
//!
//! | variable | for | meaning |
//! | --- | --- | --- |
//! | `RESOURCE_GUARDS` | users | `enforce` (default), `observe` (records, blocks and fails nothing) or `off` |
//! | `RESOURCE_GUARDS_MANIFEST` | tools | `1`: a test binary prints its guards and declarations as JSON and ends |
//! | `RESOURCE_GUARDS_PROBE` | tools | guards, one a line: a test binary asks whether their resources are there, and ends |
//! | `RESOURCE_GUARDS_RUN` | tools | a directory: one JSON record a test is written into it |
//! | `RESOURCE_GUARDS_RERUN` | users | `0`: plain tests are not run again to name an offender under `cargo test` |
//! | `RESOURCE_GUARDS_TMPDIR` | users | where session directories are made; default: a tmpfs, else the temporary directory |
//! | `RESOURCE_GUARDS_SESSION` | tools | the directory of a session that test processes share, made by `tool::SharedSession` |
//! | `RESOURCE_GUARDS_SCOPE` | internal | the directory of the running test, for every process it starts |
//! | `RESOURCE_GUARDS_PARENT` | internal | the process that runs one test in a child of its own |

pub(crate) const MODE: &str = "RESOURCE_GUARDS";
pub(crate) const MANIFEST: &str = "RESOURCE_GUARDS_MANIFEST";
pub(crate) const PROBE: &str = "RESOURCE_GUARDS_PROBE";
pub(crate) const RUN: &str = "RESOURCE_GUARDS_RUN";
pub(crate) const RERUN: &str = "RESOURCE_GUARDS_RERUN";
pub(crate) const TMPDIR: &str = "RESOURCE_GUARDS_TMPDIR";
pub(crate) const SESSION: &str = "RESOURCE_GUARDS_SESSION";
pub(crate) const SCOPE: &str = "RESOURCE_GUARDS_SCOPE";
pub(crate) const PARENT: &str = "RESOURCE_GUARDS_PARENT";

/// What the session does with an undeclared use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Off,
    Observe,
    Enforce,
}

impl Mode {
    /// Reads the mode, or says what is wrong with it.
    pub(crate) fn from_env() -> Result<Self, String> {
        match std::env::var_os(MODE) {
            None => Ok(Self::Enforce),
            Some(value) => match value.to_str() {
                Some("" | "enforce") => Ok(Self::Enforce),
                Some("observe") => Ok(Self::Observe),
                Some("off") => Ok(Self::Off),
                _ => Err(format!(
                    "cannot read the mode from {MODE}={}: set it to `enforce`, `observe` or `off`",
                    value.display()
                )),
            },
        }
    }
}
