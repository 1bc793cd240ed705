//! One test and one resource.

use std::fmt;

use super::super::json::{Test, Try, Verdict};

/// What a test had to do with a resource. Violations before everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// It used it without declaring it.
    Undeclared,
    /// It declares it, and no try used it.
    Unused,
    /// It declares it and used it so often, at most in one try.
    Used(usize),
    /// Every use only asked for a version or for help.
    Asked,
    /// It may use it, and did not.
    May,
    /// It was left out, because this was missing.
    Missing,
    /// It declares it and did not use it, which is no violation.
    Declared,
}

impl Cell {
    /// `None`: nothing.
    pub(super) fn of(test: &Test, resource: &str) -> Option<Self> {
        let broken = |unused: bool| {
            let mut broken = test.violations().map(|broken| &broken.what);
            broken.any(|what| {
                what.resource.as_deref() == Some(resource) && what.kind.ends_with("unused-declaration") == unused
            })
        };
        if broken(false) {
            return Some(Self::Undeclared);
        }
        if broken(true) {
            return Some(Self::Unused);
        }
        let uses = |one: &Try| one.uses.iter().filter(|seen| seen.resource == resource).count();
        let most = test.tries.iter().map(uses).max().unwrap_or_default();
        if most > 0 {
            let asked = |one: &Try| uses(one) == 0 || one.probed.iter().any(|probed| probed == resource);
            return Some(if test.tries.iter().all(asked) { Self::Asked } else { Self::Used(most) });
        }
        let missing = |one: &Try| one.missing.iter().any(|missing| missing.resource == resource);
        if test.verdict == Verdict::Skipped && test.tries.iter().any(missing) {
            return Some(Self::Missing);
        }
        let declared = test.declares.iter().flatten().find(|item| item.resource == resource)?;
        Some(if declared.may.is_some() { Self::May } else { Self::Declared })
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Undeclared => "x",
            Self::Unused => "n",
            Self::Used(_) => "u",
            Self::Asked => "p",
            Self::May | Self::Missing => "m",
            Self::Declared => "d",
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undeclared => f.write_str("undeclared"),
            Self::Unused => f.write_str("unused"),
            Self::Used(1) => f.write_str("used"),
            Self::Used(n) => write!(f, "used {n}×"),
            Self::Asked => f.write_str("asked"),
            Self::May => f.write_str("may"),
            Self::Missing => f.write_str("missing"),
            Self::Declared => f.write_str("declared"),
        }
    }
}
