//! What another try of a test says to a declaration that one try calls unused: one rule for the test's own process, which
//! knows the tries before its own, and for tools, which know all.

use super::Verdict;
use super::judge::unseen;
use crate::declaration::matches;

/// One try of a test, as far as its record tells what was used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Try<'a> {
    /// `passed`, `failed`, …
    pub ending: &'a str,
    /// What it was seen to use.
    pub uses: Vec<TryUse<'a>>,
    /// The fixtures that it entered, by their paths with their crates.
    pub fixtures: Vec<&'a str>,
    /// The first lines of what it is blamed for.
    pub headlines: Vec<&'a str>,
    /// What could not be observed, among others.
    pub notes: Vec<&'a str>,
}

/// One use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TryUse<'a> {
    /// The resource.
    pub resource: &'a str,
    /// `used`, `blocked` or `passed`.
    pub verb: &'a str,
    /// What exactly was used.
    pub target: Option<&'a str>,
    /// The fixtures that used it, by their paths with their crates.
    pub within: Vec<&'a str>,
}

/// A declaration that one try calls unused, in the words of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused<'a> {
    /// ``test `NAME` `` or ``fixture `NAME` ``.
    pub subject: &'a str,
    /// Whether that is a fixture.
    pub of_fixture: bool,
    /// The resource.
    pub resource: &'a str,
    /// The one glob on its targets, where not the whole resource is meant.
    pub target: Option<&'a str>,
    /// The first line of the message.
    pub headline: &'a str,
}

impl Try<'_> {
    /// Whether this try shows that a declaration which stayed unused in another one is needed: it used it, or whether it did
    /// could not be seen. One that is blamed for the same shows nothing: of a fixture, another entry may have used it.
    #[must_use]
    pub fn needs(&self, unused: &Unused<'_>) -> bool {
        if self.headlines.contains(&unused.headline) {
            return false;
        }
        let unseen = unseen(&unused.subject, unused.resource);
        if self.notes.iter().any(|note| note.starts_with(&unseen)) {
            return true;
        }
        let mut uses = self.uses.iter().filter(|seen| {
            seen.verb == "used"
                && seen.resource == unused.resource
                && unused.target.is_none_or(|glob| matches(glob, seen.target))
        });
        if unused.of_fixture {
            let name = unused.subject.strip_prefix("fixture `").and_then(|rest| rest.strip_suffix('`'));
            let is_it = |path: &&str| {
                let module = name.and_then(|name| path.strip_suffix(name));
                module.is_some_and(|module| module.is_empty() || module.ends_with("::"))
            };
            return uses.any(|seen| seen.within.iter().any(is_it));
        }
        // A fixture that declares the resource makes its test declare it, whether it is used or not.
        let covered = self.ending == "passed" && !self.fixtures.is_empty();
        uses.next().is_some() || covered
    }
}

impl Verdict {
    /// Whether it calls a declaration unused, so that other tries matter.
    pub(crate) fn has_unused(&self) -> bool {
        self.violations.iter().any(|violation| violation.calls_unused().is_some())
    }

    /// Takes from it what another try shows to be needed.
    pub(crate) fn settle(&mut self, other: &Try<'_>) {
        self.violations.retain(|violation| !violation.calls_unused().is_some_and(|unused| other.needs(&unused)));
    }
}
