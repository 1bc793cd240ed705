//! What neither an edit mends nor anything was said of: each violation of a run is one or the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use wildmatch::WildMatch;

use super::declared::Declared;
use super::evidence::{Evidence, Left, Site, Tried, attribute, subject};
use super::removal::{is_declared, part};
use super::targets::Targets;
use crate::format::{Use, Violation};

/// What attributes are to declare, by their sites and names, also where they cannot be edited.
pub(super) type Meant = BTreeMap<(Site, &'static str), Vec<Use>>;

/// The violations of tests that were found, as far as they are neither mended nor among those `said` to be left.
pub(super) fn unsaid(
    evidence: &Evidence<'_>,
    said: &BTreeSet<Left>,
    meant: &Meant,
    started: SystemTime,
    targets: &Targets,
) -> BTreeSet<Left> {
    let tried = evidence.tests.iter().flat_map(|(site, tried)| tried.iter().map(|one| (*site, one)));
    let all = tried.flat_map(|(site, one)| one.record.violations.iter().map(move |violation| (site, one, violation)));
    let unsaid = all.filter_map(|(site, one, violation)| {
        let resource = violation.resource.as_ref()?;
        let subject = match &violation.fixture {
            Some(fixture) if is_of_fixture(violation) => format!("fixture `{fixture}`"),
            _ => subject(one.record),
        };
        if said.iter().any(|left| left.subject == subject && names(&left.what, resource)) {
            return None;
        }
        let why = why(violation, site, one, evidence, meant, started, targets)?;
        Some(Left { subject, what: violation.mend.clone().unwrap_or_else(|| violation.headline.clone()), why })
    });
    unsaid.collect()
}

/// Whether a text has the name of a resource in it, and not only as a part of another one (`git` of `git-lfs`).
fn names(text: &str, resource: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').any(|word| word == resource)
}

fn is_of_fixture(violation: &Violation) -> bool {
    violation.kind.starts_with("fixture-")
}

/// Why a violation stays, unless what is meant mends it.
fn why(
    violation: &Violation,
    site: Site,
    one: &Tried<'_>,
    evidence: &Evidence<'_>,
    meant: &Meant,
    started: SystemTime,
    targets: &Targets,
) -> Option<String> {
    const UNKNOWN: &str = "no edit is known that mends it";
    let (own, name) = if is_of_fixture(violation) {
        match violation.fixture.as_ref().and_then(|fixture| evidence.places.get(fixture)) {
            Some(Ok(at)) => (Site { at: *at, case: None }, "fixture_uses"),
            Some(Err(why)) => return Some(why.clone()),
            None => return Some("its place is not recorded".to_owned()),
        }
    } else {
        (site, "uses")
    };
    let declared = |site: Site| {
        let now = || attribute(targets, site.at, name, site.case).as_ref().map(Declared::uses);
        meant.get(&(site, name)).cloned().or_else(now)
    };
    let stays = match violation.kind.as_str() {
        "unused-declaration" | "fixture-unused-declaration" => match declared(own) {
            Some(uses) => part(violation).is_some_and(|part| is_declared(&part, &uses)),
            // Where the file is as it was in the run, something else declares.
            None if targets.sources.of(own.at.source).modified <= started => {
                return Some("its attribute is not in the source".to_owned());
            }
            None => false,
        },
        // One case of several may declare for itself.
        _ => ![own, Site { case: one.case, ..own }]
            .into_iter()
            .filter_map(declared)
            .any(|uses| uses.iter().any(|item| allows(item, violation))),
    };
    stays.then(|| UNKNOWN.to_owned())
}

fn allows(item: &Use, undeclared: &Violation) -> bool {
    let at = |target: &String| item.targets.iter().any(|glob| WildMatch::new(glob).matches(target));
    undeclared.resource.as_ref() == Some(&item.resource)
        && (item.targets.is_empty() || undeclared.target.as_ref().is_none_or(at))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_resource_is_named_as_a_whole() {
        for text in ["remove `git` from #[uses]", "add #[uses(git(\"push\"))]", "add `git, tar`"] {
            assert!(names(text, "git"), "{text}");
        }
        for text in ["add #[uses(git-lfs)]", "add `digit`", ""] {
            assert!(!names(text, "git"), "{text}");
        }
    }
}
