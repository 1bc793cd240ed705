//! Comparing runs with a table.

use std::fmt::{self, Write as _};

use crate::engine::Engine;
use crate::krate::Crate;
use crate::message::{masked, violations};
use crate::run::{Outcome, Run, TestRun};

/// How a test should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected<'a> {
    /// It passes, without a violation.
    Passes,
    /// It passes, and these texts stand in its output. Such a table runs `cargo test` with `--show-output`.
    PassesSaying(&'a [&'a str]),
    /// It fails, these texts stand in what is said about it (`…` for a process id), and each violation that is reported
    /// has one of them.
    Fails(&'a [&'a str]),
    /// It is not run.
    Ignored,
}

impl Crate {
    /// Runs the crate under all engines and compares every test with the table.
    ///
    /// # Panics
    ///
    /// If a run differs from the table or from another run; the message shows where.
    pub fn expect(&self, table: &[(&str, Expected<'_>)]) {
        self.expect_under(&Engine::ALL, table);
    }

    /// The same under some of the engines.
    ///
    /// # Panics
    ///
    /// If a run differs from the table or from another run; the message shows where.
    pub fn expect_under(&self, engines: &[Engine], table: &[(&str, Expected<'_>)]) {
        let shows_output = table.iter().any(|(_, expected)| matches!(expected, Expected::PassesSaying(_)));
        let runs: Vec<Run> = engines
            .iter()
            .map(|&engine| {
                let with_output = shows_output && engine != Engine::Nextest;
                self.clone().args(if with_output { &["--show-output"] } else { &[] }).run(engine)
            })
            .collect();
        let mut faults: Vec<String> = runs.iter().flat_map(|run| run.faults(table)).collect();
        faults.extend(disagreements(&runs));
        assert!(
            faults.is_empty(),
            "the crate `{}` under test differs from its table:\n\n{}",
            self.name(),
            faults.join("\n")
        );
    }
}

impl Run {
    /// Compares this run with a table.
    ///
    /// # Panics
    ///
    /// If it differs; the message shows where.
    pub fn expect(&self, table: &[(&str, Expected<'_>)]) {
        let faults = self.faults(table);
        assert!(faults.is_empty(), "a run differs from its table:\n\n{}", faults.join("\n"));
    }

    fn faults(&self, table: &[(&str, Expected<'_>)]) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |what: String| faults.push(format!("under {}: {what}", self.engine.command()));
        for (name, expected) in table {
            let found: Vec<_> = self.tests.iter().filter(|test| test.answers_to(name)).collect();
            match found[..] {
                [test] => expected.faults(test).into_iter().for_each(&mut fault),
                [] => fault(format!("`{name}` stands in the table and was not run\n")),
                _ => fault(format!("`{name}` is the name of {} tests; write `binary name`\n", found.len())),
            }
        }
        // nextest also lists what was filtered out.
        let skipped = |test: &TestRun| self.engine == Engine::Nextest && test.outcome == Outcome::Ignored;
        let stands = |test: &TestRun| table.iter().any(|(name, _)| test.answers_to(name));
        for test in self.tests.iter().filter(|test| !stands(test) && !skipped(test)) {
            fault(format!("`{}` {} and does not stand in the table\n{}", test.name, test.outcome, Quoted(&test.text)));
        }
        for message in self.unattributed.iter().filter(|message| !violations(message).is_empty()) {
            fault(format!("a violation names no test\n{}", Quoted(message)));
        }
        let should_fail = table.iter().any(|(_, expected)| matches!(expected, Expected::Fails(_)));
        if self.status.success() == should_fail {
            fault(format!("the run ended with {}\n{}", self.status, Quoted(&self.output)));
        } else if !faults.is_empty() && self.tests.is_empty() {
            faults.push(format!("its output was\n{}", Quoted(&self.output)));
        }
        faults
    }
}

impl Expected<'_> {
    fn faults(&self, test: &TestRun) -> Vec<String> {
        let (outcome, texts) = match self {
            Self::Passes => (Outcome::Passed, &[][..]),
            Self::PassesSaying(texts) => (Outcome::Passed, *texts),
            Self::Fails(texts) => (Outcome::Failed, *texts),
            Self::Ignored => (Outcome::Ignored, &[][..]),
        };
        let mut faults = Vec::new();
        if test.outcome != outcome {
            faults.push(format!("`{}` {}; {outcome} was expected", test.name, test.outcome));
        }
        let said = masked(&test.text);
        for text in texts.iter().filter(|text| !said.contains(**text)) {
            faults.push(format!("nothing says “{text}” about `{}`", test.name));
        }
        for violation in violations(&test.text) {
            if !texts.iter().any(|text| violation.contains(text)) {
                faults.push(format!("`{}` is also blamed\n{}", test.name, Quoted(&violation)));
            }
        }
        if let Some(last) = faults.last_mut() {
            let _ = write!(last, "\n  about `{}` it says\n{}", test.name, Quoted(&test.text));
        }
        faults
    }
}

/// What the runs say differently about one test.
fn disagreements(runs: &[Run]) -> Vec<String> {
    let Some((first, others)) = runs.split_first() else { return Vec::new() };
    let mut faults = Vec::new();
    for test in &first.tests {
        let said = violations(&test.text);
        let same = |other: &&TestRun| other.name == test.name && other.binary == test.binary;
        for run in others {
            let said_there = run.tests.iter().find(same).map(|test| violations(&test.text)).unwrap_or_default();
            if said_there != said {
                faults.push(format!(
                    "the engines disagree about `{}`\n  {}\n{}  {}\n{}",
                    test.name,
                    first.engine.command(),
                    Quoted(&said.join("\n")),
                    run.engine.command(),
                    Quoted(&said_there.join("\n")),
                ));
            }
        }
    }
    faults
}

/// A text set off from what is said about it.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.lines().try_for_each(|line| writeln!(f, "    | {line}"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    use super::Expected::{Fails, Ignored, Passes, PassesSaying};
    use super::*;

    fn run(engine: Engine, status: i32, tests: &[(&str, Outcome, &str)]) -> Run {
        let test = |&(name, outcome, text): &(&str, Outcome, &str)| TestRun {
            binary: "it".to_owned(),
            name: name.to_owned(),
            outcome,
            text: text.to_owned(),
        };
        Run {
            engine,
            pid: 0,
            status: ExitStatus::from_raw(status << 8),
            output: String::new(),
            summary: String::new(),
            tests: tests.iter().map(test).collect(),
            unattributed: Vec::new(),
        }
    }

    const UNDECLARED: &str = "RESOURCE GUARD: test `a` used `tar` without declaring it\n  mend: add #[uses(tar)]\n";

    #[test]
    fn a_run_that_is_as_expected_has_no_faults() {
        let run = run(
            Engine::Nextest,
            100,
            &[("a", Outcome::Failed, UNDECLARED), ("b", Outcome::Passed, "hi"), ("c", Outcome::Ignored, "")],
        );
        let table =
            [("a", Fails(&["used `tar`", "add #[uses(tar)]"])), ("it b", PassesSaying(&["hi"])), ("c", Ignored)];
        assert_eq!(run.faults(&table), [""; 0]);
    }

    #[test]
    fn every_kind_of_difference_is_a_fault() {
        let passed = run(Engine::Nextest, 0, &[("a", Outcome::Passed, "")]);
        let failed = run(Engine::Nextest, 100, &[("a", Outcome::Failed, UNDECLARED)]);
        for (what, run, table) in [
            ("another outcome", &passed, vec![("a", Ignored)]),
            ("a missing text", &passed, vec![("a", PassesSaying(&["hi"]))]),
            ("a violation that no text names", &failed, vec![("a", Fails(&[]))]),
            ("a test that was not run", &passed, vec![("a", Passes), ("b", Ignored)]),
            ("a test that is not in the table", &passed, vec![]),
        ] {
            assert_eq!(run.faults(&table).len(), 1, "{what}: {:?}", run.faults(&table));
        }
    }

    #[test]
    fn the_exit_status_must_follow_from_the_table() {
        let liar = run(Engine::CargoTest, 0, &[("a", Outcome::Failed, UNDECLARED)]);
        assert_eq!(liar.faults(&[("a", Fails(&["used `tar`"]))]).len(), 1);
    }

    #[test]
    fn engines_that_word_a_violation_differently_disagree() {
        let one = run(Engine::CargoTest, 101, &[("a", Outcome::Failed, UNDECLARED)]);
        let other = run(Engine::Nextest, 100, &[("a", Outcome::Failed, &UNDECLARED.replace("add", "write"))]);
        assert!(disagreements(&[one.clone(), one.clone()]).is_empty());
        assert!(!disagreements(&[one, other]).is_empty());
    }
}
