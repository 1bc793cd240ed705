//! Programs that are started and not waited for: a use belongs to the stretch in which it began.

use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use resource_guards::{Fixture, fixture_uses, uses};

/// Waits for an archive until its input ends.
fn start() -> Child {
    let mut server = Command::new("tar");
    server.args(["tf", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    server.spawn().unwrap()
}

fn stop(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

#[fixture_uses(tar)]
fn server() -> Fixture<Child> {
    Fixture::with_teardown(start(), stop)
}

#[fixture_uses()]
fn server_in_secret() -> Fixture<Child> {
    Fixture::with_teardown(start(), stop)
}

#[fixture_uses(tmux)]
fn terminal() -> Fixture<()> {
    crate::open_a_terminal().unwrap();
    Fixture::new(())
}

#[uses(tar)]
#[test]
fn a_server_is_its_fixtures() {
    let _server = server();
}

#[uses(tar)]
#[test]
fn a_server_in_secret_is_its_fixtures_too() {
    let _server = server_in_secret();
}

#[uses(tar, tmux)]
#[test]
fn what_the_test_started_before_is_the_tests() {
    let server = start();
    let _terminal = terminal();
    stop(server);
}

#[test]
fn what_is_started_at_the_end_is_seen() {
    start();
}

#[uses(tar)]
#[test]
fn a_server_can_be_shared_by_threads() {
    static SERVER: OnceLock<Fixture<u32>> = OnceLock::new();
    #[fixture_uses(tar)]
    fn shared() -> Fixture<u32> {
        let mut server = start();
        let pid = server.id();
        drop(server.stdin.take());
        server.wait().unwrap();
        Fixture::with_teardown(pid, |_| {})
    }
    let pids = std::thread::scope(|scope| {
        [(); 2].map(|()| scope.spawn(|| **SERVER.get_or_init(shared))).map(|thread| thread.join().unwrap())
    });
    assert_eq!(pids[0], pids[1]);
}
