//! bollard on a guarded transport.

mod constructors;
mod transport;

pub use constructors::{
    connect_with_defaults, connect_with_host, connect_with_http, connect_with_http_defaults, connect_with_local,
    connect_with_local_defaults, connect_with_podman_defaults, connect_with_socket, connect_with_socket_defaults,
    connect_with_unix, connect_with_unix_defaults,
};
pub use transport::violation;
