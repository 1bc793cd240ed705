//! Tests of one function that differ: what is declared for each case, and what not every case uses.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, Site, Tried, attribute};
use super::targets::Targets;
use super::want::Wants;
use crate::format::Record;

/// One test of a site, with what it wants.
#[derive(Debug)]
pub(super) struct One<'a> {
    pub(super) tried: Tried<'a>,
    pub(super) wants: Wants,
    /// What the fixtures declare that it entered: of that, nothing is called unused.
    pub(super) covered: BTreeSet<String>,
}

/// The tests of each site.
pub(super) type Wanted<'a> = BTreeMap<Site, Vec<One<'a>>>;

/// What each site is to declare for all its tests.
pub(super) fn settle(mut all: Wanted<'_>, evidence: &Evidence<'_>, targets: &Targets) -> BTreeMap<Site, Wants> {
    split(&mut all, evidence, targets);
    let settled = all.iter().map(|(site, tests)| {
        let mut wants = Wants::new();
        tests.iter().for_each(|test| merge(&mut wants, &test.wants));
        for (resource, want) in &mut wants {
            let of = tests.iter().filter(|test| test.wants.get(resource).is_some_and(|own| own.has_all(want)));
            let users: BTreeSet<_> = of.map(One::name).collect();
            if tests.iter().any(|test| !users.contains(&test.name()) && test.is_idle(resource)) {
                want.idle();
            }
        }
        (*site, wants)
    });
    settled.filter(|(_, wants)| !wants.is_empty()).collect()
}

impl One<'_> {
    /// Tries of a test have the same.
    fn name(&self) -> (String, &str) {
        (self.tried.record.binary_id(), &self.tried.record.test)
    }

    /// Whether its next run would call a declaration unused that it did not want. How it ended may be unknown, but not that
    /// something kept it from its end.
    fn is_idle(&self, resource: &str) -> bool {
        let Record { ending, uses, unobserved, notes, .. } = self.tried.record;
        // A note says what could not be observed, or not whose it was.
        let is_seen = notes.is_empty() && !unobserved.iter().any(|name| name == "*" || name == resource);
        let ended_well = matches!(ending.as_str(), "passed" | "unknown");
        let is_whole = ended_well && uses.iter().all(|seen| seen.verb != "blocked");
        is_seen && is_whole && !self.covered.contains(resource)
    }
}

fn merge(wants: &mut Wants, more: &Wants) {
    for (resource, want) in more {
        wants.entry(resource.clone()).or_default().merge(want);
    }
}

/// Cases of rstest that differ get a declaration each, above their `#[case]`.
fn split(all: &mut Wanted<'_>, evidence: &Evidence<'_>, targets: &Targets) {
    let sites: Vec<Site> = all.keys().copied().filter(|site| site.case.is_none()).collect();
    for site in sites {
        let function = &targets.sources.of(site.at.source).functions[site.at.function];
        let cases = function.cases().len();
        if cases == 0 || attribute(targets, site.at, "uses", None).is_some() {
            continue;
        }
        let has_own = evidence.tests.keys().any(|other| other.at == site.at && other.case.is_some());
        let number = |test: &One<'_>| test.tried.case.filter(|case| (1..=cases).contains(case));
        let mut by_case: BTreeMap<usize, Wants> = BTreeMap::new();
        let wanting = || all.get(&site).into_iter().flatten().filter(|test| !test.wants.is_empty());
        for test in wanting() {
            let Some(case) = number(test) else { break };
            merge(by_case.entry(case).or_default(), &test.wants);
        }
        let named = wanting().all(|test| number(test).is_some());
        let mut different = by_case.values().collect::<Vec<_>>();
        different.dedup();
        if named && (has_own || by_case.len() < cases || different.len() > 1) {
            for test in all.remove(&site).into_iter().flatten() {
                if let Some(case) = number(&test).filter(|case| by_case.contains_key(case)) {
                    all.entry(Site { at: site.at, case: Some(case) }).or_default().push(test);
                }
            }
        }
    }
}
