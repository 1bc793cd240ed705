//! Which resources are missing, and the tests that need them: `--unavailable`.
//!
//! Guards are asked in processes of their own, each guard once, also if several test binaries have it. Resources that are
//! described by data are looked for here. Nobody is asked about resources that no selected test needs.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ask::{self, Probed};
use crate::catalog::{self, Binary, Test};
use crate::config::{Config, Described, Policy};
use crate::format::{Guard, Missing, Record, VERSION};
use crate::selection::Selection;
use crate::talk::Talk;
use crate::{Error, Result};

/// So many guards are asked at a time: they wait for services more than they work.
const AT_ONCE: usize = 8;

/// So many tests are named for a missing resource.
const NAMED: usize = 3;

/// Applies the policy: takes tests out of the selection, whose records are given, or fails.
///
/// # Errors
///
/// Under `require`, if a resource is missing.
pub(crate) fn apply(policy: Policy, selection: &mut Selection, config: &Config, talk: &Talk) -> Result<Vec<Record>> {
    if policy == Policy::Fail {
        return Ok(Vec::new());
    }
    let survey = Survey::of(selection, config);
    for (resource, why) in &survey.unclear {
        match why {
            Some(why) => talk.note(format!("whether `{resource}` is there is unknown: {why}")),
            None if policy == Policy::Require => {
                talk.note(format!("whether `{resource}` is there is unknown: its guard cannot tell"));
            }
            None => {}
        }
    }
    if let Some(unknown) = catalog::unknown(selection.tests()) {
        talk.note(format!("{unknown}; what those without #[uses] need is not looked for"));
    }
    let mask = selection.mask(|test| !survey.missing_for(test).is_empty());
    let records = skipped(selection, &mask, &survey);
    if policy == Policy::Require && !records.is_empty() {
        return Err(Error::Missing(listed(&records)));
    }
    selection.remove(&mask);
    Ok(records)
}

/// What is known of the resources that the selected tests need.
#[derive(Debug, Default)]
struct Survey {
    /// By test binary and resource: why it is missing.
    missing: BTreeMap<(usize, String), String>,
    /// Resources of which nothing is known, and why if that is no decision of the guard.
    unclear: BTreeSet<(String, Option<String>)>,
}

impl Survey {
    fn of(selection: &Selection, config: &Config) -> Self {
        let catalog = &selection.catalog;
        let mut needed: BTreeSet<(usize, &str)> = BTreeSet::new();
        for test in
            catalog.tests.iter().zip(selection.mask(|_| true)).filter(|(_, chosen)| *chosen).map(|(test, _)| test)
        {
            needed.extend(needs(test).map(|resource| (test.binary, resource)));
        }
        let mut askable: BTreeMap<&Guard, &Binary> = BTreeMap::new();
        for (binary, resource) in &needed {
            let binary = &catalog.binaries[*binary];
            for guard in binary.guarded_by.iter().filter(|guard| guard.resource == *resource) {
                askable.entry(guard).or_insert(binary);
            }
        }
        let answers = ask_all(&askable, &catalog.library_path);
        let described: BTreeMap<&str, Probed> =
            config.resources().iter().map(|described| (described.name.as_str(), look_for(described))).collect();
        let mut survey = Self::default();
        for (binary, resource) in needed {
            let guards = catalog.binaries[binary].guarded_by.iter().filter(|guard| guard.resource == resource);
            let found: Vec<&Probed> =
                guards.filter_map(|guard| answers.get(guard)).chain(described.get(resource)).collect();
            let missing = found.iter().find_map(|probed| match probed {
                Probed::Missing(why) => Some(why),
                _ => None,
            });
            if let Some(why) = missing {
                survey.missing.insert((binary, resource.to_owned()), why.clone());
                continue;
            }
            let is_there = found.iter().any(|probed| matches!(probed, Probed::Available));
            for probed in found {
                match probed {
                    Probed::Unknown(why) if why.is_some() || !is_there => {
                        survey.unclear.insert((resource.to_owned(), why.clone()));
                    }
                    _ => {}
                }
            }
        }
        survey
    }

    fn missing_for(&self, test: &Test) -> Vec<Missing> {
        let missing = needs(test).filter_map(|resource| {
            let reason = self.missing.get(&(test.binary, resource.to_owned()))?;
            Some(Missing { resource: resource.to_owned(), reason: reason.clone() })
        });
        missing.collect()
    }
}

/// What a test cannot do without: `may(…)` says that it can.
fn needs(test: &Test) -> impl Iterator<Item = &str> {
    test.uses.iter().filter(|item| item.may.is_none()).map(|item| item.resource.as_str())
}

fn ask_all<'a>(
    askable: &BTreeMap<&'a Guard, &Binary>,
    library_path: &(&'static str, std::ffi::OsString),
) -> BTreeMap<&'a Guard, Probed> {
    let list: Vec<_> = askable.iter().collect();
    let next = AtomicUsize::new(0);
    let answers: Mutex<BTreeMap<&Guard, Probed>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(list.len()) {
            scope.spawn(|| {
                while let Some((guard, binary)) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let probed = ask::probe(binary, guard, (library_path.0, &library_path.1));
                    answers.lock().unwrap_or_else(PoisonError::into_inner).insert(guard, probed);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Looks for a resource that is described: one of its programs, and one of its sockets. Peers are not connected to.
fn look_for(described: &Described) -> Probed {
    let footprint = &described.footprint;
    let programs = &footprint.programs;
    if !programs.is_empty() && !programs.iter().any(|program| on_path(program)) {
        return Probed::Missing(format!("{} not on PATH", are_not(programs.iter().map(String::as_str))));
    }
    // Whether somebody listens at an abstract name is not looked for.
    let is_abstract = |path: &PathBuf| path.as_os_str().as_encoded_bytes().starts_with(b"@");
    let sockets: &[PathBuf] = if footprint.sockets.iter().any(is_abstract) { &[] } else { &footprint.sockets };
    if !sockets.is_empty() && !sockets.iter().any(|path| UnixStream::connect(path).is_ok()) {
        let paths: Vec<String> = sockets.iter().map(|path| path.display().to_string()).collect();
        return Probed::Missing(format!("nothing listens at {}", paths.join(" or ")));
    }
    if programs.is_empty() && sockets.is_empty() { Probed::Unknown(None) } else { Probed::Available }
}

fn are_not<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", names.join(" and "))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| is_executable(&dir.join(program)))
}

fn is_executable(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

/// The records of tests that are left out.
fn skipped(selection: &Selection, mask: &[bool], survey: &Survey) -> Vec<Record> {
    let tests = selection.catalog.tests.iter().zip(mask).filter(|(_, skipped)| **skipped);
    let record = |(test, _): (&Test, &bool)| {
        let binary = &selection.catalog.binaries[test.binary];
        Record {
            version: VERSION,
            test: test.name.clone(),
            binary: binary.path.display().to_string(),
            binary_id: Some(binary.id.clone()),
            package: Some(binary.package.clone()),
            file: test.at.as_ref().map(|(file, _)| file.clone()),
            line: test.at.as_ref().map(|(_, line)| *line),
            declared: Some(test.uses.clone()),
            ending: Record::SKIPPED.to_owned(),
            missing: survey.missing_for(test),
            ..Record::default()
        }
    };
    tests.map(record).collect()
}

/// The missing resources with their reasons, and the tests that need them.
fn listed(records: &[Record]) -> String {
    let mut by_resource: BTreeMap<&Missing, BTreeSet<String>> = BTreeMap::new();
    for record in records {
        for missing in &record.missing {
            let test = format!("{} {}", record.binary_id(), record.test);
            by_resource.entry(missing).or_default().insert(test);
        }
    }
    let lines = by_resource.into_iter().map(|(missing, tests)| {
        let shown: Vec<&str> = tests.iter().take(NAMED).map(String::as_str).collect();
        let more = match tests.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("\n  {}: {}\n    needed by {}{more}", missing.resource, missing.reason, shown.join(", "))
    });
    lines.collect()
}
