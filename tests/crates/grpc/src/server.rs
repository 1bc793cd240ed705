//! The server: health and reflection, and a counter of the requests that reached it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tonic::transport::server::TcpIncoming;

/// A running server. It ends with the runtime of its test.
pub struct Server {
    pub address: SocketAddr,
    requests: Arc<AtomicU32>,
}

impl Server {
    pub fn start() -> Self {
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = incoming.local_addr().unwrap();
        let (_, health) = tonic_health::server::health_reporter();
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()
            .unwrap();
        let requests = Arc::<AtomicU32>::default();
        let counter = Arc::clone(&requests);
        let count = tower::util::MapRequestLayer::new(move |request: http::Request<_>| {
            counter.fetch_add(1, Ordering::Relaxed);
            request
        });
        let mut server = tonic::transport::Server::builder().accept_http1(true).layer(count);
        tokio::spawn(server.add_service(health).add_service(reflection).serve_with_incoming(incoming));
        Self { address, requests }
    }

    /// How many requests have reached it.
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }
}
