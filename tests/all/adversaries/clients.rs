//! Clients of guarded services that go past what is in front of these.

use black_box::Engine::{CargoTest, Nextest};

use super::world::{self, World};
use super::{Row, expect, undeclared, unused};

#[test]
fn portable_guards_do_not_see_clients_of_docker_with_an_address_of_their_own() {
    let Some(world) = World::with_docker() else { return };
    let mut table: Vec<Row> = ["by_name", "followed_host"].map(|way| (format!("declared::{way}"), None)).into();
    table.push(undeclared("undeclared::followed_host".to_owned(), "docker", "GET /info (relay, pid"));
    for way in ["own_socket", "curl", "overridden_host", "by_path"] {
        table.push(unused(format!("declared::{way}"), "docker"));
        table.push((format!("undeclared::{way}"), None));
    }
    expect(&world.krate("docker"), &[CargoTest, Nextest], &table);
}

/// They are led to the relay, which refuses in the words of the protocol and knows the request.
#[test]
fn strict_leads_clients_of_docker_to_the_relay() {
    let Some(world) = World::with_docker() else { return };
    let mut table: Vec<Row> = vec![("declared::by_name".to_owned(), None)];
    let request = "GET /info (relay, pid";
    for (way, evidence) in [
        ("own_socket", request),
        ("curl", request),
        ("followed_host", request),
        ("overridden_host", request),
        ("by_path", "D ps … from docker-"),
    ] {
        table.push((format!("declared::{way}"), None));
        table.push(undeclared(format!("undeclared::{way}"), "docker", &world.evidence(evidence, way)));
    }
    let krate = world.krate("docker").strict();
    expect(&krate, &[CargoTest, Nextest], &table);
    let run = krate.args(&["declared"]).run(Nextest);
    for (test, chokepoint) in [
        ("declared::by_name", "PATH wrapper"),
        ("declared::own_socket", "relay"),
        ("declared::overridden_host", "relay"),
    ] {
        let uses = world::uses(&run, test);
        assert_eq!(uses.len(), 1, "{test} is counted once: {uses:?}");
        assert_eq!(uses[0]["chokepoint"], chokepoint, "{test}");
    }
}

#[test]
fn strict_sees_clients_without_a_proxy_and_leaves_loopback_alone() {
    let world = World::new();
    let seen = |client: &str, process: &str| {
        let evidence = format!("connect to {}:80 from {process}", world.host());
        undeclared(format!("undeclared::{client}"), "http", &evidence)
    };
    let table = [
        ("declared::curl".to_owned(), None),
        ("declared::reqwest".to_owned(), None),
        seen("curl", "curl (kernel, pid"),
        seen("reqwest", "http-"),
        ("undeclared::loopback".to_owned(), None),
    ];
    expect(&world.krate("http").strict(), &[CargoTest, Nextest], &table);
    let table = [
        unused("declared::curl".to_owned(), "http"),
        unused("declared::reqwest".to_owned(), "http"),
        ("undeclared::curl".to_owned(), None),
        ("undeclared::reqwest".to_owned(), None),
        ("undeclared::loopback".to_owned(), None),
    ];
    expect(&world.krate("http"), &[CargoTest, Nextest], &table);
}
