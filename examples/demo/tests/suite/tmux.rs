//! Tests of tmux that keep their word.

use resource_guards::uses;

use crate::fixtures::server;

#[uses(tmux)]
#[test]
fn a_new_session_is_listed() {
    let server = server();
    server.tmux(&["new-session", "-d", "-s", "second", "sleep 60"]);
    assert_eq!(server.tmux(&["list-sessions", "-F", "#{session_name}"]), "first\nsecond\n");
}

/// The fixture's own use covers the declaration, and its teardown runs whatever the test does.
#[uses(tmux, may(git = "only where the prompt shows a branch"))]
#[test]
fn a_fixture_is_use_enough() {
    let _server = server();
}
