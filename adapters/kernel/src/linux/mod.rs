//! Linux on a PC or an ARM machine.

mod call;
mod calls;
mod enforce;
mod files;
mod filter;
mod hosts;
mod native;
mod peer;
mod policy;
mod process;
mod programs;
mod redirect;
mod runner;
mod serve;
mod supervisor;

pub use call::{Act, Call, Connect, Exec};
pub use enforce::Enforce;
pub use files::{Facts, Found, Inode};
pub use hosts::{Names, Pattern};
pub use peer::Peer;
pub use policy::{Decision, Policy};
pub use process::{Process, ProcessId};
pub use programs::Programs;
pub use supervisor::{Supervised, Supervisor, supported};
