//! What is missing in declarations, and what they become by it.

use std::collections::{BTreeMap, BTreeSet};

use resource_guards::tool::pattern_of;

use super::removal::Parts;
use crate::format::Use;

/// Why a declaration may stay unused that only the kernel's view needs.
const HIDDEN: &str = "only --strict sees it";

/// Why one may stay unused that only some tests of a function need.
const IDLE: &str = "not every case uses it";

/// What is missing of one resource.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Want {
    /// At any target.
    whole: bool,
    /// At these, beside those that are declared.
    targets: BTreeSet<String>,
    /// If it is not declared at all: at these, because a fixture declares them.
    by_fixtures: BTreeSet<String>,
    /// Whether some run of the function uses it where only the kernel sees it, so that other runs would call it unused.
    hidden: bool,
    /// Whether some test of the function would call it unused.
    idle: bool,
}

/// By resource.
pub(super) type Wants = BTreeMap<String, Want>;

impl Want {
    pub(super) fn used(&mut self, target: &Option<String>) {
        match target {
            Some(target) => drop(self.targets.insert(pattern_of(target))),
            None => self.whole = true,
        }
    }

    pub(super) fn hidden(&mut self) {
        self.hidden = true;
    }

    pub(super) fn idle(&mut self) {
        self.idle = true;
    }

    /// Whether what the other wants is all used here, when it is declared.
    pub(super) fn has_all(&self, other: &Self) -> bool {
        other.whole || other.targets.is_subset(&self.targets)
    }

    pub(super) fn entered(&mut self, targets: &[String]) {
        if targets.is_empty() {
            self.whole = true;
        }
        self.by_fixtures.extend(targets.iter().cloned());
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.whole |= other.whole;
        self.targets.extend(other.targets.iter().cloned());
        self.by_fixtures.extend(other.by_fixtures.iter().cloned());
        self.hidden |= other.hidden;
        self.idle |= other.idle;
    }

    /// Why what is declared of it may stay unused.
    fn may(&self) -> Option<String> {
        let reason = if self.idle { Some(IDLE) } else { self.hidden.then_some(HIDDEN) };
        reason.map(str::to_owned)
    }
}

/// What is to be declared.
pub(super) fn desired(declared: &[Use], wants: &Wants, gone: &Parts) -> Vec<Use> {
    let is_gone = |item: &Use, part: Option<&String>| gone.contains(&(item.resource.clone(), part.cloned()));
    let mut desired = Vec::new();
    for item in declared {
        let mut item = item.clone();
        let had_targets = !item.targets.is_empty();
        if item.may.is_none() {
            if is_gone(&item, None) {
                continue;
            }
            item.targets = item.targets.iter().filter(|target| !is_gone(&item, Some(target))).cloned().collect();
        }
        if let Some(want) = wants.get(&item.resource).filter(|_| had_targets) {
            let new: Vec<String> = want.targets.iter().filter(|new| !item.targets.contains(new)).cloned().collect();
            // A resource may stay unused with all its targets or not at all.
            if !new.is_empty() {
                item.may = item.may.or_else(|| want.may());
            }
            item.targets.extend(new);
            if want.whole {
                item.targets.clear();
                desired.push(item);
                continue;
            }
        }
        if !(had_targets && item.targets.is_empty()) {
            desired.push(item);
        }
    }
    for (resource, want) in wants {
        if declared.iter().all(|item| item.resource != *resource) {
            let targets = want.targets.union(&want.by_fixtures).filter(|_| !want.whole).cloned().collect();
            desired.push(Use { resource: resource.clone(), targets, may: want.may() });
        }
    }
    desired
}

pub(super) fn same(one: &[Use], other: &[Use]) -> bool {
    let sorted = |uses: &[Use]| {
        let mut all: Vec<_> =
            uses.iter().map(|item| (&item.resource, BTreeSet::from_iter(&item.targets), &item.may)).collect();
        all.sort();
        all.iter().map(|(resource, targets, may)| format!("{resource} {targets:?} {may:?}")).collect::<Vec<_>>()
    };
    sorted(one) == sorted(other)
}
