//! A gRPC server on loopback: health and reflection. It answers HTTP/1 too.

use std::net::SocketAddr;

use tonic::transport::server::{Server, TcpIncoming};
use tonic::transport::{Channel, Endpoint};

/// Starts a server that runs until the test's runtime is dropped.
pub(crate) fn start() -> SocketAddr {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = incoming.local_addr().unwrap();
    let (_, health) = tonic_health::server::health_reporter();
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .unwrap();
    let server = Server::builder().accept_http1(true).add_service(health).add_service(reflection);
    tokio::spawn(server.serve_with_incoming(incoming));
    address
}

/// A channel to an address, which connects with the first call.
pub(crate) fn channel(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}
