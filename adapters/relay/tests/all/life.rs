//! How a relay begins, ends, and what it leaves behind: nothing.

use std::fs;
use std::io::ErrorKind;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Limits, Relay, RelayError};

use crate::support::{Asked, Rig, Wire, alone, eventually, hello};

const GET: &str = "GET / HTTP/1.1\r\nHost: d\r\n\r\n";

#[test]
fn clients_may_connect_between_bind_and_serve() {
    let dir = tempfile::tempdir().unwrap();
    let at = Endpoint::unix(dir.path().join("relay"));
    let bound = Relay::http1(Asked::default().gate()).bind(&at, Endpoint::unix("/none")).unwrap();
    let mut client = Wire::to(bound.endpoint());
    client.send("GET /refused HTTP/1.1\r\n\r\n");
    let handle = bound.handle();
    let thread = thread::spawn(move || bound.run());
    assert!(client.rest().contains("403 Forbidden"));
    handle.stop().unwrap();
    thread.join().unwrap();
}

#[test]
fn a_relay_that_is_stopped_ends_its_connections_and_removes_its_socket() {
    let rig = Rig::http(hello());
    let mut kept = rig.client();
    kept.send(GET);
    kept.message().unwrap();
    let mut half = rig.client();
    half.send("GET / HT");
    let path = rig.path();
    let began = Instant::now();
    rig.relay.stop().unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(!path.exists());
    // A reset is an end too: the relay may not have read what was sent.
    assert_eq!(kept.try_rest().unwrap_or_default(), b"");
    assert_eq!(half.try_rest().unwrap_or_default(), b"");
}

#[test]
fn a_relay_that_is_dropped_or_never_served_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let at = Endpoint::unix(dir.path().join("relay"));
    let relay = || Relay::raw(|_| Ok(())).bind(&at, Endpoint::unix("/none")).unwrap();
    drop(relay());
    assert!(!dir.path().join("relay").exists());
    drop(relay().serve().unwrap());
    assert!(!dir.path().join("relay").exists());
    let handle = relay().handle();
    assert!(dir.path().join("relay").exists(), "a handle keeps it bound");
    handle.stop().unwrap();
    handle.stop().unwrap();
    assert!(!dir.path().join("relay").exists());
}

#[test]
fn a_relay_that_was_stopped_before_it_is_served_does_not_start() {
    let bound = Relay::raw(|_| Ok(())).bind(&Endpoint::loopback(), Endpoint::loopback()).unwrap();
    bound.handle().stop().unwrap();
    bound.run();
}

#[test]
fn stopping_does_not_wait_for_a_gate_for_ever() {
    let (tell, told) = mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    let relay = Relay::raw(move |_| {
        tell.lock().unwrap().send(()).unwrap();
        thread::sleep(Duration::from_secs(3));
        Ok(())
    })
    .limits(Limits::new().stop_time(Duration::from_millis(50)));
    let serving = relay.bind(&Endpoint::loopback(), Endpoint::loopback()).unwrap().serve().unwrap();
    let _client = Wire::to(serving.endpoint());
    told.recv().unwrap();
    let error = serving.stop().unwrap_err();
    assert!(matches!(error, RelayError::Stop { threads: 1, .. }), "{error}");
    assert!(error.to_string().contains("1 of its threads are still busy"), "{error}");
}

#[cfg(target_os = "linux")]
fn descriptors() -> Vec<String> {
    let all = fs::read_dir("/proc/self/fd").unwrap();
    let mut all: Vec<_> =
        all.filter_map(|fd| Some(fs::read_link(fd.ok()?.path()).ok()?.to_string_lossy().into_owned())).collect();
    all.retain(|link| !link.starts_with("/proc"));
    all.sort();
    all
}

#[cfg(target_os = "linux")]
fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

/// One connection with one request.
fn once(path: &std::path::Path) {
    let mut client = Wire::to(&Endpoint::unix(path));
    client.send(GET);
    assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
}

#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_connections_leave_nothing_behind() {
    if !alone("life::ten_thousand_connections_leave_nothing_behind") {
        return;
    }
    let rig = Rig::http(hello());
    let path = rig.path();
    once(&path);
    thread::sleep(Duration::from_millis(100));
    let before = descriptors();
    for _ in 0..10_000 {
        once(&path);
    }
    eventually("the sockets are closed", || descriptors().len() <= before.len());
    // The test's own two, the server's one, and the few idle ones of the relay.
    eventually("the threads have ended", || threads() <= 3 + 4 + 1);
    assert_eq!(rig.asked.all().len(), 10_001);
    rig.relay.stop().unwrap();
    eventually("the relay's threads have ended", || threads() <= 3);
    eventually("the relay's sockets are closed", || descriptors().len() < before.len());
}

#[cfg(target_os = "linux")]
#[test]
fn five_hundred_connections_at_once_leave_nothing_behind() {
    if !alone("life::five_hundred_connections_at_once_leave_nothing_behind") {
        return;
    }
    let rig = Rig::http(hello());
    let path = rig.path();
    once(&path);
    thread::sleep(Duration::from_millis(100));
    let before = descriptors();
    for count in [64, 500] {
        let mut clients: Vec<Wire> = (0..count).map(|_| rig.client()).collect();
        for _ in 0..3 {
            clients.iter_mut().for_each(|client| client.send(GET));
            clients.iter_mut().for_each(|client| assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []"));
        }
        assert!(threads() > count, "each has its thread");
        drop(clients);
        eventually("the sockets are closed", || descriptors().len() <= before.len());
        eventually("surplus threads have ended", || threads() <= 3 + 4 + 1);
    }
    assert_eq!(rig.asked.all().len(), 1 + 3 * 564);
    let clients: Vec<Wire> = (0..500).map(|_| rig.client()).collect();
    rig.relay.stop().unwrap();
    eventually("live connections end with the relay", || threads() <= 3 && descriptors().len() <= before.len() + 500);
    drop(clients);
    eventually("and no socket is left", || descriptors().len() < before.len());
}

#[cfg(target_os = "linux")]
#[test]
fn children_inherit_no_socket() {
    if !alone("life::children_inherit_no_socket") {
        return;
    }
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send(GET);
    client.message().unwrap();
    let child = std::process::Command::new("ls").args(["-l", "/proc/self/fd"]).output().unwrap();
    let listing = String::from_utf8(child.stdout).unwrap();
    assert!(listing.contains("->") && !listing.contains("socket:"), "{listing}");
}

#[test]
fn nobody_can_connect_to_a_stopped_relay() {
    let relay = Relay::raw(|_| Ok(())).bind(&Endpoint::loopback(), Endpoint::loopback()).unwrap().serve().unwrap();
    let Endpoint::Tcp(address) = *relay.endpoint() else { unreachable!() };
    relay.stop().unwrap();
    let error = std::net::TcpStream::connect(address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}
