//! Edits of a text: of a list between parentheses, and of whole attributes. What is not edited stays to the byte.

use std::collections::BTreeMap;
use std::ops::Range;

use super::declared::List;
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

/// Removes some elements of a list, of which others stay or come, and adds some at its end.
pub(super) fn list(source: &Source, list: &List, removed: &[usize], added: &[String]) -> Vec<Edit> {
    // An element that goes gives its place to one that comes, so that there is never both.
    let mut added = added.iter();
    let mut replaced: BTreeMap<usize, &String> = BTreeMap::new();
    for &element in removed {
        replaced.extend(added.next().map(|text| (element, text)));
    }
    let mut edits: Vec<Edit> =
        replaced.iter().map(|(&element, &text)| Edit::replace(list.elements[element].clone(), text.clone())).collect();
    let gone: Vec<usize> = removed.iter().copied().filter(|element| !replaced.contains_key(element)).collect();
    edits.extend(removals(source, list, &gone));
    edits.extend(additions(source, list, added.map(String::as_str).collect()));
    edits
}

fn additions(source: &Source, list: &List, added: Vec<&str>) -> Vec<Edit> {
    if added.is_empty() {
        return Vec::new();
    }
    let inside = list.range.start + 1..list.range.end - 1;
    let Some(last) = list.elements.last() else {
        return vec![Edit::insert(inside.start, added.join(", "))];
    };
    let trailing_comma = list.commas.last().is_some_and(|&comma| comma >= last.end);
    let before_end = source.before(inside.end);
    let before_last = source.before(last.start);
    let own_lines = before_end.trim().is_empty() && before_last.trim().is_empty();
    if !own_lines {
        return vec![Edit::insert(last.end, format!(", {}", added.join(", ")))];
    }
    // Each element has a line of its own, and what follows the last one in its line stays with it.
    let end = source.line_end(last.end);
    let mut lines = String::new();
    for (n, text) in added.iter().enumerate() {
        let comma = if n + 1 < added.len() || trailing_comma { "," } else { "" };
        lines.push_str(&format!("{before_last}{text}{comma}{end}"));
    }
    let mut edits = vec![Edit::insert(inside.end - before_end.len(), lines)];
    if !trailing_comma {
        edits.push(Edit::insert(last.end, ","));
    }
    edits
}

fn removals(source: &Source, list: &List, gone: &[usize]) -> Vec<Edit> {
    let kept = (0..list.elements.len()).rev().find(|element| !gone.contains(element));
    let mut edits = Vec::new();
    let mut tail: Option<usize> = None;
    for &element in gone {
        let range = &list.elements[element];
        let next = list.elements.get(element + 1);
        let comma = list.commas.iter().copied().find(|&comma| comma >= range.end);
        let comma = comma.filter(|&comma| next.is_none_or(|next| comma < next.start));
        let end = comma.map_or(range.end, |comma| comma + 1);
        let behind = source.behind(end);
        // With its line, if nothing but it and a remark on it stands there.
        let alone = behind.trim().is_empty() || behind.trim().starts_with("//");
        if source.before(range.start).trim().is_empty() && alone {
            edits.push(Edit::remove(source.lines(&(range.start..end))));
        } else if kept.is_some_and(|kept| kept < element) {
            tail = tail.max(Some(range.end));
        } else {
            let space = behind.len() - behind.trim_start().len();
            edits.push(Edit::remove(range.start..end + space));
        }
    }
    // The last ones go with the comma in front of them; one behind them stays.
    if let (Some(end), Some(kept)) = (tail, kept) {
        let from = list.elements[kept].end;
        let comma = list.commas.iter().copied().find(|&comma| comma >= from);
        edits.push(Edit::remove(comma.unwrap_or(from)..end));
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
