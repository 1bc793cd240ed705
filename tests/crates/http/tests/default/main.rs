//! With the guard as it is.

mod bad_input;
mod errors;
mod fixtures;
mod hosts;
mod life;
mod loopback;
mod many;
mod matrix;
mod own;
mod secrets;

resource_guards::install!(guard_http::Http);
