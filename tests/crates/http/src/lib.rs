//! A crate that talks HTTP in every way that its users' projects do. Nothing in it knows of guards.

pub mod clients;
mod serve;

pub use serve::{Head, read_head, serve};

/// Where the outside world listens on this machine: the black-box driver starts `world` and tells its port.
pub fn world_port() -> u16 {
    std::env::var("WORLD_PORT").expect("the driver tells the port").parse().expect("it is a number")
}
