//! What the Docker and HTTP tests of the demo talk to.
//!
//! Docker is the real daemon, where one answers; else an Engine API in this process. HTTP is always a server in this
//! process, in the place of a proxy of the user's own, so that no request leaves this machine.

mod engine;
mod exchange;
mod proxy;

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use resource_guards::{Availability, ResourceGuard as _};

use crate::Result;

/// The variables of proxies, in the cases that clients read.
const PROXIES: [&str; 6] = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// Servers that live as long as this process.
pub(super) struct Services {
    engine: Option<Embedded>,
    proxy: SocketAddr,
}

/// The embedded Engine API: its address, and why it is needed.
struct Embedded {
    host: String,
    why: String,
}

impl Services {
    /// Asks for the real daemon, and starts what is needed. A socket is made in the directory.
    pub(super) fn start(dir: &Path) -> Result<Self> {
        let missing = match pollster::block_on(guard_docker::Docker.probe()) {
            Availability::Available => None,
            Availability::Missing(why) => Some(why),
            _ => Some("DOCKER_HOST names no Unix socket, and the guard relays no other".to_owned()),
        };
        let engine = missing.map(|why| Ok(Embedded { host: engine::start(&dir.join("engine.sock"))?, why }));
        Ok(Self { engine: engine.transpose()?, proxy: proxy::start()? })
    }

    /// Why the real daemon is not asked, if it is not.
    pub(super) fn no_daemon(&self) -> Option<&str> {
        self.engine.as_ref().map(|engine| engine.why.as_str())
    }

    /// Says what the tests talk to.
    pub(super) fn introduce(&self) {
        match self.no_daemon() {
            None => println!("Docker: the tests ask the daemon of this machine."),
            Some(why) => println!(
                "Docker: no daemon can be asked ({why}). A small embedded Engine API stands in for it, through \
                 DOCKER_HOST: the guard is at work as ever, the daemon is not real."
            ),
        }
        println!(
            "HTTP: a server at {} stands where a proxy of your own would, and answers for hosts below .test. No \
             request leaves this machine.",
            self.proxy
        );
    }

    /// Leads a command and what it starts to these servers.
    pub(super) fn lead<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(engine) = &self.engine {
            command.env("DOCKER_HOST", &engine.host);
        }
        for name in PROXIES {
            command.env(name, format!("http://{}", self.proxy));
        }
        command.env_remove("no_proxy").env_remove("NO_PROXY")
    }
}
