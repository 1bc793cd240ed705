//! Wrapped programs, seen by those who run them. The directory `programs of a user` is on PATH.
#![cfg(test)]

use guard_binary::Binary;

mod blocked;
mod names;
mod not_installed;
mod shared;
mod transparent;

resource_guards::install!(
    Binary("talkative"),
    Binary("docker-compose"),
    Binary("python3.11").resource("python"),
    Binary("no-such-program"),
);
