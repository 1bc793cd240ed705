//! Fixtures: a set-up and a drop with a declaration of their own.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::owner;
use super::owner::Instance;
use super::stretch::{self, Within};
use super::teardowns::{self, Ending};
use crate::declaration::Declaration;
use crate::log::{Event, StretchId};
use crate::verdict::Blocked;

/// A value whose making and dropping have the declaration of the `#[fixture_uses]` function that made it.
///
/// ```
/// use resource_guards::Fixture;
///
/// let number = Fixture::new(42);
/// assert_eq!(*number, 42);
///
/// let text = Fixture::with_teardown(String::from("a"), |text| assert_eq!(text, "ab"));
/// let mut text = text;
/// text.push('b');
/// ```
///
/// Outside a `#[fixture_uses]` function it is just a value. It is `Send` and `Sync` if its value is, so it can be shared in a
/// `OnceLock` or by `#[once]` of rstest; but a static is never dropped, so no teardown of it runs.
#[must_use = "a fixture that is dropped at once is torn down before the test begins"]
pub struct Fixture<T> {
    value: Option<T>,
    /// Locked by nobody: it makes a fixture with a value for all threads one for all threads, too.
    teardown: Mutex<Option<Teardown<T>>>,
    instance: Option<Instance>,
}

enum Teardown<T> {
    Sync(Box<dyn FnOnce(T) + Send>),
    Async(Box<dyn FnOnce(T) -> Ending + Send>),
}

impl<T> Fixture<T> {
    /// A fixture whose teardown is the drop of the value.
    pub fn new(value: T) -> Self {
        Self::made(value, None)
    }

    /// A fixture whose teardown is a function of the value.
    pub fn with_teardown(value: T, teardown: impl FnOnce(T) + Send + 'static) -> Self {
        Self::made(value, Some(Teardown::Sync(Box::new(teardown))))
    }

    /// A fixture whose teardown is a future.
    ///
    /// In a `#[tokio::test]` under `#[uses]` it is awaited when the body has ended, passed or panicked, on the test's own
    /// runtime. [`close`](Self::close) awaits it earlier. Anywhere else it runs when the fixture is dropped, on a
    /// minimal executor without a reactor: where it needs one, `close` it. A drop that waits for the runtime which it keeps
    /// from running gives up when nothing has woken it for 30 seconds, and panics.
    pub fn with_async_teardown<F>(value: T, teardown: impl FnOnce(T) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let teardown = |value| Box::pin(teardown(value)) as Ending;
        Self::made(value, Some(Teardown::Async(Box::new(teardown))))
    }

    fn made(value: T, teardown: Option<Teardown<T>>) -> Self {
        let instance = owner().and_then(|owner| owner.instance_at(stretch::current()));
        if let (Some(owner), Some(instance)) = (owner(), instance) {
            owner.note(&Event::Keeps { instance: instance.id });
        }
        Self { value: Some(value), teardown: Mutex::new(teardown), instance }
    }

    fn teardown(&mut self) -> Option<Teardown<T>> {
        self.teardown.get_mut().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Tears the fixture down now, and waits for it.
    pub async fn close(mut self) {
        let (value, teardown, instance) = (self.value.take(), self.teardown(), self.instance);
        let Some(value) = value else { return };
        match teardown {
            Some(Teardown::Async(teardown)) => {
                // What it does before it is awaited belongs to it, too.
                let ending = tear_down(instance, || teardown(value));
                teardowns::run(instance, ending).await;
            }
            Some(Teardown::Sync(teardown)) => tear_down(instance, || teardown(value)),
            None => tear_down(instance, || drop(value)),
        }
    }
}

/// Runs a teardown that needs no executor in a stretch of its own.
fn tear_down<R>(instance: Option<Instance>, teardown: impl FnOnce() -> R) -> R {
    let _stretch = Stretch::enter(instance);
    teardown()
}

impl<T> Drop for Fixture<T> {
    fn drop(&mut self) {
        let Some(value) = self.value.take() else { return };
        let instance = self.instance;
        match self.teardown() {
            None => tear_down(instance, || drop(value)),
            Some(Teardown::Sync(teardown)) => tear_down(instance, || teardown(value)),
            Some(Teardown::Async(teardown)) => {
                let ending = tear_down(instance, || teardown(value));
                if let Err(ending) = teardowns::leave(instance, ending) {
                    tear_down(instance, || teardowns::block_on(instance, ending));
                }
            }
        }
    }
}

impl<T> Deref for Fixture<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.value {
            Some(value) => value,
            // Only `close` and `drop` take the value, and both end the fixture.
            None => unreachable!("a live fixture has its value"),
        }
    }
}

impl<T> DerefMut for Fixture<T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.value {
            Some(value) => value,
            None => unreachable!("a live fixture has its value"),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Fixture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fixture").field(&self.value).finish()
    }
}

/// The drop of a fixture, on this thread, until this value is dropped.
pub(super) struct Stretch {
    id: Option<StretchId>,
    within: Option<Within>,
}

impl Stretch {
    pub(super) fn enter(instance: Option<Instance>) -> Self {
        let id = instance.and_then(|instance| owner()?.enter(instance.fixture, Some(instance.id)));
        Self { id, within: id.map(Within::new) }
    }
}

impl Drop for Stretch {
    fn drop(&mut self) {
        self.within = None;
        if let (Some(owner), Some(id)) = (owner(), self.id) {
            owner.leave(id, !thread::panicking());
        }
    }
}

/// Runs a set-up as a stretch of its fixture. `failed` tells whether what it returned is a failure.
#[doc(hidden)]
#[track_caller]
pub fn fixture<R>(declaration: &'static Declaration, failed: fn(&R) -> bool, set_up: impl FnOnce() -> R) -> R {
    let Some(stretch) = owner().and_then(|owner| owner.enter(declaration, None)) else { return set_up() };
    let result = {
        let _within = Within::new(stretch);
        catch_unwind(AssertUnwindSafe(set_up))
    };
    finish(declaration, stretch, failed, result)
}

/// The same for a set-up that is a future.
#[doc(hidden)]
pub async fn fixture_async<R>(
    declaration: &'static Declaration,
    failed: fn(&R) -> bool,
    set_up: impl Future<Output = R>,
) -> R {
    let Some(stretch) = owner().and_then(|owner| owner.enter(declaration, None)) else { return set_up.await };
    let result = teardowns::caught(stretch::within(stretch, set_up)).await;
    finish(declaration, stretch, failed, result)
}

#[track_caller]
fn finish<R>(
    declaration: &'static Declaration,
    stretch: StretchId,
    failed: fn(&R) -> bool,
    result: thread::Result<R>,
) -> R {
    let Some(owner) = owner() else { return result.unwrap_or_else(|panic| resume_unwind(panic)) };
    let succeeded = result.as_ref().is_ok_and(|value| !failed(value));
    owner.leave(stretch, succeeded);
    match result {
        Err(panic) => resume_unwind(panic),
        // A set-up that reports its failure keeps it; one that hides a refused use does not reach its consumer.
        Ok(value) if !succeeded => value,
        Ok(value) => match owner.refused_in(stretch) {
            None => value,
            Some(seen) => {
                drop(value);
                let by = format!("fixture `{}`", declaration.path());
                std::panic::panic_any(crate::Violation::from(Blocked { by, seen, narrowed: false }).to_string())
            }
        },
    }
}
