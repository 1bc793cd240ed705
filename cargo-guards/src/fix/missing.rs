//! What the records say is missing: in tests and in fixtures.

use std::collections::{BTreeMap, BTreeSet};

use resource_guards::tool::written;

use super::cases::{self, One, Wanted};
use super::evidence::{Evidence, LATE, Left, Site, Tried, attribute, subject};
use super::targets::Targets;
use super::tree::At;
use super::want::Wants;
use crate::format::{Entered, Record, Seen, Use, Violation};

/// How evidence calls the kernel's view.
const KERNEL: &str = "kernel";

/// What fixtures used and did not declare.
pub(super) fn of_fixtures(
    evidence: &Evidence<'_>,
    targets: &Targets,
    left: &mut BTreeSet<Left>,
) -> BTreeMap<At, Wants> {
    let mut wants: BTreeMap<At, Wants> = BTreeMap::new();
    for record in evidence.tests.values().flatten().map(|tried| tried.record) {
        for violation in record.violations.iter().filter(|violation| violation.kind == "fixture-undeclared-use") {
            let (Some(path), Some(resource)) = (&violation.fixture, &violation.resource) else { continue };
            let at = evidence.places.get(path).cloned().unwrap_or_else(|| Err("its place is not recorded".to_owned()));
            let editable = at.and_then(|at| match attribute(targets, at, "fixture_uses", None) {
                None => Err("its attribute is not in the source".to_owned()),
                Some(declared) if declared.conditional => Err("its attribute is under a condition".to_owned()),
                Some(_) => Ok(at),
            });
            match editable {
                Ok(at) => wants.entry(at).or_default().entry(resource.clone()).or_default().used(&violation.target),
                Err(why) => drop(left.insert(Left {
                    subject: format!("fixture `{path}`"),
                    what: format!("add `{}`", written(resource, &[])),
                    why,
                })),
            }
        }
    }
    wants
}

/// What tests used and did not declare, and what their fixtures declare and they do not. `hides`: whether a resource that only
/// the kernel saw would be called unused by a run without it.
pub(super) fn of_tests(
    evidence: &Evidence<'_>,
    hides: &impl Fn(&str) -> bool,
    audited: bool,
    after: &impl Fn(At) -> Vec<Use>,
    targets: &Targets,
    left: &mut BTreeSet<Left>,
) -> BTreeMap<Site, Wants> {
    let mut all = Wanted::new();
    for (site, tried) in &evidence.tests {
        // What one binary cannot declare, no other one can where they share the function.
        let unguarded: BTreeSet<&String> = tried
            .iter()
            .flat_map(|tried| tried.record.violations.iter())
            .filter(|violation| violation.unguarded)
            .filter_map(|violation| violation.resource.as_ref())
            .collect();
        for &Tried { record, case } in tried {
            let mut wants = Wants::new();
            let entered = entered(record, evidence, after);
            let covered: BTreeSet<String> = entered.iter().map(|item| item.resource.clone()).collect();
            for violation in record.violations.iter().filter(|violation| violation.kind == "undeclared-use") {
                let Some(resource) = &violation.resource else { continue };
                if unguarded.contains(resource) {
                    left.insert(Left {
                        subject: subject(record),
                        what: format!("add `{}`", written(resource, &[])),
                        why: format!("no guard of its test binary watches {resource}: add one to install! there"),
                    });
                    continue;
                }
                if !audited && hides(resource) && is_late(record, resource) {
                    left.insert(Left {
                        subject: subject(record),
                        what: violation.headline.clone(),
                        why: LATE.to_owned(),
                    });
                    continue;
                }
                let want = wants.entry(resource.clone()).or_default();
                want.used(&violation.target);
                if hides(resource) && !covered.contains(resource) && is_hidden(record, violation, audited) {
                    want.hidden();
                }
            }
            for item in entered {
                let declares = record.declared.iter().flatten().any(|own| own.resource == item.resource);
                if !declares {
                    wants.entry(item.resource.clone()).or_default().entered(&item.targets);
                }
            }
            all.entry(*site).or_default().push(One { tried: Tried { record, case }, wants, covered });
            let irregular = record.violations.iter().filter(|violation| violation.resource.is_none());
            left.extend(irregular.map(|violation| Left::irregular(record, violation)));
        }
    }
    cases::settle(all, evidence, targets)
}

/// Whether a resource was used only by what outlived the test, so in none of its stretches.
fn is_late(record: &Record, resource: &str) -> bool {
    let mut seen = record.uses.iter().filter(|seen| seen.resource == resource).peekable();
    seen.peek().is_some_and(|first| first.chokepoint == KERNEL) && seen.all(|seen| seen.stretches.is_empty())
}

/// Whether a test used a resource, or the target that is meant, only where no guard sees it without the kernel's view. In an
/// audit the kernel sees all, and the record says what it takes to be hidden.
fn is_hidden(record: &Record, used: &Violation, audited: bool) -> bool {
    let is_it = |seen: &&Seen| {
        Some(&seen.resource) == used.resource.as_ref() && (used.target.is_none() || seen.target == used.target)
    };
    let mut seen = record.uses.iter().filter(is_it).peekable();
    seen.peek().is_some() && seen.all(|seen| if audited { seen.hidden } else { seen.chokepoint == KERNEL })
}

/// What the fixtures that a test entered will declare; of those in other workspaces, what they do.
pub(super) fn entered(record: &Record, evidence: &Evidence<'_>, after: &impl Fn(At) -> Vec<Use>) -> Vec<Use> {
    let of = |entered: &Entered| match evidence.places.get(&entered.path()) {
        Some(Ok(at)) => after(*at),
        _ => entered.uses.clone(),
    };
    record.entered.iter().flat_map(of).collect()
}
