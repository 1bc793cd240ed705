//! The fixtures that a test entered, as its log tells.

use std::collections::BTreeMap;

use crate::declaration::Declaration;
use crate::log::{Event, Log, Phase, StretchId};

/// The stretches of a test's fixtures.
#[derive(Default)]
pub(super) struct Fixtures {
    instances: BTreeMap<StretchId, Instance>,
    /// From a stretch to the instance it belongs to.
    stretches: BTreeMap<StretchId, StretchId>,
}

/// One making of a fixture, from its set-up to its drop.
pub(super) struct Instance {
    pub(super) declaration: &'static Declaration,
    pub(super) parent: StretchId,
    pub(super) set_up_succeeded: bool,
    /// It made a `Fixture` whose drop did not happen before the test was judged.
    pub(super) drop_unseen: bool,
}

impl Fixtures {
    /// Collects them; `known` finds a fixture's declaration by its path with its crate.
    pub(super) fn of(log: &Log, known: impl Fn(&str) -> Option<&'static Declaration>) -> Self {
        let mut fixtures = Self::default();
        for event in &log.events {
            match event {
                Event::Enter { stretch, instance, parent, phase, fixture, .. } => {
                    fixtures.stretches.insert(*stretch, *instance);
                    match (phase, known(fixture)) {
                        (Phase::SetUp, Some(declaration)) => {
                            fixtures.instances.insert(
                                *instance,
                                Instance { declaration, parent: *parent, set_up_succeeded: false, drop_unseen: false },
                            );
                        }
                        (Phase::SetUp, None) => {}
                        (Phase::TearDown, _) => {
                            if let Some(made) = fixtures.instances.get_mut(instance) {
                                made.drop_unseen = false;
                            }
                        }
                    }
                }
                Event::Leave { stretch, succeeded } => {
                    if let Some(made) = fixtures.instances.get_mut(stretch) {
                        made.set_up_succeeded = *succeeded;
                    }
                }
                Event::Keeps { instance } => {
                    if let Some(made) = fixtures.instances.get_mut(instance) {
                        made.drop_unseen = true;
                    }
                }
                _ => {}
            }
        }
        fixtures
    }

    /// The instance that a stretch belongs to; `None` for the test's body.
    pub(super) fn at(&self, stretch: StretchId) -> Option<(StretchId, &Instance)> {
        let id = *self.stretches.get(&stretch)?;
        self.instances.get(&id).map(|instance| (id, instance))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (StretchId, &Instance)> {
        self.instances.iter().map(|(id, instance)| (*id, instance))
    }

    /// Whether a fixture that was entered inside of this one declares the resource.
    pub(super) fn covered_inside(&self, outer: StretchId, resource: &str) -> bool {
        self.iter().any(|(id, inner)| {
            id != outer
                && self.at(inner.parent).is_some_and(|(parent, _)| parent == outer)
                && (inner.declaration.declares(resource) || self.covered_inside(id, resource))
        })
    }
}
