//! What the log of a test says to uses that are seen from outside.

use super::*;
use crate::declaration::Use as Declared;
use crate::tool::SharedSession;

/// A session with the scope of one test that may use `tmux`.
fn scope(session: &Path) -> TestScope {
    let dir = session.join("1-0");
    let mut allow = Allow { stretches: vec![0], whose: "test `t`".to_owned(), ..Allow::default() };
    allow.extend(&[Declared { resource: "tmux", targets: &[], may: None }]);
    Files::create(&dir, &allow).unwrap();
    let fields = [dir.to_str().unwrap(), "/t/binary", "t", "docker\t/real.sock\t/relay.sock", ""];
    fs::write(session.join(SCOPES).join("1"), fields.join("\n")).unwrap();
    TestScope::of(session, 1).unwrap()
}

fn seen(resource: &str, pid: u32) -> Use<'_> {
    Use { resource, chokepoint: "kernel", target: None, what: "it", pid }
}

fn lines(scope: &TestScope) -> usize {
    fs::read_to_string(scope.dir.join("events")).unwrap().split_terminator('\n').filter(|line| !line.is_empty()).count()
}

#[test]
fn a_use_is_judged_by_the_log_of_its_test_and_recorded_once() {
    let session = SharedSession::create().unwrap();
    session.watch().unwrap();
    let scope = scope(session.dir());
    assert_eq!((scope.test.as_deref(), scope.binary.to_str()), (Some("t"), Some("/t/binary")));
    assert_eq!(scope.fronts[0].relay, Path::new("/relay.sock"));
    assert_eq!(scope.ask(&seen("tmux", 7), &[]), Answer::Allowed(vec![0]));
    assert_eq!(scope.ask(&seen("tmux", 8), &[]), Answer::Allowed(vec![0]));
    assert_eq!(lines(&scope), 1);
    assert_eq!(scope.ask(&seen("tar", 7), &[]), Answer::Refused("test `t`".to_owned()));
    assert_eq!(lines(&scope), 2);
    assert_eq!(TestScope::registered(session.dir()), BTreeSet::from([1]));
}

#[test]
fn what_another_chokepoint_has_let_through_is_not_recorded_again() {
    let session = SharedSession::create().unwrap();
    session.watch().unwrap();
    let scope = scope(session.dir());
    let line = "used\t0\t7\t\ttmux\tPATH wrapper\tls\ttmux ls\n";
    fs::write(scope.dir.join("events"), line).unwrap();
    assert_eq!(scope.ask(&seen("tmux", 7), &[]), Answer::Allowed(vec![0]));
    assert_eq!(scope.ask(&seen("tmux", 9), &[8, 7]), Answer::Allowed(vec![0]), "a child of it");
    assert_eq!(lines(&scope), 1);
    assert!(scope.is_used_by("tmux", &[7]) && !scope.is_used_by("tmux", &[10]));
}

#[test]
fn a_wrapper_that_starts_is_one_line_until_it_says_so_itself() {
    let session = SharedSession::create().unwrap();
    session.watch().unwrap();
    let scope = scope(session.dir());
    scope.starts(&seen("tmux", 7));
    let events = || fs::read_to_string(scope.dir.join("events")).unwrap();
    assert_eq!(events(), "\nstarts\tused\t0\t7\t\ttmux\tkernel\t\tit\n");
    scope.starts(&seen("tar", 8));
    assert!(events().ends_with("\nstarts\tblocked\t0\t8\t\ttar\tkernel\t\tit\n"), "{}", events());
    assert!(!scope.is_used_by("tmux", &[7]), "nothing has let it through yet");
}

#[test]
fn what_is_only_observed_is_recorded_once_too_and_hides_no_declared_use() {
    let session = SharedSession::create().unwrap();
    session.watch().unwrap();
    let scope = scope(session.dir());
    fs::write(scope.dir.join("allow"), "0\ntmux ls\n*\n-- test `t`\n").unwrap();
    fs::write(scope.dir.join("events"), "passed\t0\t7\t\ttmux\tPATH wrapper\tnew\ttmux new\n").unwrap();
    let at = |target| Use { target: Some(target), ..seen("tmux", 7) };
    assert_eq!(scope.ask(&at("new"), &[]), Answer::Allowed(vec![0]));
    assert_eq!(lines(&scope), 1);
    assert!(scope.is_used_by("tmux", &[7]));
    assert_eq!(scope.ask(&at("ls"), &[]), Answer::Allowed(vec![0]));
    assert_eq!(lines(&scope), 2);
}

#[test]
fn a_test_that_is_over_has_no_answer() {
    let session = SharedSession::create().unwrap();
    session.watch().unwrap();
    let scope = scope(session.dir());
    fs::remove_dir_all(&scope.dir).unwrap();
    assert_eq!(scope.ask(&seen("tmux", 7), &[]), Answer::Gone);
    let text = late_use(&scope, &seen("tmux", 7)).to_string();
    assert!(
        text.starts_with("RESOURCE GUARD: test `t` used `tmux` without declaring it, after it had ended"),
        "{text}"
    );
}
