//! What is worth knowing beside violations: exceptions in force, uses that only asked for a version, notes.

use std::collections::{BTreeMap, BTreeSet};

use super::super::json::{Report, Verdict};
use super::text::{ticked, visible};

/// So many tests are named where a line is about several.
const NAMED: usize = 12;

/// A section of the page.
pub(super) struct List {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) items: Vec<Item>,
}

/// What, and which tests it is about.
pub(super) struct Item {
    /// HTML.
    pub(super) what: String,
    pub(super) tests: String,
}

type Told = BTreeMap<String, BTreeSet<String>>;

/// The sections that have something.
pub(super) fn of(report: &Report) -> Vec<List> {
    let (mut missing, mut exceptions, mut probed, mut notes) = (Told::new(), Told::new(), Told::new(), Told::new());
    for test in &report.tests {
        let name = || format!("{} {}", test.binary_id, test.name);
        for one in &test.tries {
            for absent in one.missing.iter().filter(|_| test.verdict == Verdict::Skipped) {
                let what = format!("`{}` — {}", absent.resource, absent.reason);
                missing.entry(what).or_default().insert(name());
            }
            for exception in &one.exceptions {
                let what = format!("`{}` — {}", exception.resource, exception.reason);
                exceptions.entry(what).or_default().insert(name());
            }
            for resource in &one.probed {
                probed.entry(format!("`{resource}`")).or_default().insert(name());
            }
            for note in &one.notes {
                notes.entry(note.clone()).or_default().insert(name());
            }
        }
    }
    let unread = report.unread.iter().map(|why| (why.clone(), BTreeSet::new())).collect();
    let lists = [
        ("missing", "Left out, because a resource is missing", missing),
        ("exceptions", "Exceptions in force", exceptions),
        ("asked", "Only asked for a version or for help", probed),
        ("notes", "Notes", notes),
        ("unread", "Records that could not be read", unread),
    ];
    let lists = lists.into_iter().filter(|(.., told)| !told.is_empty());
    lists.map(|(id, title, told)| List { id, title, items: told.into_iter().map(item).collect() }).collect()
}

fn item((what, tests): (String, BTreeSet<String>)) -> Item {
    let mut named: Vec<String> = tests.iter().take(NAMED).map(|name| visible(name)).collect();
    if tests.len() > NAMED {
        named.push(format!("and {} more", tests.len() - NAMED));
    }
    Item { what: ticked(&what), tests: named.join(", ") }
}
