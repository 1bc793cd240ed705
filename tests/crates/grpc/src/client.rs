//! A client with one method for each kind of call.

use std::net::SocketAddr;

use guard_tower::{BoxError, Grpc, GuardLayer, Guarded, Http};
use http_body_util::Empty;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio_stream::StreamExt as _;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tower::{Layer as _, ServiceExt as _};

use crate::{RPC, Server, WEB};

/// Its calls return when the first answer is there.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    channel: Guarded<Channel, Grpc>,
    web: Guarded<legacy::Client<HttpConnector, Empty<&'static [u8]>>, Http>,
}

impl Client {
    pub fn of(server: &Server) -> Self {
        let channel = Endpoint::from_shared(format!("http://{}", server.address)).unwrap().connect_lazy();
        let web = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self {
            address: server.address,
            channel: GuardLayer::grpc(&RPC).layer(channel),
            web: GuardLayer::http(&WEB).layer(web),
        }
    }

    pub fn channel(&self) -> Guarded<Channel, Grpc> {
        self.channel.clone()
    }

    pub async fn unary(&self) -> Result<(), Status> {
        HealthClient::new(self.channel()).check(HealthCheckRequest::default()).await.map(drop)
    }

    pub async fn server_streaming(&self) -> Result<(), Status> {
        let answers = HealthClient::new(self.channel()).watch(HealthCheckRequest::default()).await?;
        answers.into_inner().next().await.unwrap().map(drop)
    }

    pub async fn bidirectional(&self) -> Result<(), Status> {
        let questions = tokio_stream::iter([ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        }]);
        let answers = ServerReflectionClient::new(self.channel()).server_reflection_info(questions).await?;
        answers.into_inner().next().await.unwrap().map(drop)
    }

    pub async fn http(&self) -> Result<(), BoxError> {
        let uri = format!("http://user:secret@{}/status?key=secret", self.address);
        let request = http::Request::get(uri).header("authorization", "Bearer secret").body(Empty::new()).unwrap();
        self.web.clone().oneshot(request).await.map(drop)
    }
}
