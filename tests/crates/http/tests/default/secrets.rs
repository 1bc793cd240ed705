//! Requests full of secrets, allowed and refused. The tests print nothing; what is printed and written comes from guards.

use http_clients::clients::Client;
use resource_guards::uses;

const SECRET: &str = "hunter2";

fn ask(client: Client) {
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://user:{SECRET}@api.github.test/path?token={SECRET}#{SECRET}");
        _ = client(&url, &format!("Bearer {SECRET}"));
    }
    let scope = std::env::var("RESOURCE_GUARDS_SCOPE").expect("a test has a scope");
    let events = std::fs::read_to_string(format!("{scope}/events")).expect("a scope has a log");
    assert!(events.contains("api.github.test"), "{events}");
    assert!(!events.contains(SECRET), "a secret is in the log");
}

macro_rules! clients {
    ($($name:ident: $client:path;)*) => {
        mod declared {
            use super::*;
            $(#[uses(http("api.github.test"))] #[test] fn $name() { ask($client); })*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $name() { ask($client); })*
        }
    };
}

clients! {
    middleware: http_clients::clients::reqwest::middleware;
    reqwest: http_clients::clients::reqwest::plain;
    blocking: http_clients::clients::reqwest::blocking;
    ureq: http_clients::clients::ureq::get;
    hyper: http_clients::clients::hyper::get;
    curl: http_clients::clients::programs::curl;
    urllib: http_clients::clients::programs::urllib;
    requests: http_clients::clients::programs::requests;
}
