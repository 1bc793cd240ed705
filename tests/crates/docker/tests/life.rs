//! Containers of fixtures, calls in teardowns, and connections that are kept or are many.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use docker::{Connection, IMAGE, TAG, container, docker_by_path, text};
use resource_guards::{Fixture, fixture_uses, uses};

resource_guards::install!(guard_docker::Docker);

fn images() -> u16 {
    Connection::open().unwrap().get("/images/json").unwrap()
}

/// A running container, until it is dropped.
struct Running(String);

impl Drop for Running {
    fn drop(&mut self) {
        let path = format!("/containers/{}?force=1", self.0);
        let (status, body) = Connection::open().unwrap().ask("DELETE", &path).unwrap();
        assert_eq!(status, 204, "{body}");
    }
}

#[fixture_uses(docker)]
fn running(name: &str) -> Fixture<Running> {
    let name = format!("{}-{name}-{}", container(), std::process::id());
    let image = format!("{IMAGE}:{TAG}");
    text(docker_by_path().args(["run", "-d", "--network=none", "--name", &name, &image, "sleep", "60"])).unwrap();
    Fixture::new(Running(name))
}

#[uses(docker)]
#[test]
fn a_fixture_removes_its_container() {
    let running = running("passes");
    let (status, _) = Connection::open().unwrap().ask("GET", &format!("/containers/{}/json", running.0)).unwrap();
    assert_eq!(status, 200);
}

#[uses(docker)]
#[test]
fn a_fixture_removes_its_container_when_the_test_panics() {
    let _running = running("panics");
    panic!("its own reason");
}

#[uses(docker)]
#[tokio::test]
async fn a_fixture_removes_its_container_when_an_async_test_panics() {
    let _running = running("panics-async");
    panic!("its own reason");
}

#[fixture_uses()]
fn nosy_at_the_end() -> Fixture<()> {
    Fixture::with_teardown((), |()| assert_eq!(images(), 403))
}

#[uses(docker)]
#[test]
fn a_refused_call_in_a_teardown_is_reported() {
    let _nosy = nosy_at_the_end();
    assert_eq!(images(), 200);
}

#[uses(docker)]
#[test]
fn a_refused_call_in_a_teardown_is_reported_when_the_test_panics() {
    let _nosy = nosy_at_the_end();
    assert_eq!(images(), 200);
    panic!("its own reason");
}

/// Asks for the images when it is dropped, and does not mind the answer.
struct Nosy;

impl Drop for Nosy {
    fn drop(&mut self) {
        images();
    }
}

#[uses()]
#[test]
fn a_refused_call_in_a_drop_is_reported() {
    let _nosy = Nosy;
}

/// Asks on a connection that somebody else opened.
#[fixture_uses()]
fn nosy(connection: &mut Connection) {
    assert_eq!(connection.get("/images/json").unwrap(), 403);
}

#[uses(docker)]
#[test]
fn a_connection_of_the_test_is_of_no_use_to_its_fixture() {
    let mut connection = Connection::open().unwrap();
    assert_eq!(connection.get("/images/json").unwrap(), 200);
    assert_eq!(connection.get("/containers/json").unwrap(), 200);
    nosy(&mut connection);
}

#[fixture_uses(docker)]
fn connected() -> Fixture<Connection> {
    let mut connection = Connection::open().unwrap();
    assert_eq!(connection.get("/images/json").unwrap(), 200);
    Fixture::new(connection)
}

#[uses()]
#[test]
fn a_connection_of_a_fixture_is_of_no_use_to_its_test() {
    let mut connection = connected();
    assert_eq!(connection.get("/containers/json").unwrap(), 403);
}

#[uses(docker)]
#[test]
fn a_connection_is_kept_from_stretch_to_stretch() {
    let mut connection = connected();
    for _ in 0..5 {
        assert_eq!(connection.get("/containers/json").unwrap(), 200);
    }
}

/// Descriptors and threads of this process.
fn held() -> (usize, usize) {
    let count = |of: &str| fs::read_dir(format!("/proc/self/{of}")).unwrap().count();
    (count("fd"), count("task"))
}

#[uses(docker)]
#[test]
fn ten_thousand_connections_leave_nothing_behind() {
    const CLIENTS: usize = 8;
    // A relay lets a few threads wait for the next connection, and how many of them a first burst has made is chance.
    const WAITING: usize = 4;
    let threads = held().1 + WAITING;
    let connect = |n: usize| {
        let mut connection = Connection::open().unwrap();
        let path = if n.is_multiple_of(100) { "/images/json" } else { "/_ping" };
        assert_eq!(connection.get(path).unwrap(), 200);
    };
    thread::scope(|scope| (0..CLIENTS).for_each(|n| _ = scope.spawn(move || (0..10).for_each(|_| connect(n)))));
    thread::sleep(Duration::from_millis(200));
    let (descriptors, _) = held();
    thread::scope(|scope| {
        (0..CLIENTS).for_each(|_| _ = scope.spawn(|| (0..10_000 / CLIENTS).for_each(connect)));
    });
    // A connection ends a moment after its client has closed it.
    let began = Instant::now();
    while (held().0 > descriptors || held().1 > threads) && began.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(20));
    }
    let left = held();
    assert!(left.0 <= descriptors && left.1 <= threads, "{left:?}, and at most it may be {:?}", (descriptors, threads));
}
