//! Comments in a list, and which of them go with which elements.
//!
//! One on lines of its own is about the elements below it, up to the next such; one that ends a line, about the elements of the
//! line; any other, about the element that it stands beside, before the comma.

use std::ops::Range;

use super::declared::List;
use super::source::Source;

/// What goes with elements that go.
pub(super) struct Remarks {
    /// From what is said in front of each element to its comma and what is said behind that.
    pub(super) ranges: Vec<Range<usize>>,
    /// The comma behind each element.
    pub(super) commas: Vec<Option<usize>>,
    /// The lines above elements that all go.
    pub(super) above: Vec<Range<usize>>,
}

impl Remarks {
    pub(super) fn of(source: &Source, list: &List, gone: &[usize]) -> Self {
        let mut remarks = Self { ranges: Vec::new(), commas: Vec::new(), above: Vec::new() };
        let mut tops: Vec<(usize, Range<usize>)> = Vec::new();
        let mut from = list.range.start + 1;
        for (n, element) in list.elements.iter().enumerate() {
            let next = list.elements.get(n + 1).map_or(list.range.end - 1, |next| next.start);
            let comma = list.commas.iter().copied().find(|comma| (element.end..next).contains(comma));
            let start = start(source, from..element.start);
            let line = element.end - source.before(element.end).len();
            let shares = (0..n).any(|other| !gone.contains(&other) && list.elements[other].end > line);
            let above = above(source, from, start);
            tops.extend((!above.is_empty()).then_some((n, above)));
            let end = end(source, element.end, comma, next, n + 1 == list.elements.len(), shares);
            remarks.ranges.push(start..end);
            remarks.commas.push(comma);
            from = end;
        }
        for (n, (top, lines)) in tops.iter().enumerate() {
            let next = tops.get(n + 1).map_or(list.elements.len(), |(next, _)| *next);
            remarks.above.extend((*top..next).all(|element| gone.contains(&element)).then(|| lines.clone()));
        }
        remarks
    }
}

/// Where an element begins with what is said in front of it in its line. `gap`: what is between it and what is about others.
fn start(source: &Source, gap: Range<usize>) -> usize {
    let mut start = gap.end;
    for comment in comments(&source.text, gap).into_iter().rev() {
        if !source.text[comment.start..start].contains('\n') {
            start = comment.start;
        }
    }
    start
}

/// The lines directly above an element that are comments.
fn above(source: &Source, from: usize, start: usize) -> Range<usize> {
    let line = start - source.before(start).len();
    let mut above = line..line;
    if line < from {
        return above;
    }
    for comment in comments(&source.text, from..line).into_iter().rev() {
        let lines = source.lines(&comment);
        if lines.start >= from && lines.end == above.start && source.before(comment.start).trim().is_empty() {
            above.start = lines.start;
        }
    }
    above
}

/// Where an element ends with its comma and what is said behind it. `shares`: others in its line stay.
fn end(source: &Source, element: usize, comma: Option<usize>, next: usize, is_last: bool, shares: bool) -> usize {
    let mut end = comma.map_or(element, |comma| comma + 1);
    for comment in comments(&source.text, element..next) {
        if source.text[element..comment.start].contains('\n') {
            break;
        }
        let ends_line = source.text[comment.start..].starts_with("//") || source.text[comment.end..next].contains('\n');
        let beside = comma.is_none_or(|comma| comment.start < comma) && !source.text[comment.clone()].starts_with("//");
        if beside || (!shares && (ends_line || is_last)) {
            end = end.max(comment.end);
        }
    }
    end
}

/// The comments in a range that has nothing but them, commas and spaces.
pub(super) fn comments(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = range.start;
    while let Some(begins) = text.get(at..range.end).and_then(|rest| rest.find('/')) {
        let start = at + begins;
        let rest = &text[start..range.end];
        let length = if rest.starts_with("//") {
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            line.trim_end_matches('\r').len()
        } else {
            block(rest)
        };
        at = start + length;
        comments.push(start..at);
    }
    comments
}

/// The length of a `/* … */`, which may have others in it.
fn block(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth = depth.saturating_sub(1);
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
