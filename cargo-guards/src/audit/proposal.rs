//! What a project could write down: an `install!` line, and resources of `guards.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::catalogue::{Catalogue, Entry, Rest};
use super::found::{Test, What};
use super::observed::How;

/// Lines to copy.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Proposal {
    /// For each test binary.
    pub(super) install: Option<String>,
    pub(super) guards_toml: Option<String>,
    /// By entry of the catalogue: the names that tests would declare.
    #[serde(skip)]
    declared: BTreeMap<(String, String), String>,
}

/// The uses of one resource.
#[derive(Default)]
struct Seen {
    programs: BTreeSet<String>,
    unix: BTreeSet<String>,
    tcp: BTreeSet<String>,
}

impl Proposal {
    pub(super) fn of(tests: &[Test], catalogue: &Catalogue) -> Self {
        let mut proposal = Self::default();
        let mut guards = Vec::new();
        let mut toml = String::new();
        for entry in &catalogue.entries {
            // What no test should need is to be got rid of, not to be declared.
            let stands_out = entry.alarm.is_some();
            let seen = seen(tests, entry);
            if entry.plain || stands_out || seen.is_empty() {
                continue;
            }
            if let Some(guard) = &entry.guard {
                guards.push(guard.clone());
                proposal.declare(entry, &seen, |_| entry.name.clone());
            } else if entry.rest == Some(Rest::Program) {
                guards.extend(seen.programs.iter().map(|program| binary(program, &resource_name(program))));
                proposal.declare(entry, &seen, resource_name);
            } else if entry.rest == Some(Rest::Socket) {
                let mut tables: BTreeMap<String, Seen> = BTreeMap::new();
                for path in &seen.unix {
                    let name = resource_name(path.rsplit('/').next().unwrap_or_default().trim_end_matches(".sock"));
                    proposal.declared.insert((entry.name.clone(), path.clone()), name.clone());
                    tables.entry(name).or_default().unix.insert(path.clone());
                }
                tables.iter().for_each(|(name, seen)| table(&mut toml, name, seen));
            } else if seen.unix.is_empty() && seen.tcp.is_empty() {
                guards.extend(seen.programs.iter().map(|program| binary(program, &entry.name)));
                proposal.declare(entry, &seen, |_| entry.name.clone());
            } else {
                // A guard of programs alone would not see the rest.
                table(&mut toml, &entry.name, &seen);
                proposal.declare(entry, &seen, |_| entry.name.clone());
            }
        }
        proposal.install = (!guards.is_empty()).then(|| install(&guards));
        proposal.guards_toml = (!toml.is_empty()).then(|| toml.trim_end().to_owned());
        proposal
    }

    fn declare(&mut self, entry: &Entry, seen: &Seen, name: impl Fn(&str) -> String) {
        for item in seen.programs.iter().chain(&seen.unix).chain(&seen.tcp) {
            self.declared.insert((entry.name.clone(), item.clone()), name(item));
        }
    }

    /// What a test would declare for one of its uses, if that is proposed.
    pub(super) fn declared(&self, resource: &str, what: &What) -> Option<&str> {
        let item = item(what)?;
        self.declared.get(&(resource.to_owned(), item)).map(String::as_str)
    }
}

impl Seen {
    fn is_empty(&self) -> bool {
        self.programs.is_empty() && self.unix.is_empty() && self.tcp.is_empty()
    }
}

fn seen(tests: &[Test], entry: &Entry) -> Seen {
    let mut seen = Seen::default();
    for one in tests.iter().flat_map(|test| &test.uses).filter(|one| one.resource == entry.name && !one.plain) {
        let Some(item) = item(&one.what) else { continue };
        match &one.what {
            // A compiler that runs its linker is declared once.
            What::Program { .. } if entry.has_program(&one.by) => continue,
            What::Program { .. } => seen.programs.insert(item),
            What::Peer { peer, .. } if peer.starts_with(['/', '@']) => seen.unix.insert(item),
            What::Peer { .. } => seen.tcp.insert(item),
        };
    }
    seen
}

/// As patterns have it: the name of a program, the path of a socket, `host:port`.
fn item(what: &What) -> Option<String> {
    match what {
        What::Program { given, path, .. } => {
            let of = |path: &str| path.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
            of(given).or_else(|| of(path))
        }
        What::Peer { how: How::Address, .. } => None,
        What::Peer { peer, .. } => Some(peer.clone()),
    }
}

fn binary(program: &str, resource: &str) -> String {
    if program == resource {
        format!("guard_binary::Binary({program:?})")
    } else {
        format!("guard_binary::Binary({program:?}).resource({resource:?})")
    }
}

/// A text as a resource may be named.
fn resource_name(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).take(64).collect();
    if name.is_empty() { "other".to_owned() } else { name }
}

fn install(guards: &[String]) -> String {
    const LINE: usize = 100;
    let short = format!("resource_guards::install!({});", guards.join(", "));
    if short.len() <= LINE {
        return short;
    }
    format!("resource_guards::install!(\n    {},\n);", guards.join(",\n    "))
}

fn table(toml: &mut String, name: &str, seen: &Seen) {
    let _ = writeln!(toml, "[resources.{name}]");
    for (key, items) in [("exec", &seen.programs), ("unix", &seen.unix), ("tcp", &seen.tcp)] {
        if !items.is_empty() {
            let items: toml::value::Array = items.iter().cloned().map(toml::Value::String).collect();
            let _ = writeln!(toml, "{key} = {}", toml::Value::Array(items));
        }
    }
    toml.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_have_names_that_may_be_declared() {
        for (text, name) in
            [("Xvfb", "xvfb"), ("7z", "z"), ("g++", "g--"), ("python3.11", "python3-11"), ("..", "other")]
        {
            assert_eq!(resource_name(text), name);
        }
        assert_eq!(binary("git", "git"), r#"guard_binary::Binary("git")"#);
        assert_eq!(binary("python3", "python"), r#"guard_binary::Binary("python3").resource("python")"#);
    }

    #[test]
    fn a_table_is_described_line_by_line() {
        let mut toml = String::new();
        let seen = Seen { tcp: ["[::1]:5432".to_owned(), "127.0.0.1:5432".to_owned()].into(), ..Seen::default() };
        table(&mut toml, "postgres", &seen);
        assert_eq!(toml, "[resources.postgres]\ntcp = [\"127.0.0.1:5432\", \"[::1]:5432\"]\n\n");
    }
}
