//! Async teardowns: futures that a dropped fixture leaves for the end of its test's body.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use super::owner::Instance;
use super::{owner, stretch};

type Pending = (Option<Instance>, Pin<Box<dyn Future<Output = ()> + Send>>);

/// `Some` while the body of an async test runs that will await them. A process judges one such test at a time.
static PENDING: Mutex<Option<Vec<Pending>>> = Mutex::new(None);

fn with_pending<R>(with: impl FnOnce(&mut Option<Vec<Pending>>) -> R) -> R {
    with(&mut PENDING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether somebody will await what is pushed.
pub(super) fn awaited() -> bool {
    with_pending(|pending| pending.is_some())
}

/// Leaves a teardown for the end of the body.
pub(super) fn push(instance: Option<Instance>, teardown: Pin<Box<dyn Future<Output = ()> + Send>>) {
    with_pending(|pending| pending.get_or_insert_default().push((instance, teardown)));
}

/// Awaits a teardown in a stretch of its own.
pub(super) async fn run(instance: Option<Instance>, teardown: impl Future<Output = ()>) {
    let entered = instance.and_then(|instance| owner()?.enter(instance.fixture, Some(instance.id)));
    let Some(id) = entered else { return teardown.await };
    let result = caught(stretch::within(id, teardown)).await;
    if let Some(owner) = owner() {
        owner.leave(id, result.is_ok());
    }
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// Runs the body of an async test, then all teardowns that it left, also if it panicked. The first panic is returned.
pub(crate) async fn drain<R>(body: impl Future<Output = R>) -> Result<R, Box<dyn Any + Send>> {
    with_pending(|pending| *pending = Some(Vec::new()));
    let mut result = caught(body).await;
    // A teardown may drop another fixture.
    while let Some((instance, teardown)) = with_pending(|pending| pending.as_mut().and_then(Vec::pop)) {
        if let Err(panic) = caught(run(instance, teardown)).await {
            result = result.and(Err(panic));
        }
    }
    with_pending(|pending| *pending = None);
    result
}

/// Awaits a future and catches its panic.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
