//! Async teardowns: futures that a dropped fixture leaves for the end of its test's body.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::owner::Instance;
use super::{owner, stretch};

/// A teardown under way.
pub(super) type Ending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Bodies by number, each with the teardowns that it left.
type Bodies = Vec<(u64, Vec<(Option<Instance>, Ending)>)>;

/// The bodies that run and will await what they have left, each with that.
static BODIES: Mutex<Bodies> = Mutex::new(Vec::new());

thread_local! {
    /// The body that this thread polls.
    static HERE: Cell<Option<u64>> = const { Cell::new(None) };
}

fn bodies() -> MutexGuard<'static, Bodies> {
    BODIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Leaves a teardown for the end of the body that this thread polls, or else of the only one there is (a task that the
/// body has spawned). Gives it back if nobody will await it.
pub(super) fn leave(instance: Option<Instance>, teardown: Ending) -> Result<(), Ending> {
    let mut bodies = bodies();
    let here = HERE.try_with(Cell::get).ok().flatten();
    let only = || bodies.first().map(|(body, _)| *body).filter(|_| bodies.len() == 1);
    let body = here.or_else(only);
    match bodies.iter_mut().find(|(id, _)| Some(*id) == body) {
        Some((_, left)) => {
            left.push((instance, teardown));
            Ok(())
        }
        None => Err(teardown),
    }
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
        resume_unwind(panic);
    }
}

/// Runs the body of an async test, then all teardowns that it left, also if it panicked. The first panic is returned.
pub(crate) async fn drain<R>(body: impl Future<Output = R>) -> Result<R, Box<dyn Any + Send>> {
    let running = Running::begin();
    let mut result = caught(running.polls(body)).await;
    // A teardown may drop another fixture.
    while let Some((instance, teardown)) = running.next() {
        if let Err(panic) = caught(running.polls(run(instance, teardown))).await {
            result = result.and(Err(panic));
        }
    }
    result
}

/// The same for the body of `#[tokio::test]`, on its runtime.
#[doc(hidden)]
pub async fn drained<R>(body: impl Future<Output = R>) -> R {
    drain(body).await.unwrap_or_else(|panic| resume_unwind(panic))
}

/// A body among [`BODIES`], until it has left nothing or is dropped.
struct Running(u64);

impl Running {
    fn begin() -> Self {
        let mut bodies = bodies();
        let id = bodies.last().map_or(0, |(last, _)| last + 1);
        bodies.push((id, Vec::new()));
        Self(id)
    }

    /// The teardown that was left last. Without one, the body awaits no more.
    fn next(&self) -> Option<(Option<Instance>, Ending)> {
        let mut bodies = bodies();
        let at = bodies.iter().position(|(id, _)| *id == self.0)?;
        let next = bodies[at].1.pop();
        if next.is_none() {
            bodies.remove(at);
        }
        next
    }

    /// Polls a future as a part of this body.
    async fn polls<F: Future>(&self, future: F) -> F::Output {
        struct Restore(Option<u64>);
        impl Drop for Restore {
            fn drop(&mut self) {
                let _ = HERE.try_with(|here| here.set(self.0));
            }
        }
        let mut future = pin!(future);
        std::future::poll_fn(|context| {
            let _restore = Restore(HERE.try_with(|here| here.replace(Some(self.0))).ok().flatten());
            future.as_mut().poll(context)
        })
        .await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut bodies = bodies();
        let left = bodies.iter().position(|(id, _)| *id == self.0).map(|at| bodies.remove(at));
        std::mem::drop(bodies);
        // Dropped without the lock: it may drop fixtures.
        drop(left);
    }
}

/// How long a teardown that nobody awaits may wait before that is said, and without being woken before it is given up.
const PATIENCE: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(30)];

/// Runs a teardown that nobody will await on this thread. It may wait for a runtime that this thread keeps from running, and
/// then it would wait for ever.
pub(super) fn block_on(instance: Option<Instance>, teardown: Ending) {
    let fixture = instance.map_or_else(String::new, |instance| format!(" `{}`", instance.fixture.path()));
    let waits = format!("the async teardown of fixture{fixture} is still waiting");
    let why = "if that is for a runtime, this drop keeps it from running: write #[uses(…)] on the test, which awaits \
               teardowns, or call `close().await` before";
    if !ends(teardown, PATIENCE, || eprintln!("RESOURCE GUARD: note: {waits}; {why}")) {
        let given_up = format!("RESOURCE GUARD: {waits} after {} s, and is given up; {why}", PATIENCE[1].as_secs());
        if thread::panicking() {
            eprintln!("{given_up}");
        } else {
            panic!("{given_up}");
        }
    }
}

/// Runs a future on this thread. `say` is called if it takes longer than the first time. False: it was not woken for as long as
/// the second.
fn ends(mut future: Ending, [first, last]: [Duration; 2], say: impl FnOnce()) -> bool {
    struct Unpark(Thread, AtomicBool);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.1.store(true, Ordering::Relaxed);
            self.0.unpark();
        }
    }
    let unpark = Arc::new(Unpark(thread::current(), AtomicBool::new(true)));
    let waker = Waker::from(unpark.clone());
    let began = Instant::now();
    let mut polled = began;
    let mut say = Some(say);
    loop {
        if unpark.1.swap(false, Ordering::Relaxed) {
            if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                return true;
            }
            polled = Instant::now();
        }
        if polled.elapsed() >= last {
            return false;
        }
        if let Some(say) = say.take_if(|_| began.elapsed() >= first) {
            say();
        }
        let next = if say.is_some() { began + first } else { polled + last };
        thread::park_timeout(next.saturating_duration_since(Instant::now()));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(60)];

    #[test]
    fn a_future_that_nobody_wakes_is_given_up_and_said_before() {
        let mut said = 0;
        assert!(!ends(Box::pin(std::future::pending()), SHORT, || said += 1));
        assert_eq!(said, 1);
    }

    #[test]
    fn a_future_that_is_woken_ends() {
        let mut waits = true;
        let woken = std::future::poll_fn(move |context| {
            if std::mem::take(&mut waits) {
                let waker = context.waker().clone();
                thread::spawn(move || waker.wake());
                return Poll::Pending;
            }
            Poll::Ready(())
        });
        assert!(ends(Box::pin(woken), PATIENCE, || panic!("it does not wait for long")));
    }
}
