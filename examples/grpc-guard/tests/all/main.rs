//! A project that uses Beacon by its SDK and by its command line. Take away a `#[uses(beacon)]` to see it fail.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod server;

use std::process::Command;

use grpc_guard::guarded;
use resource_guards::uses;
use tokio_stream::StreamExt as _;

resource_guards::install!();

#[uses(beacon)]
#[tokio::test]
async fn a_unary_call_is_a_use() {
    let mut beacon = guarded(server::start());
    assert!(beacon.is_up("nightly").await.unwrap());
}

#[uses(beacon("grpc.health.v1.Health/Watch"))]
#[tokio::test]
async fn a_streaming_call_is_a_use_of_its_method() {
    let mut beacon = guarded(server::start());
    let mut states = beacon.watch("nightly").await.unwrap();
    assert!(states.next().await.unwrap().unwrap());
}

#[uses(beacon)]
#[test]
fn the_command_line_is_a_use_of_the_same_resource() {
    // It need not be installed: the wrapper says so then, and a use it is all the same.
    assert!(Command::new("beacon").args(["is-up", "nightly"]).status().is_ok());
}

#[uses(may(beacon = "only to see whether it was called"))]
#[tokio::test]
async fn a_client_that_makes_no_call_uses_nothing() {
    let _beacon = guarded(server::start());
}
