//! Selecting tests by what they declare: `docker and not (http or tmux)`.

mod filterset;
mod parse;
pub(crate) mod selection;

use std::collections::BTreeSet;

pub(crate) use filterset::Filterset;
pub(crate) use parse::parse;

use crate::nearest::nearest;
use crate::{Error, Result};

/// What `-m` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// The test declares the resource, at whatever target, `may` included.
    Declares(Name),
    /// The other does not hold.
    Not(Box<Expression>),
    /// All hold.
    And(Vec<Expression>),
    /// One holds.
    Or(Vec<Expression>),
}

/// A resource in an expression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: usize,
}

impl Expression {
    /// Whether a test with these declarations is selected.
    pub(crate) fn selects(&self, declares: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Declares(name) => declares(&name.text),
            Self::Not(inner) => !inner.selects(declares),
            Self::And(all) => all.iter().all(|inner| inner.selects(declares)),
            Self::Or(any) => any.iter().any(|inner| inner.selects(declares)),
        }
    }

    /// Whether it names a resource for which something holds.
    pub(crate) fn names(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Declares(name) => holds(&name.text),
            Self::Not(inner) => inner.names(holds),
            Self::And(all) | Self::Or(all) => all.iter().any(|inner| inner.names(holds)),
        }
    }

    /// Fails on the first name that no guard and no declaration of the workspace has.
    pub(crate) fn check(&self, text: &str, known: &BTreeSet<&str>) -> Result<()> {
        match self {
            Self::Declares(name) if known.contains(name.text.as_str()) => Ok(()),
            Self::Declares(name) => {
                let hint = match nearest(&name.text, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.is_empty() => "none of the test binaries has guards".to_owned(),
                    None => format!("known are {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
                };
                let what = format!("no guard watches `{}`; {hint}", name.text);
                Err(Error::Expression(pointed(text, name.at, name.text.chars().count(), &what)))
            }
            Self::Not(inner) => inner.check(text, known),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|inner| inner.check(text, known)),
        }
    }
}

/// A message under the part of the expression that it is about. `at` counts bytes, `width` characters.
fn pointed(text: &str, at: usize, width: usize, what: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let before = text[..at.min(text.len())].chars().count();
    format!("{what}\n  |\n  | {line}\n  | {}{}", " ".repeat(before), "^".repeat(width.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(text: &str, declared: &[&str]) -> bool {
        parse(text).unwrap().selects(&|name| declared.contains(&name))
    }

    #[test]
    fn not_binds_tighter_than_and_and_and_tighter_than_or() {
        assert!(selected("docker and not http", &["docker"]));
        assert!(!selected("docker and not http", &["docker", "http"]));
        assert!(selected("not docker and http or tmux", &["docker", "tmux"]));
        assert!(!selected("not docker and (http or tmux)", &["docker", "tmux"]));
        assert!(selected("not not docker-compose", &["docker-compose"]));
        assert!(selected("not docker", &[]));
    }

    #[test]
    fn an_unknown_name_is_pointed_at_with_the_nearest() {
        let text = "docker and not (htpp)";
        let error = parse(text).unwrap().check(text, &BTreeSet::from(["docker", "http"])).unwrap_err();
        let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "no guard watches `htpp`; did you mean `http`?");
        assert_eq!(lines[2..], ["  | docker and not (htpp)", "  |                 ^^^^"]);
    }

    #[test]
    fn what_is_known_is_listed_where_nothing_is_near() {
        let check = |known: &[&str]| {
            parse("zzz").unwrap().check("zzz", &known.iter().copied().collect()).unwrap_err().to_string()
        };
        assert!(check(&["docker", "http"]).starts_with("no guard watches `zzz`; known are docker, http\n"));
        assert!(check(&[]).contains("none of the test binaries has guards"));
    }
}
