//! What is said at the end of a run: violations with their mends, exceptions in force, uses that only probed, notes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::output::{visible, visible_lines};
use crate::report::{Report, Test, Verdict};
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
pub(crate) fn tell(report: &Report, talk: &Talk) -> Told {
    let violations = violations(report);
    let mut text = String::new();
    let left_out = left_out(report);
    if !violations.is_empty() || !left_out.is_empty() || !talk.quiet {
        let _ = writeln!(text, "\n{}", headline(report, violations.len()));
    }
    for (message, binaries) in &violations {
        let _ = writeln!(text, "\n{}\n  of:   {}", visible_lines(message), visible(&some(binaries)));
    }
    // Never left unsaid: a test that does not run is easily forgotten.
    text.push_str(&left_out);
    if !talk.quiet {
        write_rest(&mut text, report);
    }
    anstream::eprint!("{text}");
    Told { violated: !violations.is_empty() }
}

/// The messages, each once, with the binaries that it is about: tries of a test repeat it.
fn violations(report: &Report) -> BTreeMap<&str, BTreeSet<String>> {
    let mut violations: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for test in &report.tests {
        for violation in test.distinct_violations() {
            violations.entry(&violation.message).or_default().insert(test.binary_id.clone());
        }
    }
    violations
}

/// The tests that were left out, by resource.
fn left_out(report: &Report) -> String {
    let mut by_resource: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<String>)> = BTreeMap::new();
    for test in report.tests.iter().filter(|test| test.verdict == Verdict::Skipped) {
        for missing in test.tries.iter().flat_map(|one| &one.missing) {
            let (reasons, tests) = by_resource.entry(&missing.resource).or_default();
            reasons.insert(&missing.reason);
            tests.insert(format!("{} {}", test.binary_id, test.name));
        }
    }
    let mut text = String::new();
    if !by_resource.is_empty() {
        let _ = writeln!(text, "\n{CAREFUL}left out, because a resource is missing{CAREFUL:#}");
    }
    for (resource, (reasons, tests)) in by_resource {
        let reasons: Vec<&str> = reasons.into_iter().collect();
        let count = counted(tests.len(), "test");
        let reasons = visible(&reasons.join("; "));
        let _ = writeln!(text, "  {resource}: {count} ({reasons}): {}", visible(&some(&tests)));
    }
    text
}

fn headline(report: &Report, violations: usize) -> String {
    let partial = if report.complete {
        String::new()
    } else {
        format!(" {CAREFUL}(partial: the run was interrupted){CAREFUL:#}")
    };
    let skipped = report.own_tests().filter(|test| test.verdict == Verdict::Skipped).count();
    let ran = report.own_tests().count() - skipped;
    let left_out = match skipped {
        0 => String::new(),
        n => format!(", {CAREFUL}{} left out{CAREFUL:#}", counted(n, "test")),
    };
    let recorded = counted(ran, "test");
    let guards = format!("{HEADING}guards{HEADING:#}");
    match violations {
        0 if ran == 0 => format!("{guards}: no test was recorded{left_out}{partial}"),
        0 => format!("{guards}: {GOOD}no violations{GOOD:#}, {recorded} recorded{left_out}{partial}"),
        n => format!("{guards}: {BAD}{}{BAD:#}, {recorded} recorded{left_out}{partial}", counted(n, "violation")),
    }
}

fn write_rest(text: &mut String, report: &Report) {
    let mut exceptions: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    let mut probed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut notes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for test in &report.tests {
        let name = || format!("{} {}", test.binary_id, test.name);
        for one in &test.tries {
            for exception in &one.exceptions {
                exceptions.entry((&exception.resource, &exception.reason)).or_default().insert(name());
            }
            for resource in &one.probed {
                probed.entry(resource).or_default().insert(name());
            }
            for note in &one.notes {
                notes.entry(note.clone()).or_default().insert(name());
            }
        }
        for note in used_in_another_try(test) {
            notes.entry(note).or_default().insert(name());
        }
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{HEADING}{title}{HEADING:#}");
        }
        for line in lines {
            let _ = writeln!(text, "  {}", visible(&line));
        }
    };
    let lines =
        exceptions.iter().map(|((resource, reason), tests)| format!("{resource} = {reason:?}: {}", some(tests)));
    section("exceptions in force: may(…)", lines.collect());
    let lines = probed.iter().map(|(resource, tests)| format!("{resource}: {}", some(tests)));
    section("only asked for its version or help, which needs no service", lines.collect());
    let lines = notes.iter().map(|(note, tests)| format!("{note}: {}", some(tests)));
    section("notes", lines.chain(report.unread.iter().cloned()).collect());
}

/// What a try would have been blamed for, had there been no other.
fn used_in_another_try(test: &Test) -> impl Iterator<Item = String> {
    let settled = test.tries.iter().flat_map(|one| &one.violations).filter(|violation| violation.used_in_another_try);
    settled.map(|violation| format!("{} in one try, but did in another", violation.what.headline))
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
