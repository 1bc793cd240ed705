//! The future of a guarded call.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use resource_guards::Violation;

use crate::BoxError;

pin_project! {
    /// The response of the inner service, or the violation.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Passed { #[pin] response: F },
        Refused { violation: Option<Violation> },
    }
}

impl<F> ResponseFuture<F> {
    pub(crate) const fn passed(response: F) -> Self {
        Self { state: State::Passed { response } }
    }

    pub(crate) const fn refused(violation: Violation) -> Self {
        Self { state: State::Refused { violation: Some(violation) } }
    }
}

impl<F, Response, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Response, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Passed { response } => {
                let response = ready!(response.poll(context));
                Poll::Ready(response.map_err(Into::into))
            }
            StateProjection::Refused { violation } => match violation.take() {
                Some(violation) => Poll::Ready(Err(violation.into())),
                None => panic!("a refused call was polled after it had completed"),
            },
        }
    }
}
