//! The file that tells chokepoints in other processes what the current stretch may use.
//!
//! ```text
//! 3+5                    the ids of the innermost live stretches; `-`: outside of every test, record nothing
//! tmux                   allowed, whatever the target
//! http api.github.com    allowed at targets that match the glob
//! *                      let everything else through, and record it (the mode is `observe`)
//! -- agents::opens       whose stretch it is, for messages
//! ```
//!
//! Where it is missing from a scope's directory, nothing is allowed in the body of the test that nextest names: so it is for
//! most tests, and a file would be a tenth of what a guard costs them.

use std::fmt;

use super::{BODY, StretchId};
use crate::declaration::{Use, matches};

/// What one stretch, or several that overlap, may use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Allow {
    /// Empty: outside of every test.
    pub(crate) stretches: Vec<StretchId>,
    /// Resource and glob, each pair once.
    pub(crate) items: Vec<(String, Option<String>)>,
    pub(crate) observe: bool,
    pub(crate) whose: String,
}

impl Allow {
    /// Adds what a declaration authorises.
    pub(crate) fn extend(&mut self, uses: &[Use]) {
        for item in uses {
            if item.targets.is_empty() {
                self.add(item.resource, None);
            }
            for target in item.targets {
                self.add(item.resource, Some(target));
            }
        }
    }

    fn add(&mut self, resource: &str, glob: Option<&str>) {
        let item = (resource.to_owned(), glob.map(str::to_owned));
        if !self.items.contains(&item) {
            self.items.push(item);
        }
    }

    /// Whether a use is authorised.
    pub(crate) fn authorises(&self, resource: &str, target: Option<&str>) -> bool {
        self.items
            .iter()
            .any(|(name, glob)| name == resource && glob.as_deref().is_none_or(|glob| matches(glob, target)))
    }

    /// Whether the resource is authorised at some target.
    pub(crate) fn names(&self, resource: &str) -> bool {
        self.items.iter().any(|(name, _)| name == resource)
    }

    /// What no file says.
    pub(crate) fn unsaid() -> Self {
        let test = std::env::var("NEXTEST_TEST_NAME");
        let whose = test.map_or_else(|_| "this test".to_owned(), |test| format!("test `{test}`"));
        Self { stretches: vec![BODY], whose, ..Self::default() }
    }

    /// Reads the file. Lines that are not understood allow nothing.
    pub(crate) fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let stretches = lines.next().unwrap_or("-");
        let mut allow =
            Self { stretches: stretches.split('+').filter_map(|id| id.parse().ok()).collect(), ..Self::default() };
        for line in lines {
            match line.split_once(' ') {
                Some(("--", whose)) => allow.whose = whose.to_owned(),
                Some((resource, glob)) => allow.add(resource, Some(glob)),
                None if line == "*" => allow.observe = true,
                None => allow.add(line, None),
            }
        }
        allow
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.stretches.is_empty() {
            return f.write_str("-\n");
        }
        for (at, id) in self.stretches.iter().enumerate() {
            write!(f, "{}{id}", if at == 0 { "" } else { "+" })?;
        }
        f.write_str("\n")?;
        for (resource, glob) in &self.items {
            match glob {
                None => writeln!(f, "{resource}")?,
                Some(glob) => writeln!(f, "{resource} {glob}")?,
            }
        }
        if self.observe {
            f.write_str("*\n")?;
        }
        writeln!(f, "-- {}", self.whose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_as_written() {
        let mut allow =
            Allow { stretches: vec![3, 5], observe: true, whose: "test `a::b c`".into(), ..Allow::default() };
        allow.extend(&[
            Use { resource: "tmux", targets: &[], may: None },
            Use { resource: "http", targets: &["a.com", "*.b.com"], may: Some("why") },
        ]);
        assert_eq!(Allow::parse(&allow.to_string()), allow);
        assert_eq!(Allow::parse(&Allow::default().to_string()), Allow::default());
    }

    #[test]
    fn a_narrowed_declaration_authorises_only_its_targets() {
        let mut allow = Allow::default();
        allow.extend(&[Use { resource: "http", targets: &["api.github.com", "*.crates.io"], may: None }]);
        assert!(allow.authorises("http", Some("static.crates.io")));
        assert!(!allow.authorises("http", Some("example.org")));
        assert!(!allow.authorises("http", None));
        assert!(!allow.authorises("docker", Some("api.github.com")));
    }
}
