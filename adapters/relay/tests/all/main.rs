//! The relay and the proxy, seen from outside: real sockets, real programs, a real Docker daemon.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod bad_input;
mod docker;
mod life;
mod missing;
mod passing;
mod programs;
mod proxy;
mod raw;
mod refusing;
mod streams;
mod support;
