//! Which test of a run is meant by a name that a user types: whole, its end, or with the binary in front.

use std::collections::BTreeSet;

use crate::format::Record;
use crate::nearest::likeness;
use crate::{Error, Result};

/// So many names are offered.
const OFFERED: usize = 3;

/// As test binaries and tests are named in all output: `mail tests::sends`.
pub(crate) fn full(record: &Record) -> String {
    format!("{} {}", record.binary_id(), record.test)
}

/// The records of the tests that are meant: of all whose whole name it is, else of all whose name ends so.
///
/// # Errors
///
/// If there is none. The message offers what is like it.
pub(crate) fn meant<'a>(asked: &str, records: &'a [Record]) -> Result<Vec<&'a Record>> {
    let named: Vec<(String, &Record)> = records.iter().map(|record| (full(record), record)).collect();
    for before in ["", " ", "::"] {
        let is_meant = |name: &str| {
            name.strip_suffix(asked)
                .is_some_and(|rest| if before.is_empty() { rest.is_empty() } else { rest.ends_with(before) })
        };
        let meant: Vec<&Record> = named.iter().filter(|(name, _)| is_meant(name)).map(|(_, record)| *record).collect();
        if !meant.is_empty() {
            return Ok(meant);
        }
    }
    let names: BTreeSet<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    let hint = match offered(asked, &names).as_slice() {
        [] if names.is_empty() => "it recorded no test at all: none was run that has guards".to_owned(),
        [] => "it was not run, or its binary has no guards".to_owned(),
        near => {
            format!("did you mean {}?", near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "))
        }
    };
    Err(Error::Absent(format!("the last run has no record of test `{asked}`; {hint}")))
}

/// Names that are like it, the most alike first.
fn offered<'a>(asked: &str, names: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let mut near: Vec<(f64, &str)> =
        names.iter().map(|name| (like(asked, name), *name)).filter(|(likeness, _)| *likeness > 0.85).collect();
    // Stable: alike ones stay in the order of names.
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = near.first().map_or(1.0, |(likeness, _)| *likeness);
    near.into_iter().take(OFFERED).filter(|(likeness, _)| best - likeness < 0.03).map(|(_, name)| name).collect()
}

/// How like the end of the name that has as many parts is.
fn like(asked: &str, name: &str) -> f64 {
    let parts = |text: &str| text.replace("::", " ").split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (asked, name) = (parts(asked), parts(name));
    let end = name[name.len().saturating_sub(asked.len())..].join(" ");
    let asked = asked.join(" ");
    if end.contains(&asked) { 1.0 } else { likeness(&asked, &end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(binary: &str, test: &str) -> Record {
        let text = format!(r#"{{"version":1,"test":"{test}","binary":"/t","binary_id":"{binary}","ending":"passed"}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn whole_names_come_before_ends() {
        let records = [record("a", "sends"), record("a", "tests::sends"), record("b::x", "tests::sends")];
        let meant = |asked: &str| meant(asked, &records).unwrap().into_iter().map(full).collect::<Vec<_>>();
        assert_eq!(meant("sends"), ["a sends"]);
        assert_eq!(meant("tests::sends"), ["a tests::sends", "b::x tests::sends"]);
        assert_eq!(meant("b::x tests::sends"), ["b::x tests::sends"]);
        assert_eq!(meant("x tests::sends"), ["b::x tests::sends"]);
    }

    #[test]
    fn what_is_like_it_is_offered() {
        let records = ["tests::mails_0", "tests::mails_1", "tests::mails_2", "tests::mails_3", "tests::logs"];
        let records = records.map(|test| record("post", test));
        let error = |asked: &str, records: &[Record]| meant(asked, records).unwrap_err().to_string();
        let start = "the last run has no record of test";
        assert_eq!(error("lgos", &records), format!("{start} `lgos`; did you mean `post tests::logs`?"));
        assert_eq!(
            error("post test::logs", &records),
            format!("{start} `post test::logs`; did you mean `post tests::logs`?")
        );
        let three = "`post tests::mails_0` or `post tests::mails_1` or `post tests::mails_2`";
        assert_eq!(error("mails", &records), format!("{start} `mails`; did you mean {three}?"));
        assert!(error("zzz", &records).contains("it was not run"));
        assert!(error("logs", &[]).contains("it recorded no test at all"));
    }
}
