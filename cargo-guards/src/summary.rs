//! What is said at the end of a run: violations with their mends, exceptions in force, uses that only probed, notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::format::Record;
use crate::talk::{BAD, CAREFUL, GOOD, HEADING, Talk};

/// So many tests are named where a line is about several.
const NAMED: usize = 3;

/// What the run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// Whether a declaration was broken, in any try of any test.
    pub(crate) violated: bool,
}

/// Says it on standard error.
pub(crate) fn tell(records: &[Record], unread: &[String], partial: bool, talk: &Talk) -> Told {
    let violations = violations(records);
    let mut text = String::new();
    if !violations.is_empty() || !talk.quiet {
        let _ = writeln!(text, "\n{}", headline(records, violations.len(), partial));
    }
    for (message, binaries) in &violations {
        let _ = writeln!(text, "\n{message}\n  of:   {}", some(binaries));
    }
    if !talk.quiet {
        write_rest(&mut text, records, unread);
    }
    anstream::eprint!("{text}");
    Told { violated: !violations.is_empty() }
}

/// The messages, each once, with the binaries that it is about: tries of a test repeat it.
fn violations(records: &[Record]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut violations: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for record in records {
        for (message, violation) in record.messages.iter().zip(&record.violations) {
            // Process ids differ between tries.
            if known.insert((record.binary_id(), &violation.headline, &record.test)) {
                violations.entry(message).or_default().insert(record.binary_id());
            }
        }
    }
    violations
}

fn headline(records: &[Record], violations: usize, partial: bool) -> String {
    let tests: BTreeSet<(String, &str)> = records.iter().map(|r| (r.binary_id(), r.test.as_str())).collect();
    let partial =
        if partial { format!(" {CAREFUL}(partial: the run was interrupted){CAREFUL:#}") } else { String::new() };
    let recorded = counted(tests.len(), "test");
    match violations {
        _ if records.is_empty() => format!("{HEADING}guards{HEADING:#}: no test was recorded{partial}"),
        0 => format!("{HEADING}guards{HEADING:#}: {GOOD}no violations{GOOD:#}, {recorded} recorded{partial}"),
        n => {
            format!("{HEADING}guards{HEADING:#}: {BAD}{}{BAD:#}, {recorded} recorded{partial}", counted(n, "violation"))
        }
    }
}

fn write_rest(text: &mut String, records: &[Record], unread: &[String]) {
    let mut exceptions: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    let mut probed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut notes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for record in records {
        let name = || format!("{} {}", record.binary_id(), record.test);
        for (resource, reason) in &record.exceptions {
            exceptions.entry((resource, reason)).or_default().insert(name());
        }
        for resource in &record.probed {
            probed.entry(resource).or_default().insert(name());
        }
        for note in &record.notes {
            notes.entry(note).or_default().insert(name());
        }
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{HEADING}{title}{HEADING:#}");
        }
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    };
    let lines =
        exceptions.iter().map(|((resource, reason), tests)| format!("{resource} = {reason:?}: {}", some(tests)));
    section("exceptions in force: may(…)", lines.collect());
    let lines = probed.iter().map(|(resource, tests)| format!("{resource}: {}", some(tests)));
    section("only asked for its version or help, which needs no service", lines.collect());
    let lines = notes.iter().map(|(note, tests)| format!("{note}: {}", some(tests)));
    section("notes", lines.chain(unread.iter().cloned()).collect());
}

fn some(names: &BTreeSet<String>) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
