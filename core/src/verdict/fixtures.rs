//! The fixtures that a test entered, as its log tells.

use crate::declaration::Declaration;
use crate::log::{Event, Log, Phase, StretchId};

/// The stretches of a test's fixtures.
#[derive(Default)]
pub(super) struct Fixtures {
    /// By the stretch of their set-up, in order.
    instances: Vec<(StretchId, Instance)>,
    /// From a stretch to the instance it belongs to.
    stretches: Vec<(StretchId, StretchId)>,
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
    /// Collects them; `known` finds a fixture's declaration by its path with its crate, and its line.
    pub(super) fn of(log: &Log, known: impl Fn(&str, u32) -> Option<&'static Declaration>) -> Self {
        let mut fixtures = Self::default();
        for event in &log.events {
            match event {
                Event::Enter { stretch, instance, parent, phase, fixture, line, .. } => {
                    fixtures.stretches.push((*stretch, *instance));
                    match (phase, known(fixture, *line)) {
                        (Phase::SetUp, Some(declaration)) => {
                            let (parent, set_up_succeeded, drop_unseen) = (*parent, false, false);
                            let made = Instance { declaration, parent, set_up_succeeded, drop_unseen };
                            fixtures.instances.push((*instance, made));
                        }
                        (Phase::SetUp, None) => {}
                        (Phase::TearDown, _) => {
                            if let Some(made) = fixtures.made(*instance) {
                                made.drop_unseen = false;
                            }
                        }
                    }
                }
                Event::Leave { stretch, succeeded } => {
                    if let Some(made) = fixtures.made(*stretch) {
                        made.set_up_succeeded = *succeeded;
                    }
                }
                Event::Keeps { instance } => {
                    if let Some(made) = fixtures.made(*instance) {
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
        let (_, id) = self.stretches.iter().find(|(of, _)| *of == stretch)?;
        self.iter().find(|(made, _)| made == id)
    }

    fn made(&mut self, id: StretchId) -> Option<&mut Instance> {
        self.instances.iter_mut().find(|(made, _)| *made == id).map(|(_, instance)| instance)
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
