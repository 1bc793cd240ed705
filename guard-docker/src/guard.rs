//! The guard of the resource `docker`.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Mutex;

use guard_binary::Binary;
use guard_relay::{Endpoint, Handle};
use resource_guards::{
    Availability, Footprint, GuardError, Registration, Resource, ResourceGuard, Site, async_trait, inventory,
};

use crate::endpoint::{self, DEFAULT_SOCKET, Upstream};
use crate::relay::{self, InFront};

/// The resource, for chokepoints of your own.
pub static DOCKER: Resource = Resource::new("docker");

/// Guards Docker and podman: the commands, and the API behind `DOCKER_HOST` and `CONTAINER_HOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Docker;

inventory::submit! {
    Registration::new(|| Box::new(Docker))
}

const COMMANDS: [&str; 2] = ["docker", PODMAN];
const PODMAN: &str = "podman";
const HOST: &str = "DOCKER_HOST";
const PODMAN_HOST: &str = "CONTAINER_HOST";

/// The relays of this process, to be stopped.
static RELAYS: Mutex<Vec<Handle>> = Mutex::new(Vec::new());

#[async_trait]
impl ResourceGuard for Docker {
    fn resource(&self) -> &Resource {
        &DOCKER
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        for command in COMMANDS {
            // Scripts that ask whether there is a podman, and else take docker, must not find a wrapper of nothing.
            if command == PODMAN && site.find_program(command).is_none() {
                continue;
            }
            // Each gets both back: a docker that is podman in disguise would become a remote client by `CONTAINER_HOST`,
            // and `podman compose` hands `DOCKER_HOST` on.
            Binary(command).resource("docker").restoring(&[HOST, PODMAN_HOST]).install(site).await?;
        }
        let upstream = match site.env(HOST).filter(|host| !host.is_empty()) {
            Some(host) => parse(HOST, &host)?,
            None => endpoint::without_host(&|name: &str| site.env(name)),
        };
        put_relay(site, HOST, "docker.sock", upstream)?;
        if let Some(upstream) = podman(site)? {
            put_relay(site, PODMAN_HOST, "podman.sock", upstream)?;
        }
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        let relays = std::mem::take(&mut *RELAYS.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        relays.iter().for_each(Handle::stop_with_process);
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        COMMANDS
            .iter()
            .fold(Footprint::default(), |footprint, command| footprint.program(*command))
            .socket(DEFAULT_SOCKET)
    }

    async fn probe(&self) -> Availability {
        relay::ping(&current_upstream())
    }
}

/// The daemon that this process would talk to without a guard: the relay's upstream where there is one.
pub(crate) fn current_upstream() -> Upstream {
    if let Some(front) = relay::upstream() {
        return Upstream::Socket(front.socket.clone());
    }
    let environment = |name: &str| std::env::var_os(name);
    match environment(HOST).filter(|host| !host.is_empty()) {
        Some(host) => endpoint::parse(&host).unwrap_or_else(|_| Upstream::Remote(host.to_string_lossy().into_owned())),
        None => endpoint::without_host(&environment),
    }
}

/// The socket that bollard takes for podman's without a guard.
#[cfg(feature = "bollard")]
pub(crate) fn podman_upstream() -> PathBuf {
    let chosen = match relay::upstream() {
        Some(front) => front.chosen.then(|| front.socket.clone()),
        None => std::env::var_os(HOST).and_then(|host| match endpoint::parse(&host) {
            Ok(Upstream::Socket(socket)) => Some(socket),
            _ => None,
        }),
    };
    let environment = |name: &str| std::env::var_os(name);
    chosen
        .or_else(|| endpoint::podman(&environment).into_iter().find(|socket| socket.exists()))
        .unwrap_or_else(|| DEFAULT_SOCKET.into())
}

/// Podman's own daemon, if there is one or the user says so.
fn podman(site: &Site) -> Result<Option<Upstream>, GuardError> {
    if let Some(host) = site.env(PODMAN_HOST).filter(|host| !host.is_empty()) {
        return parse(PODMAN_HOST, &host).map(Some);
    }
    let environment = |name: &str| site.env(name);
    Ok(endpoint::podman(&environment).into_iter().find(|socket| socket.exists()).map(Upstream::Socket))
}

fn parse(variable: &str, host: &OsStr) -> Result<Upstream, GuardError> {
    endpoint::parse(host).map_err(|error| {
        GuardError::new("relay", format!("{variable}={}", host.display()), error)
            .mend(format!("correct {variable} or unset it"))
    })
}

fn put_relay(site: &mut Site, variable: &str, name: &str, upstream: Upstream) -> Result<(), GuardError> {
    let socket: PathBuf = match upstream {
        Upstream::Socket(socket) => socket,
        Upstream::Remote(host) => {
            let why = format!("{variable} is {host}, of which only the commands and the bollard hook are seen");
            site.cannot_observe("docker", why);
            return Ok(());
        }
    };
    // Then clients get the very error that they would get without a guard, and nothing external is used.
    if let Err(error) = Endpoint::unix(&socket).is_served() {
        let why = format!("`{}`: {error}; only the commands and the bollard hook are seen", socket.display());
        site.cannot_observe("docker", why);
        return Ok(());
    }
    let refused = |error: Box<dyn std::error::Error + Send + Sync>| {
        GuardError::new("put a relay in front of", socket.display(), error)
    };
    let at = site.socket(name).map_err(|error| refused(error.into()))?;
    site.in_front("docker", &socket, &at);
    let bound = relay::bind(at, &socket).map_err(|error| refused(error.into()))?;
    RELAYS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(bound.handle());
    if variable == HOST {
        let chosen = site.env(HOST).is_some_and(|host| !host.is_empty());
        relay::in_front_of(InFront { relay: bound.endpoint().to_string(), socket, chosen });
    }
    site.set_env(variable, bound.endpoint().to_string());
    site.spawn(name, move || bound.run());
    Ok(())
}
