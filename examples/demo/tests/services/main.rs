//! Tests of Docker and HTTP: the right ones in `docker` and `http`, the wrong ones in `mistakes`. No client is changed.

mod docker;
mod http;
mod mistakes;

resource_guards::install!(guard_docker::Docker, guard_http::Http);
