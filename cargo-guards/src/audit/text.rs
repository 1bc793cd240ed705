//! An audit on a terminal: what stands out, then each test with what it touches, then what could be written down.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::found::{Found, Test, Use, What};
use crate::output::visible;
use crate::talk::{BAD, CAREFUL, GOOD, HEADING};

/// So many things of one resource are named in a line.
const NAMED: usize = 4;

/// So many characters a line of them may have.
const LINE: usize = 160;

/// The whole text.
pub(super) fn text(found: &Found) -> String {
    let mut text = format!("{HEADING}audit{HEADING:#}: {}\n", headline(found));
    alarms(&mut text, found);
    tests(&mut text, found);
    resources(&mut text, found);
    write_unobserved(&mut text, found);
    proposal(&mut text, found);
    text
}

fn headline(found: &Found) -> String {
    let noteworthy = found.tests.iter().filter(|test| test.is_noteworthy()).count();
    let partial = if found.complete { "" } else { ", and the run was interrupted" };
    match (found.tests.len(), noteworthy) {
        (0, _) => format!("no test was observed{partial}"),
        (tests, 0) => {
            format!("{GOOD}none{GOOD:#} of {} needs anything beyond a plain Unix{partial}", counted(tests, "test"))
        }
        (tests, some) => format!("{some} of {} touch something outside{partial}", counted(tests, "test")),
    }
}

fn alarms(text: &mut String, found: &Found) {
    let mut alarms: BTreeMap<&str, Vec<(&Test, &Use)>> = BTreeMap::new();
    for test in &found.tests {
        for one in &test.uses {
            if let Some(alarm) = &one.alarm {
                alarms.entry(alarm).or_default().push((test, one));
            }
        }
    }
    if !alarms.is_empty() {
        let _ = writeln!(text, "\n{BAD}What no test should need{BAD:#}");
    }
    for (alarm, uses) in alarms {
        let _ = writeln!(text, "  {alarm}:");
        for (test, one) in uses {
            let name = visible(&test.shown());
            let _ = writeln!(text, "    {BAD}{}{BAD:#} by {} {name}: {}", one.resource, test.binary_id, shown(one));
        }
    }
}

fn tests(text: &mut String, found: &Found) {
    let mut binary = "";
    for test in found.tests.iter().filter(|test| !test.uses.is_empty() || !test.notes.is_empty()) {
        if binary != test.binary_id {
            binary = &test.binary_id;
            let _ = writeln!(text, "\n{HEADING}{}{HEADING:#}", visible(binary));
        }
        let _ = writeln!(text, "  {}", visible(&test.shown()));
        let mut by_resource: Vec<(&str, Vec<&Use>)> = Vec::new();
        for one in &test.uses {
            match by_resource.last_mut() {
                Some((name, uses)) if *name == one.resource => uses.push(one),
                _ => by_resource.push((&one.resource, vec![one])),
            }
        }
        for (name, uses) in by_resource {
            let style = match (uses.iter().any(|one| one.alarm.is_some()), uses.iter().all(|one| one.plain)) {
                (true, _) => BAD,
                (false, true) => anstyle::Style::new().dimmed(),
                (false, false) => HEADING,
            };
            let _ = writeln!(text, "    {style}{name:<12}{style:#} {}", some(&uses));
        }
        for note in &test.notes {
            let _ = writeln!(text, "    {CAREFUL}note{CAREFUL:#}: {}", visible(note));
        }
    }
    let nothing = found.tests.iter().filter(|test| test.uses.is_empty()).count();
    if nothing > 0 {
        let _ = writeln!(text, "\n{} touched nothing.", counted(nothing, "test"));
    }
}

/// A few of them.
fn some(uses: &[&Use]) -> String {
    let mut shown: Vec<String> = uses.iter().take(NAMED).map(|one| self::shown(one)).collect();
    if uses.len() > NAMED {
        shown.push(format!("and {} more", uses.len() - NAMED));
    }
    let line = shown.join(", ");
    match line.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn shown(one: &Use) -> String {
    let times = if one.times > 1 { format!(" ×{}", one.times) } else { String::new() };
    // A path tells more than a name where the name is not what PATH would find.
    let path = match &one.what {
        What::Program { given, path, .. } if given.contains('/') && one.resource == "programs" => format!(" ({path})"),
        _ => String::new(),
    };
    visible(&format!("{}{path}{times}", one.shown()))
}

fn resources(text: &mut String, found: &Found) {
    if found.resources.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{HEADING}Resources{HEADING:#}");
    for resource in &found.resources {
        let style = if resource.alarm.is_some() { BAD } else { anstyle::Style::new() };
        let tests = counted(resource.tests, "test");
        let _ = writeln!(text, "  {style}{:<13}{style:#} {tests:>9}  {}", resource.name, resource.title);
    }
}

/// What could not be observed, a line for each.
pub(super) fn unobserved(found: &Found) -> Vec<String> {
    let of_tests = found
        .tests
        .iter()
        .flat_map(|test| test.unobserved.iter().map(|why| format!("{} {}: {why}", test.binary_id, test.shown())));
    let whole = found.tests.iter().filter(|test| test.name.is_none());
    let whole = whole.map(|test| format!("which test of {} it was: they share a process", test.binary_id));
    let not_run = found.not_run.iter().map(|not_run| {
        let tests = counted(not_run.tests.len(), "test");
        format!("{tests} of {} did not run: ignored, filtered out, or behind a failure", not_run.binary_id)
    });
    found.unobserved.iter().cloned().chain(of_tests).chain(whole).chain(not_run).collect()
}

fn write_unobserved(text: &mut String, found: &Found) {
    let lines = unobserved(found);
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{CAREFUL}Not observed{CAREFUL:#}");
    for line in lines {
        let _ = writeln!(text, "  {}", visible(&line));
    }
}

fn proposal(text: &mut String, found: &Found) {
    if let Some(install) = &found.proposal.install {
        let _ = writeln!(text, "\n{HEADING}Proposed, once in each test binary{HEADING:#}\n\n{install}");
    }
    if let Some(toml) = &found.proposal.guards_toml {
        let _ = writeln!(text, "\n{HEADING}Proposed for guards.toml{HEADING:#}\n\n{toml}");
    }
}

/// `1 test`, `2 tests`.
pub(super) fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
