//! The transport: asks before each request, then does what bollard's own does.

use std::error::Error as _;
use std::io;

use bollard::BollardRequest;
use bollard::errors::Error;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::Connect;
use hyper_util::rt::TokioExecutor;
use resource_guards::{Via, Violation};

use crate::evidence::{is_use, without_version};
use crate::guard::DOCKER;

/// A client whose every request asks first. `connect` finds the daemon; `address` is what bollard puts into URIs.
pub(super) fn guarded<C>(
    connect: C,
    address: String,
    timeout: u64,
    version: &bollard::ClientVersion,
) -> Result<bollard::Docker, Error>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let mut builder = Client::builder(TokioExecutor::new());
    // As bollard does: the daemon closes idle connections at its own will.
    builder.pool_max_idle_per_host(0);
    let client = builder.build(connect);
    let transport = move |request: BollardRequest| {
        let asked = ask(&request);
        let client = client.clone();
        Box::pin(async move {
            asked?;
            client.request(request).await.map_err(Error::from)
        }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    };
    bollard::Docker::connect_with_custom_transport(transport, Some(address), timeout, version)
}

fn ask(request: &BollardRequest) -> Result<(), Error> {
    let path = request.uri().path();
    if !is_use(path) {
        return Ok(());
    }
    let path = without_version(path);
    DOCKER
        .enforce_via(&Via::hook("SDK hook").at(path), || format!("{} {path}", request.method()))
        .map_err(|violation| Error::IOError { err: io::Error::other(violation) })
}

/// The violation because of which a call was refused, if it was.
#[must_use]
pub fn violation(error: &Error) -> Option<&Violation> {
    let mut cause = error.source();
    if let Error::IOError { err } = error {
        cause = err.get_ref().map(|inner| inner as _);
    }
    while let Some(error) = cause {
        if let Some(violation) = error.downcast_ref() {
            return Some(violation);
        }
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
