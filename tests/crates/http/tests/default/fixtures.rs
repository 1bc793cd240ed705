//! Requests in set-ups and teardowns, over connections that outlive them.

use http_clients::clients::reqwest::{blocking_client, guarded};
use reqwest::blocking::Client;
use reqwest_middleware::ClientWithMiddleware;
use resource_guards::{Fixture, fixture_uses, uses};

fn ask(client: &Client, path: &str) -> bool {
    client
        .get(format!("http://api.github.test/{path}"))
        .send()
        .is_ok_and(|answer| answer.text().is_ok_and(|text| text.starts_with("GET")))
}

/// The same over a tunnel.
fn tunnel(client: &Client, path: &str) -> bool {
    client
        .get(format!("https://api.github.test/{path}"))
        .send()
        .is_ok_and(|answer| answer.text().is_ok_and(|text| text.starts_with("GET")))
}

#[fixture_uses(http("api.github.test"))]
fn session() -> Fixture<Client> {
    let client = blocking_client();
    assert!(ask(&client, "up"));
    Fixture::with_teardown(client, |client| assert!(ask(&client, "down")))
}

#[fixture_uses(http("api.github.test"))]
fn tidied() -> Fixture<Client> {
    Fixture::with_teardown(blocking_client(), |client| assert!(ask(&client, "down")))
}

#[fixture_uses(http("api.github.test"))]
fn tunnelled() -> Fixture<Client> {
    let client = blocking_client();
    assert!(tunnel(&client, "up"));
    Fixture::with_teardown(client, |client| assert!(tunnel(&client, "down")))
}

#[fixture_uses(http("api.github.test"))]
fn tidied_by_tunnel() -> Fixture<Client> {
    Fixture::with_teardown(blocking_client(), |client| assert!(tunnel(&client, "down")))
}

#[fixture_uses(http("static.crates.test"))]
fn stray() -> Fixture<Client> {
    let client = blocking_client();
    client.get("http://static.crates.test/up").send().unwrap();
    Fixture::with_teardown(client, |client| _ = ask(&client, "down"))
}

#[fixture_uses()]
fn quiet() -> Fixture<Client> {
    Fixture::with_teardown(blocking_client(), |client| _ = ask(&client, "down"))
}

#[fixture_uses(http("api.github.test"))]
async fn hooked() -> Fixture<ClientWithMiddleware> {
    let client = guarded();
    client.get("http://api.github.test/up").send().await.unwrap();
    Fixture::with_async_teardown(client, |client| async move {
        client.get("http://api.github.test/down").send().await.unwrap();
    })
}

#[uses(http)]
#[test]
fn both_ends_belong_to_the_fixture() {
    let _session = session();
}

#[uses(http)]
#[test]
fn both_ends_belong_to_the_fixture_through_a_tunnel() {
    let _session = tunnelled();
}

#[uses(http)]
#[tokio::test]
async fn both_ends_belong_to_the_fixture_with_the_middleware() {
    let _session = hooked().await;
}

#[uses(http("static.crates.test"))]
#[test]
fn the_body_is_asked_for_itself_over_the_set_ups_connection() {
    let session = session();
    assert!(!ask(&session, "body"));
}

#[uses(http("static.crates.test"))]
#[tokio::test]
async fn the_body_is_asked_for_itself_with_the_middleware() {
    let session = hooked().await;
    session.get("https://api.github.test/body").send().await.unwrap_err();
}

#[uses(http("api.github.test"))]
#[test]
fn a_teardown_over_the_bodys_connection_is_the_fixtures() {
    let session = tidied();
    assert!(ask(&session, "body"));
}

#[uses(http("api.github.test"))]
#[test]
fn a_teardown_through_the_bodys_tunnel_is_the_fixtures() {
    let session = tidied_by_tunnel();
    assert!(tunnel(&session, "body"));
}

#[uses(http)]
#[test]
fn a_teardown_that_asks_another_host_is_named() {
    let _stray = stray();
}

#[uses(http("api.github.test"))]
#[test]
fn a_teardown_that_declares_nothing_is_named() {
    let quiet = quiet();
    assert!(ask(&quiet, "body"));
}

#[uses()]
#[test]
fn a_test_that_does_not_declare_its_fixtures_resource_is_named() {
    let _session = session();
}
