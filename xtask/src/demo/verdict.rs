//! From records to verdicts on a test and a resource, and their comparison with the expected ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::expected::EXPECTED;
use super::record::Record;

/// What is said about a test and a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It kept its word.
    Ok,
    /// Declared as `may(…)`, and not used.
    Excepted,
    /// It broke its word: the kind of the violation, and behind a space the target that it names.
    Broken(String),
    /// The program is not installed, and the test failed for that.
    NotInstalled,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Excepted => f.write_str("ok, may stay unused"),
            Self::Broken(kind) => match kind.split_once(' ') {
                Some((kind, target)) => write!(f, "{}: {target}", kind.replace('-', " ")),
                None => f.write_str(&kind.replace('-', " ")),
            },
            Self::NotInstalled => f.write_str("not installed"),
        }
    }
}

/// A test, and a resource unless the verdict is about none.
pub(super) type Key = (String, Option<String>);

/// The verdicts of one run.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    verdicts: BTreeMap<Key, Verdict>,
    seen: BTreeMap<Key, Vec<String>>,
    failed: BTreeSet<String>,
}

impl Verdicts {
    pub(super) fn of(records: Vec<Record>) -> Self {
        let mut all = Self::default();
        for record in records {
            all.add(record);
        }
        all
    }

    fn add(&mut self, record: Record) {
        let key = |resource: &str| (record.test.clone(), Some(resource.to_owned()));
        for item in record.declared.iter().flatten() {
            let verdict = if item.may.is_some() { Verdict::Excepted } else { Verdict::Ok };
            self.verdicts.insert(key(&item.resource), verdict);
        }
        for seen in &record.uses {
            self.verdicts.insert(key(&seen.resource), Verdict::Ok);
        }
        // The refused ones first: they are what the table is about.
        for verb in ["blocked", "passed", "used"] {
            for seen in record.uses.iter().filter(|seen| seen.verb == verb) {
                self.seen.entry(key(&seen.resource)).or_default().push(seen.what.clone());
            }
        }
        if record.uses.is_empty() && record.violations.is_empty() && record.declared.as_ref().is_none_or(Vec::is_empty)
        {
            self.verdicts.insert((record.test.clone(), None), Verdict::Ok);
        }
        for violation in record.violations {
            let kind = match violation.target {
                Some(target) => format!("{} {target}", violation.kind),
                None => violation.kind,
            };
            self.verdicts.insert((record.test.clone(), violation.resource), Verdict::Broken(kind));
        }
        if record.ending == "failed" {
            self.failed.insert(record.test);
        }
    }

    /// `None`: nothing is recorded, which is how a plain test without an offence looks.
    fn get(&self, key: &Key) -> Option<&Verdict> {
        self.verdicts.get(key)
    }
}

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) test: String,
    pub(super) resource: Option<String>,
    pub(super) seen: Option<String>,
    /// One a run.
    pub(super) verdicts: Vec<Option<Verdict>>,
    pub(super) as_expected: bool,
}

/// The runs beside each other and beside what was expected.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) runners: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    surprises: Vec<String>,
}

impl Comparison {
    /// What was not expected, a line each.
    pub(super) fn surprises(&self) -> &[String] {
        &self.surprises
    }
}

/// Compares runs with what is expected on a machine that lacks some programs.
pub(super) fn compare(runs: &[(&'static str, Verdicts)], missing: &[&str]) -> Comparison {
    let mut comparison =
        Comparison { runners: runs.iter().map(|(name, _)| *name).collect(), rows: Vec::new(), surprises: Vec::new() };
    let expected = expected(missing);
    let keys: BTreeSet<&Key> = expected.keys().chain(runs.iter().flat_map(|(_, run)| run.verdicts.keys())).collect();
    for key in keys {
        let mut row = Row {
            test: key.0.clone(),
            resource: key.1.clone(),
            seen: runs.iter().find_map(|(_, run)| run.seen.get(key)).map(|seen| summary(seen)),
            verdicts: Vec::new(),
            as_expected: true,
        };
        for (runner, run) in runs {
            let mut found = run.get(key).cloned();
            let wanted = expected.get(key).cloned().flatten();
            if wanted == Some(Verdict::NotInstalled) && run.failed.contains(&key.0) {
                found.clone_from(&wanted);
            }
            let kept = wanted.is_none() && expected.contains_key(key) && found == Some(Verdict::Ok);
            if found != wanted && !kept {
                row.as_expected = false;
                comparison.surprises.push(format!(
                    "  {} × {} under {runner}: {}, expected {}",
                    key.0,
                    key.1.as_deref().unwrap_or("(no resource)"),
                    text(found.as_ref()),
                    text(wanted.as_ref())
                ));
            }
            row.verdicts.push(found);
        }
        comparison.rows.push(row);
    }
    comparison
}

/// What is expected: a test that rightly runs a missing program fails by itself, whatever else it does.
fn expected(missing: &[&str]) -> BTreeMap<Key, Option<Verdict>> {
    let mut expected = BTreeMap::new();
    for (test, verdicts) in EXPECTED {
        let rightly_runs = |program: &&str| verdicts.iter().any(|(name, kind)| name == program && *kind == "ok");
        let stopped = missing.iter().any(rightly_runs);
        if verdicts.is_empty() {
            expected.insert(((*test).to_owned(), None), None);
        }
        for (resource, kind) in *verdicts {
            let verdict = match *kind {
                _ if stopped => Verdict::NotInstalled,
                "ok" => Verdict::Ok,
                "may" => Verdict::Excepted,
                kind => Verdict::Broken(kind.to_owned()),
            };
            let resource = (!resource.is_empty()).then(|| (*resource).to_owned());
            expected.insert(((*test).to_owned(), resource), Some(verdict));
        }
    }
    expected
}

/// The text of a verdict in a table.
pub(super) fn text(verdict: Option<&Verdict>) -> String {
    verdict.map_or_else(|| "ok, nothing recorded".to_owned(), ToString::to_string)
}

fn summary(seen: &[String]) -> String {
    match seen {
        [] => String::new(),
        [one] => one.clone(),
        [first, more @ ..] => format!("{first} and {} more", more.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        serde_json::from_str(json).expect("a record")
    }

    #[test]
    fn a_violation_outweighs_what_was_declared_and_seen() {
        let verdicts = Verdicts::of(vec![record(
            r#"{"test": "t", "ending": "passed", "declared": [{"resource": "git", "may": null}],
                "uses": [{"resource": "git", "verb": "used", "what": "git init"},
                         {"resource": "git", "verb": "blocked", "what": "git fsck"}],
                "violations": [{"kind": "undeclared-use", "resource": "git"}, {"kind": "ended-early", "resource": null}]}"#,
        )]);
        assert_eq!(
            verdicts.get(&("t".to_owned(), Some("git".to_owned()))),
            Some(&Verdict::Broken("undeclared-use".to_owned()))
        );
        assert_eq!(verdicts.seen.values().next().map(|seen| summary(seen)).as_deref(), Some("git fsck and 1 more"));
        assert_eq!(verdicts.get(&("t".to_owned(), None)), Some(&Verdict::Broken("ended-early".to_owned())));
    }

    #[test]
    fn what_is_not_expected_or_does_not_happen_is_a_surprise() {
        let empty = compare(&[("cargo test", Verdicts::default())], &[]);
        assert!(!empty.surprises().is_empty());
        let other = record(
            r#"{"test": "new", "ending": "passed", "declared": null, "uses": [],
            "violations": [{"kind": "undeclared-use", "resource": "git"}]}"#,
        );
        let surprises = compare(&[("cargo test", Verdicts::of(vec![other]))], &[]).surprises;
        assert!(surprises.iter().any(|line| line.contains("new × git under cargo test: undeclared use")));
    }

    #[test]
    fn every_kind_of_mistake_is_in_the_demo() {
        let kinds = EXPECTED.iter().flat_map(|(_, verdicts)| *verdicts).filter_map(|(_, kind)| kind.split(' ').next());
        let kinds: BTreeSet<&str> = kinds.collect();
        let all = [
            "ended-early",
            "fixture-undeclared-use",
            "fixture-unused-declaration",
            "may",
            "ok",
            "undeclared-fixture",
            "undeclared-use",
            "unused-declaration",
        ];
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    }
}
