//! The layer: which resource, and how requests are read.

use std::fmt;

use resource_guards::Resource;
use tower_layer::Layer;

use crate::{Call, Grpc, Guarded, Http};

/// Guards every call of the service that it wraps.
///
/// One static names the resource, and the constructor says what the requests are: [`grpc`](GuardLayer::grpc),
/// [`http`](GuardLayer::http), or [`with`](GuardLayer::with) for any other. A `GuardLayer<fn(&Req) -> Call<'_>>` has a
/// type that can be written in a struct.
#[derive(Clone, Copy)]
#[must_use = "a layer guards nothing until a service is wrapped in it"]
pub struct GuardLayer<D> {
    resource: &'static Resource,
    describe: D,
}

impl GuardLayer<Grpc> {
    /// For gRPC clients, such as those of tonic. Target and evidence are the method, `package.Service/Method`.
    ///
    /// ```
    /// use guard_tower::GuardLayer;
    /// use resource_guards::Resource;
    /// use tonic::transport::Endpoint;
    /// use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    /// use tower_layer::Layer as _;
    ///
    /// static SEARCH: Resource = Resource::new("search");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let incoming = tonic::transport::server::TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    /// # let address = format!("http://{}", incoming.local_addr()?);
    /// # let (_, health) = tonic_health::server::health_reporter();
    /// # tokio::spawn(tonic::transport::Server::builder().add_service(health).serve_with_incoming(incoming));
    /// let channel = Endpoint::from_shared(address)?.connect_lazy();
    /// let mut client = HealthClient::new(GuardLayer::grpc(&SEARCH).layer(channel));
    ///
    /// // Unary, server-streaming, client-streaming and bidirectional calls alike.
    /// let answer = client.check(HealthCheckRequest::default()).await?;
    /// assert_eq!(answer.into_inner().status, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn grpc(resource: &'static Resource) -> Self {
        Self { resource, describe: Grpc::new() }
    }
}

impl GuardLayer<Http> {
    /// For HTTP clients, such as those of hyper. The target is the host, in lower case, without a final dot and without the
    /// brackets of IPv6; the evidence is `GET host/path`; queries, credentials and header values stay out of it. Loopback
    /// counts; [`allow_loopback`](Self::allow_loopback) changes that.
    ///
    /// ```
    /// use guard_tower::{GuardLayer, violation};
    /// use http_body_util::Empty;
    /// use hyper_util::{client::legacy::Client, rt::TokioExecutor};
    /// use resource_guards::Resource;
    /// use tower::{Layer as _, ServiceExt as _};
    ///
    /// static WEB: Resource = Resource::new("web");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client: Client<_, Empty<&[u8]>> = Client::builder(TokioExecutor::new()).build_http();
    /// let client = GuardLayer::http(&WEB).layer(client);
    ///
    /// let request = http::Request::get("http://127.0.0.1:1/").body(Empty::new())?;
    /// let error = client.oneshot(request).await.unwrap_err();
    /// assert!(violation(&*error).is_none(), "nobody listens there, but outside a test the request may be made");
    /// # Ok(())
    /// # }
    /// ```
    pub const fn http(resource: &'static Resource) -> Self {
        Self { resource, describe: Http { allow_loopback: false } }
    }

    /// Lets requests to this machine pass without counting them: `localhost`, `127.0.0.0/8` and `::1`. For tests that
    /// run servers of their own.
    pub const fn allow_loopback(self) -> Self {
        Self { describe: Http { allow_loopback: true }, ..self }
    }
}

impl<D> GuardLayer<D> {
    /// For services of any other kind: the closure says what a request is.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use guard_tower::{BoxError, Call, GuardLayer};
    /// use resource_guards::Resource;
    /// use tower::{Layer as _, ServiceExt as _, service_fn};
    ///
    /// static JOBS: Resource = Resource::new("jobs");
    ///
    /// struct Job { queue: String, id: u32 }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), BoxError> {
    /// let push = service_fn(async |job: Job| Ok::<_, Infallible>(job.id));
    /// let layer = GuardLayer::with(&JOBS, |job: &Job| Call::new(format!("push {}", job.id)).at(&job.queue));
    ///
    /// let pushed = layer.layer(push).oneshot(Job { queue: "mail".into(), id: 7 }).await?;
    /// assert_eq!(pushed, 7);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn with<Req>(resource: &'static Resource, describe: D) -> Self
    where
        D: Fn(&Req) -> Call<'_>,
    {
        Self { resource, describe }
    }
}

impl<S, D: Clone> Layer<S> for GuardLayer<D> {
    type Service = Guarded<S, D>;

    fn layer(&self, inner: S) -> Guarded<S, D> {
        Guarded::new(inner, self.resource, self.describe.clone())
    }
}

impl<D> fmt::Debug for GuardLayer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").field("resource", self.resource).finish_non_exhaustive()
    }
}
