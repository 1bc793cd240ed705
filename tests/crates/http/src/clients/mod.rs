//! One module a client. Each `get` sends one request, with an `Authorization` header if that is not empty, and returns
//! the body, or why there is none: the answer's own text where the client shows it.

pub mod hyper;
pub mod programs;
pub mod reqwest;
pub mod ureq;

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// What a request came to.
pub type Got = Result<String, String>;

/// One client.
pub type Client = fn(url: &str, authorization: &str) -> Got;

/// All of them, by name.
pub const ALL: [(&str, Client); 8] = [
    ("middleware", reqwest::middleware),
    ("reqwest", reqwest::plain),
    ("blocking", reqwest::blocking),
    ("ureq", ureq::get),
    ("hyper", hyper::get),
    ("curl", programs::curl),
    ("urllib", programs::urllib),
    ("requests", programs::requests),
];

/// The file with the authority that the made-up hosts are certified by.
fn authority() -> String {
    std::env::var("WORLD_CA").expect("the driver tells where the authority is")
}

fn authority_pem() -> Vec<u8> {
    std::fs::read(authority()).expect("the world has written it")
}

/// For clients that are given a whole configuration.
fn tls() -> rustls::ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&authority_pem()).expect("a certificate")).expect("an authority");
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
