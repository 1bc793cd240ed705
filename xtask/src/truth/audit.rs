//! What the audit says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::compare::Thing;
use super::crates::Public;
use crate::{Error, Result, run};

/// By test: what it touched.
pub(super) type Found = BTreeMap<String, BTreeSet<Thing>>;

/// Audits a crate whose test processes run under `runner`.
pub(super) fn run(public: &Public, root: &Path, runner: &Path, traces: &Path, program: &Path) -> Result<Found> {
    let file = root.with_extension("audit.json");
    let mut command = Command::new(program);
    command.args(["guards", "audit"]).arg(root).arg("--json").arg(&file).args(["--engine", "nextest"]);
    command.arg("--no-fail-fast").args(public.flags).args(["--", "-E", public.filter]);
    command.args(["--status-level=fail", "--final-status-level=fail"]);
    command.env(variable()?, runner).env("TRUTH_TRACES", traces).stdout(Stdio::null());
    // Lints that came later would fail crates that deny them.
    command.env("RUSTFLAGS", "--cap-lints=warn");
    // A test that runs cargo wants the folder that its crate has.
    command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET");
    run::shown(&mut command)?;
    let text = fs::read(&file).map_err(Error::file("read", &file))?;
    let audit: Value = serde_json::from_slice(&text).map_err(|source| Error::Record { path: file, source })?;
    if let Some(why) = audit["unobserved"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|why| why.as_str().is_some_and(|why| !why.starts_with("documentation")))
    {
        return Err(Error::Unexpected(format!("the audit could not observe everything: {why}")));
    }
    let tests = audit["tests"].as_array().into_iter().flatten();
    Ok(tests.map(|test| (name(test), test["uses"].as_array().into_iter().flatten().map(thing).collect())).collect())
}

fn name(test: &Value) -> String {
    let binary = test["binary"].as_str().unwrap_or_default();
    format!("{binary} {}", test["name"].as_str().unwrap_or_default())
}

fn thing(one: &Value) -> Thing {
    let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
    match one["kind"].as_str() {
        Some("program") => Thing::Program(text("given")),
        _ => Thing::Peer(text("peer")),
    }
}

/// The variable of cargo that names a target runner.
fn variable() -> Result<String> {
    let rustc = run::captured(Command::new("rustc").arg("-vV"))?;
    let text = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    Ok(format!("CARGO_TARGET_{}_RUNNER", host.to_uppercase().replace(['-', '.'], "_")))
}
