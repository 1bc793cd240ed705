//! Two sets, and what is to be said of their differences.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::audit::Found;
use super::strace::Seen;

/// A program as the caller names it, or a peer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Program(String),
    Peer(String),
}

/// One crate.
pub(super) struct Comparison {
    pub(super) name: &'static str,
    tests: usize,
    strace: usize,
    audit: usize,
    pub(super) both: usize,
    pub(super) differences: Vec<Difference>,
}

/// Something that only one of them has.
pub(super) struct Difference {
    by: &'static str,
    test: String,
    thing: Thing,
    pub(super) why: Option<String>,
}

/// Compares what the audit says with what the traces say.
pub(super) fn compare(name: &'static str, found: &Found, seen: &BTreeMap<String, Seen>) -> Comparison {
    let empty = (BTreeSet::new(), Seen::default());
    let mut comparison = Comparison { name, tests: seen.len(), strace: 0, audit: 0, both: 0, differences: Vec::new() };
    for test in found.keys().chain(seen.keys()).collect::<BTreeSet<_>>() {
        let audit = found.get(test).unwrap_or(&empty.0);
        let strace = seen.get(test).unwrap_or(&empty.1);
        comparison.audit += audit.len();
        comparison.strace += strace.things.len();
        comparison.both += audit.intersection(&strace.things).count();
        for thing in audit.symmetric_difference(&strace.things) {
            let by_audit = audit.contains(thing);
            comparison.differences.push(Difference {
                by: if by_audit { "audit" } else { "strace" },
                test: test.rsplit('/').next().unwrap_or_default().to_owned(),
                thing: thing.clone(),
                why: strace
                    .failed
                    .get(thing)
                    .filter(|_| by_audit)
                    .map(|error| format!("the kernel refused it with {error}, and an audit tells what is tried")),
            });
        }
    }
    comparison
}

/// The table of all crates.
pub(super) fn table(comparisons: &[Comparison]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["crate", "tests", "strace", "audit", "both", "precision", "recall"]);
    let part = |of: usize, all: usize| if all == 0 { "-".to_owned() } else { format!("{:.3}", of as f64 / all as f64) };
    for one in comparisons {
        let counts = [one.tests, one.strace, one.audit, one.both].map(|n| n.to_string());
        let parts = [part(one.both, one.audit), part(one.both, one.strace)];
        table.add_row([one.name.to_owned()].into_iter().chain(counts).chain(parts));
    }
    table
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = self.why.as_deref().unwrap_or("NOT EXPLAINED");
        write!(f, "only {}: {} {} — {why}", self.by, self.test, self.thing)
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(given) => write!(f, "runs `{given}`"),
            Self::Peer(peer) => write!(f, "reaches `{peer}`"),
        }
    }
}
