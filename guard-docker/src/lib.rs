//! Guards the resource `docker`, for clients that nobody rewrote and for those that want rich evidence.
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_docker::Docker);
//! ```
//!
//! # Who sees what
//!
//! | client | seen by |
//! | --- | --- |
//! | the `docker` and `podman` commands, found on PATH | a wrapper |
//! | whatever reads `DOCKER_HOST` or `CONTAINER_HOST`: bollard's `connect_with_local_defaults`, testcontainers, the Python and Go SDKs, `docker-compose`, also in a subprocess | a relay in front of the real socket |
//! | `connect_with_local_defaults` and its siblings here | a hook in bollard's transport |
//!
//! The relay asks for each request, so that a connection which a client keeps across the stretches of fixtures is judged
//! rightly. `/_ping` and `/version` alone are no evidence of use: `docker --help` sends such requests.
//!
//! # What the relay stands in front of
//!
//! The user's own `DOCKER_HOST`; else `/var/run/docker.sock` if it is there; else the endpoint of the current context;
//! else the sockets of a rootless Docker and of podman. Only Unix sockets are relayed. `tcp://` and `ssh://` are left
//! alone, because clients derive the host of mapped ports from them; then only the wrapper and the hook see uses, and a
//! declaration is never called unused.
//!
//! The commands, found on PATH, get back the `DOCKER_HOST` and `CONTAINER_HOST` that the user had, so that contexts work
//! as ever; a value that a test sets is left alone. Where podman is not installed it has no wrapper either, so that
//! scripts which look for it find none.
//!
//! Where nobody listens there is no relay, and clients get the errors that they get without a guard. A daemon that goes away
//! during a test is missed once: the first client's connection ends without an answer, its use counts, and standard error
//! says which socket did not answer. From then on, and until the daemon is back, clients get those errors too.
//!
//! # bollard
//!
//! The constructors of this crate, with the feature `bollard`, return a plain `bollard::Docker`. They go straight to the
//! daemon, past the relay. The error of a refused call leads to the violation:
//!
#![cfg_attr(feature = "bollard", doc = "```")]
#![cfg_attr(not(feature = "bollard"), doc = "```ignore")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let docker = guard_docker::connect_with_local_defaults()?;
//! if let Err(error) = docker.info().await {
//!     match guard_docker::violation(&error) {
//!         Some(violation) => eprintln!("not declared: {violation}"),
//!         None => return Err(error.into()),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Without the feature nothing of bollard is built: `guard-docker = { version = "0.1", default-features = false }`.
//!
//! # What none of them sees
//!
//! `Docker::connect_with_socket_defaults()` of bollard itself, `docker -c NAME` by an absolute path,
//! `docker.DockerClient()` of the Python SDK, and anything else that opens the real socket by its path.
//!
//! `DOCKER_HOST` is set in every test where a socket is relayed. Code that behaves otherwise when it is set at all does so
//! there: bollard's own `connect_with_podman_defaults()` prefers it to podman's socket, and so does a podman that is run
//! by its path with `CONTAINER_HOST`, which makes it a remote client.

#[cfg(feature = "bollard")]
mod bollard;
mod endpoint;
mod evidence;
mod guard;
mod relay;

#[cfg(feature = "bollard")]
pub use bollard::{
    connect_with_defaults, connect_with_host, connect_with_http, connect_with_http_defaults, connect_with_local,
    connect_with_local_defaults, connect_with_podman_defaults, connect_with_socket, connect_with_socket_defaults,
    connect_with_unix, connect_with_unix_defaults, violation,
};
pub use guard::{DOCKER, Docker};
