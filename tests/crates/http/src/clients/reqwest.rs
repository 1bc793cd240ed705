//! reqwest: async, blocking, and behind guard-http's middleware.

use reqwest::Certificate;
use reqwest::header::AUTHORIZATION;
use reqwest_middleware::ClientWithMiddleware;

use super::{Got, authority_pem, chain};

/// An async client as code under test builds it, but for the authority.
pub fn client() -> reqwest::Client {
    builder().build().expect("a client")
}

/// The builder of one.
pub fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([certificate()])
}

/// The same with the middleware.
pub fn guarded() -> ClientWithMiddleware {
    guard_http::client_builder(client()).build()
}

/// A blocking client.
pub fn blocking_client() -> reqwest::blocking::Client {
    reqwest::blocking::Client::builder().tls_certs_only([certificate()]).build().expect("a client")
}

fn certificate() -> Certificate {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Certificate::from_pem(&authority_pem()).expect("a certificate")
}

/// Runs a future on a runtime of its own.
pub fn on_a_runtime<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

pub fn plain(url: &str, authorization: &str) -> Got {
    on_a_runtime(async {
        let request = client().get(url);
        let request = if authorization.is_empty() { request } else { request.header(AUTHORIZATION, authorization) };
        read(request.send().await.map_err(|error| chain(&error))?).await
    })
}

pub fn middleware(url: &str, authorization: &str) -> Got {
    on_a_runtime(async {
        let request = guarded().get(url);
        let request = if authorization.is_empty() { request } else { request.header(AUTHORIZATION, authorization) };
        read(request.send().await.map_err(|error| chain(&error))?).await
    })
}

pub fn blocking(url: &str, authorization: &str) -> Got {
    let request = blocking_client().get(url);
    let request = if authorization.is_empty() { request } else { request.header(AUTHORIZATION, authorization) };
    let answer = request.send().map_err(|error| chain(&error))?;
    let status = answer.status();
    let text = answer.text().map_err(|error| chain(&error))?;
    if status.is_success() { Ok(text) } else { Err(format!("{status}: {text}")) }
}

/// The body, if the answer is a success.
pub async fn read(answer: reqwest::Response) -> Got {
    let status = answer.status();
    let text = answer.text().await.map_err(|error| chain(&error))?;
    if status.is_success() { Ok(text) } else { Err(format!("{status}: {text}")) }
}
