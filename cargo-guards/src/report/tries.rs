//! What several tries of one test come to: retries, repetitions of a stress test, and runs that were merged. Test processes have
//! the same rule for the tries before their own, so that the engine and the reports agree.

use resource_guards::tool::{self, TryUse, Unused};

use super::json::{Broken, Try, Verdict};
use crate::format::{Record, Violation};

/// Puts the tries into order, each once, and marks the unused declarations that another of them did use.
pub(super) fn settle(tries: &mut Vec<Try>) {
    tries.iter_mut().flat_map(|one| &mut one.violations).for_each(|violation| violation.used_in_another_try = false);
    tries.sort_by_key(|one| (one.run, one.iteration, one.number));
    // A report may be merged with one that has it already.
    let mut once: Vec<Try> = Vec::with_capacity(tries.len());
    for one in tries.drain(..) {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    *tries = once;
    for n in 0..tries.len() {
        for m in 0..tries[n].violations.len() {
            let violation = &tries[n].violations[m];
            // Repetitions are no tries of each other: the engine has judged each.
            let is_another = |other: &Try| other.run != tries[n].run || other.iteration == tries[n].iteration;
            let mut others = tries.iter().enumerate().filter(|(other, one)| *other != n && is_another(one));
            let used = others.any(|(_, other)| needs(other, violation));
            tries[n].violations[m].used_in_another_try = used;
        }
    }
}

/// Whether a try shows that a declaration which stayed unused in another one is needed.
fn needs(one: &Try, broken: &Broken) -> bool {
    let Violation { kind, subject, resource, target, headline, .. } = &broken.what;
    let of_fixture = match kind.as_str() {
        "unused-declaration" => false,
        "fixture-unused-declaration" => true,
        _ => return false,
    };
    let Some(resource) = resource else { return false };
    told(one).needs(&Unused { subject, of_fixture, resource, target: target.as_deref(), headline })
}

/// As test processes know the tries before their own.
fn told(one: &Try) -> tool::Try<'_> {
    fn texts(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    let uses = one.uses.iter().map(|seen| TryUse {
        resource: &seen.resource,
        verb: &seen.verb,
        target: seen.target.as_deref(),
        within: texts(&seen.within),
    });
    tool::Try {
        ending: &one.ending,
        uses: uses.collect(),
        fixtures: texts(&one.fixtures),
        headlines: one.violations.iter().map(|broken| broken.what.headline.as_str()).collect(),
        notes: texts(&one.notes),
    }
}

/// The verdict on tries that are settled.
pub(super) fn verdict(tries: &[Try]) -> Verdict {
    if tries.iter().any(|one| one.violations().next().is_some()) {
        return Verdict::Violated;
    }
    // A shard may have left out what another one ran.
    let tries: Vec<&Try> = tries.iter().filter(|one| one.ending != Record::SKIPPED).collect();
    if tries.is_empty() {
        return Verdict::Skipped;
    }
    let is_last =
        |n: usize| tries.get(n + 1).is_none_or(|next| (next.run, next.iteration) != (tries[n].run, tries[n].iteration));
    let last = || tries.iter().enumerate().filter(|(n, _)| is_last(*n)).map(|(_, one)| one.ending.as_str());
    if last().any(|ending| ending == "failed") {
        Verdict::Failed
    } else if last().all(|ending| ending == "passed") {
        Verdict::Passed
    } else {
        Verdict::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Seen;

    fn one(run: u64, ending: &str) -> Try {
        Try {
            run,
            iteration: None,
            number: None,
            ending: ending.to_owned(),
            seconds: None,
            uses: Vec::new(),
            fixtures: Vec::new(),
            violations: Vec::new(),
            notes: Vec::new(),
            exceptions: Vec::new(),
            probed: Vec::new(),
            missing: Vec::new(),
        }
    }

    fn broken(kind: &str, subject: &str, target: Option<&str>) -> Try {
        let what = Violation {
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            resource: Some("http".to_owned()),
            target: target.map(str::to_owned),
            headline: format!("{subject} {target:?}"),
            seen: Vec::new(),
            mend: None,
            fixture: None,
            unguarded: false,
        };
        let broken = Broken { what, message: String::new(), used_in_another_try: false };
        Try { violations: vec![broken], ..one(1, "passed") }
    }

    fn using(verb: &str, target: &str, within: &[&str]) -> Try {
        let seen = Seen {
            resource: "http".to_owned(),
            verb: verb.to_owned(),
            chokepoint: String::new(),
            what: String::new(),
            target: Some(target.to_owned()),
            pid: 1,
            stretches: Vec::new(),
            within: within.iter().map(|&path| path.to_owned()).collect(),
            hidden: false,
        };
        Try { uses: vec![seen], ..one(2, "failed") }
    }

    fn is_settled(mut tries: Vec<Try>) -> bool {
        settle(&mut tries);
        tries.iter().all(|one| one.violations().next().is_none())
    }

    #[test]
    fn another_try_must_have_used_what_is_called_unused() {
        let unused = || broken("unused-declaration", "test `a`", Some("*.example.org"));
        assert!(is_settled(vec![unused(), using("used", "www.example.org", &[])]));
        assert!(!is_settled(vec![unused(), using("used", "example.com", &[])]), "another target");
        assert!(!is_settled(vec![unused(), using("blocked", "www.example.org", &[])]), "it was not declared then");
        assert!(!is_settled(vec![unused(), one(2, "failed")]), "it did not come so far");
        assert!(!is_settled(vec![unused(), unused()]));
        let note = "whether test `a` used `http` could not be observed: PATH".to_owned();
        assert!(is_settled(vec![unused(), Try { notes: vec![note], ..one(2, "passed") }]));
        let undeclared = broken("undeclared-use", "test `a`", None);
        assert!(!is_settled(vec![undeclared, using("used", "www.example.org", &[])]));
    }

    #[test]
    fn a_fixture_must_have_used_it_itself() {
        let unused = || broken("fixture-unused-declaration", "fixture `server`", None);
        assert!(is_settled(vec![unused(), using("used", "x", &["krate::server"])]));
        assert!(!is_settled(vec![unused(), using("used", "x", &[])]));
        assert!(!is_settled(vec![unused(), using("used", "x", &["krate::observer"])]));
        let by_one_entry = || Try { violations: unused().violations, ..using("used", "x", &["krate::server"]) };
        assert!(!is_settled(vec![by_one_entry(), by_one_entry()]), "another entry of the same try used it");
        let note = "whether fixture `server` used `http` could not be observed: it was not dropped before".to_owned();
        assert!(is_settled(vec![unused(), Try { notes: vec![note], ..one(2, "passed") }]));
    }

    #[test]
    fn the_last_try_of_every_run_counts() {
        let numbered = |run, number, ending| Try { number: Some(number), ..one(run, ending) };
        let verdict = |mut tries: Vec<Try>| {
            settle(&mut tries);
            verdict(&tries)
        };
        let flaky = || vec![numbered(1, 2, "passed"), numbered(1, 1, "failed")];
        assert_eq!(verdict(flaky()), Verdict::Passed);
        assert_eq!(verdict([flaky(), vec![one(2, "failed")]].concat()), Verdict::Failed);
        assert_eq!(verdict([vec![one(2, "failed")], flaky()].concat()), Verdict::Failed);
        assert_eq!(verdict([flaky(), vec![one(2, "unknown")]].concat()), Verdict::Unknown);
        let repeated = |iteration, ending| Try { iteration: Some(iteration), ..numbered(1, 1, ending) };
        assert_eq!(verdict(vec![repeated(1, "passed"), repeated(0, "failed")]), Verdict::Failed);
        assert_eq!(verdict(vec![repeated(1, "passed"), repeated(0, "passed")]), Verdict::Passed);
    }
}
