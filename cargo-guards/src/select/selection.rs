//! The tests that `-m` selects.

use cargo_metadata::Metadata;

use crate::catalog::{self, Binary, Catalog, Test};
use crate::config::{Config, Known};
use crate::flags::BuildFlags;
use crate::select::{Filterset, parse};
use crate::talk::Talk;
use crate::{Result, runner};

/// What is selected of the tests that were built.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) catalog: Catalog,
    /// For each test of the catalog.
    selected: Vec<bool>,
}

impl Selection {
    /// Builds the tests and evaluates the expression; without one all are selected.
    pub(crate) fn make(
        text: Option<&str>,
        flags: &BuildFlags,
        workspace: &Metadata,
        config: &Config,
        talk: &Talk,
    ) -> Result<Self> {
        // A mistake in it is told before anything is built.
        let expression = text.map(parse).transpose()?;
        let catalog = Catalog::collect(flags, workspace, talk)?;
        for complaint in catalog.complaints() {
            talk.note(complaint);
        }
        let mut resources = catalog.resources();
        let known = Known {
            resources: resources.clone(),
            guards: catalog.binaries.iter().flat_map(|binary| &binary.guarded_by).collect(),
            exceptions: catalog.exceptions(),
            all: config.exists() && catalog.is_all_of(workspace, flags),
        };
        for note in config.check(&known)? {
            talk.shown(note);
        }
        resources.extend(config.resources().iter().map(|described| described.name.as_str()));
        let selected = match (expression, text) {
            (Some(expression), Some(text)) => {
                expression.check(text, &resources)?;
                let is_described = |name: &str| config.resources().iter().any(|described| described.name == name);
                let may_declare = |binary: &Binary| {
                    let is_watched = |name: &str| binary.guards.as_ref().is_some_and(|guards| guards.contains(name));
                    expression.names(&|name| is_watched(name) || is_described(name))
                };
                if let Some(unknown) = catalog::unknown(catalog.tests().filter(|(binary, _)| may_declare(binary))) {
                    talk.note(format!("{unknown}; `-m` takes those that have no #[uses] to declare nothing"));
                }
                catalog.tests.iter().map(|test| expression.selects(&|name| test.declares(name))).collect()
            }
            _ => vec![true; catalog.tests.len()],
        };
        Ok(Self { catalog, selected })
    }

    /// How many tests are selected.
    pub(crate) fn len(&self) -> usize {
        self.selected.iter().filter(|&&selected| selected).count()
    }

    /// The selected tests, each with its binary.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (&Binary, &Test)> {
        let selected = self.catalog.tests().zip(&self.selected).filter(|(_, selected)| **selected);
        selected.map(|(test, _)| test)
    }

    /// Selected tests for which something holds, for each test of the catalog.
    pub(crate) fn mask(&self, holds: impl Fn(&Test) -> bool) -> Vec<bool> {
        self.catalog.tests.iter().zip(&self.selected).map(|(test, &selected)| selected && holds(test)).collect()
    }

    /// Leaves tests out.
    pub(crate) fn remove(&mut self, removed: &[bool]) {
        self.selected.iter_mut().zip(removed).for_each(|(selected, &removed)| *selected &= !removed);
    }

    /// In the terms of nextest.
    pub(crate) fn filterset(&self) -> Filterset {
        Filterset::of(&self.catalog, &self.selected)
    }

    /// In ours, for `cargo test`.
    pub(crate) fn for_runner(&self) -> runner::Binaries {
        let mut binaries: Vec<(Vec<String>, bool)> = vec![(Vec::new(), true); self.catalog.binaries.len()];
        for (test, &selected) in self.catalog.tests.iter().zip(&self.selected) {
            let (names, all) = &mut binaries[test.binary];
            if selected {
                names.push(test.name.clone());
            } else {
                *all = false;
            }
        }
        let paths = self.catalog.binaries.iter().map(|binary| binary.path.clone());
        paths.zip(binaries).map(|(path, (names, all))| (path, (!all || names.is_empty()).then_some(names))).collect()
    }
}
