//! An audit as one HTML page, in the style of the report's.

use std::collections::BTreeMap;

use askama::Template;
use chrono::DateTime;

use super::found::{Found, Test, Use};
use super::text;
use crate::report::html::filters;
use crate::report::html::text::{counted, visible};
use crate::{Error, Result};

/// So many uses of a test are shown, and of one reason why something stands out.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    version: &'static str,
    title: String,
    /// A class of the title.
    mood: &'static str,
    lead: String,
    complete: bool,
    root: String,
    started: String,
    engine: String,
    exit_code: u8,
    tests: usize,
    columns: Vec<Column>,
    alarms: Vec<Alarm>,
    groups: Vec<Group>,
    install: Option<String>,
    guards_toml: Option<String>,
    unobserved: Vec<String>,
    filter_rules: String,
}

struct Column {
    name: String,
    title: String,
    tests: usize,
}

struct Alarm {
    why: String,
    of: Vec<AlarmOf>,
    more: usize,
}

struct AlarmOf {
    resource: String,
    what: String,
    test: String,
}

struct Group {
    key: &'static str,
    title: &'static str,
    meaning: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    binary: String,
    classes: String,
    cells: Vec<Option<Cell>>,
    seen: Vec<Sight>,
    more: usize,
    notes: Vec<String>,
}

struct Cell {
    class: &'static str,
    text: String,
}

struct Sight {
    what: String,
    how: String,
}

impl Group {
    /// How many of its rows have something in each column.
    fn with(&self, columns: usize) -> Vec<usize> {
        (0..columns).map(|n| self.rows.iter().filter(|row| row.cells[n].is_some()).count()).collect()
    }
}

/// The document.
pub(super) fn text(found: &Found) -> Result<String> {
    let columns = found.resources.iter().map(|resource| Column {
        name: resource.name.clone(),
        title: resource.title.clone(),
        tests: resource.tests,
    });
    let columns: Vec<Column> = columns.collect();
    let groups = groups(found);
    let names: Vec<&str> = found.resources.iter().map(|resource| resource.name.as_str()).collect();
    let rules: Vec<(&str, Vec<usize>)> = groups.iter().map(|group| (group.key, group.with(names.len()))).collect();
    let alarms = alarms(found);
    let started = i64::try_from(found.started).ok().and_then(DateTime::from_timestamp_millis);
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        title: match groups.iter().find(|group| group.key == "violated") {
            _ if found.tests.is_empty() => "No test was observed".to_owned(),
            Some(group) if group.rows.len() == 1 => "1 test touches what no test should need".to_owned(),
            Some(group) => format!("{} tests touch what no test should need", group.rows.len()),
            None => "Nothing stands out".to_owned(),
        },
        mood: if alarms.is_empty() { "" } else { "bad" },
        lead: lead(&groups, found.tests.len()),
        complete: found.complete,
        root: visible(&found.root),
        started: started.map_or("unknown".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        engine: found.engine.clone(),
        exit_code: found.exit_code,
        tests: found.tests.len(),
        filter_rules: filters::rules(&rules, &names),
        columns,
        alarms,
        groups,
        install: found.proposal.install.clone(),
        guards_toml: found.proposal.guards_toml.clone(),
        unobserved: text::unobserved(found).iter().map(|line| visible(line)).collect(),
    };
    page.render().map_err(|error| Error::Html(error.to_string()))
}

/// In one sentence.
fn lead(groups: &[Group], tests: usize) -> String {
    let parts: Vec<String> = groups.iter().map(|group| format!("{} {}", group.rows.len(), group.meaning)).collect();
    if parts.is_empty() { String::new() } else { format!("{}: {}", counted(tests, "test"), parts.join(", ")) }
}

fn alarms(found: &Found) -> Vec<Alarm> {
    let mut alarms: BTreeMap<&str, Vec<AlarmOf>> = BTreeMap::new();
    for test in &found.tests {
        for one in &test.uses {
            let Some(alarm) = &one.alarm else { continue };
            alarms.entry(alarm).or_default().push(AlarmOf {
                resource: one.resource.clone(),
                what: visible(&one.shown()),
                test: visible(&format!("{} {}", test.binary_id, test.shown())),
            });
        }
    }
    let alarm = |(why, mut of): (&str, Vec<AlarmOf>)| {
        let more = of.len().saturating_sub(SHOWN);
        of.truncate(SHOWN);
        Alarm { why: why.to_owned(), of, more }
    };
    alarms.into_iter().map(alarm).collect()
}

/// The groups that have a test. Their keys are classes of the report's style sheet.
fn groups(found: &Found) -> Vec<Group> {
    let stands_out = |test: &&Test| test.uses.iter().any(|one| one.alarm.is_some());
    let group = |key, title, meaning, of: &dyn Fn(&&Test) -> bool| Group {
        key,
        title,
        meaning,
        rows: found.tests.iter().filter(of).map(|test| row(test, found)).collect(),
    };
    let groups = [
        group("violated", "Standing out", "with what no test should need", &stands_out),
        group("touching", "Touching", "with something outside", &|test| !stands_out(test) && test.is_noteworthy()),
        group("plain", "Plain", "with no more than a plain Unix", &|test| !stands_out(test) && !test.is_noteworthy()),
    ];
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn row(test: &Test, found: &Found) -> Row {
    let cells: Vec<Option<Cell>> = found.resources.iter().map(|resource| cell(test, &resource.name)).collect();
    let classes = cells.iter().enumerate().filter(|(_, cell)| cell.is_some()).map(|(n, _)| format!("r{n}"));
    Row {
        name: visible(&test.shown()),
        binary: visible(&test.binary_id),
        classes: classes.collect::<Vec<_>>().join(" "),
        seen: test.uses.iter().take(SHOWN).map(sight).collect(),
        more: test.uses.len().saturating_sub(SHOWN),
        notes: test.notes.iter().chain(&test.unobserved).map(|note| visible(note)).collect(),
        cells,
    }
}

fn cell(test: &Test, resource: &str) -> Option<Cell> {
    let uses: Vec<&Use> = test.uses.iter().filter(|one| one.resource == resource).collect();
    let times: u64 = uses.iter().map(|one| one.times).sum();
    let class = match (uses.iter().any(|one| one.alarm.is_some()), uses.iter().all(|one| one.plain)) {
        (true, _) => "x",
        (false, true) => "d",
        (false, false) => "u",
    };
    (times > 0).then(|| Cell { class, text: if times == 1 { "once".to_owned() } else { format!("{times}×") } })
}

fn sight(one: &Use) -> Sight {
    Sight { what: visible(&one.shown()), how: visible(&format!("{}, by {}, pid {}", one.resource, one.by, one.pid)) }
}
