//! What `guards.toml` says against what the test binaries say.

use std::collections::BTreeSet;

use super::{Config, Mistake};
use crate::format::{Declaration, Use};
use crate::nearest::nearest;
use crate::{Error, Result};

/// What is known of the tests that were built.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    /// The resources that guards watch or tests declare.
    pub(crate) resources: BTreeSet<&'a str>,
    /// Each `may(…)`, as a place, a resource and a reason, in their order.
    pub(crate) exceptions: Vec<Exception<'a>>,
    /// Whether these are all tests of the workspace.
    pub(crate) all: bool,
}

/// A `may(…)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exception<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u32,
    pub(crate) resource: &'a str,
    pub(crate) reason: &'a str,
}

fn there_are(exceptions: usize) -> String {
    if exceptions == 1 { "there is 1 exception".to_owned() } else { format!("there are {exceptions} exceptions") }
}

impl<'a> Exception<'a> {
    /// The one that an item of a declaration is, if it is one.
    pub(crate) fn of(declaration: &'a Declaration, item: &'a Use) -> Option<Self> {
        let Declaration { file, line, .. } = declaration;
        Some(Self { file, line: *line, resource: &item.resource, reason: item.may.as_deref()? })
    }
}

impl Config {
    /// Checks the names of resources, and the number of exceptions. Gives what is worth a note.
    ///
    /// # Errors
    ///
    /// If a resource is limited that nobody knows, and only its name can be the mistake; if there are too many exceptions.
    pub(crate) fn check(&self, known: &Known<'_>) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        if known.all {
            self.check_names(&known.resources, &mut notes)?;
        }
        let Some((max, at)) = &self.max_exceptions else { return Ok(notes) };
        let found = known.exceptions.len();
        if found > *max {
            let listed: Vec<String> = known
                .exceptions
                .iter()
                .map(|one| format!("  may({} = {:?}) at {}:{}", one.resource, one.reason, one.file, one.line))
                .collect();
            let what = format!("{}, and `max-exceptions` is {max}", there_are(found));
            let mend = "remove an exception, or raise this where it is reviewed";
            let shown = Mistake::new(at.clone(), what, mend).shown(&self.source);
            return Err(Error::Exceptions(format!("{shown}\n{}", listed.join("\n"))));
        }
        if known.all && found < *max {
            let what = format!("{}, and `max-exceptions` is {max}", there_are(found));
            notes.push(Mistake::new(at.clone(), what, format!("lower it to {found}")).noted(&self.source));
        }
        Ok(notes)
    }

    fn check_names(&self, known: &BTreeSet<&str>, notes: &mut Vec<String>) -> Result<()> {
        let mut mistakes = Vec::new();
        for limit in &self.limits {
            let name = limit.resource.as_str();
            if known.contains(name) || self.resources.iter().any(|described| described.name == name) {
                continue;
            }
            let what = format!("no guard watches `{name}`, and it is not described");
            let known = known.iter().copied().chain(self.resources.iter().map(|described| described.name.as_str()));
            match nearest(name, known) {
                Some(near) => {
                    mistakes.push(Mistake::new(limit.name.clone(), what, format!("did you mean `{near}`?")));
                }
                None => {
                    let mend = "remove it, or add `exec`, `unix` or `tcp`";
                    notes.push(Mistake::new(limit.name.clone(), what, mend).noted(&self.source));
                }
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(self.source.error(&mistakes)) }
    }
}
