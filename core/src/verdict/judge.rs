//! The laws.

use std::collections::{BTreeMap, BTreeSet};

use super::fixtures::Fixtures;
use super::violation::{Subject, Violation, fixture};
use crate::declaration::{Use, matches};
use crate::log::{Event, Log, Sighting, StretchId, Verb};

/// What a verdict is made from.
pub(crate) struct Case<'a> {
    /// The name of the test in its runner.
    pub(crate) test: &'a str,
    /// What it declares; `None` for a plain test.
    pub(crate) uses: Option<&'a [Use]>,
    /// Where it declares that.
    pub(crate) at: Option<(&'a str, u32)>,
    pub(crate) log: &'a Log,
    pub(crate) ending: Ending,
}

/// How the test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Passed,
    Failed,
    /// It panicked, and whether it should have cannot be told.
    Unknown,
    /// Its process ended with success in the middle of it.
    Early,
}

/// What is wrong with a test, and what else is worth saying.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// In a stable order.
    pub(crate) violations: Vec<Violation>,
    /// Things that could not be observed, or only in part.
    pub(crate) notes: Vec<String>,
    /// Resources under `may(…)` that stayed unused, with their reasons.
    pub(crate) exceptions: Vec<(String, String)>,
    /// Resources of which every use only asked for a version or for help.
    pub(crate) probed: Vec<String>,
}

/// A use that nobody authorised: the fixture (by its path) or the test, the resource, the target if others are declared.
type Undeclared<'a> = (Option<StretchId>, &'a str, Option<&'a str>);

/// Applies the laws of the verdict to one test.
pub(crate) fn judge(case: &Case<'_>) -> Verdict {
    let fixtures = Fixtures::of(case.log, fixture);
    let uses = case.uses.unwrap_or_default();
    let test = Subject::Test(case.test, case.uses, case.at);
    let mut verdict = Verdict::default();

    let mut undeclared: BTreeMap<Undeclared<'_>, Vec<Sighting>> = BTreeMap::new();
    // Who used what: the test (`None`) or an instance of a fixture.
    let mut credit: BTreeMap<Option<StretchId>, Vec<&Sighting>> = BTreeMap::new();
    for seen in sightings(case.log) {
        let users: BTreeSet<_> = seen.stretches.iter().map(|id| fixtures.at(*id).map(|(id, _)| id)).collect();
        let declared = |user: &Option<StretchId>| match user.and_then(|id| fixtures.at(id)) {
            Some((_, instance)) => instance.declaration.uses,
            None => uses,
        };
        if seen.verb == Verb::Used {
            let mut declaring: Vec<_> =
                users.iter().filter(|user| declared(user).iter().any(|item| item.resource == seen.resource)).collect();
            if declaring.is_empty() {
                declaring = users.iter().collect();
            }
            if users.len() > 1 {
                verdict.notes.push(format!(
                    "{test} used `{}` while stretches of several fixtures overlapped, so which one did is ambiguous: {}",
                    seen.resource, seen.what
                ));
            }
            for user in declaring {
                credit.entry(*user).or_default().push(seen);
            }
        } else {
            for user in users {
                let narrowed = declared(&user).iter().any(|item| item.resource == seen.resource);
                let target = seen.target.as_deref().filter(|_| narrowed);
                undeclared.entry((user, &seen.resource, target)).or_default().push(seen.clone());
            }
        }
    }

    for ((user, resource, target), seen) in &undeclared {
        let subject = match user.and_then(|id| fixtures.at(id)) {
            Some((_, instance)) => Subject::Fixture(instance.declaration),
            None => test,
        };
        verdict.violations.push(Violation::undeclared_use(&subject, resource, *target, seen));
    }
    for (_, instance) in fixtures.iter() {
        for item in instance.declaration.uses {
            if !uses.iter().any(|own| own.resource == item.resource) {
                verdict.violations.push(Violation::undeclared_fixture(&test, instance.declaration, item.resource));
            }
        }
    }

    let unobserved = unobserved(case.log);
    let mut unused = Vec::new();
    if case.ending == Ending::Passed {
        for item in uses {
            let covered = fixtures.iter().any(|(_, instance)| instance.declaration.declares(item.resource));
            if !covered {
                unused.extend(unused_parts(item, credit.get(&None)).map(|part| (test, item, part)));
            }
        }
    }
    for (id, instance) in fixtures.iter().filter(|(_, instance)| instance.set_up_succeeded) {
        for item in instance.declaration.uses {
            if fixtures.covered_inside(id, item.resource) {
                continue;
            }
            for part in unused_parts(item, credit.get(&Some(id))) {
                if instance.drop_unseen {
                    verdict.notes.push(format!(
                        "fixture `{}` was not dropped before {test} was judged, so whether it uses `{}` could not be \
                         observed",
                        instance.declaration.path(),
                        item.resource
                    ));
                } else if matches!(case.ending, Ending::Passed | Ending::Failed) {
                    unused.push((Subject::Fixture(instance.declaration), item, part));
                }
            }
        }
    }
    for (subject, item, part) in unused {
        if let Some(reason) = item.may {
            verdict.exceptions.push((item.resource.to_owned(), reason.to_owned()));
        } else if let Some(why) = unobserved.iter().find(|(name, _)| *name == "*" || *name == item.resource) {
            verdict.notes.push(format!("whether {subject} used `{}` could not be observed: {}", item.resource, why.1));
        } else {
            verdict.violations.push(Violation::unused(&subject, item.resource, part));
        }
    }

    verdict.probed = probed(case.log);
    if case.ending == Ending::Early {
        verdict.violations.push(Violation::ended_early(&test));
    }
    if let Some(why) = &case.log.damage {
        verdict.violations.push(Violation::not_recorded(&test, why));
    }
    for event in &case.log.events {
        match event {
            Event::Fault { what } => verdict.violations.push(Violation::guard_failed(&test, what)),
            Event::Unobserved { resource, why } if resource == "*" => {
                verdict.notes.push(format!("programs run by {test} could not be observed: {why}"));
            }
            _ => {}
        }
    }
    if case.log.unknown_lines > 0 {
        verdict.notes.push(format!("{} lines in the log of {test} are not understood", case.log.unknown_lines));
    }
    verdict.violations.sort();
    verdict.violations.dedup();
    verdict.notes.sort();
    verdict.notes.dedup();
    verdict
}

fn sightings(log: &Log) -> impl Iterator<Item = &Sighting> {
    log.events.iter().filter_map(|event| match event {
        Event::Use(seen) => Some(seen),
        _ => None,
    })
}

/// What of one declared item nothing used: all of it (`None`), or some of its globs.
fn unused_parts<'a>(
    item: &Use,
    used: Option<&'a Vec<&'a Sighting>>,
) -> impl Iterator<Item = Option<&'static str>> + use<'a> {
    let targets: Vec<Option<&str>> = used
        .into_iter()
        .flatten()
        .filter(|seen| seen.resource == item.resource)
        .map(|seen| seen.target.as_deref())
        .collect();
    let globs = item.targets;
    let unmatched: Vec<_> =
        globs.iter().copied().filter(|glob| !targets.iter().any(|target| matches(glob, *target))).map(Some).collect();
    let whole = (globs.is_empty() && targets.is_empty()).then_some(None);
    whole.into_iter().chain(unmatched)
}

/// Resources of which unseen uses are possible, and why.
fn unobserved(log: &Log) -> Vec<(&str, &str)> {
    let mut unobserved: Vec<_> = log
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Unobserved { resource, why } => Some((resource.as_str(), why.as_str())),
            _ => None,
        })
        .collect();
    if log.unknown_lines > 0 {
        unobserved.push(("*", "lines of its log are not understood"));
    }
    unobserved
}

/// Resources that were only asked for their version or for help.
fn probed(log: &Log) -> Vec<String> {
    let mut only_probed: BTreeMap<&str, bool> = BTreeMap::new();
    for seen in sightings(log) {
        let probes = matches!(seen.target.as_deref(), Some("--version" | "-V" | "--help" | "-h" | "version" | "help"));
        only_probed.entry(&seen.resource).and_modify(|only| *only &= probes).or_insert(probes);
    }
    only_probed.into_iter().filter(|(_, only)| *only).map(|(resource, _)| resource.to_owned()).collect()
}
