//! Protocols that the relay does not know.

use guard_relay::{Refusal, Relay};

use crate::support::{Asked, Rig, Wire};

fn greet(mut wire: Wire) {
    wire.send("+hello\r\n");
    while let Some(line) = wire.head() {
        wire.send(line.to_uppercase());
    }
}

#[test]
fn a_service_may_speak_first_and_is_asked_about_once() {
    let asked = Asked::default();
    let note = asked.clone();
    let relay = Relay::raw(move |peer| {
        note.note(format!("{:?}", peer.pid().is_some()));
        Ok(())
    });
    let rig = Rig::new(asked, relay, greet);
    let mut client = rig.client();
    assert_eq!(client.take_text(8), "+hello\r\n");
    for _ in 0..3 {
        client.send("GET / HTTP/1.1\r\n\r\n");
        assert_eq!(client.head().unwrap(), "GET / HTTP/1.1\r\n\r\n");
    }
    assert_eq!(rig.asked.all(), [cfg!(target_os = "linux").to_string()]);
}

#[test]
fn a_refusal_speaks_the_services_own_protocol() {
    let relay = Relay::raw(|_| Err(Refusal::bytes("", *b"-ERR not declared\r\n")));
    let rig = Rig::new(Asked::default(), relay, greet);
    let mut client = rig.client();
    client.send("PING\r\n");
    assert_eq!(client.rest(), "-ERR not declared\r\n");
    assert_eq!(rig.server.connections(), 0);
}

#[test]
fn a_refusal_without_words_just_ends_the_connection() {
    let rig = Rig::new(Asked::default(), Relay::raw(|_| Err(Refusal::bytes("", ""))), greet);
    assert_eq!(rig.client().rest(), "");
}
