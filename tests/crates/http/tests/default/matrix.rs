//! Every client, over http and https, in the cells of the table: used as declared, used undeclared, used undeclared and
//! swallowed, declared and unused, and in a plain test.

use http_clients::clients::{Client, hyper, programs, reqwest, ureq};
use resource_guards::uses;

/// A request for a host far away. The secrets in it are for nobody's eyes.
fn far(scheme: &str, client: Client) -> Result<String, String> {
    client(&format!("{scheme}://api.github.test/users?page=1"), "")
}

/// One for a server of the test's own: the client runs, and no declared host is asked.
fn near(client: Client) {
    let url = format!("http://127.0.0.1:{}/near", http_clients::world_port());
    assert_eq!(client(&url, ""), Ok(format!("GET direct {url}")));
}

macro_rules! rows {
    ($($name:ident: $scheme:literal by $client:path => $expected:literal;)*) => {
        mod declared {
            use super::*;
            $(#[uses(http("api.github.test"))] #[test] fn $name() {
                assert_eq!(far($scheme, $client), Ok($expected.to_owned()));
            })*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $name() {
                far($scheme, $client).expect("an answer");
            })*
        }
        mod swallowed {
            use super::*;
            $(#[uses()] #[test] fn $name() {
                _ = far($scheme, $client);
            })*
        }
        mod unused {
            use super::*;
            $(#[uses(http("api.github.test"))] #[test] fn $name() {
                near($client);
            })*
        }
        mod plain {
            use super::*;
            $(#[test] fn $name() {
                _ = far($scheme, $client);
            })*
        }
    };
}

rows! {
    middleware_http: "http" by reqwest::middleware => "GET http://api.github.test/users";
    middleware_https: "https" by reqwest::middleware => "GET https://api.github.test/users";
    reqwest_http: "http" by reqwest::plain => "GET http://api.github.test/users";
    reqwest_https: "https" by reqwest::plain => "GET https://api.github.test/users";
    blocking_http: "http" by reqwest::blocking => "GET http://api.github.test/users";
    blocking_https: "https" by reqwest::blocking => "GET https://api.github.test/users";
    ureq_http: "http" by ureq::get => "GET tunnelled http://api.github.test/users";
    ureq_https: "https" by ureq::get => "GET https://api.github.test/users";
    hyper_http: "http" by hyper::get => "GET tunnelled http://api.github.test/users";
    hyper_https: "https" by hyper::get => "GET https://api.github.test/users";
    curl_http: "http" by programs::curl => "GET http://api.github.test/users";
    curl_https: "https" by programs::curl => "GET https://api.github.test/users";
    urllib_http: "http" by programs::urllib => "GET http://api.github.test/users";
    urllib_https: "https" by programs::urllib => "GET https://api.github.test/users";
    requests_http: "http" by programs::requests => "GET http://api.github.test/users";
    requests_https: "https" by programs::requests => "GET https://api.github.test/users";
}
