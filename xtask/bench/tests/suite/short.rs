//! 300 tests of 2 ms, in a binary with guards.

resource_guards::install!(
    guard_binary::Binary("git"),
    guard_binary::Binary("tar"),
    guard_binary::Binary("tmux"),
    guard_http::Http
);

fn sleeps() {
    std::thread::sleep(std::time::Duration::from_millis(2));
}

bench::tests!(crate::sleeps);
