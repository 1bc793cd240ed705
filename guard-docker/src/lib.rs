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
//! | [`connect_with_local_defaults`] and its siblings here | a hook in bollard's transport |
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
//! # What none of them sees
//!
//! `Docker::connect_with_socket_defaults()` of bollard itself, `docker -c NAME` by an absolute path,
//! `docker.DockerClient()` of the Python SDK, and anything else that opens the real socket by its path.

#[cfg(feature = "bollard")]
mod bollard;
mod endpoint;
mod evidence;
mod guard;
mod relay;

#[cfg(feature = "bollard")]
pub use bollard::{
    connect_with_defaults, connect_with_host, connect_with_http, connect_with_http_defaults, connect_with_local,
    connect_with_local_defaults, connect_with_socket, connect_with_socket_defaults, connect_with_unix,
    connect_with_unix_defaults, violation,
};
pub use guard::{DOCKER, Docker};
