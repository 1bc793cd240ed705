//! A refusal between other layers, and calls of fixtures.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use grpc::{Client, RPC, Server, WEB};
use guard_tower::{BoxError, Call, GuardLayer, violation};
use resource_guards::{Fixture, fixture_uses, uses};
use tower::{Service as _, ServiceBuilder, ServiceExt as _, service_fn};

resource_guards::install!(&RPC, &WEB);

fn layer() -> GuardLayer<fn(&u32) -> Call<'_>> {
    GuardLayer::with(&RPC, |id: &u32| Call::new(format!("send {id}")))
}

static ARRIVED: AtomicU32 = AtomicU32::new(0);

async fn send(_: u32) -> Result<(), Infallible> {
    ARRIVED.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

#[uses()]
#[tokio::test]
async fn a_refused_call_leaves_the_place_that_it_had_reserved() {
    let mut service = ServiceBuilder::new().layer(layer()).concurrency_limit(1).service_fn(send);
    for id in [1, 2] {
        let error = service.ready().await.unwrap().call(id).await.unwrap_err();
        let arrived = ARRIVED.load(Ordering::Relaxed);
        println!("{id} was refused: {}, {arrived} calls arrived", violation(&*error).is_some());
    }
}

/// An error as clients make them of their transports'.
#[derive(Debug)]
struct Wrapped(BoxError);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot send")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

#[uses()]
#[tokio::test]
async fn a_violation_is_found_however_it_is_wrapped() {
    let error = ServiceBuilder::new().layer(layer()).service(service_fn(send)).oneshot(1).await.unwrap_err();
    let error = std::io::Error::other(Wrapped(Box::new(std::io::Error::other(error))));
    println!("the violation was found: {}", violation(&Wrapped(Box::new(error))).is_some());
}

#[fixture_uses(rpc)]
async fn seeded() -> Fixture<Client> {
    let client = Client::of(&Server::start());
    client.unary().await.unwrap();
    Fixture::with_async_teardown(client, async |client: Client| client.server_streaming().await.unwrap())
}

#[fixture_uses(rpc)]
async fn called_at_the_end() -> Fixture<Client> {
    let client = Client::of(&Server::start());
    Fixture::with_async_teardown(client, async |client: Client| client.unary().await.unwrap())
}

#[fixture_uses()]
async fn sloppy() -> Fixture<Client> {
    let client = Client::of(&Server::start());
    let _ = client.unary().await;
    Fixture::new(client)
}

#[uses(rpc)]
#[tokio::test]
async fn calls_of_a_fixture_are_enough_for_its_consumer() {
    seeded().await.close().await;
}

#[uses(rpc)]
#[tokio::test]
async fn a_call_of_a_teardown_is_made_when_the_body_has_ended() {
    let _fixture = called_at_the_end().await;
}

#[uses()]
#[tokio::test]
async fn a_call_in_a_fixture_that_declares_nothing_belongs_to_it() {
    sloppy().await.close().await;
}

#[uses(rpc)]
#[tokio::test]
async fn a_call_of_the_body_beside_a_set_up_belongs_to_the_test() {
    let client = Client::of(&Server::start());
    let (seeded, refused) = tokio::join!(seeded(), client.http());
    assert!(refused.is_err());
    seeded.close().await;
}
