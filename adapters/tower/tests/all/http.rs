//! hyper-util's client through the layer.

use guard_tower::{BoxError, GuardLayer, violation};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use resource_guards::uses;
use tower::{Layer as _, ServiceExt as _};

use crate::{WEB, server};

fn client() -> Client<HttpConnector, Empty<&'static [u8]>> {
    Client::builder(TokioExecutor::new()).build_http()
}

fn get(uri: impl std::fmt::Display) -> Request<Empty<&'static [u8]>> {
    Request::get(uri.to_string()).body(Empty::new()).unwrap()
}

fn is_ok<B>(response: Result<Response<B>, BoxError>) -> bool {
    response.unwrap().status() == StatusCode::OK
}

#[uses(web("127.0.0.1"))]
#[tokio::test]
async fn a_request_to_the_declared_host_passes() {
    let address = server::start();
    let client = GuardLayer::http(&WEB).layer(client());
    assert!(is_ok(client.oneshot(get(format_args!("http://{address}/a?key=secret"))).await));
}

#[uses(web)]
#[tokio::test]
async fn a_shared_client_can_be_wrapped_by_reference() {
    let address = server::start();
    let client = client();
    let layer = GuardLayer::http(&WEB);
    for path in ["a", "b"] {
        assert!(is_ok(layer.layer(&client).oneshot(get(format_args!("http://{address}/{path}"))).await));
    }
}

#[uses()]
#[tokio::test]
async fn loopback_needs_no_declaration_where_it_is_allowed() {
    let address = server::start();
    let client = GuardLayer::http(&WEB).allow_loopback().layer(client());
    assert!(is_ok(client.oneshot(get(format_args!("http://{address}/"))).await));
}

#[uses(web)]
#[tokio::test]
async fn an_error_of_the_client_can_still_be_downcast() {
    let client = GuardLayer::http(&WEB).layer(client());
    let error = client.oneshot(get("http://127.0.0.1:1/")).await.unwrap_err();
    assert!(error.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(|error| error.is_connect()));
    assert!(violation(&*error).is_none());
}
