//! Which guards and resources this binary knows.

use std::fmt;
use std::panic::Location;

use crate::ResourceGuard;
use crate::declaration::{self, Declaration, Use};
use crate::resource::is_name;
use crate::source::shown;

/// An entry of the registry: how to build one guard, and where that was written.
///
/// A crate that owns a tool registers its guard once, and every test binary that links the crate and invokes
/// [`install!`](crate::install) gets it:
///
/// ```
/// use resource_guards::{Registration, Resource, inventory};
///
/// static MY_SDK: Resource = Resource::new("my_sdk");
///
/// inventory::submit! {
///     Registration::new(|| Box::new(&MY_SDK))
/// }
/// # fn main() {}
/// ```
///
/// The linker drops a crate that nothing names, entry and all: name the guard in `install!`, or use something else of
/// its crate.
#[derive(Clone, Copy)]
pub struct Registration {
    by: By,
    at: &'static Location<'static>,
}

/// Builds a guard.
type Build = fn() -> Box<dyn ResourceGuard>;

#[derive(Clone, Copy)]
enum By {
    Crate(Build),
    Install { guards: &'static [Build], libtest: bool },
}

inventory::collect!(Registration);

impl Registration {
    /// For guard crates: registers a guard without starting a session.
    #[must_use]
    #[track_caller]
    pub const fn new(build: fn() -> Box<dyn ResourceGuard>) -> Self {
        Self { by: By::Crate(build), at: Location::caller() }
    }

    /// For `install!`: registers its guards and asks for a session.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn install(guards: &'static [fn() -> Box<dyn ResourceGuard>], libtest: bool) -> Self {
        Self { by: By::Install { guards, libtest }, at: Location::caller() }
    }
}

impl Registration {
    fn is_by_crate(&self) -> bool {
        matches!(self.by, By::Crate(_))
    }

    /// The order of the source. What a crate registers for everybody gives way to what `install!` says about the same guard.
    fn rank(&self) -> (bool, &str, u32, u32) {
        (self.is_by_crate(), self.at.file(), self.at.line(), self.at.column())
    }

    fn builds(&self) -> &[Build] {
        match &self.by {
            By::Crate(build) => std::slice::from_ref(build),
            By::Install { guards, .. } => guards,
        }
    }
}

/// What `install!` found out about this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Installed {
    /// Whether the tests are run by libtest, and not by a `main` of the user's (`harness = false`).
    pub(crate) libtest: bool,
}

/// Whether this binary invoked `install!`. One walk over the entries, nothing else.
pub(crate) fn installed() -> Option<Installed> {
    inventory::iter::<Registration>.into_iter().find_map(|entry| match entry.by {
        By::Install { libtest, .. } => Some(Installed { libtest }),
        By::Crate(_) => None,
    })
}

/// How many entries of any kind are registered, to notice when that grows after the start.
pub(crate) fn size() -> usize {
    inventory::iter::<Registration>.into_iter().count() + declaration::all().count()
}

/// A guard of this binary.
pub(crate) struct Entry {
    pub(crate) guard: Box<dyn ResourceGuard>,
    pub(crate) at: &'static Location<'static>,
}

/// All guards, folded, those of `install!` first, each group in the order of the source, and what is wrong with the registry.
pub(crate) fn guards() -> (Vec<Entry>, Vec<String>) {
    let mut registrations: Vec<&Registration> = Vec::new();
    for new in inventory::iter::<Registration> {
        registrations.insert(registrations.partition_point(|known| known.rank() <= new.rank()), new);
    }
    let builds = registrations.iter().flat_map(|of| of.builds().iter().map(|build| (build, of.is_by_crate(), of.at)));

    let mut entries: Vec<Entry> = Vec::new();
    // Of each entry: its resource, its name, and whether a crate registered it.
    let mut seen: Vec<((&str, String), bool)> = Vec::new();
    let mut errors = Vec::new();
    for (build, by_crate, at) in builds {
        let built = std::panic::catch_unwind(|| {
            let guard = build();
            let key = (guard.resource().name(), guard.name());
            (guard, key)
        });
        let (guard, key) = match built {
            Ok(built) => built,
            Err(panic) => {
                let why = shortened(crate::isolate::message(&*panic).unwrap_or("(no message)"));
                errors.push(format!("the guard registered at {at} panicked while it was built: {why}"));
                continue;
            }
        };
        if !is_name(key.0) {
            errors.push(format!(
                "the guard registered at {at} watches `{}`, which is not a resource name; use at most 64 characters \
                 of [a-z][a-z0-9_-]*",
                shortened(key.0)
            ));
            continue;
        }
        match seen.iter().position(|(other, _)| *other == key) {
            None => {
                seen.push((key, by_crate));
                entries.push(Entry { guard, at });
            }
            Some(first) if by_crate && !seen[first].1 => {}
            Some(first) if entries[first].guard.settings() == guard.settings() => {}
            Some(first) => errors.push(format!(
                "the guard `{}` of `{}` is registered twice with different settings, at {} ({}) and at {at} ({}); keep \
                 one of them",
                key.1,
                key.0,
                entries[first].at,
                entries[first].guard.settings(),
                guard.settings(),
            )),
        }
    }
    (entries, errors)
}

/// What is wrong with the declarations of this binary, in the order of the source.
pub(crate) fn mistakes(guards: &[Entry], is_described: &dyn Fn(&str) -> bool) -> Vec<String> {
    if declaration::all().next().is_none() {
        return Vec::new();
    }
    let known = watched(guards);
    let mut found: Vec<(&Declaration, String)> = Vec::new();
    for (d, item) in declaration::all().flat_map(|d| d.uses.iter().map(move |item| (d, item))) {
        for what in mistakes_of(guards, &known, item, is_described) {
            let place = |d: &Declaration| (d.file, d.line, d.module, d.name);
            found.insert(found.partition_point(|(before, _)| place(before) <= place(d)), (d, what));
        }
    }
    let mut errors: Vec<String> = found
        .into_iter()
        .map(|(d, what)| format!("`{}` at {}:{} declares {what}", d.path(), shown(d.file), d.line))
        .collect();
    errors.dedup();
    errors
}

/// What is wrong with one resource of a declaration: no guard watches it and it is not described either, or no target
/// matches a pattern. `is_described` is asked only where guards do not know better.
pub(crate) fn mistakes_in(guards: &[Entry], item: &Use, is_described: &dyn Fn(&str) -> bool) -> Vec<String> {
    mistakes_of(guards, &watched(guards), item, is_described)
}

fn mistakes_of(guards: &[Entry], known: &[&str], item: &Use, is_described: &dyn Fn(&str) -> bool) -> Vec<String> {
    let Use { resource, targets, .. } = *item;
    if !known.contains(&resource) {
        if is_described(resource) {
            return Vec::new();
        }
        let suggestion = Suggestion { resource, known };
        return vec![format!("`{resource}`, which no guard of this binary watches; {suggestion}")];
    }
    let mut mistakes = Vec::new();
    for pattern in targets {
        if let Some(why) = mistake_in_target(guards, resource, pattern)
            && !is_described(resource)
        {
            mistakes.push(format!("`{resource}` at `{pattern}`, which no target matches: {why}"));
        }
    }
    mistakes
}

/// Why no target matches a pattern, in the words of the first guard of the resource, if all of them say so.
fn mistake_in_target(guards: &[Entry], resource: &str, pattern: &str) -> Option<String> {
    let mut first = None;
    for entry in guards.iter().filter(|entry| entry.guard.resource().name() == resource) {
        let why = entry.guard.mistake_in_target(pattern)?;
        first.get_or_insert(why);
    }
    first
}

/// The resources that have guards, in order.
fn watched(guards: &[Entry]) -> Vec<&'static str> {
    let mut known = Vec::new();
    for entry in guards {
        let name = entry.guard.resource().name();
        if let Err(at) = known.binary_search(&name) {
            known.insert(at, name);
        }
    }
    known
}

/// The declared resources that no guard watches.
pub(crate) fn unwatched(guards: &[Entry]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for name in declaration::all().flat_map(|d| d.uses).map(|item| item.resource) {
        let is_watched = || guards.iter().any(|entry| entry.guard.resource().name() == name);
        if !names.contains(&name) && !is_watched() {
            names.push(name);
        }
    }
    names
}

struct Suggestion<'a> {
    resource: &'a str,
    known: &'a [&'a str],
}

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nearest = self
            .known
            .iter()
            .map(|name| (likeness(self.resource, name), name))
            .filter(|(likeness, _)| *likeness > 0.7)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((_, name)) => write!(f, "did you mean `{name}`? otherwise ")?,
            None if self.known.is_empty() => {}
            None => write!(f, "known are `{}`; ", self.known.join("`, `"))?,
        }
        write!(f, "add a guard of `{}` to install!", self.resource)
    }
}

/// How like two names are: 1 if they are the same, 0 if nothing is. More than 0.7 may be a slip of the finger.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    const SLIP: f64 = 0.9;
    // Of short names the usual measure calls two letters that have changed their places unlike.
    let slipped = one.len().min(other.len()) > 2 && strsim::osa_distance(one, other) == 1;
    strsim::jaro_winkler(one, other).max(if slipped { SLIP } else { 0.0 })
}

/// A name for a message: not endless, and on one line.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_likely_and_another_word_is_not() {
        for (slip, meant) in [("gti", "git"), ("gitt", "git"), ("tmu", "tmux"), ("dokcer", "docker"), ("htp", "http")] {
            assert!(likeness(slip, meant) > 0.7, "{slip}");
        }
        for (word, other) in [("zzz", "tar"), ("git", "tar"), ("ab", "ba"), ("mail", "http")] {
            assert!(likeness(word, other) < 0.7, "{word}");
        }
        assert!(likeness("git", "git") > likeness("gti", "git"));
    }
}
