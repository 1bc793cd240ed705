//! Requests to this machine are neither refused nor counted, whatever the client makes of NO_PROXY.

use http_clients::clients::Client;
use http_clients::world_port;
use resource_guards::uses;

fn reaches(host: &str, client: Client) {
    let url = format!("http://{host}:{}/here", world_port());
    assert_eq!(client(&url, ""), Ok(format!("GET direct {url}")));
}

macro_rules! clients {
    ($($name:ident)*) => {
        mod v4 {
            use super::*;
            use http_clients::clients::{hyper, programs, reqwest, ureq};
            $(#[uses()] #[test] fn $name() {
                for host in ["localhost", "127.0.0.1", "127.9.9.9"] {
                    reaches(host, clients!(@ $name));
                }
            })*
        }
        mod v6 {
            use super::*;
            use http_clients::clients::{hyper, programs, reqwest, ureq};
            $(#[uses()] #[test] fn $name() {
                reaches("[::1]", clients!(@ $name));
            })*
        }
    };
    (@ middleware) => { reqwest::middleware };
    (@ reqwest) => { reqwest::plain };
    (@ blocking) => { reqwest::blocking };
    (@ ureq) => { ureq::get };
    (@ hyper) => { hyper::get };
    (@ curl) => { programs::curl };
    (@ urllib) => { programs::urllib };
    (@ requests) => { programs::requests };
}

clients! { middleware reqwest blocking ureq hyper curl urllib requests }

/// A server that listens on all addresses says that this is where it is.
#[uses()]
#[test]
fn the_unspecified_address_is_this_machine() {
    reaches("0.0.0.0", http_clients::clients::ureq::get);
    reaches("0.0.0.0", http_clients::clients::reqwest::middleware);
}

#[uses(http)]
#[test]
fn no_use_is_counted() {
    reaches("localhost", http_clients::clients::reqwest::middleware);
    reaches("127.0.0.1", http_clients::clients::ureq::get);
}
