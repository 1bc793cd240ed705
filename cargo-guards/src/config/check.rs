//! What `guards.toml` says against what the test binaries say.

use std::collections::BTreeSet;

use super::{Config, Mistake};
use crate::format::{Declaration, Guard, Use};
use crate::nearest::nearest;
use crate::{Error, Result};

/// What is known of the tests that were built.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    /// The resources that guards watch or tests declare.
    pub(crate) resources: BTreeSet<&'a str>,
    /// The guards of all binaries.
    pub(crate) guards: Vec<&'a Guard>,
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
    /// Checks the names of resources, who watches programs, and the number of exceptions. Gives what is worth a note.
    ///
    /// # Errors
    ///
    /// If a resource is limited that nobody knows, and only its name can be the mistake; if a guard watches a program that is
    /// described as another resource's; if there are too many exceptions.
    pub(crate) fn check(&self, known: &Known<'_>) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        if known.all {
            self.check_names(&known.resources, &mut notes)?;
        }
        self.check_programs(&known.guards)?;
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
        self.refuse(&mistakes)
    }

    /// The wrapper of a guard stands in front of the session's, so the resource that is described would never be used.
    fn check_programs(&self, guards: &[&Guard]) -> Result<()> {
        let mut mistakes = Vec::new();
        for (program, (resource, at)) in &self.programs {
            let other = |guard: &&&Guard| guard.resource != *resource && guard.footprint.programs.contains(program);
            if let Some(Guard { resource: owner, name, .. }) = guards.iter().find(other) {
                let what =
                    format!("`{program}` belongs to `{resource}`, and the guard `{name}` watches it for `{owner}`");
                let mend = "a use must belong to one resource: remove it here, or that guard from `install!`";
                mistakes.push(Mistake::new(at.clone(), what, mend));
            }
        }
        mistakes.sort_by_key(|mistake| mistake.at.start);
        self.refuse(&mistakes)
    }

    fn refuse(&self, mistakes: &[Mistake]) -> Result<()> {
        if mistakes.is_empty() { Ok(()) } else { Err(self.source.error(mistakes)) }
    }
}
