//! A Beacon service on loopback.

use tonic::transport::server::{Server, TcpIncoming};
use tonic::transport::{Channel, Endpoint};
use tonic_health::ServingStatus;

/// Starts a service that knows the job `nightly`, and returns a channel to it.
pub(crate) fn start() -> Channel {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = incoming.local_addr().unwrap();
    tokio::spawn(async move {
        let (jobs, service) = tonic_health::server::health_reporter();
        jobs.set_service_status("nightly", ServingStatus::Serving).await;
        Server::builder().add_service(service).serve_with_incoming(incoming).await
    });
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}
