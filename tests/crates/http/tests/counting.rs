//! With requests to this machine counted: what the crate of the guard registers for everybody gives way.

resource_guards::install!(guard_http::Http.counting_loopback());

use http_clients::clients::{Client, hyper, programs, reqwest, ureq};
use http_clients::world_port;
use resource_guards::uses;

fn ask(host: &str, client: Client) -> bool {
    let url = format!("http://{host}:{}/here", world_port());
    client(&url, "").is_ok_and(|text| text == format!("GET direct {url}"))
}

macro_rules! clients {
    ($($name:ident: $client:path;)*) => {
        mod declared {
            use super::*;
            $(#[uses(http("127.0.0.1"))] #[test] fn $name() {
                assert!(ask("127.0.0.1", $client));
            })*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $name() {
                assert!(!ask("127.0.0.1", $client));
            })*
        }
        mod v6 {
            use super::*;
            $(#[uses(http("::1"))] #[test] fn $name() {
                assert!(ask("[::1]", $client));
            })*
        }
    };
}

clients! {
    middleware: reqwest::middleware;
    reqwest: reqwest::plain;
    blocking: reqwest::blocking;
    ureq: ureq::get;
    hyper: hyper::get;
    curl: programs::curl;
    urllib: programs::urllib;
    requests: programs::requests;
}

/// The documented ways past a proxy.
mod escapes {
    use super::*;

    #[uses()]
    #[test]
    fn a_client_without_proxies_is_not_seen() {
        let url = format!("http://127.0.0.1:{}/here", world_port());
        let text = reqwest::on_a_runtime(async {
            reqwest::builder().no_proxy().build().unwrap().get(url).send().await.unwrap().text().await
        });
        assert!(text.unwrap().starts_with("GET direct"));
    }

    #[uses()]
    #[test]
    fn plain_hyper_is_not_seen() {
        assert!(hyper::without_proxy(&format!("http://127.0.0.1:{}/here", world_port())).is_ok());
    }

    /// And what sees them.
    #[uses()]
    #[test]
    fn the_middleware_sees_a_client_without_proxies() {
        let client = reqwest::builder().no_proxy().build().unwrap();
        let client = guard_http::client_builder(client).build();
        let url = format!("http://127.0.0.1:{}/here", world_port());
        assert!(reqwest::on_a_runtime(client.get(url).send()).is_err());
    }
}
