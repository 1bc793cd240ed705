//! tonic's clients through the layer.

use std::error::Error as _;

use guard_tower::{Grpc, GuardLayer, Guarded, violation};
use resource_guards::uses;
use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tower::Layer as _;

use crate::{RPC, server};

const SERVING: i32 = 1;

fn guarded(channel: Channel) -> Guarded<Channel, Grpc> {
    GuardLayer::grpc(&RPC).layer(channel)
}

fn health() -> HealthClient<Guarded<Channel, Grpc>> {
    HealthClient::new(guarded(server::channel(server::start())))
}

#[uses(rpc)]
#[tokio::test]
async fn a_unary_call_passes() {
    let answer = health().check(HealthCheckRequest::default()).await.unwrap();
    assert_eq!(answer.into_inner().status, SERVING);
}

#[uses(rpc("grpc.health.v1.Health/Watch"))]
#[tokio::test]
async fn a_server_stream_passes_where_only_its_method_is_declared() {
    let mut states = health().watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(states.next().await.unwrap().unwrap().status, SERVING);
}

#[uses(rpc("grpc.reflection.*"))]
#[tokio::test]
async fn a_bidirectional_stream_passes_where_only_its_package_is_declared() {
    let question = |message| ServerReflectionRequest { host: String::new(), message_request: Some(message) };
    let questions = tokio_stream::iter([
        question(MessageRequest::ListServices(String::new())),
        question(MessageRequest::FileContainingSymbol("grpc.health.v1.Health".to_owned())),
    ]);
    let mut client = ServerReflectionClient::new(guarded(server::channel(server::start())));
    let answers = client.server_reflection_info(questions).await.unwrap().into_inner();
    let answers: Vec<ServerReflectionResponse> = answers.map(Result::unwrap).collect().await;
    assert!(matches!(
        answers.iter().map(|answer| answer.message_response.as_ref().unwrap()).collect::<Vec<_>>()[..],
        [MessageResponse::ListServicesResponse(_), MessageResponse::FileDescriptorResponse(_)]
    ));
}

#[uses(rpc)]
#[tokio::test(flavor = "multi_thread")]
async fn clones_make_calls_from_other_tasks() {
    let client = health();
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.check(HealthCheckRequest::default()).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().into_inner().status, SERVING);
    }
}

#[uses(rpc)]
#[tokio::test]
async fn a_status_of_the_server_comes_through_as_it_is() {
    let request = HealthCheckRequest { service: "nobody.knows.It".to_owned() };
    let status = health().check(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert!(violation(&status).is_none());
}

#[uses(rpc)]
#[tokio::test]
async fn an_error_of_the_transport_is_what_it_is_without_the_layer() {
    let closed = ([127, 0, 0, 1], 1).into();
    let mut bare = HealthClient::new(server::channel(closed));
    let bare = bare.check(HealthCheckRequest::default()).await.unwrap_err();
    let mut guarded = HealthClient::new(guarded(server::channel(closed)));
    let guarded = guarded.check(HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!((guarded.code(), guarded.message()), (bare.code(), bare.message()));
    assert_eq!(guarded.source().map(ToString::to_string), bare.source().map(ToString::to_string));
    assert!(violation(&guarded).is_none());
}
