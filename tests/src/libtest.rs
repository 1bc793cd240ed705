//! Reading what `cargo test` prints.

use crate::message;
use crate::run::{Outcome, TestRun};

/// The tests of a run, in the order in which they were printed, and the messages that name none of them.
pub(crate) fn read(output: &str) -> (Vec<TestRun>, Vec<String>) {
    let mut tests = Vec::new();
    let mut unattributed = Vec::new();
    for (name, text) in binaries(output) {
        let mut binary = Binary::default();
        text.lines().for_each(|line| binary.line(&name, line));
        binary.finish();
        tests.extend(binary.tests);
        unattributed.extend(binary.unattributed);
    }
    (tests, unattributed)
}

/// Cuts the output at cargo's lines `     Running tests/all.rs (target/debug/deps/all-0123456789abcdef)`.
fn binaries(output: &str) -> Vec<(String, String)> {
    let mut binaries: Vec<(String, String)> = Vec::new();
    for line in output.lines() {
        if let Some(name) = running(line) {
            binaries.push((name, String::new()));
        } else if let Some((_, text)) = binaries.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    binaries
}

fn running(line: &str) -> Option<String> {
    if let Some(library) = line.strip_prefix("   Doc-tests ") {
        return Some(format!("doc {library}"));
    }
    let path = line.strip_prefix("     Running ")?.strip_suffix(')')?.rsplit_once('(')?.1;
    let file = path.rsplit('/').next()?;
    Some(file.rsplit_once('-').map_or(file, |(name, _hash)| name).replace('-', "_"))
}

#[derive(Default)]
struct Binary {
    tests: Vec<TestRun>,
    unattributed: Vec<String>,
    part: Part,
    /// After the summary: what the exit handler says.
    last_words: String,
}

/// Where in libtest's output a line stands.
#[derive(Default, Clone, PartialEq, Eq)]
enum Part {
    /// `test a ... ok`
    #[default]
    Progress,
    /// `---- a stdout ----` and what follows.
    Output(usize),
    /// `failures:` or `successes:`, which begin a list of names or the outputs.
    Heading { failures: bool },
    /// `test result: ok. 1 passed; …` and what follows.
    Ended,
}

impl Binary {
    fn line(&mut self, binary: &str, line: &str) {
        if self.part == Part::Ended {
            self.last_words.push_str(line);
            self.last_words.push('\n');
            return;
        }
        if let "failures:" | "successes:" = line {
            self.part = Part::Heading { failures: line == "failures:" };
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.part = Part::Ended;
            self.check(counts);
        } else if let Some(test) = self.heading_of_an_output(line) {
            self.part = Part::Output(test);
        } else {
            match self.part.clone() {
                Part::Progress => self.progress(binary, line),
                Part::Output(test) => {
                    self.tests[test].text.push_str(line);
                    self.tests[test].text.push('\n');
                }
                Part::Heading { failures } => {
                    if let Some(test) = line.strip_prefix("    ").and_then(|name| self.find(name)) {
                        self.tests[test].outcome = if failures { Outcome::Failed } else { Outcome::Passed };
                    }
                }
                Part::Ended => {}
            }
        }
    }

    /// With one thread, what a child of the test prints stands between its name and its outcome.
    fn progress(&mut self, binary: &str, line: &str) {
        let begun = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "));
        let outcome = begun.map_or(line, |(_, outcome)| outcome);
        if let Some((name, _)) = begun {
            let name = name.strip_suffix(" - should panic").unwrap_or(name).trim_end().to_owned();
            self.tests.push(TestRun { binary: binary.to_owned(), name, outcome: Outcome::Lost, text: String::new() });
        }
        let Some(test) = self.tests.last_mut().filter(|test| test.outcome == Outcome::Lost) else { return };
        if outcome.ends_with("FAILED") {
            test.outcome = Outcome::Failed;
        } else if outcome.ends_with("ok") {
            test.outcome = Outcome::Passed;
        } else if outcome == "ignored" || outcome.starts_with("ignored, ") {
            test.outcome = Outcome::Ignored;
        }
    }

    fn heading_of_an_output(&self, line: &str) -> Option<usize> {
        self.find(line.strip_prefix("---- ")?.strip_suffix(" ----")?.trim_end_matches(" stdout"))
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.tests.iter().position(|test| test.name == name)
    }

    /// A parser that read something else than libtest counted is wrong.
    fn check(&mut self, summary: &str) {
        for (word, outcome) in [("passed", Outcome::Passed), ("failed", Outcome::Failed), ("ignored", Outcome::Ignored)]
        {
            let counted = summary.split([' ', ';']).collect::<Vec<_>>();
            let counted = counted.windows(2).find(|pair| pair[1] == word).map(|pair| pair[0].to_owned());
            let read = self.tests.iter().filter(|test| test.outcome == outcome).count();
            assert_eq!(
                counted,
                Some(read.to_string()),
                "tests that {word} were misread in `{summary}`: {:?}",
                self.tests
            );
        }
    }

    /// Gives the last words to the tests they are about.
    fn finish(&mut self) {
        for message in message::messages(&self.last_words) {
            let violation = !message::violations(&message).is_empty();
            match message::subject(&message).and_then(|name| self.find(name)) {
                Some(test) => {
                    let test = &mut self.tests[test];
                    test.text.push_str(&message);
                    test.text.push('\n');
                    if violation {
                        test.outcome = Outcome::Failed;
                    }
                }
                None => self.unattributed.push(message),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
   Compiling a v0.1.0
    Finished `test` profile [unoptimized] target(s) in 0.38s
     Running unittests src/lib.rs (target/debug/deps/a_b-0123456789abcdef)

running 5 tests
test tests::ign ... ignored, slow
test tests::sp - should panic ... ok
test tests::torn ... RESOURCE GUARD: blocked `tar`: a test that declares nothing does not declare `tar`
FAILED
test tests::plain ... ok
test tests::bad ... FAILED

failures:

---- tests::torn stdout ----
boo

---- tests::bad stdout ----
test tests::other ... ok


failures:
    tests::torn
    tests::bad

test result: FAILED. 2 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s


RESOURCE GUARD: test `tests::plain` used `tar` without declaring it
  seen: tar (PATH wrapper, pid 1)
  mend: add #[uses(tar)], or stop using tar

RESOURCE GUARD: test of `/a` that declares nothing used `tar` without declaring it
  mend: none
error: test failed, to rerun pass `--lib`
     Running tests/it.rs (target/debug/deps/it-0123456789abcdef)

running 2 tests
test dies ... ";

    #[test]
    fn outcomes_outputs_and_last_words_are_read() {
        let (tests, unattributed) = read(OUTPUT);
        let read: Vec<_> = tests.iter().map(|t| (t.binary.as_str(), t.name.as_str(), t.outcome)).collect();
        assert_eq!(
            read,
            [
                ("a_b", "tests::ign", Outcome::Ignored),
                ("a_b", "tests::sp", Outcome::Passed),
                ("a_b", "tests::torn", Outcome::Failed),
                ("a_b", "tests::plain", Outcome::Failed),
                ("a_b", "tests::bad", Outcome::Failed),
                ("it", "dies", Outcome::Lost),
            ]
        );
        assert_eq!(tests[2].text, "boo\n\n");
        assert!(tests[3].text.contains("mend: add #[uses(tar)]"), "{}", tests[3].text);
        assert_eq!(unattributed.len(), 1);
    }

    #[test]
    #[should_panic(expected = "misread")]
    fn a_count_that_disagrees_with_libtests_own_is_an_error() {
        let _ = read(&OUTPUT.replace("2 passed; 2 failed", "3 passed; 1 failed"));
    }
}
