//! What an isolated test prints: once, in order, whatever it is, and whoever else holds its output.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use black_box::{Crate, Engine, Outcome, Run};

fn run(engine: Engine, test: &str, arguments: &[&str]) -> Run {
    output().args(&["--exact", test]).args(arguments).run(engine)
}

fn output() -> Crate {
    Crate::named("runners").cargo_args(&["--test=output", "--features=guards"])
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

#[test]
fn a_failure_is_shown_once_and_without_a_second_banner() {
    for engine in Engine::ALL {
        let run = run(engine, "fails_after_a_word", &[]);
        assert_eq!(run.test("fails_after_a_word").outcome, Outcome::Failed);
        for once in ["said before the failure", "the reason of the failure", "running 1 test\n", "test result:"] {
            assert_eq!(count(&run.output, once), 1, "`{once}` under {}\n{}", engine.command(), run.output);
        }
    }
}

/// Both streams of the test and of its children share one pipe, so that nothing overtakes.
#[test]
fn lines_of_both_streams_keep_their_order() {
    for engine in [Engine::CargoTest, Engine::OneThread] {
        let run = run(engine, "takes_turns", &["--show-output"]);
        let lines: Vec<_> = run.output.lines().filter(|line| line.starts_with("turn ")).collect();
        let expected: Vec<_> = (0..200)
            .flat_map(|n| ["out", "err", "child", "child err"].map(|stream| format!("turn {n} {stream}")))
            .collect();
        assert_eq!(lines, expected, "under {}", engine.command());
    }
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    for engine in [Engine::CargoTest, Engine::OneThread] {
        for how in ["--show-output", "--nocapture"] {
            let run = run(engine, "writes_bytes", &[how]);
            assert!(run.status.success(), "{}", run.output);
            let whole = "before the bytes\n\u{fffd}\u{fffd}\0\u{fffd} bytes\nafter the bytes\n";
            assert_eq!(count(&run.output, whole), 1, "{how} under {}\n{}", engine.command(), run.output);
        }
    }
}

#[test]
fn ten_megabytes_arrive_whole() {
    for how in ["--show-output", "--nocapture"] {
        let run = run(Engine::CargoTest, "writes_ten_megabytes", &[how]);
        assert!(run.status.success());
        let lines = run.output.lines().filter(|line| line.len() == 1023 && line.bytes().all(|byte| byte == b'x'));
        assert_eq!(lines.count(), 10 * 1024, "{how}");
        assert_eq!(count(&run.output, "the last line\n"), 1, "{how}");
    }
}

#[test]
fn a_child_that_holds_the_output_delays_nobody_and_is_mentioned() {
    let _ = output().build();
    for test in ["leaves_a_child_that_holds_the_output", "leaves_a_child_that_keeps_writing"] {
        let pid_file = tempfile::NamedTempFile::new().unwrap();
        let begin = Instant::now();
        let run =
            output().env("PID_FILE", pid_file.path()).args(&["--exact", test, "--show-output"]).run(Engine::CargoTest);
        let took = begin.elapsed();
        let pid = fs::read_to_string(pid_file.path()).unwrap();
        // The shell's builtin fails when the child is gone, and then it could not have held anything.
        let held = Command::new("sh").args(["-c", "kill -9 $1", "sh", &pid]).status().unwrap().success();
        assert!(run.status.success(), "{}", run.output);
        assert!(held || test.ends_with("writing"), "{test}: the child had ended");
        assert!(took < Duration::from_secs(15), "{test} took {took:?}");
        assert_eq!(count(&run.output, "before the child\n"), 1, "{}", run.output);
        let note = "RESOURCE GUARD: note: a process that this test started still runs and holds its output\n";
        assert_eq!(count(&run.output, note), 1, "{}", run.output);
    }
}
