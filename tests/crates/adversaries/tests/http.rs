//! A client that is told to use no proxy.

use std::process::{Command, Stdio};

use adversaries::setting;
use resource_guards::uses;

resource_guards::install!(guard_http::Http);

fn without_a_proxy() {
    let (host, _) = setting("DEPOT").rsplit_once(':').map(|(host, port)| (host.to_owned(), port.to_owned())).unwrap();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--max-time", "20", "--noproxy", "*", &format!("http://{host}:80/")]);
    let _ = curl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

mod declared {
    #[resource_guards::uses(http)]
    #[test]
    fn no_proxy() {
        super::without_a_proxy();
    }
}

mod undeclared {
    #[super::uses()]
    #[test]
    fn no_proxy() {
        super::without_a_proxy();
    }

    /// This machine is nothing external.
    #[super::uses()]
    #[test]
    fn loopback() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        std::net::TcpStream::connect(server.local_addr().unwrap()).unwrap();
    }
}
