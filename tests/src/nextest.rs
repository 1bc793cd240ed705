//! Reading what `cargo nextest run` prints.

use crate::run::{Outcome, TestRun};

/// The tests of a run, in the order in which they ended.
pub(crate) fn read(output: &str) -> Vec<TestRun> {
    let mut tests: Vec<TestRun> = Vec::new();
    let mut inside = false;
    for line in output.lines() {
        if let Some(test) = status(line) {
            tests.push(test);
            inside = true;
        } else if line.starts_with("────") || line.starts_with("error: ") {
            inside = false;
        } else if let (true, Some(test)) = (inside, tests.last_mut()) {
            // Outputs are indented; the lines above them only say which of the two follows.
            if line.is_empty() || line.starts_with("    ") {
                test.text.push_str(line.strip_prefix("    ").unwrap_or_default());
                test.text.push('\n');
            }
        }
    }
    tests
}

/// Reads a line such as `        FAIL [   0.009s] (2/3) probe::all tests::ex`: the status ends in the twelfth column.
fn status(line: &str) -> Option<TestRun> {
    let (status, rest) = line.split_at_checked(12)?;
    let outcome = match status.trim_start() {
        "PASS" | "LEAK" => Outcome::Passed,
        "SKIP" => Outcome::Ignored,
        "FAIL" | "LEAK-FAIL" | "ABORT" | "TIMEOUT" => Outcome::Failed,
        signal if signal.starts_with("SIG") => Outcome::Failed,
        _ => return None,
    };
    let (_, rest) = rest.strip_prefix(" [")?.split_once("] ")?;
    let rest = match rest.strip_prefix('(').and_then(|rest| rest.split_once(") ")) {
        Some((_, after_the_counter)) => after_the_counter,
        None => rest,
    };
    let (binary, name) = rest.trim_start().split_once(' ')?;
    let binary = binary.rsplit([':', '/']).next().unwrap_or(binary).replace('-', "_");
    Some(TestRun { binary, name: name.to_owned(), outcome, text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_and_outputs_are_read() {
        let tests = read(
            "\
    Starting 4 tests across 1 binary (1 test skipped)
     SIGABRT [   0.008s] (1/4) a-b tests::ab
  stdout ───

    running 1 test

    (test aborted with signal 6: SIGABRT)

        SKIP [         ] a-b tests::ign
        LEAK [   0.010s] (2/4) a-b::it good
  stdout ───
    hello
            FAIL [   0.010s] nested one
  stderr ───
      indented
────────────
     Summary [   0.248s] 4 tests run
        FAIL [   0.010s] (4/4) a-b::bin/it bad
",
        );
        let read: Vec<_> = tests.iter().map(|t| (t.binary.as_str(), t.name.as_str(), t.outcome)).collect();
        assert_eq!(
            read,
            [
                ("a_b", "tests::ab", Outcome::Failed),
                ("a_b", "tests::ign", Outcome::Ignored),
                ("it", "good", Outcome::Passed),
                ("it", "bad", Outcome::Failed),
            ]
        );
        assert_eq!(tests[2].text, "hello\n        FAIL [   0.010s] nested one\n  indented\n");
    }
}
