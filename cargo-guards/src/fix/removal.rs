//! What may be removed: only what a whole run shows that nothing needs.
//!
//! A use that was not seen may still be there: in a try that failed, behind a refusal, under another `cfg`, in a case or
//! another binary that was not run. Whatever of this is possible keeps the declaration, and is said.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::Metadata;
use wildmatch::WildMatch;

use super::coverage::Coverage;
use super::evidence::{Evidence, Fixture, Left, Site, Tried, attribute, subject};
use super::features;
use super::missing::entered;
use super::reach;
use super::source::Source;
use super::targets::Targets;
use super::tree::At;
use crate::Result;
use crate::flags::BuildFlags;
use crate::format::{Record, Use, Violation};
use crate::runs::Header;
use crate::talk::Talk;

/// Resources, each whole or one of its targets.
pub(super) type Parts = BTreeSet<(String, Option<String>)>;

/// A part of a declaration that stays, unless another edit of the same declaration removes it.
#[derive(Debug)]
pub(super) struct Kept {
    site: Site,
    /// `uses` or `fixture_uses`.
    name: &'static str,
    part: (String, Option<String>),
    pub(super) left: Left,
}

impl Kept {
    /// Whether it goes where the attribute of a site becomes one that declares this.
    pub(super) fn goes(&self, site: Site, name: &str, desired: &[Use]) -> bool {
        self.site == site && self.name == name && !is_declared(&self.part, desired)
    }
}

/// Judges what may go.
pub(super) struct Removals<'a> {
    pub(super) header: &'a Header,
    /// Whether there are records that could not be read.
    pub(super) unread: bool,
    pub(super) records: &'a [Record],
    /// What the run built.
    pub(super) flags: BuildFlags,
    pub(super) workspace: &'a Metadata,
    pub(super) talk: &'a Talk,
    /// Made when it is needed first: it builds the tests.
    pub(super) coverage: Option<Result<Coverage, String>>,
}

impl Removals<'_> {
    /// What tests declare and do not need. `after` is what a fixture will declare.
    pub(super) fn of_tests(
        &mut self,
        evidence: &Evidence<'_>,
        after: &impl Fn(At) -> Vec<Use>,
        targets: &mut Targets,
        left: &mut Vec<Kept>,
    ) -> Result<BTreeMap<Site, Parts>> {
        let mut gone = BTreeMap::new();
        for (site, tried) in &evidence.tests {
            let Some(declared) = attribute(targets, site.at, "uses", site.case) else { continue };
            let declared = declared.uses();
            let unused: Vec<Parts> = tried.iter().map(|one| unused(one.record, evidence, after)).collect();
            let some: Parts = unused.iter().flatten().filter(|part| is_declared(part, &declared)).cloned().collect();
            let all: Parts = some.iter().filter(|part| unused.iter().all(|one| one.contains(part))).cloned().collect();
            if some.is_empty() {
                continue;
            }
            let why = match self.why_not(*site, tried, targets)? {
                Some(why) => why,
                None => {
                    if !all.is_empty() {
                        gone.insert(*site, all.clone());
                    }
                    "another try, case or binary of it uses it: declare it for single cases, or write may(… = \"reason\")"
                        .to_owned()
                }
            };
            let kept: Parts = if gone.contains_key(site) { some.difference(&all).cloned().collect() } else { some };
            left.extend(stay(tried.iter().map(|one| one.record), *site, "uses", &kept, &why));
        }
        Ok(gone)
    }

    /// What fixtures declare and do not need.
    pub(super) fn of_fixtures(
        &mut self,
        evidence: &Evidence<'_>,
        targets: &mut Targets,
        left: &mut Vec<Kept>,
    ) -> Result<BTreeMap<At, Parts>> {
        let mut gone = BTreeMap::new();
        for (at, fixture) in &evidence.fixtures {
            let Some(declared) = attribute(targets, *at, "fixture_uses", None) else { continue };
            let declared = declared.uses();
            let records: Vec<&Record> = evidence.entering(fixture).map(|(_, record)| record).collect();
            let blamed = records.iter().flat_map(|record| blamed(fixture, record)).filter_map(part);
            let some: Parts = blamed.filter(|part| is_declared(part, &declared)).collect();
            if some.is_empty() {
                continue;
            }
            let unused: Vec<Parts> = records.iter().map(|record| unused_by(fixture, record)).collect();
            let all: Parts = some.iter().filter(|part| unused.iter().all(|one| one.contains(part))).cloned().collect();
            let why = match self.why_not_of_fixture(*at, fixture, evidence, targets)? {
                Some(why) => why,
                None => {
                    if !all.is_empty() {
                        gone.insert(*at, all.clone());
                    }
                    "other tests, or other entries of it, use it: write may(… = \"reason\")".to_owned()
                }
            };
            let kept: Parts = if gone.contains_key(at) { some.difference(&all).cloned().collect() } else { some };
            let site = Site { at: *at, case: None };
            left.extend(stay(records.into_iter(), site, "fixture_uses", &kept, &why));
        }
        Ok(gone)
    }

    /// Why nothing is removed from a declaration, if so.
    fn why_not(&mut self, site: Site, tried: &[Tried<'_>], targets: &mut Targets) -> Result<Option<String>> {
        let weak = tried.iter().find_map(|one| weak(one.record));
        if let Some(why) = weak.or_else(|| self.of_run()).or_else(|| conditional(site.at, targets)) {
            return Ok(Some(why));
        }
        self.read_all(targets);
        let coverage = match self.coverage(targets) {
            Ok(coverage) => coverage,
            Err(why) => return Ok(Some(why)),
        };
        if let Some(why) = coverage.why_not(site, targets) {
            return Ok(Some(why));
        }
        if targets.containing(site.at).next().is_none() {
            return Ok(Some("of which binaries its file is part is not known".to_owned()));
        }
        let packages = coverage.packages.clone();
        Ok(targets.packages_of(site.at).iter().find_map(|package| {
            features::missing(package, self.workspace, &self.flags, &packages).map(|(package, feature)| {
                format!("the run had not feature `{feature}` of `{package}`, which may use it; run with --all-features")
            })
        }))
    }

    fn why_not_of_fixture(
        &mut self,
        at: At,
        fixture: &Fixture,
        evidence: &Evidence<'_>,
        targets: &mut Targets,
    ) -> Result<Option<String>> {
        let site = Site { at, case: None };
        let tried: Vec<Tried<'_>> =
            evidence.entering(fixture).map(|(_, record)| Tried { record, case: None }).collect();
        if let Some(why) = self.why_not(site, &tried, targets)? {
            return Ok(Some(why));
        }
        let tests = match reach::tests(at, targets) {
            Ok(tests) => tests,
            Err(why) => return Ok(Some(why)),
        };
        for test in tests {
            let function = &targets.sources.of(test.source).functions[test.function];
            let shown = format!("`{}` at {}:{}", function.name, targets.shown(test.source), function.line);
            let of: Vec<(&Site, &Vec<Tried<'_>>)> = evidence.tests.iter().filter(|(site, _)| site.at == test).collect();
            if of.is_empty() {
                return Ok(Some(format!("{shown} may enter it too, and has no record")));
            }
            if let Some(why) = of.iter().flat_map(|(_, tried)| *tried).find_map(|one| weak(one.record)) {
                return Ok(Some(format!("{shown} may enter it too: {why}")));
            }
            let coverage = match self.coverage(targets) {
                Ok(coverage) => coverage,
                Err(why) => return Ok(Some(why)),
            };
            if let Some(why) = coverage.why_not(Site { at: test, case: None }, targets) {
                return Ok(Some(format!("{shown} may enter it too: {why}")));
            }
        }
        Ok(None)
    }

    /// What is wrong with the run as a whole.
    fn of_run(&self) -> Option<String> {
        if !self.header.complete {
            return Some("the run did not come to its end".to_owned());
        }
        if self.header.built.is_none() {
            return Some("what the tests of the run were built with is not known".to_owned());
        }
        self.unread.then(|| "the run has records that cannot be read".to_owned())
    }

    /// Reads the modules of all targets. One that cannot be read is told by the coverage.
    fn read_all(&self, targets: &mut Targets) {
        for target in 0..targets.all.len() {
            let _ = targets.tree(target);
        }
    }

    fn coverage(&mut self, targets: &mut Targets) -> Result<&Coverage, String> {
        if self.coverage.is_none() {
            let made = Coverage::collect(&self.flags, self.workspace, self.records, targets, self.talk);
            self.coverage = Some(made);
        }
        match self.coverage.as_ref() {
            Some(Ok(coverage)) => Ok(coverage),
            Some(Err(why)) => Err(why.clone()),
            None => Err(String::new()),
        }
    }
}

/// Why this record shows nothing about what a test does not use, if so.
fn weak(record: &Record) -> Option<String> {
    if let Some(missing) = record.missing.first() {
        return Some(format!("{} was not run, because `{}` is missing", subject(record), missing.resource));
    }
    if record.ending != "passed" {
        return Some(format!("{} did not pass in every try", subject(record)));
    }
    if record.uses.iter().any(|seen| seen.verb == "blocked") {
        let how = "RESOURCE_GUARDS=observe cargo guards test";
        return Some(format!(
            "{} was refused a use, so what it does after that is not known; run `{how}`",
            subject(record)
        ));
    }
    (!record.notes.is_empty()).then(|| format!("not all that {} did could be observed", subject(record)))
}

/// Whether what a function does depends on `cfg`.
fn conditional(at: At, targets: &Targets) -> Option<String> {
    let source = targets.sources.of(at.source);
    let function = &source.functions[at.function];
    let inside = source.text.get(function.start..function.range.end).unwrap_or_default();
    let words = Source::words(inside);
    let is_under =
        |words: BTreeSet<String>| ["cfg", "cfg_attr", "cfg_if", "cfg_select"].iter().any(|word| words.contains(*word));
    let conditional = words.is_none_or(is_under);
    let above = function.attributes.iter().any(|attribute| attribute.is("cfg_attr"));
    (conditional || above).then(|| "it has parts under `cfg`, which another build may use".to_owned())
}

pub(super) fn is_declared((resource, target): &(String, Option<String>), declared: &[Use]) -> bool {
    declared.iter().any(|item| {
        let has = target.as_ref().is_none_or(|target| item.targets.contains(target));
        item.may.is_none() && item.resource == *resource && has
    })
}

pub(super) fn part(violation: &Violation) -> Option<(String, Option<String>)> {
    Some((violation.resource.clone()?, violation.target.clone()))
}

/// What one try of a test did not use of what it declares, also because its fixtures do not need it any more.
fn unused(record: &Record, evidence: &Evidence<'_>, after: &impl Fn(At) -> Vec<Use>) -> Parts {
    let of_kind = record.violations.iter().filter(|violation| violation.kind == "unused-declaration");
    let mut unused: Parts = of_kind.filter_map(part).collect();
    let before: BTreeSet<&str> =
        record.entered.iter().flat_map(|entered| &entered.uses).map(|item| item.resource.as_str()).collect();
    let now = entered(record, evidence, after);
    for item in record.declared.iter().flatten() {
        let resource = item.resource.as_str();
        let uncovered = before.contains(resource) && now.iter().all(|other| other.resource != resource);
        let unseen = record.unobserved.iter().any(|name| name == "*" || name == resource);
        let by_body =
            |seen: &crate::format::Seen| seen.resource == resource && seen.within.len() < seen.stretches.len();
        if uncovered && !unseen && !record.uses.iter().any(by_body) {
            unused.insert((resource.to_owned(), None));
        }
    }
    unused
}

/// What some entry of a fixture did not use in one try of a test.
fn blamed<'r>(fixture: &'r Fixture, record: &'r Record) -> impl Iterator<Item = &'r Violation> {
    record.violations.iter().filter(|violation| {
        let is_it = violation.fixture.as_ref().is_some_and(|path| fixture.paths.contains(path));
        is_it && violation.kind == "fixture-unused-declaration"
    })
}

/// What no entry of it used.
fn unused_by(fixture: &Fixture, record: &Record) -> Parts {
    let by_another = |(resource, target): &(String, Option<String>)| {
        let glob = target.as_deref().map(WildMatch::new);
        record.uses.iter().any(|seen| {
            seen.resource == *resource
                && seen.verb == "used"
                && seen.within.iter().any(|path| fixture.paths.contains(path))
                && glob.as_ref().is_none_or(|glob| seen.target.as_deref().is_some_and(|target| glob.matches(target)))
        })
    };
    blamed(fixture, record).filter_map(part).filter(|part| !by_another(part)).collect()
}

/// What is said of parts that stay, and why.
fn stay<'r>(
    records: impl Iterator<Item = &'r Record>,
    site: Site,
    name: &'static str,
    kept: &Parts,
    why: &str,
) -> Vec<Kept> {
    let kind = if name == "uses" { "unused-declaration" } else { "fixture-unused-declaration" };
    let mut stay = Vec::new();
    for record in records {
        for violation in record.violations.iter().filter(|violation| violation.kind == kind) {
            let Some(part) = part(violation).filter(|part| kept.contains(part)) else { continue };
            let left = Left {
                subject: match &violation.fixture {
                    Some(fixture) => format!("fixture `{fixture}`"),
                    None => subject(record),
                },
                what: violation.mend.clone().unwrap_or_else(|| violation.headline.clone()),
                why: why.to_owned(),
            };
            stay.push(Kept { site, name, part, left });
        }
    }
    stay
}
