//! Clients that are told to use no proxy.

use std::error::Error;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use adversaries::{is_strict, setting};
use resource_guards::uses;

resource_guards::install!(guard_http::Http);

/// An address that is no loopback, at the port of HTTP.
fn url() -> String {
    let depot = setting("DEPOT");
    let (host, _) = depot.rsplit_once(':').unwrap();
    format!("http://{host}:80/")
}

fn curl() {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--max-time", "20", "--noproxy", "*", &url()]);
    let _ = curl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Whether the connection was refused by the kernel's view. What else becomes of it depends on the machine.
fn reqwest() -> bool {
    let client = reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let Err(error) = client.get(url()).send() else { return false };
    let mut cause: &dyn Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

mod declared {
    use super::*;

    #[uses(http)]
    #[test]
    fn curl() {
        super::curl();
    }

    #[uses(http)]
    #[test]
    fn reqwest() {
        assert!(!super::reqwest());
    }
}

mod undeclared {
    use super::*;

    #[uses()]
    #[test]
    fn curl() {
        super::curl();
    }

    #[uses()]
    #[test]
    fn reqwest() {
        assert_eq!(super::reqwest(), is_strict());
    }

    /// This machine is nothing external.
    #[uses()]
    #[test]
    fn loopback() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        std::net::TcpStream::connect(server.local_addr().unwrap()).unwrap();
    }
}
