//! The stretch that the current thread is in.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;

use crate::log::{BODY, StretchId};

thread_local! {
    static CURRENT: Cell<StretchId> = const { Cell::new(BODY) };
}

/// The stretch of this thread.
pub(crate) fn current() -> StretchId {
    CURRENT.try_with(Cell::get).unwrap_or(BODY)
}

/// Puts this thread into a stretch until the value is dropped.
pub(crate) struct Within {
    before: StretchId,
}

impl Within {
    pub(crate) fn new(stretch: StretchId) -> Self {
        Self { before: CURRENT.try_with(|current| current.replace(stretch)).unwrap_or(BODY) }
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        let _ = CURRENT.try_with(|current| current.set(self.before));
    }
}

/// Puts whichever thread polls the future into the stretch, for as long as it polls.
pub(crate) async fn within<F: Future>(stretch: StretchId, future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        let _within = Within::new(stretch);
        future.as_mut().poll(context)
    })
    .await
}
