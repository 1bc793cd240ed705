//! The SDK and the command line of one service are one resource.

use std::process::Command;

use grpc_guard::{Beacon, GuardedChannel, guarded};
use resource_guards::uses;
use tokio_stream::StreamExt as _;
use tonic::transport::Endpoint;
use tonic::transport::server::{Server, TcpIncoming};

resource_guards::install!();

/// A client of a service on loopback, which knows one job: the empty name.
fn beacon() -> Beacon<GuardedChannel> {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = incoming.local_addr().unwrap();
    let (_, service) = tonic_health::server::health_reporter();
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
    guarded(Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy())
}

fn command_line() {
    let _ = Command::new("beacon").args(["is-up", "nightly"]).output();
}

mod declared {
    use super::*;

    #[uses(beacon)]
    #[tokio::test]
    async fn unary() {
        assert!(beacon().is_up("").await.unwrap());
    }

    #[uses(beacon)]
    #[tokio::test]
    async fn streaming() {
        assert!(beacon().watch("").await.unwrap().next().await.unwrap().unwrap());
    }

    #[uses(beacon)]
    #[test]
    fn program() {
        command_line();
    }
}

mod undeclared {
    use super::*;

    #[tokio::test]
    async fn unary() {
        beacon().is_up("").await.unwrap();
    }

    #[tokio::test]
    async fn streaming() {
        assert!(beacon().watch("").await.is_ok());
    }
}

mod swallowed {
    use super::*;

    #[tokio::test]
    async fn unary() {
        let _ = beacon().is_up("").await;
    }

    #[tokio::test]
    async fn streaming() {
        let _ = beacon().watch("").await;
    }

    #[test]
    fn program() {
        command_line();
    }
}

#[uses(beacon)]
#[tokio::test]
async fn an_unused_declaration() {
    let _ = beacon();
}
