//! Edits of a text: of a list between parentheses, and of whole attributes. What is not edited stays to the byte.

use std::ops::Range;

use super::declared::List;
use super::remarks::{Remarks, comments};
use super::source::Source;

/// A range and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Edit {
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { start: at, end: at, text: text.into() }
    }

    pub(super) fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { start: range.start, end: range.end, text: text.into() }
    }

    pub(super) fn remove(range: Range<usize>) -> Self {
        Self::replace(range, "")
    }
}

/// The text after the edits, which do not overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort();
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for edit in &edits {
        edited.push_str(&text[done..edit.start.max(done)]);
        edited.push_str(&edit.text);
        done = edit.end.max(done);
    }
    edited.push_str(&text[done..]);
    edited
}

/// Removes some elements of a list, of which others stay or come, and adds some at its end. Comments go with what they are about.
pub(super) fn list(source: &Source, list: &List, removed: &[usize], added: &[String]) -> Vec<Edit> {
    let remarks = Remarks::of(source, list, removed);
    let mut edits: Vec<Edit> = remarks.above.iter().cloned().map(Edit::remove).collect();
    // An element that goes gives its place to one that comes, so that there is never both.
    let mut added = added.iter();
    let mut gone = Vec::new();
    for &element in removed {
        let Some(text) = added.next() else {
            gone.push(element);
            continue;
        };
        let comma = if remarks.commas[element].is_some() { "," } else { "" };
        edits.push(Edit::replace(remarks.ranges[element].clone(), format!("{text}{comma}")));
    }
    edits.extend(removals(source, list, &remarks, &gone));
    edits.extend(additions(source, list, &remarks, added.map(String::as_str).collect()));
    edits
}

fn additions(source: &Source, list: &List, remarks: &Remarks, added: Vec<&str>) -> Vec<Edit> {
    if added.is_empty() {
        return Vec::new();
    }
    let inside = list.range.start + 1..list.range.end - 1;
    let (Some(last), Some(range)) = (list.elements.last(), remarks.ranges.last()) else {
        return vec![Edit::insert(inside.start, added.join(", "))];
    };
    let comma = list.commas.last().copied().filter(|&comma| comma >= last.end);
    let before = source.before(last.start);
    let own_lines = before.trim().is_empty() && source.before(inside.end).trim().is_empty();
    // What is said in the line of the last element stays with it.
    let behind = comments(&source.text, last.end..inside.end);
    let said = behind.into_iter().rfind(|comment| !source.text[last.end..comment.start].contains('\n'));
    let ends_line = said.as_ref().is_some_and(|said| source.text[said.clone()].starts_with("//"));
    if own_lines || ends_line {
        let indent = &before[..before.len() - before.trim_start().len()];
        let indent = if before.contains('(') { format!("{indent}    ") } else { indent.to_owned() };
        let end = range.end.max(said.map_or(0, |said| said.end));
        let new = format!("{}{indent}", source.line_end(end));
        let comma_behind = if comma.is_some() { "," } else { "" };
        let lines = format!("{new}{}{comma_behind}", added.join(&format!(",{new}")));
        return match comma {
            None if end > last.end => vec![Edit::insert(last.end, ","), Edit::insert(end, lines)],
            None => vec![Edit::insert(end, format!(",{lines}"))],
            Some(_) => vec![Edit::insert(end, lines)],
        };
    }
    let added = added.join(", ");
    match comma {
        Some(comma) if range.end > comma + 1 => vec![Edit::insert(range.end, format!(" {added},"))],
        comma => vec![Edit::insert(comma.unwrap_or(range.end), format!(", {added}"))],
    }
}

fn removals(source: &Source, list: &List, remarks: &Remarks, gone: &[usize]) -> Vec<Edit> {
    let kept = (0..list.elements.len()).rev().find(|element| !gone.contains(element));
    let mut edits = Vec::new();
    let mut tail: Option<usize> = None;
    for &element in gone {
        let range = &remarks.ranges[element];
        let before = source.before(range.start);
        let behind = source.behind(range.end);
        if before.trim().is_empty() && behind.trim().is_empty() {
            edits.push(Edit::remove(source.lines(range)));
        } else if kept.is_some_and(|kept| kept < element) {
            tail = Some(element);
        } else if !behind.trim().is_empty() {
            let space = behind.len() - behind.trim_start().len();
            edits.push(Edit::remove(range.start..range.end + space));
        } else if before.trim_end().ends_with('(') {
            // What stays below moves up, to the parenthesis.
            let mut end = range.end;
            for next in element + 1.. {
                let rest = &source.text[end..];
                end += rest.len() - rest.trim_start().len();
                match remarks.ranges.get(next).filter(|next_one| gone.contains(&next) && next_one.start == end) {
                    Some(next) => end = next.end,
                    None => break,
                }
            }
            edits.push(Edit::remove(range.start..end));
        } else {
            let space = before.len() - before.trim_end().len();
            edits.push(Edit::remove(range.start - space..range.end));
        }
    }
    // The last ones go with the comma in front of them; one behind them stays.
    if let (Some(last), Some(kept)) = (tail, kept) {
        let from = &remarks.ranges[kept];
        let mut to = remarks.ranges[last].end;
        let comma = remarks.commas[kept];
        if let (None, Some(comma)) = (remarks.commas[last], comma) {
            edits.push(Edit::remove(comma..comma + 1));
        }
        // A comment that ends its line needs this end.
        let ends_line = comments(&source.text, list.elements[kept].end..list.elements[kept + 1].start);
        let ends_line = ends_line.last().is_some_and(|said| source.text[said.clone()].starts_with("//"));
        let mut end = String::new();
        if ends_line && !source.behind(to).trim().is_empty() {
            let line = source.before(list.elements[last].start);
            let indent = &line[..line.len() - line.trim_start().len()];
            end = format!("{}{indent}", source.line_end(from.end));
            to = to.max(from.end);
        }
        edits.push(Edit::replace(from.end..to, end));
    }
    edits
}

/// Adds an attribute, on a line of its own if what is at the place begins one.
pub(super) fn add_attribute(source: &Source, at: usize, attribute: &str) -> Edit {
    let before = source.before(at);
    if before.trim().is_empty() {
        Edit::insert(at, format!("{attribute}{}{before}", source.line_end(at)))
    } else {
        Edit::insert(at, format!("{attribute} "))
    }
}

/// Removes an attribute, with its lines if nothing else is on them.
pub(super) fn remove_attribute(source: &Source, range: &Range<usize>) -> Edit {
    let behind = source.behind(range.end);
    if source.before(range.start).trim().is_empty() && behind.trim().is_empty() {
        return Edit::remove(source.lines(range));
    }
    if behind.trim().is_empty() {
        let before = source.before(range.start);
        let space = before.len() - before.trim_end().len();
        return Edit::remove(range.start - space..range.end);
    }
    let space = behind.len() - behind.trim_start().len();
    Edit::remove(range.start..range.end + space)
}
