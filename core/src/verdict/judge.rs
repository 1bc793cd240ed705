//! The laws.

use std::fmt;

use super::fixtures::Fixtures;
use super::subject::Subject;
use super::violation::Violation;
use crate::declaration::{Use, fixture, matches};
use crate::log::{Event, Log, Sighting, StretchId, Verb};

/// What a verdict is made from.
pub(crate) struct Case<'a> {
    /// The name of the test in its runner.
    pub(crate) test: &'a str,
    /// What it declares; `None` for a plain test.
    pub(crate) uses: Option<&'a [Use]>,
    /// Where it declares that.
    pub(crate) at: Option<(&'a str, u32)>,
    pub(crate) log: &'a Log,
    pub(crate) ending: Ending,
}

/// How the test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Passed,
    Failed,
    /// It panicked, and whether it should have cannot be told.
    Unknown,
    /// Its process ended with success in the middle of it.
    Early,
}

impl Ending {
    const ALL: [Self; 4] = [Self::Passed, Self::Failed, Self::Unknown, Self::Early];

    /// As it stands in a record.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Early => "ended early",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.word() == word)
    }
}

/// What is wrong with a test, and what else is worth saying.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// In a stable order.
    pub(crate) violations: Vec<Violation>,
    /// Things that could not be observed, or only in part.
    pub(crate) notes: Vec<String>,
    /// Resources under `may(…)` that stayed unused, with their reasons.
    pub(crate) exceptions: Vec<(String, String)>,
    /// Resources of which every use only asked for a version or for help.
    pub(crate) probed: Vec<String>,
}

/// Applies the laws of the verdict to one test.
pub(crate) fn judge(case: &Case<'_>) -> Verdict {
    judge_as(Subject::Test(case.test, case.uses, case.at), case)
}

/// The same where `case.test` is no name, but says as much as is known.
pub(crate) fn judge_somebody(case: &Case<'_>) -> Verdict {
    judge_as(Subject::Other(case.test), case)
}

fn judge_as(test: Subject<'_>, case: &Case<'_>) -> Verdict {
    // Most tests: nothing was declared, nothing happened.
    if case.uses.is_none_or(<[Use]>::is_empty) && *case.log == Log::default() && case.ending != Ending::Early {
        return Verdict::default();
    }
    let mut judge = Judge {
        test,
        uses: case.uses.unwrap_or_default(),
        case,
        fixtures: Fixtures::of(case.log, fixture),
        credit: Vec::new(),
        verdict: Verdict { probed: probed(case.log), ..Verdict::default() },
    };
    judge.uses();
    judge.undeclared_fixtures();
    judge.unused();
    judge.irregularities();
    let Verdict { violations, notes, exceptions, probed } = judge.verdict;
    let violations = in_order(violations.into_iter().map(|violation| violation.within(&test)));
    Verdict { violations, notes: in_order(notes), exceptions, probed }
}

/// The items in their order, each once. There are few.
fn in_order<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ordered = Vec::new();
    for item in items {
        if let Err(at) = ordered.binary_search(&item) {
            ordered.insert(at, item);
        }
    }
    ordered
}

/// Who used something: the test (`None`), or an instance of one of its fixtures.
type User = Option<StretchId>;

/// By whom which resource was used, and where other targets of it are declared, at which one.
type Undeclared<'a> = (User, &'a str, Option<&'a str>);

struct Judge<'a> {
    case: &'a Case<'a>,
    test: Subject<'a>,
    uses: &'a [Use],
    fixtures: Fixtures,
    /// The declared uses.
    credit: Vec<(User, &'a Sighting)>,
    verdict: Verdict,
}

impl<'a> Judge<'a> {
    fn declared(&self, user: User) -> &'a [Use] {
        match user.and_then(|id| self.fixtures.at(id)) {
            Some((_, instance)) => instance.declaration.uses,
            None => self.uses,
        }
    }

    /// Law 1: credits the uses that were declared, and reports the others, one violation for each user, resource and,
    /// where other targets of it are declared, target.
    fn uses(&mut self) {
        let mut undeclared: Vec<(Undeclared<'_>, Vec<Sighting>)> = Vec::new();
        for seen in sightings(self.case.log) {
            let mut users: Vec<User> = Vec::new();
            for user in seen.stretches.iter().map(|id| self.fixtures.at(*id).map(|(id, _)| id)) {
                if !users.contains(&user) {
                    users.push(user);
                }
            }
            let declares = |user: &User| self.declared(*user).iter().any(|item| item.resource == seen.resource);
            if seen.verb != Verb::Used {
                for user in users {
                    let target = seen.target.as_deref().filter(|_| declares(&user));
                    let key = (user, seen.resource.as_str(), target);
                    match undeclared.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, all)) => all.push(seen.clone()),
                        None => undeclared.push((key, vec![seen.clone()])),
                    }
                }
                continue;
            }
            let ambiguous = users.len() > 1;
            let mut credited: Vec<User> = users.iter().copied().filter(declares).collect();
            if credited.is_empty() {
                credited.extend(users);
            }
            if ambiguous {
                self.verdict.notes.push(format!(
                    "{} used `{}` while stretches of several fixtures overlapped, so which one did is ambiguous: {}",
                    self.test, seen.resource, seen.what
                ));
            }
            self.credit.extend(credited.into_iter().map(|user| (user, seen)));
        }
        for ((user, resource, target), seen) in &undeclared {
            let subject = match user.and_then(|id| self.fixtures.at(id)) {
                Some((_, instance)) => Subject::Fixture(instance.declaration),
                None => self.test,
            };
            self.verdict.violations.push(Violation::undeclared_use(&subject, resource, *target, seen));
        }
    }

    /// The declared uses of one user.
    fn credit_of(&self, user: User) -> Vec<&'a Sighting> {
        self.credit.iter().filter(|(by, _)| *by == user).map(|(_, seen)| *seen).collect()
    }

    /// Law 3: what a fixture declares, its test must declare.
    fn undeclared_fixtures(&mut self) {
        for (_, instance) in self.fixtures.iter() {
            for item in instance.declaration.uses {
                if !self.uses.iter().any(|own| own.resource == item.resource) {
                    let violation = Violation::undeclared_fixture(&self.test, instance.declaration, item.resource);
                    self.verdict.violations.push(violation);
                }
            }
        }
    }

    /// Laws 2, 4 and 6: declarations that nothing used, unless that could not be seen.
    fn unused(&mut self) {
        let mut unused: Vec<(Subject<'_>, &Use, Option<&str>)> = Vec::new();
        let covered = |resource| self.fixtures.iter().any(|(_, instance)| instance.declaration.declares(resource));
        if self.case.ending == Ending::Passed {
            for item in self.uses.iter().filter(|item| !covered(item.resource)) {
                unused.extend(unused_parts(item, &self.credit_of(None)).map(|part| (self.test, item, part)));
            }
        }
        let judged = matches!(self.case.ending, Ending::Passed | Ending::Failed);
        for (id, instance) in self.fixtures.iter().filter(|(_, instance)| instance.set_up_succeeded && judged) {
            let fixture = Subject::Fixture(instance.declaration);
            let outermost = |item: &&Use| !self.fixtures.covered_inside(id, item.resource);
            for item in instance.declaration.uses.iter().filter(outermost) {
                let parts = unused_parts(item, &self.credit_of(Some(id)));
                if !instance.drop_unseen {
                    unused.extend(parts.map(|part| (fixture, item, part)));
                } else if parts.count() > 0 {
                    let unseen = unseen(&fixture, item.resource);
                    let note = format!("{unseen}: it was not dropped before {} was judged", self.test);
                    self.verdict.notes.push(note);
                }
            }
        }
        let unobserved = unobserved(self.case.log);
        for (subject, item, part) in unused {
            let unobserved = unobserved.iter().find(|(name, _)| *name == "*" || *name == item.resource);
            match (item.may, unobserved) {
                (Some(reason), _) => self.verdict.exceptions.push((item.resource.to_owned(), reason.to_owned())),
                (None, Some((_, why))) => {
                    self.verdict.notes.push(format!("{}: {why}", unseen(&subject, item.resource)));
                }
                (None, None) => self.verdict.violations.push(Violation::unused(&subject, item.resource, part)),
            }
        }
    }

    /// An early end, a log that is not whole, guards that failed.
    fn irregularities(&mut self) {
        let log = self.case.log;
        // In a log that is not whole, the end may be what is missing.
        if self.case.ending == Ending::Early && log.damage.is_none() {
            self.verdict.violations.push(Violation::ended_early(&self.test));
        }
        if let Some(why) = &log.damage {
            self.verdict.violations.push(Violation::not_recorded(&self.test, why));
        }
        for event in &log.events {
            match event {
                Event::Fault { what } => self.verdict.violations.push(Violation::guard_failed(&self.test, what)),
                Event::Unobserved { resource, why } if resource == "*" => {
                    self.verdict.notes.push(format!("programs run by {} could not be observed: {why}", self.test));
                }
                _ => {}
            }
        }
        if log.unknown_lines > 0 {
            self.verdict
                .notes
                .push(format!("{} lines in the log of {} are not understood", log.unknown_lines, self.test));
        }
    }
}

fn sightings(log: &Log) -> impl Iterator<Item = &Sighting> {
    log.events.iter().filter_map(|event| match event {
        Event::Use(seen) => Some(seen),
        _ => None,
    })
}

/// What of one declared item nothing used: all of it (`None`), or some of its globs.
fn unused_parts(item: &Use, used: &[&Sighting]) -> impl Iterator<Item = Option<&'static str>> + use<> {
    let targets: Vec<Option<&str>> =
        used.iter().filter(|seen| seen.resource == item.resource).map(|seen| seen.target.as_deref()).collect();
    let globs = item.targets;
    // Some glob did authorise every use: where none matches, the log has the target cut short.
    let cut_short = !targets.iter().all(|target| globs.iter().any(|glob| matches(glob, *target)));
    let unmatched: Vec<_> = globs
        .iter()
        .copied()
        .filter(|glob| !cut_short && !targets.iter().any(|target| matches(glob, *target)))
        .map(Some)
        .collect();
    let whole = (globs.is_empty() && targets.is_empty()).then_some(None);
    whole.into_iter().chain(unmatched)
}

/// How a note begins that stands where a declaration is not called unused, since not all was seen.
pub(super) fn unseen(subject: &impl fmt::Display, resource: &str) -> String {
    format!("whether {subject} used `{resource}` could not be observed")
}

/// Resources of which unseen uses are possible, and why.
fn unobserved(log: &Log) -> Vec<(&str, &str)> {
    let mut unobserved: Vec<_> = log
        .events
        .iter()
        .filter_map(|event| match event {
            // Beside the one for all programs there is one for each resource with programs.
            Event::Unobserved { resource, why } if resource != "*" => Some((resource.as_str(), why.as_str())),
            _ => None,
        })
        .collect();
    if log.unknown_lines > 0 {
        unobserved.push(("*", "lines of its log are not understood"));
    }
    unobserved
}

/// Resources that were only asked for their version or for help.
fn probed(log: &Log) -> Vec<String> {
    let mut only_probed: Vec<(&str, bool)> = Vec::new();
    for seen in sightings(log) {
        let probes = matches!(seen.target.as_deref(), Some("--version" | "-V" | "--help" | "-h" | "version" | "help"));
        match only_probed.iter_mut().find(|(resource, _)| *resource == seen.resource) {
            Some((_, only)) => *only &= probes,
            None => only_probed.push((&seen.resource, probes)),
        }
    }
    in_order(only_probed.into_iter().filter(|(_, only)| *only).map(|(resource, _)| resource.to_owned()))
}
