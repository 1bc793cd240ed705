//! Whether a run has run all tests of a function: all cases, in all binaries that contain it.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::Metadata;

use super::evidence::Site;
use super::targets::Targets;
use super::tree::At;
use crate::catalog::Catalog;
use crate::flags::BuildFlags;
use crate::format::Record;
use crate::talk::Talk;

/// What the binaries contain, and what of it has records.
#[derive(Debug)]
pub(super) struct Coverage {
    /// The targets that the run built.
    built: BTreeSet<usize>,
    /// The packages of those.
    pub(super) packages: BTreeSet<String>,
    /// The tests without a record, by function.
    missing: BTreeMap<At, String>,
    /// Targets whose source is not understood.
    unknown: Vec<String>,
}

impl Coverage {
    /// Builds the tests as the run did, which is quick where nothing has changed, and lists them.
    pub(super) fn collect(
        flags: &BuildFlags,
        workspace: &Metadata,
        records: &[Record],
        targets: &mut Targets,
        talk: &Talk,
    ) -> Result<Self, String> {
        let catalog = Catalog::collect(flags, workspace, &Talk { quiet: true, ..*talk })
            .map_err(|error| format!("what the run could have run is not known: {}", error.with_causes()))?;
        let mut ran: BTreeSet<(usize, &str)> = BTreeSet::new();
        for record in records.iter().filter(|record| record.missing.is_empty()) {
            ran.extend(targets.of_record(record).map(|target| (target, record.test.as_str())));
        }
        let number = |id: &str| targets.all.iter().position(|target| target.id == id);
        let numbers: Vec<Option<usize>> = catalog.binaries.iter().map(|binary| number(&binary.id)).collect();
        let mut coverage = Self {
            built: numbers.iter().flatten().copied().collect(),
            packages: catalog.binaries.iter().map(|binary| binary.package.clone()).collect(),
            missing: BTreeMap::new(),
            unknown: Vec::new(),
        };
        for target in 0..targets.all.len() {
            if let Err(error) = targets.tree(target) {
                coverage.unknown.push(error.with_causes());
            }
        }
        for test in &catalog.tests {
            let Some(target) = numbers[test.binary].filter(|&target| !ran.contains(&(target, &test.name))) else {
                continue;
            };
            let Ok(Some((_, functions))) = targets.function(target, &test.name) else { continue };
            let name = format!("`{}` of {} was not run", test.name, targets.all[target].id);
            coverage.missing.extend(functions.into_iter().map(|at| (at, name.clone())));
        }
        Ok(coverage)
    }

    /// Why the run does not show all of what a function does, if so.
    pub(super) fn why_not(&self, site: Site, targets: &Targets) -> Option<String> {
        if let Some(why) = self.unknown.first() {
            return Some(why.clone());
        }
        if let Some(why) = self.missing.get(&site.at) {
            return Some(why.clone());
        }
        let unbuilt = targets.containing(site.at).find(|target| !self.built.contains(target))?;
        Some(format!("it is also part of {}, which was not in the run", targets.all[unbuilt].id))
    }
}
