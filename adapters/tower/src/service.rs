//! The service: asks before each call.

use std::fmt;
use std::task::{Context, Poll};

use resource_guards::{Resource, Violation};
use tower_service::Service;

use crate::{BoxError, Describe, ResponseFuture};

/// A service whose calls are guarded; [`GuardLayer`](crate::GuardLayer) makes it.
///
/// Each `call` asks on the thread that makes it, before the inner service is touched, so a call belongs to the test or
/// fixture that makes it. A stream is one call: its messages are not counted. Readiness is not guarded.
#[derive(Clone, Copy)]
pub struct Guarded<S, D> {
    inner: S,
    resource: &'static Resource,
    describe: D,
}

impl<S, D> Guarded<S, D> {
    pub(crate) const fn new(inner: S, resource: &'static Resource, describe: D) -> Self {
        Self { inner, resource, describe }
    }

    /// The service inside. What is called on it directly is not guarded.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside. What is called on it directly is not guarded.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, without its guard.
    pub fn into_inner(self) -> S {
        self.inner
    }

    fn enforce<Req>(&self, request: &Req) -> Result<(), Violation>
    where
        D: Describe<Req>,
    {
        self.describe.describe(request).map_or(Ok(()), |call| call.enforce(self.resource))
    }
}

impl<S, D, Req> Service<Req> for Guarded<S, D>
where
    S: Service<Req, Error: Into<BoxError>>,
    D: Describe<Req>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    /// A refused call leaves the inner service as ready as it was; the next one may use that.
    fn call(&mut self, request: Req) -> Self::Future {
        match self.enforce(&request) {
            Ok(()) => ResponseFuture::passed(self.inner.call(request)),
            Err(violation) => ResponseFuture::refused(violation),
        }
    }
}

impl<S: fmt::Debug, D> fmt::Debug for Guarded<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").field("inner", &self.inner).field("resource", self.resource).finish_non_exhaustive()
    }
}
