//! Ways around guards, with the portable guards alone and with `--strict`. The tables say honestly which way is seen by
//! whom; `declared` tests show the other side, a use that nobody sees and that is called unused.

mod clients;
mod limits;
mod world;

use black_box::Engine::{CargoTest, Nextest};
use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine, Expected, Outcome, Run};

use world::World;

/// How a program is run, and what the evidence of the kernel calls it. `Q` is the program, `T` a directory of the test.
const PROGRAMS: &[(&str, &str)] = &[
    ("killed_at_once", "quill write from programs-"),
    ("helper_thread", "Q write from programs-"),
    ("tokio_worker", "Q write from programs-"),
    ("child", "Q write from sh (kernel, pid"),
    ("grandchild", "Q write from sh (kernel, pid"),
    ("absolute_path", "Q write from programs-"),
    ("emptied_environment", "Q write from programs-"),
    ("path_reset", "Q write from programs-"),
    ("path_prepended", "T/quill write from programs-"),
    ("hard_link", "T/feather (which is quill) write from programs-"),
    ("copy", "T/feather (which is quill) write from programs-"),
    ("symbolic_link", "T/feather (which is quill) write from programs-"),
    ("interpreter", "T/note (which is quill) from programs-"),
    ("loader", "/lib64/ld-linux-x86-64.so.2 (which is quill) "),
    ("descriptor", "descriptor of quill write from programs-"),
    ("spawned", "Q write from programs-"),
    ("shared_memory", "Q write from programs-"),
    ("clone3", "Q write from programs-"),
    ("thirty_two_bits", "Q write from programs-"),
    ("thirty_two_bit_program", "Q write from programs-"),
    ("changed_root", "/bin/quill write from programs-"),
    ("daemon", "Q write from sh (kernel, pid"),
    ("double_fork", "Q write from sh (kernel, pid"),
    ("double_fork_without_environment", "Q write from sh (kernel, pid"),
];

/// How the depot is reached. `A` is its address, `P` a directory, `T` one of the test. Without evidence, nobody sees it.
const SOCKETS: &[(&str, Option<&str>)] = &[
    ("tcp", Some("connect to A from sockets-")),
    ("mapped", Some("connect to A from sockets-")),
    ("datagram", Some("send to A from sockets-")),
    ("connected_datagram", Some("connect to A from sockets-")),
    ("relative", Some("connect to depot.sock from sockets-")),
    ("linked", Some("connect to T/link from sockets-")),
    ("absent", Some("connect to P/absent.sock from sockets-")),
    ("absent_by_a_relative_path", Some("connect to absent.sock from sockets-")),
    ("without_a_file", Some("connect to @")),
    ("thirty_two_bit_program", Some("connect to A from small (kernel, pid")),
    ("thirty_two_bit_socketcall", Some("connect to A from small (kernel, pid")),
    ("inherited", None),
    // No use: the kernel refuses it, whoever listens.
    ("looked_for", None),
];

/// A row of a table: the test, and what is said about it.
type Row = (String, Option<String>);

fn undeclared(test: String, resource: &str, evidence: &str) -> Row {
    let headline = format!("test `{test}` used `{resource}` without declaring it\n  seen: {evidence}");
    (test, Some(headline))
}

fn unused(test: String, resource: &str) -> Row {
    let headline = format!("test `{test}` declares `{resource}` and never used it");
    (test, Some(headline))
}

fn expect(krate: &Crate, engines: &[Engine], table: &[Row]) {
    let texts: Vec<Vec<&str>> = table.iter().map(|(_, headline)| headline.as_deref().into_iter().collect()).collect();
    let rows: Vec<(&str, Expected<'_>)> = table
        .iter()
        .zip(&texts)
        .map(|((test, headline), texts)| (test.as_str(), if headline.is_some() { Fails(texts) } else { Passes }))
        .collect();
    krate.expect_under(engines, &rows);
}

/// What is run by name, the wrapper sees; everything else nobody does, and its declaration seems superfluous.
#[test]
fn portable_guards_see_programs_that_are_run_by_name_alone() {
    let world = World::new();
    let mut table: Vec<Row> = ["undeclared", "plain"]
        .map(|module| undeclared(format!("{module}::swallowed_error"), "quill", "quill write (PATH wrapper, pid"))
        .into();
    table.push(("declared::swallowed_error".to_owned(), None));
    for (way, _) in PROGRAMS {
        table.push(unused(format!("declared::{way}"), "quill"));
        table.extend(["undeclared", "plain"].map(|module| (format!("{module}::{way}"), None)));
    }
    expect(&world.krate("programs"), &[CargoTest, Nextest], &table);
}

#[test]
fn strict_sees_every_program_and_whose_it_is() {
    let world = World::new();
    let mut table: Vec<Row> = ["undeclared", "plain"]
        .map(|module| undeclared(format!("{module}::swallowed_error"), "quill", "quill write (PATH wrapper, pid"))
        .into();
    table.push(("declared::swallowed_error".to_owned(), None));
    for (way, evidence) in PROGRAMS {
        table.push((format!("declared::{way}"), None));
        for module in ["undeclared", "plain"] {
            let test = format!("{module}::{way}");
            let evidence = world.evidence(evidence, &test);
            table.push(undeclared(test, "quill", &evidence));
        }
    }
    let krate = world.krate("programs").strict();
    expect(&krate, &[CargoTest, Nextest], &table);
    let run = krate.args(&["swallowed_error"]).run(Nextest);
    for test in ["declared::swallowed_error", "undeclared::swallowed_error"] {
        let uses = world::uses(&run, test);
        assert_eq!(uses.len(), 1, "what the wrapper says is counted once: {uses:?}");
        assert_eq!(uses[0]["chokepoint"], "PATH wrapper");
    }
}

/// What a wrapper has let through, the kernel sees again.
#[test]
fn strict_shows_once_what_is_only_observed() {
    let world = World::new();
    let krate = world.krate("programs").strict().args(&["swallowed_error", "absolute_path"]);
    let krate = krate.env("RESOURCE_GUARDS", "observe");
    for engine in [CargoTest, Nextest] {
        let run = krate.run(engine);
        let passed = run.tests.iter().filter(|test| test.outcome == Outcome::Passed).count();
        assert!(run.status.success() && passed == 6, "{}", run.output);
        for (test, chokepoint) in
            [("undeclared::swallowed_error", "PATH wrapper"), ("undeclared::absolute_path", "kernel")]
        {
            let uses = world::uses(&run, test);
            assert_eq!(uses.len(), 1, "{test}: {uses:?}");
            assert_eq!((&uses[0]["chokepoint"], &uses[0]["verb"]), (&chokepoint.into(), &"passed".into()), "{test}");
        }
    }
}

#[test]
fn portable_guards_do_not_see_sockets_that_no_chokepoint_is_in_front_of() {
    let world = World::new();
    let mut table: Vec<Row> = ["declared", "undeclared"].map(|test| (format!("ring::{test}"), None)).into();
    for (way, _) in SOCKETS {
        table.push(unused(format!("declared::{way}"), "depot"));
        table.push((format!("undeclared::{way}"), None));
    }
    expect(&world.krate("sockets"), &[CargoTest, Nextest], &table);
}

/// A ring is denied. A connection that was there before cannot be seen.
#[test]
fn strict_sees_every_socket_but_one_that_was_connected_elsewhere() {
    let world = World::new();
    let mut table: Vec<Row> = ["declared", "undeclared"].map(|test| (format!("ring::{test}"), None)).into();
    for (way, evidence) in SOCKETS {
        let test = format!("undeclared::{way}");
        match evidence {
            Some(evidence) => {
                let evidence = world.evidence(evidence, &test);
                table.extend([(format!("declared::{way}"), None), undeclared(test, "depot", &evidence)]);
            }
            None => table.extend([unused(format!("declared::{way}"), "depot"), (test, None)]),
        }
    }
    expect(&world.krate("sockets").strict(), &[CargoTest, Nextest], &table);
}

/// Whoever destroys the log fails, and what is used all the same is still seen.
#[test]
fn strict_is_not_blinded_by_a_test_that_destroys_what_records_it() {
    let world = World::new();
    let seen = |test: &str, evidence: &str| {
        format!("test `{test}` used `quill` without declaring it\n  seen: {}", world.evidence(evidence, test))
    };
    let garbage = seen("garbage_in_the_log", "Q write from damage-");
    let wrappers = seen("the_wrappers_are_removed", "Q write from damage-");
    for engine in [CargoTest, Nextest] {
        let run = world.krate("damage").strict().run(engine);
        run.expect(&[
            ("garbage_in_the_log", Fails(&[&garbage])),
            ("the_log_is_removed", Fails(&["uses by test `the_log_is_removed` may not be recorded"])),
            ("the_wrappers_are_removed", Fails(&[&wrappers])),
        ]);
        let said = &run.summary;
        assert!(said.contains("uses by test `the_log_is_removed` may not be recorded"), "{said}");
        assert!(!said.contains("after it had ended"), "no test has ended when it removes its log: {said}");
    }
    // Without it, a log that is not whole is a failure too, and the program that was run by its path is not seen.
    let run = world.krate("damage").run(Nextest);
    run.expect(&[
        (
            "garbage_in_the_log",
            Fails(&["the process of test `garbage_in_the_log` ended with success before the test did"]),
        ),
        ("the_log_is_removed", Fails(&["uses by test `the_log_is_removed` may not be recorded"])),
        ("the_wrappers_are_removed", Passes),
    ]);
}

/// The test has been judged by then, so `cargo guards` says it, and fails.
#[test]
fn strict_names_a_process_that_outlives_its_test_and_what_it_uses() {
    let world = World::new();
    for engine in [CargoTest, Nextest] {
        let run = world.krate("outlives").strict().run(engine);
        run_passed(&run);
        assert_eq!(run.status.code(), Some(3), "{}{}", run.output, run.summary);
        let headline = "test `leaves_a_process` used `quill` without declaring it, after it had ended\n  seen: ";
        let headline = format!("{headline}{}", world.evidence("Q write, whose parent has ended (kernel, pid", ""));
        assert!(run.summary.contains(&headline), "{}", run.summary);
        assert!(run.summary.contains(") outlived test `leaves_a_process`"), "{}", run.summary);
    }
}

/// Under `cargo test`, tests without a declaration share a process, and which one left something is not known.
#[test]
fn strict_says_of_which_binary_a_process_is_that_outlives_a_test_without_a_name() {
    let world = World::new();
    // The other binary keeps the run going until it has happened.
    let run = world.krate("abandons").strict().cargo_args(&["--test=outlives"]).run(CargoTest);
    let said = &run.summary;
    assert_eq!(run.status.code(), Some(3), "{}{said}", run.output);
    let note = said.lines().find(|line| line.contains(") outlived its test: ")).expect(said);
    assert!(note.trim_start().starts_with("`s"), "{note}");
    assert!(note.ends_with("abandons a test that declares nothing") && !note.contains("/deps/"), "{note}");
    let headline =
        " that declares nothing (which one could not be told) used `quill` without declaring it, after it had";
    let late = said.lines().find(|line| line.contains(headline)).expect(said);
    assert_eq!(late.matches("/deps/").count(), 1, "{late}");
}

fn run_passed(run: &Run) {
    for test in &run.tests {
        assert_eq!(test.outcome, Outcome::Passed, "{}", run.output);
    }
    assert_eq!(run.tests.len(), 2);
}

#[test]
fn strict_hangs_on_nothing_and_keeps_two_hundred_tests_apart() {
    let world = World::new();
    for engine in [CargoTest, Nextest] {
        let krate = world.krate("many").strict();
        let run = krate.env("RUST_TEST_THREADS", "32").env("NEXTEST_TEST_THREADS", "32").run(engine);
        assert_eq!(run.tests.len(), 204, "{}", run.output);
        for test in &run.tests {
            let number = test.name.split_once("::n").and_then(|(_, n)| n.parse::<u32>().ok());
            let resource = match test.name.as_str() {
                "dies_while_a_call_waits" => "quill",
                "ends_while_a_thread_waits" => "depot",
                _ => "quill",
            };
            let keeps = number.is_some_and(|n| n % 2 == 1)
                || matches!(test.name.as_str(), "a_bounded_fork_bomb" | "five_thousand_programs");
            let headline = format!("test `{}` used `{resource}` without declaring it\n", test.name);
            if keeps {
                assert_eq!(test.outcome, Outcome::Passed, "{}\n{}", test.name, test.text);
            } else {
                assert_eq!(test.outcome, Outcome::Failed, "{}\n{}", test.name, test.text);
                assert!(test.text.contains(&headline), "{}\n{}", test.name, test.text);
            }
        }
    }
}
