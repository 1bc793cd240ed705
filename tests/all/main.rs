//! The black-box tests, by subject. Each builds a crate of `tests/crates`, runs it under `cargo test`, `cargo test --
//! --test-threads=1` and `cargo nextest run`, and compares every verdict and message with a table.
#![allow(clippy::unwrap_used, reason = "what cannot be set up fails its test")]

mod adversaries;
mod attribution;
mod bad_guards;
mod bad_logs;
mod bad_places;
mod coverage;
mod custom_guard;
mod docker;
mod ends;
mod faults;
mod forks;
mod forms;
mod grpc;
mod harnesses;
mod hello;
mod http;
mod modes;
mod nested;
mod output;
mod records;
mod runners;
mod scale;
mod seed;
mod seed_binaries;
mod seed_fixtures;
mod seed_guards;
mod seed_registry;
mod seed_tests;
mod wrapper;
