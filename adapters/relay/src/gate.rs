//! Who decides what may pass.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::{Peer, Refusal, Request};

/// Asked about each request head.
pub(crate) type HttpGate = Arc<dyn Fn(&Request<'_>) -> Result<(), Refusal> + Send + Sync>;
/// Asked about each connection.
pub(crate) type RawGate = Arc<dyn Fn(&Peer<'_>) -> Result<(), Refusal> + Send + Sync>;
/// Told that the real service cannot be reached.
pub(crate) type Unreachable = Arc<dyn Fn(&io::Error) -> Option<Refusal> + Send + Sync>;

/// Calls a gate. One that panics lets nothing pass: its guard could not record the use.
pub(crate) fn ask(gate: impl FnOnce() -> Result<(), Refusal>) -> Result<(), Refusal> {
    catch_unwind(AssertUnwindSafe(gate))
        .unwrap_or_else(|_| Err(Refusal::text("the gate of this relay panicked, so nothing may pass").with_status(500)))
}
