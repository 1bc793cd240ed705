//! What is wrong, how it was seen, and the edit that mends it.

use std::error::Error;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::subject::Subject;
use super::tries::Unused;
use crate::declaration::{Declaration, pattern_of, written};
use crate::log::Sighting;

/// How many sightings of one violation are shown.
const SHOWN: usize = 3;

/// A use that was not declared, a declaration that was not used, or another breach of a test's word.
///
/// Its [`Display`](fmt::Display) is the whole message, the same under every runner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Violation(Box<Detail>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Detail {
    kind: ViolationKind,
    subject: String,
    resource: Option<String>,
    target: Option<String>,
    headline: String,
    /// The test, where the subject is one of its fixtures.
    within: Option<String>,
    seen: Vec<String>,
    mend: Option<String>,
    /// The fixture that it is about, by its path with its crate.
    fixture: Option<String>,
}

/// The kinds of violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ViolationKind {
    /// A test used what it did not declare.
    UndeclaredUse,
    /// A fixture used what it did not declare.
    FixtureUndeclaredUse,
    /// A test entered a fixture that declares what the test does not.
    UndeclaredFixture,
    /// A test declares what it never used.
    UnusedDeclaration,
    /// A fixture declares what it never used, in its set-up or its drop.
    FixtureUnusedDeclaration,
    /// The process ended before the test did.
    EndedEarly,
    /// Uses may have been lost: a chokepoint could not record.
    NotRecorded,
    /// A guard failed while the test ran or was cleaned up.
    GuardFailed,
}

impl Violation {
    /// What kind of violation this is.
    #[must_use]
    pub fn kind(&self) -> ViolationKind {
        self.0.kind
    }

    /// The resource, where the violation is about one.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The edit that mends it.
    #[must_use]
    pub fn mend(&self) -> Option<&str> {
        self.0.mend.as_deref()
    }

    fn new(kind: ViolationKind, subject: &Subject<'_>, headline: String, mend: Option<String>) -> Self {
        Self(Box::new(Detail {
            kind,
            subject: subject.to_string(),
            resource: None,
            target: None,
            headline,
            within: None,
            seen: Vec::new(),
            mend,
            fixture: match subject {
                Subject::Fixture(fixture) => Some(fixture.full_path()),
                _ => None,
            },
        }))
    }

    /// Names the test of which the subject is a fixture.
    pub(super) fn within(mut self, test: &Subject<'_>) -> Self {
        let by_fixture =
            matches!(self.kind(), ViolationKind::FixtureUndeclaredUse | ViolationKind::FixtureUnusedDeclaration);
        self.0.within = by_fixture.then(|| test.to_string());
        self
    }

    fn of(mut self, resource: &str, target: Option<&str>) -> Self {
        self.0.resource = Some(resource.to_owned());
        self.0.target = target.map(str::to_owned);
        self
    }

    /// `subject` used `resource`, at `target` if other targets of it are declared.
    pub(super) fn undeclared_use(
        subject: &Subject<'_>,
        resource: &str,
        target: Option<&str>,
        seen: &[Sighting],
    ) -> Self {
        let kind = match subject {
            Subject::Fixture(_) => ViolationKind::FixtureUndeclaredUse,
            _ => ViolationKind::UndeclaredUse,
        };
        let place = target.map(|target| format!(" at `{target}`")).unwrap_or_default();
        let mend = format!("{}, or stop using {resource}", subject.add(resource, target));
        let mut violation =
            Self::new(kind, subject, format!("{subject} used `{resource}`{place} without declaring it"), Some(mend))
                .of(resource, target);
        violation.0.seen = seen.iter().take(SHOWN).map(evidence).collect();
        if seen.len() > SHOWN {
            violation.0.seen.push(format!("and {} more", seen.len() - SHOWN));
        }
        violation
    }

    /// Something that a test left behind used a resource. `test` is `None` for one of several of the binary.
    pub(crate) fn late_use(test: Option<&str>, binary: &Path, seen: &Sighting) -> Self {
        let somebody = format!("a test of `{}` that declares nothing (which one could not be told)", binary.display());
        let subject = test.map_or(Subject::Other(&somebody), |test| Subject::Test(test, None, None));
        let headline = format!("{subject} used `{}` without declaring it, after it had ended", seen.resource);
        let mend = "end what the test starts, and wait for it, before the test ends".to_owned();
        let mut violation = Self::new(ViolationKind::UndeclaredUse, &subject, headline, Some(mend));
        violation.0.seen = vec![evidence(seen)];
        violation.of(&seen.resource, None)
    }

    /// `subject` declares `resource`, or one glob on its target, and nothing used it.
    pub(super) fn unused(subject: &Subject<'_>, resource: &str, glob: Option<&str>) -> Self {
        let kind = match subject {
            Subject::Fixture(_) => ViolationKind::FixtureUnusedDeclaration,
            _ => ViolationKind::UnusedDeclaration,
        };
        let place = glob.map(|glob| format!(" at `{glob}`")).unwrap_or_default();
        let item = written(resource, glob.as_slice());
        let headline = format!("{subject} declares `{resource}`{place} and never used it");
        let mend = match subject.is_by_hand() {
            true => format!("remove `{resource}`{place} from the scope, or declare it with `.may(…)`"),
            false => format!(
                "remove `{item}` from #[{}]{}, or write may({item} = \"reason\") there",
                subject.attribute(),
                subject.place(),
            ),
        };
        Self::new(kind, subject, headline, Some(mend)).of(resource, glob)
    }

    /// `subject` entered a fixture which declares what `subject` does not.
    pub(super) fn undeclared_fixture(subject: &Subject<'_>, fixture: &Declaration, resource: &str) -> Self {
        let headline = format!(
            "{subject} enters fixture `{}`, which declares `{resource}`, without declaring it too",
            fixture.path()
        );
        let mend = format!("{}, so that selecting by {resource} finds the test", subject.add(resource, None));
        let mut violation =
            Self::new(ViolationKind::UndeclaredFixture, subject, headline, Some(mend)).of(resource, None);
        violation.0.fixture = Some(fixture.full_path());
        violation
    }

    /// The process of `subject` ended in its middle, with success.
    pub(super) fn ended_early(subject: &Subject<'_>) -> Self {
        let headline = format!("the process of {subject} ended with success before the test did");
        let mend = "let the test return instead of ending its process (std::process::exit, exec)".to_owned();
        Self::new(ViolationKind::EndedEarly, subject, headline, Some(mend))
    }

    /// The log of `subject` is not whole.
    pub(super) fn not_recorded(subject: &Subject<'_>, why: &str) -> Self {
        let headline = format!("uses by {subject} may not be recorded: {why}");
        let mend = "let tests leave that directory alone, and give it room (RESOURCE_GUARDS_TMPDIR)".to_owned();
        Self::new(ViolationKind::NotRecorded, subject, headline, Some(mend))
    }

    /// A guard failed.
    pub(super) fn guard_failed(subject: &Subject<'_>, what: &str) -> Self {
        Self::new(ViolationKind::GuardFailed, subject, format!("a guard failed around {subject}: {what}"), None)
    }
}

impl Ord for Violation {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Violation {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RESOURCE GUARD: {}", self.0.headline)?;
        if let Some(test) = &self.0.within {
            write!(f, "\n  in:   {test}")?;
        }
        for (n, seen) in self.0.seen.iter().enumerate() {
            write!(f, "\n  {} {seen}", if n == 0 { "seen:" } else { "     " })?;
        }
        match &self.0.mend {
            Some(mend) => write!(f, "\n  mend: {mend}"),
            None => Ok(()),
        }
    }
}

impl Error for Violation {}

/// A use that was refused just now, before any verdict.
pub(crate) struct Blocked {
    /// `test `a::b``, as it stands in messages.
    pub(crate) by: String,
    pub(crate) seen: Sighting,
    /// Whether the resource is declared at other targets.
    pub(crate) narrowed: bool,
}

impl From<Blocked> for Violation {
    fn from(blocked: Blocked) -> Self {
        let Blocked { by, seen, narrowed } = blocked;
        let target = seen.target.clone();
        let shown = target.as_deref().filter(|_| narrowed);
        let subject = Subject::Other(&by);
        let mut violation = Self::undeclared_use(&subject, &seen.resource, shown, std::slice::from_ref(&seen));
        // Whether there is an attribute, and what else is in it, the verdict will say.
        let item = written(&seen.resource, shown.map(pattern_of).as_deref().as_slice());
        let too = if narrowed { " too" } else { "" };
        let attribute = subject.attribute();
        violation.0.mend = Some(format!("declare `{item}`{too} in #[{attribute}(…)], or stop using {}", seen.resource));
        violation.with_target(target)
    }
}

impl Violation {
    /// The declaration that it calls unused, if it does.
    pub(super) fn calls_unused(&self) -> Option<Unused<'_>> {
        let of_fixture = match self.kind() {
            ViolationKind::UnusedDeclaration => false,
            ViolationKind::FixtureUnusedDeclaration => true,
            _ => return None,
        };
        let Detail { subject, target, headline, .. } = &*self.0;
        Some(Unused { subject, of_fixture, resource: self.resource()?, target: target.as_deref(), headline })
    }

    /// The first line of its message.
    pub(crate) fn headline(&self) -> &str {
        &self.0.headline
    }

    fn with_target(mut self, target: Option<String>) -> Self {
        self.0.target = target;
        self
    }
}

fn evidence(seen: &Sighting) -> String {
    format!("{} ({}, pid {})", seen.what, seen.chokepoint, seen.pid)
}
