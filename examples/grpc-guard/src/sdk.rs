//! The SDK: one unary and one streaming call. In real life this is somebody else's crate.

use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, Bytes, StdError};
use tonic::transport::Channel;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// A client of the Beacon service, over a channel or whatever wraps one.
#[derive(Debug, Clone)]
pub struct Beacon<T = Channel> {
    inner: HealthClient<T>,
}

impl<T> Beacon<T>
where
    T: GrpcService<Body, Error: Into<StdError>>,
    T::ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
{
    /// A client that makes its calls through `transport`.
    pub fn new(transport: T) -> Self {
        Self { inner: HealthClient::new(transport) }
    }

    /// Whether a job is up.
    ///
    /// # Errors
    ///
    /// If the service does not know the job, or cannot be reached.
    pub async fn is_up(&mut self, job: &str) -> Result<bool, Status> {
        Ok(is_up(&self.inner.check(request(job)).await?.into_inner()))
    }

    /// Whether a job is up, now and whenever that changes.
    ///
    /// # Errors
    ///
    /// If the service cannot be reached.
    pub async fn watch(&mut self, job: &str) -> Result<impl Stream<Item = Result<bool, Status>> + use<T>, Status> {
        let states = self.inner.watch(request(job)).await?.into_inner();
        Ok(states.map(|state| state.map(|state| is_up(&state))))
    }
}

fn request(job: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: job.to_owned() }
}

fn is_up(state: &HealthCheckResponse) -> bool {
    state.status() == ServingStatus::Serving
}
