//! Any tower service through the layer: it stays the service that it was.

use std::convert::Infallible;
use std::future::Ready;
use std::task::{Context, Poll};
use std::time::Duration;

use guard_tower::{BoxError, Call, GuardLayer, Guarded, violation};
use resource_guards::uses;
use tower::limit::ConcurrencyLimit;
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};

use crate::JOBS;

#[derive(Clone)]
struct Job {
    queue: &'static str,
    id: u32,
}

const JOB: Job = Job { queue: "mail", id: 7 };

fn describe(job: &Job) -> Call<'_> {
    Call::new(format!("push {}", job.id)).at(job.queue)
}

/// Its type can be written down.
type JobLayer = GuardLayer<fn(&Job) -> Call<'_>>;

fn layer() -> JobLayer {
    GuardLayer::with(&JOBS, describe)
}

async fn push(job: Job) -> Result<u32, Infallible> {
    Ok(job.id)
}

#[uses(jobs("mail"))]
#[tokio::test]
async fn any_request_can_be_described() {
    assert_eq!(layer().layer(service_fn(push)).oneshot(JOB).await.unwrap(), 7);
    let by_closure = GuardLayer::with(&JOBS, |job: &Job| Call::new("push").at(job.queue));
    assert_eq!(by_closure.layer(service_fn(push)).oneshot(JOB).await.unwrap(), 7);
}

#[uses(jobs)]
#[tokio::test]
async fn a_stack_of_layers_may_have_it_outside_of_a_limit_or_inside() {
    let outside = ServiceBuilder::new().layer(layer()).concurrency_limit(1).service_fn(push);
    let inside = ServiceBuilder::new().concurrency_limit(1).layer(layer()).service_fn(push);
    assert_eq!(outside.oneshot(JOB).await.unwrap(), 7);
    assert_eq!(inside.oneshot(JOB).await.unwrap(), 7);
}

/// A service that is ready at the second look, and fails.
#[derive(Debug, Clone, Default)]
struct Shy {
    looks: u32,
}

impl Service<Job> for Shy {
    type Response = u32;
    type Error = std::io::Error;
    type Future = Ready<Result<u32, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.looks += 1;
        context.waker().wake_by_ref();
        if self.looks > 1 { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn call(&mut self, _: Job) -> Self::Future {
        std::future::ready(Err(std::io::Error::other("the queue is full")))
    }
}

#[uses(jobs)]
#[tokio::test]
async fn readiness_and_errors_of_the_inner_service_come_through() {
    let mut guarded: Guarded<Shy, fn(&Job) -> Call<'_>> = layer().layer(Shy::default());
    let error: BoxError = guarded.ready().await.unwrap().call(JOB).await.unwrap_err();
    assert_eq!(error.downcast_ref::<std::io::Error>().unwrap().to_string(), "the queue is full");
    assert!(violation(&*error).is_none());
    assert_eq!((guarded.get_ref().looks, guarded.get_mut().looks, guarded.into_inner().looks), (2, 2, 2));
}

#[uses(jobs)]
#[tokio::test]
async fn a_future_that_is_dropped_gives_back_what_it_held() {
    let slow = service_fn(async |job: Job| {
        tokio::time::sleep(Duration::from_secs(if job.id == 7 { 3600 } else { 0 })).await;
        Ok::<_, Infallible>(job.id)
    });
    let mut limited = layer().layer(ConcurrencyLimit::new(slow, 1));
    let abandoned = tokio::time::timeout(Duration::from_millis(10), limited.ready().await.unwrap().call(JOB)).await;
    assert!(abandoned.is_err());
    assert_eq!(limited.ready().await.unwrap().call(Job { id: 8, ..JOB }).await.unwrap(), 8);
}

#[test]
fn layers_and_services_say_which_resource_they_guard() {
    assert_eq!(format!("{:?}", layer()), "GuardLayer { resource: Resource(\"jobs\"), .. }");
    let guarded = layer().layer(Shy::default());
    assert_eq!(
        format!("{:?}", guarded.clone()),
        "Guarded { inner: Shy { looks: 0 }, resource: Resource(\"jobs\"), .. }"
    );
}
