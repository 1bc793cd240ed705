//! Who a violation is about, and the edit of that one's declaration.

use std::fmt;

use crate::declaration::{Declaration, Use, pattern_of, written};
use crate::source::shown;

/// Who a violation is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// A test, with its declaration if it has one.
    Test(&'a str, Option<&'a [Use]>, Option<(&'a str, u32)>),
    Fixture(&'a Declaration),
    /// Somebody who is known by description only.
    Other(&'a str),
}

impl Subject<'_> {
    /// Whether the declaration is that of a scope, which has no attribute.
    pub(super) fn is_by_hand(&self) -> bool {
        matches!(self, Subject::Test(_, Some(_), None))
    }

    pub(super) fn attribute(&self) -> &'static str {
        match self {
            Subject::Fixture(_) => "fixture_uses",
            Subject::Other(by) if by.starts_with("fixture ") => "fixture_uses",
            _ => "uses",
        }
    }

    pub(super) fn place(&self) -> String {
        match self {
            Subject::Test(_, _, Some((file, line))) => format!(" at {}:{line}", shown(file)),
            Subject::Fixture(fixture) => format!(" at {}:{}", shown(fixture.file), fixture.line),
            _ => String::new(),
        }
    }

    /// The edit that declares a resource, or one more target of it.
    pub(super) fn add(&self, resource: &str, target: Option<&str>) -> String {
        let attribute = self.attribute();
        let declared = match self {
            Subject::Test(_, uses, _) => uses.unwrap_or_default(),
            Subject::Fixture(fixture) => fixture.uses,
            Subject::Other(_) => &[],
        };
        let pattern = target.map(pattern_of);
        let place = self.place();
        if self.is_by_hand() {
            return match pattern {
                Some(pattern) => format!("declare `{resource}` at `{pattern}` too, with `.uses_at(…)` of the scope"),
                // A resource is declared once.
                None if declared.iter().any(|declared| declared.resource == resource) => {
                    format!("write `.uses({resource:?})` in place of `.uses_at({resource:?}, …)` of the scope")
                }
                None => format!("add `.uses({resource:?})` to the scope"),
            };
        }
        if let Some(narrowed) = declared.iter().find(|declared| declared.resource == resource) {
            // A resource stands in an attribute once.
            let patterns: Vec<&str> =
                pattern.iter().flat_map(|new| narrowed.targets.iter().copied().chain([new.as_str()])).collect();
            let (old, new) = (written(resource, narrowed.targets), written(resource, &patterns));
            return format!("write `{new}` in place of `{old}` in #[{attribute}(…)]{place}");
        }
        let item = written(resource, pattern.as_slice());
        // An attribute stands on a function once; one that declares nothing may be that of `#[guarded]`, which nobody sees.
        let is_there = matches!(self, Subject::Test(_, Some(_), _) | Subject::Fixture(_));
        match (declared.is_empty(), is_there) {
            (true, true) => format!("write #[{attribute}({item})]{place}"),
            (true, false) => format!("add #[{attribute}({item})]{place}"),
            (false, _) => format!("add `{item}` to #[{attribute}(…)]{place}"),
        }
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Test(name, ..) => write!(f, "test `{name}`"),
            Subject::Fixture(declaration) => write!(f, "fixture `{}`", declaration.path()),
            Subject::Other(by) => f.write_str(by),
        }
    }
}
