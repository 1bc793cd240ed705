//! The audit as a run in `target/guards`: a record for each test, as guards write them, so that other commands read it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::found::{Found, Test, Use, What};
use crate::catalog::{self, Binary, Catalog};
use crate::format::VERSION;
use crate::runs::Run;
use crate::{Error, Result};

/// How evidence calls what has seen a use.
const CHOKEPOINT: &str = "kernel";

/// Writes the records of all tests. `described`: the resources that can be declared without a guard.
pub(super) fn store(run: &Run, found: &Found, built: &Catalog, described: &BTreeSet<&str>) -> Result<()> {
    for (n, test) in found.tests.iter().enumerate() {
        let Some(name) = &test.name else { continue };
        let last = found.tests.iter().filter(|other| {
            (&other.name, &other.binary_id, other.iteration) == (&test.name, &test.binary_id, test.iteration)
        });
        let is_last = last.map(|other| other.attempt).max() == Some(test.attempt);
        let ending = match (is_last, found.complete && found.exit_code == 0) {
            (false, _) => "failed",
            (true, true) => "passed",
            (true, false) => "unknown",
        };
        let known = built.tests.iter().find(|other| {
            other.name == *name && built.binaries.get(other.binary).is_some_and(|binary| binary.id == test.binary_id)
        });
        let binary = built.binaries.iter().find(|binary| binary.id == test.binary_id);
        let named = |one: &Use| {
            let guarded = binary.and_then(|binary| guarded(binary, &one.what));
            guarded.or_else(|| found.proposal.declared(&one.resource, &one.what)).map(str::to_owned)
        };
        let used = test.uses.iter().filter_map(|one| Some((named(one)?, one))).collect();
        let watched = binary.and_then(|binary| binary.guards.as_ref());
        let is_unguarded = |resource: &str| {
            !described.contains(resource) && !watched.is_some_and(|watched| watched.contains(resource))
        };
        let record = record(test, name, ending, known, used, &is_unguarded);
        let path = run.records_dir().join(format!("audit-{}-{n}.json", std::process::id()));
        write(&path, &record)?;
    }
    Ok(())
}

/// The resource that something belongs to by the guards of the test's binary. Their names go before those of the catalogue.
fn guarded<'a>(binary: &'a Binary, what: &What) -> Option<&'a str> {
    let has = |list: &[String], item: Option<&str>| list.iter().any(|one| Some(one.as_str()) == item);
    let guard = binary.guarded_by.iter().find(|guard| match what {
        What::Program { given, path, .. } => {
            [given, path].iter().any(|path| has(&guard.footprint.programs, path.rsplit('/').next()))
        }
        What::Peer { peer, .. } => guard.footprint.sockets.iter().any(|socket| socket.as_os_str() == peer.as_str()),
    });
    guard.map(|guard| guard.resource.as_str())
}

fn record(
    test: &Test,
    name: &str,
    ending: &str,
    known: Option<&catalog::Test>,
    used: Vec<(String, &Use)>,
    is_unguarded: &dyn Fn(&str) -> bool,
) -> Value {
    let declared = known.filter(|known| known.at.is_some()).map(|known| &known.uses);
    let at = known.and_then(|known| known.at.as_ref());
    let mut undeclared: Vec<&str> = used.iter().map(|(resource, _)| resource.as_str()).collect();
    undeclared.sort_unstable();
    undeclared.dedup();
    undeclared.retain(|resource| known.is_none_or(|known| known.is_known && !known.declares(resource)));
    let violations: Vec<Value> =
        undeclared.iter().map(|resource| violation(name, resource, &used, is_unguarded(resource))).collect();
    let messages: Vec<String> = violations.iter().map(message).collect();
    json!({
        "version": VERSION,
        "test": name,
        "binary": test.binary,
        "binary_id": test.binary_id,
        "attempt": test.attempt,
        "iteration": test.iteration,
        "package": test.package,
        "file": at.map(|(file, _)| file),
        "line": at.map(|(_, line)| line),
        "declared": declared,
        "ending": ending,
        "uses": used.iter().map(|(resource, one)| json!({
            "resource": resource,
            "verb": "passed",
            "chokepoint": CHOKEPOINT,
            "what": one.shown(),
            "target": null,
            "pid": one.pid,
            "within": [],
            "hidden": one.hidden,
        })).collect::<Vec<_>>(),
        "violations": violations,
        "messages": messages,
        "notes": test.notes.iter().chain(&test.unobserved).collect::<Vec<_>>(),
    })
}

fn violation(test: &str, resource: &str, used: &[(String, &Use)], unguarded: bool) -> Value {
    let seen = used.iter().filter(|(name, _)| name == resource);
    let seen: Vec<String> =
        seen.take(3).map(|(_, one)| format!("{} ({CHOKEPOINT}, pid {})", one.shown(), one.pid)).collect();
    let guard = if unguarded {
        format!("add a guard of {resource} to install! of its test binary, and ")
    } else {
        String::new()
    };
    json!({
        "kind": "undeclared-use",
        "subject": format!("test `{test}`"),
        "resource": resource,
        "headline": format!("test `{test}` used `{resource}` without declaring it"),
        "seen": seen,
        "mend": format!("{guard}add #[uses({resource})] to it, or stop using {resource}"),
        "unguarded": unguarded,
    })
}

/// As guards print it.
fn message(violation: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let seen = violation["seen"].as_array().into_iter().flatten().map(|seen| format!("\n  seen: {}", text(seen)));
    format!(
        "RESOURCE GUARD: {}{}\n  mend: {}",
        text(&violation["headline"]),
        seen.collect::<String>(),
        text(&violation["mend"])
    )
}

fn write(path: &Path, record: &Value) -> Result<()> {
    fs::write(path, record.to_string()).map_err(Error::file("write", path))
}
