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

/// A server that does not answer: its client gives up, and the proxy still waits when the test is over.
mod silence {
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;
    use std::time::Duration;

    use super::*;

    #[uses(http)]
    #[test]
    fn a_client_gives_up() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        // Until its queue is full.
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
        let waiting: Vec<TcpStream> = std::iter::from_fn(connect).collect();
        let curl = Command::new("curl").args(["-sS", "-m", "1", &format!("http://{address}/")]).output().unwrap();
        assert_eq!(curl.status.code(), Some(28), "{curl:?}");
        // They are there as long as the process.
        std::mem::forget((server, waiting));
    }
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
