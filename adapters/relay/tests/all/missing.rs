//! A relay whose real service is not there: clients get what a direct connection gives.

use std::io::{self, ErrorKind};
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use guard_relay::{Endpoint, Refusal, Relay, Serving};

use crate::support::{Asked, Rig, Server, Wire, alone, eventually, hello};

/// A port on which nothing listens. One that was free a moment ago may be taken by another test.
const NOBODY: u16 = 1;

const GET: &str = "GET / HTTP/1.1\r\nHost: d\r\n\r\n";

/// A relay called `relay` in front of `real`, both in this directory, that listens only while there is somebody.
fn relay(relay: Relay, dir: &Path) -> Serving {
    let at = Endpoint::unix(dir.join("relay"));
    relay.only_while_served().bind(&at, Endpoint::unix(dir.join("real"))).unwrap().serve().unwrap()
}

/// What comes of connecting to the relay and to the service itself.
#[cfg(target_os = "linux")]
fn both(dir: &Path) -> [Result<(), i32>; 2] {
    let connect = |path: &str| match UnixStream::connect(dir.join(path)) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.raw_os_error().unwrap()),
    };
    [connect("relay"), connect("real")]
}

/// The number of the error that each gives.
#[cfg(target_os = "linux")]
fn same_error(dir: &Path, error: ErrorKind) {
    let [relayed, direct] = both(dir);
    assert_eq!(relayed, direct);
    assert_eq!(direct.map_err(|number| io::Error::from_raw_os_error(number).kind()), Err(error));
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_that_was_never_there_gives_the_same_error_behind_a_relay() {
    for new in [|asked: Asked| Relay::http1(asked.gate()), |_| Relay::raw(|_| panic!("the gate is not asked"))] {
        let dir = tempfile::tempdir().unwrap();
        let asked = Asked::default();
        let relay = relay(new(asked.clone()), dir.path());
        same_error(dir.path(), ErrorKind::NotFound);
        assert_eq!(asked.all(), [""; 0], "nothing was used");
        relay.stop().unwrap();
        assert_eq!(dir.path().read_dir().unwrap().count(), 0, "and no file is left");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_nobody_listens_on_gives_the_same_error_behind_a_relay() {
    let dir = tempfile::tempdir().unwrap();
    drop(UnixListener::bind(dir.path().join("real")).unwrap());
    let relay = relay(Relay::raw(|_| Ok(())), dir.path());
    same_error(dir.path(), ErrorKind::ConnectionRefused);
    // And when the file is removed, that of a missing one.
    std::fs::remove_file(dir.path().join("real")).unwrap();
    eventually("the relay's file is gone too", || !dir.path().join("relay").exists());
    same_error(dir.path(), ErrorKind::NotFound);
    relay.stop().unwrap();
    assert_eq!(dir.path().read_dir().unwrap().count(), 0, "no file is left");
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_that_may_not_be_used_gives_the_same_error_behind_a_relay() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{PermissionsExt as _, chown};

    use rustix::process::{Gid, Uid, geteuid};

    const NOBODY: u32 = 65534;
    let dir = tempfile::tempdir().unwrap();
    let server = Server::unix(dir.path().join("real"), hello());
    set_permissions(dir.path().join("real"), Permissions::from_mode(0o000)).unwrap();
    let is_root = geteuid().is_root();
    if is_root {
        chown(dir.path(), Some(NOBODY), None).unwrap();
    }
    // Whoever may do everything becomes somebody else, on this thread only.
    let user = move || {
        if is_root {
            let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
            rustix::thread::set_thread_groups(&[]).unwrap();
            rustix::thread::set_thread_res_gid(group, group, group).unwrap();
            rustix::thread::set_thread_res_uid(user, user, user).unwrap();
        }
        let relay = relay(Relay::raw(|_| Ok(())), dir.path());
        same_error(dir.path(), ErrorKind::PermissionDenied);
        relay.stop().unwrap();
        assert!(!dir.path().join("relay").exists());
    };
    thread::spawn(user).join().unwrap();
    assert_eq!(server.connections(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_that_goes_away_is_missed_once_and_found_when_it_is_back() {
    for stale in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real");
        let listener = UnixListener::bind(&real).unwrap();
        let asked = Asked::default();
        let relay = relay(Relay::http1(asked.gate()), dir.path());
        assert_eq!(both(dir.path()), [Ok(()), Ok(())]);

        drop(listener);
        if !stale {
            std::fs::remove_file(&real).unwrap();
        }
        let mut client = Wire::to(relay.endpoint());
        client.send("GET /refused HTTP/1.1\r\n\r\n");
        assert!(client.rest().starts_with("HTTP/1.1 403 "), "a refusal needs no service");
        let mut client = Wire::to(relay.endpoint());
        client.send(GET);
        assert_eq!(client.rest(), "", "as if the service had died just now");
        assert_eq!(asked.all(), ["GET /refused", "GET /"], "the use is known all the same");
        // From then on, and for the very next client.
        same_error(dir.path(), if stale { ErrorKind::ConnectionRefused } else { ErrorKind::NotFound });

        let _ = std::fs::remove_file(&real);
        let _server = Server::unix(real, hello());
        eventually("the relay listens again", || both(dir.path())[0].is_ok());
        let mut client = Wire::to(relay.endpoint());
        client.send(GET);
        assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_thread_looks_for_the_service_and_open_connections_go_on() {
    if !alone("missing::one_thread_looks_for_the_service_and_open_connections_go_on") {
        return;
    }
    let asked = Asked::default();
    let rig = Rig::new(asked.clone(), Relay::http1(asked.gate()).only_while_served(), hello());
    let mut clients: Vec<Wire> = (0..20).map(|_| rig.client()).collect();
    let mut ask = || {
        clients.iter_mut().for_each(|client| client.send(GET));
        clients.iter_mut().for_each(|client| assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []"));
    };
    ask();
    let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
    // The test's own two, the server's one and its 20, the 20 of the relay, and more that wait.
    assert!(threads() > 3 + 40, "each has its thread");
    std::fs::remove_file(rig.dir.path().join("real")).unwrap();
    let mut missed = rig.client();
    missed.send(GET);
    assert_eq!(missed.rest(), "");
    eventually("one thread is left that has no client", || threads() == 3 + 40 + 1);
    ask();
    drop(clients);
    // The one that stays has come back from its client, and no other is needed.
    eventually("the threads have ended", || threads() == 3 + 1);
    assert_eq!(both(rig.dir.path())[0], both(rig.dir.path())[1]);
    rig.relay.stop().unwrap();
    eventually("the relay's threads have ended", || threads() == 3);
}

#[test]
fn otherwise_the_connection_ends_without_a_byte_as_if_the_service_had_died() {
    let dir = tempfile::tempdir().unwrap();
    let asked = Asked::default();
    let at = Endpoint::unix(dir.path().join("relay"));
    let real = dir.path().join("real");
    let relay = Relay::http1(asked.gate()).bind(&at, Endpoint::unix(&real)).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.rest(), "");
    assert_eq!(asked.all(), ["GET /"], "the use is known all the same");

    let mut client = Wire::to(relay.endpoint());
    client.send("GET /refused HTTP/1.1\r\n\r\n");
    assert!(client.rest().starts_with("HTTP/1.1 403 "), "and a refusal needs no service");

    // So a test can start the service and use it at once.
    let _server = Server::unix(real, hello());
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
}

#[test]
fn over_tcp_the_client_sees_a_reset() {
    for relay in [Relay::http1(|_| Ok(())), Relay::raw(|_| Ok(()))] {
        let relay =
            relay.bind(&Endpoint::loopback(), Endpoint::tcp(([127, 0, 0, 1], NOBODY))).unwrap().serve().unwrap();
        let mut client = Wire::to(relay.endpoint());
        // Whichever call comes first after the reset is told.
        let error = client.try_send(GET).and_then(|()| client.try_rest()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
    }
}

#[test]
fn a_guard_may_explain_instead_and_learns_why() {
    let dir = tempfile::tempdir().unwrap();
    let why = Arc::new(Mutex::new(None));
    let note = Arc::clone(&why);
    let relay = Relay::http1(|_| Ok(())).on_unreachable(move |error| {
        *note.lock().unwrap() = Some(error.kind());
        Some(Refusal::json("is the docker daemon running?").with_status(503))
    });
    let at = Endpoint::unix(dir.path().join("relay"));
    let relay = relay.bind(&at, Endpoint::unix(dir.path().join("missing"))).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with(r#"running?"}"#), "{answer}");
    assert_eq!(*why.lock().unwrap(), Some(ErrorKind::NotFound));
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_that_comes_later_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let relay = relay(Relay::http1(|_| Ok(())), dir.path());
    let server = Server::unix(dir.path().join("real"), hello());
    eventually("the relay listens", || UnixStream::connect(dir.path().join("relay")).is_ok());
    assert_eq!(server.connections(), 0, "the relay looks without connecting");
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
}
