//! The matrix: a row for each test, grouped by verdict.

use std::collections::BTreeMap;

use super::super::json::{Report, Test, Try, Verdict};
use super::cell::Cell;
use super::text::{ticked, visible};
use crate::format::{Seen, Use};

/// So many uses of a test are shown.
const USES: usize = 12;

/// So many bytes a page may have if its rows can do with it. Evidence that finds no room is left out: a page must open.
const PAGE: usize = 4_700_000;

/// The tests of one verdict.
pub(super) struct Group {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) meaning: &'static str,
    pub(super) rows: Vec<Row>,
}

/// One test.
#[derive(Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) binary: String,
    /// The columns that it has something in, as classes.
    pub(super) classes: String,
    pub(super) cells: Vec<Option<Cell>>,
    /// Where it is, and what it declares.
    pub(super) facts: String,
    /// HTML.
    pub(super) broken: Vec<String>,
    pub(super) seen: Vec<Sight>,
    /// How many uses are not shown.
    pub(super) more: usize,
    /// HTML.
    pub(super) notes: Vec<String>,
    /// Whether there was no room for evidence.
    pub(super) withheld: bool,
}

/// A use, in two parts.
pub(super) struct Sight {
    pub(super) what: String,
    pub(super) how: String,
}

impl Group {
    /// The same of each column.
    pub(super) fn with_each(&self, columns: usize) -> Vec<usize> {
        (0..columns).map(|column| self.with(column)).collect()
    }

    /// How many of the tests have something in a column.
    pub(super) fn with(&self, column: usize) -> usize {
        self.rows.iter().filter(|row| row.cells.get(column).is_some_and(Option::is_some)).count()
    }
}

impl Row {
    /// About what it takes in the page before its evidence.
    fn weight(&self) -> usize {
        let cells: usize = self.cells.iter().map(|cell| if cell.is_some() { 22 } else { 4 }).sum();
        weight(&self.name) + weight(&self.binary) + self.classes.len() + cells + 100
    }

    fn add_evidence(&mut self, test: &Test, room: &mut usize) {
        // The last try that saw something: the earlier ones are in the JSON.
        let shown = test.tries.iter().rev().find(|one| !one.uses.is_empty());
        let uses = shown.map(|one| one.uses.as_slice()).unwrap_or_default();
        let evidence = Self {
            facts: facts(test),
            broken: test.distinct_violations().map(|broken| ticked(&broken.what.headline)).collect(),
            seen: uses.iter().take(USES).map(Sight::of).collect(),
            more: uses.len().saturating_sub(USES),
            notes: notes(test),
            ..Self::default()
        };
        let texts = [&evidence.facts].into_iter().chain(&evidence.broken).chain(&evidence.notes);
        let texts = texts.chain(evidence.seen.iter().flat_map(|seen| [&seen.what, &seen.how]));
        let Some(left) = room.checked_sub(texts.map(|text| weight(text)).sum()) else {
            self.withheld = true;
            return;
        };
        *room = left;
        let Self { facts, broken, seen, more, notes, .. } = evidence;
        *self = Self { facts, broken, seen, more, notes, ..std::mem::take(self) };
    }

    pub(super) fn has_details(&self) -> bool {
        self.withheld
            || !(self.facts.is_empty() && self.broken.is_empty() && self.seen.is_empty() && self.notes.is_empty())
    }
}

/// The groups that have tests, violations first.
pub(super) fn groups(report: &Report, resources: &[&str]) -> Vec<Group> {
    let mut by_verdict: BTreeMap<Verdict, Vec<&Test>> = BTreeMap::new();
    for test in report.own_tests() {
        by_verdict.entry(test.verdict).or_default().push(test);
    }
    let mut groups: Vec<(Group, Vec<&Test>)> = by_verdict
        .into_iter()
        .map(|(verdict, tests)| {
            let (key, title, meaning) = match verdict {
                Verdict::Violated => ("violated", "Violated", "broke their declarations"),
                Verdict::Failed => ("failed", "Failed", "for a reason of their own"),
                Verdict::Skipped => ("skipped", "Left out", "a resource was missing"),
                Verdict::Unknown => ("unknown", "Unknown", "only the engine knows how they ended"),
                Verdict::Passed => ("passed", "Passed", "without a violation"),
            };
            let rows = tests.iter().map(|test| row(test, resources)).collect();
            (Group { key, title, meaning, rows }, tests)
        })
        .collect();
    let rows: usize = groups.iter().flat_map(|(group, _)| &group.rows).map(Row::weight).sum();
    let mut room = PAGE.saturating_sub(rows);
    for (group, tests) in &mut groups {
        for (row, test) in group.rows.iter_mut().zip(tests) {
            row.add_evidence(test, &mut room);
        }
    }
    groups.into_iter().map(|(group, _)| group).collect()
}

/// The row without its evidence.
fn row(test: &Test, resources: &[&str]) -> Row {
    let cells: Vec<Option<Cell>> = resources.iter().map(|resource| Cell::of(test, resource)).collect();
    let classes: Vec<String> =
        cells.iter().enumerate().filter(|(_, cell)| cell.is_some()).map(|(n, _)| format!("r{n}")).collect();
    Row {
        name: visible(&test.name),
        binary: visible(&test.binary_id),
        classes: classes.join(" "),
        cells,
        ..Row::default()
    }
}

/// About what a text takes in the page, with the tags around it.
fn weight(text: &str) -> usize {
    text.len() + 4 * text.matches(['<', '>', '&', '"', '\'']).count() + 12
}

/// Nothing for a plain test that is known by its name only.
fn facts(test: &Test) -> String {
    let mut facts = Vec::new();
    if let (Some(file), Some(line)) = (&test.file, test.line) {
        facts.push(format!("{}:{line}", visible(file)));
    }
    if let Some(uses) = &test.declares {
        let written: Vec<String> = uses.iter().map(Use::written).collect();
        let nothing = if written.is_empty() { "nothing" } else { "" };
        facts.push(format!("declares {nothing}{}", visible(&written.join(", "))));
    }
    if test.tries.len() > 1 {
        let endings: Vec<String> = test.tries.iter().map(|one| visible(&one.ending)).collect();
        facts.push(format!("{} tries: {}", endings.len(), endings.join(", ")));
    }
    facts.join(" · ")
}

fn notes(test: &Test) -> Vec<String> {
    let settled = |one: &Try| one.violations.iter().filter(|broken| broken.used_in_another_try).count();
    let mut notes: Vec<String> = test.tries.iter().flat_map(|one| &one.notes).map(|note| ticked(note)).collect();
    let missing = test.tries.iter().flat_map(|one| &one.missing);
    notes.extend(missing.map(|missing| ticked(&format!("`{}` is missing: {}", missing.resource, missing.reason))));
    if test.tries.iter().map(settled).sum::<usize>() > 0 {
        notes.push("What one try did not use, another did.".to_owned());
    }
    notes.sort();
    notes.dedup();
    notes
}

impl Sight {
    fn of(seen: &Seen) -> Self {
        let verb = if seen.verb == "used" { String::new() } else { format!("{}: ", seen.verb) };
        // What is said already is not said again.
        let resource = Some(&seen.resource).filter(|name| !seen.what.starts_with(*name));
        let target = seen.target.as_ref().filter(|target| !seen.what.contains(*target));
        let within = (!seen.within.is_empty()).then(|| format!("in fixture {}", seen.within.join(" or ")));
        let pid = format!("pid {}", seen.pid);
        let how = [resource, target, Some(&seen.chokepoint), Some(&pid), within.as_ref()];
        Self {
            what: visible(&format!("{verb}{}", seen.what)),
            how: visible(&how.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")),
        }
    }
}
