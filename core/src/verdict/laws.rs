//! The laws of the verdict, each with what keeps it and what breaks it.

use super::{Case, Ending, Try, TryUse, Verdict, ViolationKind, judge};
use crate::declaration::{Declaration, Subject, Use};
use crate::log::{Event, Log};

const TMUX: Use = Use { resource: "tmux", targets: &[], may: None };
const TAR: Use = Use { resource: "tar", targets: &[], may: None };

const FIXTURE: Declaration =
    Declaration { subject: Subject::Fixture, module: "k", name: "db", file: "f.rs", line: 7, uses: &[TMUX] };
inventory::submit! { FIXTURE }

const OUTER: Declaration = Declaration { name: "outer", uses: &[TMUX], ..FIXTURE };
inventory::submit! { OUTER }

/// A log in the words of the log itself, with spaces for tabs and `;` for line feeds.
fn log(text: &str) -> Log {
    let mut log = Log::default();
    for line in text.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        match Event::parse(&line.replace(' ', "\t")) {
            Some(event) => log.events.push(event),
            None => log.unknown_lines += 1,
        }
    }
    log
}

fn verdict(uses: &[Use], text: &str, ending: Ending) -> Verdict {
    judge(&Case { test: "t", uses: Some(uses), at: Some(("src/lib.rs", 7)), log: &log(text), ending })
}

fn kinds(uses: &[Use], text: &str, ending: Ending) -> Vec<ViolationKind> {
    verdict(uses, text, ending).violations.iter().map(super::Violation::kind).collect()
}

const USED: &str = "used 0 1  tmux w - tmux;";
const BLOCKED: &str = "blocked 0 1  tmux w - tmux;";
const SET_UP: &str = "enter 1 1 0 set-up k::db 7 main;";
const LEAVE: &str = "leave 1 ok;";

#[test]
fn law_1_an_undeclared_use_is_a_violation_however_the_test_ended() {
    for ending in [Ending::Passed, Ending::Failed, Ending::Unknown] {
        assert_eq!(kinds(&[], BLOCKED, ending), [ViolationKind::UndeclaredUse]);
        assert_eq!(kinds(&[], &BLOCKED.replace("blocked", "passed"), ending), [ViolationKind::UndeclaredUse]);
    }
    assert_eq!(kinds(&[TMUX], USED, Ending::Passed), []);
}

#[test]
fn law_2_an_unused_declaration_is_a_violation_only_if_the_test_passed() {
    assert_eq!(kinds(&[TMUX], "", Ending::Passed), [ViolationKind::UnusedDeclaration]);
    assert_eq!(kinds(&[TMUX], "", Ending::Failed), []);
    assert_eq!(kinds(&[TMUX], "", Ending::Unknown), []);
    let covered = format!("{SET_UP} used 1 1  tmux w - tmux; {LEAVE}");
    assert_eq!(kinds(&[TMUX], &covered, Ending::Passed), [], "a fixture of the test covers it");
}

#[test]
fn law_2_what_another_try_used_is_not_unused() {
    let used = TryUse { resource: "tmux", verb: "used", ..TryUse::default() };
    let other = Try { ending: "failed", uses: vec![used], ..Try::default() };
    let mut unused = verdict(&[TMUX, TAR], "", Ending::Passed);
    unused.settle(&Try::default());
    assert_eq!(unused.violations.len(), 2, "a try that did not come so far");
    unused.settle(&other);
    assert_eq!(unused, verdict(&[TAR], "", Ending::Passed));
    let mut undeclared = verdict(&[], BLOCKED, Ending::Passed);
    undeclared.settle(&other);
    assert_eq!(undeclared, verdict(&[], BLOCKED, Ending::Passed));
}

#[test]
fn law_3_entering_a_fixture_requires_its_resources() {
    let entered = format!("{SET_UP} used 1 1  tmux w - tmux; {LEAVE}");
    assert_eq!(kinds(&[], &entered, Ending::Passed), [ViolationKind::UndeclaredFixture]);
    assert_eq!(kinds(&[], &entered, Ending::Failed), [ViolationKind::UndeclaredFixture]);
}

#[test]
fn law_4_only_the_fixtures_own_declaration_authorises_in_its_stretch() {
    let other = format!("{SET_UP} used 1 1  tmux w - tmux; blocked 1 1  tar w - tar; {LEAVE}");
    assert_eq!(
        kinds(&[TMUX, TAR], &format!("{other} used 0 1  tar w - tar"), Ending::Passed),
        [ViolationKind::FixtureUndeclaredUse]
    );
}

#[test]
fn law_4_a_fixture_that_never_uses_what_it_declares_is_named_unless_its_set_up_failed() {
    let unused = [ViolationKind::FixtureUnusedDeclaration];
    assert_eq!(kinds(&[TMUX], &format!("{SET_UP} {LEAVE}"), Ending::Passed), unused);
    assert_eq!(kinds(&[TMUX], &format!("{SET_UP} {LEAVE}"), Ending::Failed), unused);
    assert_eq!(kinds(&[TMUX], &format!("{SET_UP} leave 1 failed"), Ending::Failed), []);
    let torn_down =
        format!("{SET_UP} {LEAVE} keeps 1; enter 2 1 0 tear-down k::db 7 main; used 2 1  tmux w - tmux; leave 2 ok");
    assert_eq!(kinds(&[TMUX], &torn_down, Ending::Passed), [], "a use in the drop is enough");
}

#[test]
fn law_4_overlapping_stretches_share_a_childs_use_and_say_so() {
    let both = format!("{SET_UP} enter 2 2 0 set-up k::outer 7 main; used 1+2 1  tmux w - tmux; {LEAVE} leave 2 ok");
    let verdict = verdict(&[TMUX], &both, Ending::Passed);
    assert_eq!(verdict.violations, []);
    assert!(verdict.notes[0].contains("ambiguous"), "{:?}", verdict.notes);
}

#[test]
fn a_fixture_inside_covers_the_one_around_it() {
    let nested = "enter 1 1 0 set-up k::outer 7 main; enter 2 2 1 set-up k::db 7 main; used 2 1  tmux w - tmux; leave 2 ok; leave 1 ok";
    assert_eq!(kinds(&[TMUX], nested, Ending::Passed), []);
}

#[test]
fn law_5_all_violations_are_reported_at_once_in_an_order_that_the_log_does_not_change() {
    let there = verdict(&[TAR], "blocked 0 1  tmux w - a; blocked 0 1  git w - b", Ending::Passed);
    let back = verdict(&[TAR], "blocked 0 1  git w - b; blocked 0 1  tmux w - a", Ending::Passed);
    assert_eq!(there, back);
    let resources: Vec<_> = there.violations.iter().filter_map(super::Violation::resource).collect();
    assert_eq!(resources, ["git", "tmux", "tar"]);
}

#[test]
fn law_6_what_could_not_be_observed_is_said_to_be_so_and_not_called_unused() {
    for unobserved in ["unobserved tmux PATH", "gibberish"] {
        let verdict = verdict(&[TMUX], unobserved, Ending::Passed);
        assert_eq!(verdict.violations, [], "{unobserved}");
        assert!(verdict.notes.iter().any(|note| note.contains("could not be observed")), "{:?}", verdict.notes);
    }
    let undropped = format!("{SET_UP} keeps 1; {LEAVE}");
    let verdict = verdict(&[TMUX], &undropped, Ending::Passed);
    assert_eq!(verdict.violations, [], "the drop of a fixture in a static is never seen");
    assert!(verdict.notes[0].contains("was not dropped"), "{:?}", verdict.notes);
}

#[test]
fn law_9_a_log_that_is_not_whole_fails_the_test() {
    let log = Log { damage: Some("full".into()), ..Log::default() };
    let case = Case { test: "t", uses: None, at: None, log: &log, ending: Ending::Passed };
    assert_eq!(judge(&case).violations[0].kind(), ViolationKind::NotRecorded);
}

#[test]
fn every_glob_of_a_declaration_must_be_matched() {
    let http = Use { resource: "http", targets: &["a.com", "*.b.com"], may: None };
    let one = "used 0 1  http call a.com GET";
    let verdict = verdict(&[http], one, Ending::Passed);
    assert_eq!(verdict.violations.len(), 1);
    assert!(verdict.violations[0].to_string().contains("at `*.b.com`"), "{}", verdict.violations[0]);
    assert_eq!(kinds(&[http], &format!("{one}; used 0 1  http call x.b.com GET"), Ending::Passed), []);
}

#[test]
fn an_undeclared_target_is_named_where_others_are_declared() {
    let http = Use { resource: "http", targets: &["a.com"], may: None };
    let verdict = verdict(&[http], "used 0 1  http call a.com G; blocked 0 1  http call evil.com G", Ending::Passed);
    let message = verdict.violations[0].to_string();
    let mend = "write `http(\"a.com\", \"evil.com\")` in place of `http(\"a.com\")` in #[uses(…)] at src/lib.rs:7";
    assert!(message.contains("used `http` at `evil.com`") && message.contains(mend), "{message}");
}

#[test]
fn a_reasoned_exception_is_counted_instead_of_reported() {
    let may = Use { may: Some("cold cache"), ..TMUX };
    let verdict = verdict(&[may], "", Ending::Passed);
    assert_eq!(verdict.violations, []);
    assert_eq!(verdict.exceptions, [("tmux".to_owned(), "cold cache".to_owned())]);
}

#[test]
fn a_resource_that_was_only_asked_for_its_version_is_probed() {
    let uses = "used 0 1  tmux w -V tmux; used 0 1  tar w --version tar; used 0 1  tar w cf tar";
    assert_eq!(verdict(&[TMUX, TAR], uses, Ending::Passed).probed, ["tmux"]);
}
