//! A forward HTTP proxy that asks a gate before it connects anywhere.

mod no_proxy;
mod request;
mod route;

use std::sync::Arc;

pub use no_proxy::NoProxy;
pub use route::{HttpProxy, Route};

use crate::bound::Bound;
use crate::carry::{Buffers, Link};
use crate::door::Door;
use crate::gate::HttpGate;
use crate::http::Conversation;
use crate::net::{Alarm, Stream};
use crate::pool::Pool;
use crate::{Endpoint, Limits, Refusal, RelayError, Request};
use request::Forwarding;

/// A forward HTTP proxy, for the variables `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY`: it asks a gate about each
/// request, and connects to the host that the request names.
///
/// It understands CONNECT, for which the gate sees the host and the port, and requests in absolute form, for which it
/// sees the path too.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// use guard_relay::{Endpoint, Proxy, Refusal, Route};
///
/// let proxy = Proxy::new(|request| match &*request.host() {
///     "localhost" => Ok(()),
///     host => Err(Refusal::text(format!("the test does not declare {host}"))),
/// });
/// let serving = proxy.route(|_request| Route::Direct).bind(&Endpoint::loopback())?.serve()?;
///
/// let Endpoint::Tcp(address) = serving.endpoint() else { unreachable!() };
/// let mut client = TcpStream::connect(address)?;
/// client.write_all(b"CONNECT api.example:443 HTTP/1.1\r\n\r\n")?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"));
/// assert!(answer.ends_with("\r\n\r\nthe test does not declare api.example\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What it answers by itself: 400 to what is no request for a proxy, with the reason; 502 where a host cannot be
/// resolved or connected to, naming the host and the error.
#[must_use = "a proxy does nothing until it is bound and served"]
pub struct Proxy {
    gate: HttpGate,
    route: Router,
    carried: Carried,
    limits: Limits,
}

/// Which way leads to the host of a request.
type Router = Arc<dyn Fn(&Request<'_>) -> Route + Send + Sync>;

/// Told that a client sends through an open tunnel to a host and port.
type Carried = Arc<dyn Fn(&str, u16) + Send + Sync>;

impl Proxy {
    /// Asks `gate` about the head of each request. It is called from the threads of the proxy.
    pub fn new(gate: impl Fn(&Request<'_>) -> Result<(), Refusal> + Send + Sync + 'static) -> Self {
        Self {
            gate: Arc::new(gate),
            route: Arc::new(|_| Route::Direct),
            carried: Arc::new(|_, _| ()),
            limits: Limits::new(),
        }
    }

    /// Decides the way to the host of a request that the gate let pass, for example through the user's own proxy; by
    /// default every one is direct. [`NoProxy`] reads the usual list of exceptions.
    ///
    /// Users name a proxy for `http` URLs and another one for `https`. A request in absolute form is for an `http` URL,
    /// whatever its port. CONNECT does not tell; clients send it for `https`, and some for everything.
    pub fn route(mut self, route: impl Fn(&Request<'_>) -> Route + Send + Sync + 'static) -> Self {
        self.route = Arc::new(route);
        self
    }

    /// Has `carried` told whenever a client sends something through a tunnel, or another stream that a request opened,
    /// to this host and port. A tunnel belongs to the request that opened it, and the gate is not asked again; but
    /// clients keep tunnels, and who uses one later may be somebody else. It is called for each piece that is read.
    pub fn carried(mut self, carried: impl Fn(&str, u16) + Send + Sync + 'static) -> Self {
        self.carried = Arc::new(carried);
        self
    }

    /// Sets other bounds than the defaults.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Listens. Clients can connect from now on, and wait until the proxy is [served](Bound::serve).
    ///
    /// # Errors
    ///
    /// [`RelayError::SocketPathTooLong`] and [`RelayError::Listen`].
    pub fn bind(self, at: &Endpoint) -> Result<Bound, RelayError> {
        let Self { gate, route, carried, limits } = self;
        let bounds = limits.clone();
        let serve = move |client: Stream, buffers: &mut Buffers, alarm: &Alarm| {
            let mut forwarding = Forwarding::new(&gate, &*route, &*carried, &bounds);
            let mut conversation = Conversation::new(&mut forwarding, &bounds);
            Link::new(client, buffers).serve(&mut conversation, &bounds, alarm);
        };
        let door = Arc::new(Door::bind(at)?);
        Pool::new(door, limits, Box::new(serve)).map(Bound::new)
    }
}
