//! One test that does nothing, in a binary with all the guards that there are.

resource_guards::install!(
    guard_docker::Docker,
    guard_http::Http,
    guard_binary::Binary("git"),
    guard_binary::Binary("tar"),
    guard_binary::Binary("tmux"),
);

#[test]
fn nothing() {}
