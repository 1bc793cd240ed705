//! The command as users drive it, on a workspace of three crates: `mail` and `tools` have guards, `plain` has none.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod archive;
mod audit;
mod audit_of_failures;
mod availability;
mod browser;
mod completions;
mod config;
mod described;
mod errors;
mod fix;
mod flags;
mod generated;
mod hostile;
mod html;
mod interrupted;
mod junit;
mod killed;
mod limits;
mod list;
mod namesakes;
mod odd;
mod outliving;
mod own_harness;
mod report;
mod run;
mod support;
mod targets;
mod two_hundred;
mod voice;
mod why;
