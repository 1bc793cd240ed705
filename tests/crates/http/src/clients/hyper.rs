//! hyper-util with a connector that tunnels through the proxy of the environment.

use http::{Request, Uri};
use http_body_util::{BodyExt as _, Empty};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioExecutor;

use super::reqwest::on_a_runtime;
use super::{Got, chain, tls};

pub fn get(url: &str, authorization: &str) -> Got {
    on_a_runtime(async {
        let uri = with_port(url.parse().map_err(|error| chain(&error))?);
        let mut request = Request::get(&uri);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        let request = request.body(Empty::<&[u8]>::new()).map_err(|error| chain(&error))?;
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        let https = HttpsConnectorBuilder::new().with_tls_config(tls()).https_or_http().enable_http1();
        let answer = match Matcher::from_env().intercept(&uri) {
            Some(proxy) => {
                let connector = https.wrap_connector(Tunnel::new(proxy.uri().clone(), direct));
                Client::builder(TokioExecutor::new()).build(connector).request(request).await
            }
            None => Client::builder(TokioExecutor::new()).build(https.wrap_connector(direct)).request(request).await,
        };
        let answer = answer.map_err(|error| chain(&error))?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| chain(&error))?.to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        if status.is_success() { Ok(text) } else { Err(format!("{status}: {text}")) }
    })
}

/// A tunnel leads to port 443 where the URL has none.
fn with_port(uri: Uri) -> Uri {
    match (uri.scheme_str(), uri.port(), uri.host()) {
        (Some("http"), None, Some(host)) => {
            let authority = format!("{host}:80");
            let mut parts = uri.into_parts();
            parts.authority = authority.parse().ok();
            Uri::from_parts(parts).expect("a host and a port")
        }
        _ => uri,
    }
}

/// Without a proxy: hyper does not know of any.
pub fn without_proxy(url: &str) -> Got {
    on_a_runtime(async {
        let uri: Uri = url.parse().map_err(|error| chain(&error))?;
        let request = Request::get(&uri).body(Empty::<&[u8]>::new()).map_err(|error| chain(&error))?;
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        let answer = client.request(request).await.map_err(|error| chain(&error))?;
        let body = answer.into_body().collect().await.map_err(|error| chain(&error))?.to_bytes();
        Ok(String::from_utf8_lossy(&body).into_owned())
    })
}
