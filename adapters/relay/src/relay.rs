//! A relay in front of one real service.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bound::Bound;
use crate::carry::{Buffers, End, Link, Steer, Step};
use crate::door::Door;
use crate::gate::{self, HttpGate, RawGate, Unreachable};
use crate::http::{Answer, Conversation, Destination, Form, Passage, RequestHead, Target};
use crate::net::{Alarm, Stream};
use crate::pool::Pool;
use crate::{Endpoint, Limits, Peer, Refusal, RelayError, Request};

/// A relay in front of one real service: it asks a gate, and passes on what may pass.
///
/// Where the protocol is plain HTTP/1, the gate is asked about the head of each request:
///
/// ```
/// use std::io::{Read, Write};
/// use std::os::unix::net::{UnixListener, UnixStream};
///
/// use guard_relay::{Endpoint, Refusal, Relay};
///
/// let dir = tempfile::tempdir()?;
/// let real = UnixListener::bind(dir.path().join("real.sock"))?;
///
/// let relay = Relay::http1(|request| match request.method() {
///     "GET" => Ok(()),
///     _ => Err(Refusal::json(format!("{request} may not pass"))),
/// });
/// let path = dir.path().join("relay.sock");
/// let serving = relay.bind(&Endpoint::unix(&path), Endpoint::unix(dir.path().join("real.sock")))?.serve()?;
///
/// let mut client = UnixStream::connect(&path)?;
/// client.write_all(b"DELETE /images/x?force=1 HTTP/1.1\r\nHost: d\r\n\r\n")?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"));
/// assert!(answer.ends_with(r#"{"message":"DELETE /images/x may not pass"}"#));
///
/// serving.stop()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Any other protocol is relayed byte for byte, and the gate is asked once a connection:
///
/// ```
/// use guard_relay::{Endpoint, Relay};
///
/// let bound = Relay::raw(|peer| {
///     println!("a connection by process {:?}", peer.pid());
///     Ok(())
/// })
/// .bind(&Endpoint::loopback(), "tcp://127.0.0.1:5432".parse()?)?;
/// println!("clients connect to {}", bound.endpoint());
/// # Ok::<(), guard_relay::RelayError>(())
/// ```
///
/// # When the real service is connected to
///
/// Once something may pass, and never for what may not. After a request that might pass, the relay connects for the next
/// client while that is still writing its head, until a request is refused.
///
/// # When the real service is missing
///
/// A relay listens before its service does, so that a test can start the service and use it at once. A client of a missing
/// one is connected by then, and cannot see a refused connection any more. It sees the next best thing: the connection
/// ends without a byte, with a reset over TCP, as if the service had died. It is still an error of the transport, and a
/// client which tells "no daemon" from "the daemon says no" takes it for the former; a 502 would be an answer that no
/// direct connection gives. The gate was asked before, so that the use is known. A guard that wants to explain more
/// sets [`on_unreachable`](Self::on_unreachable), and one whose service is not started by tests has the relay listen
/// [only while it is served](Self::only_while_served): clients get the very error of a direct connection then.
#[must_use = "a relay does nothing until it is bound and served"]
pub struct Relay {
    gate: Gate,
    limits: Limits,
    unreachable: Unreachable,
    only_while_served: bool,
}

enum Gate {
    Http(HttpGate),
    Raw(RawGate),
}

impl Relay {
    /// For a service that speaks HTTP/1: `gate` is asked about the head of each request, on kept connections too.
    ///
    /// It is called from the threads of the relay. Upgraded streams and tunnels belong to the request that opened them.
    pub fn http1(gate: impl Fn(&Request<'_>) -> Result<(), Refusal> + Send + Sync + 'static) -> Self {
        Self::new(Gate::Http(Arc::new(gate)))
    }

    /// For any other service: `gate` is asked about each connection, before anything of it is read. The body of a
    /// refusal is sent to the client as it is.
    pub fn raw(gate: impl Fn(&Peer<'_>) -> Result<(), Refusal> + Send + Sync + 'static) -> Self {
        Self::new(Gate::Raw(Arc::new(gate)))
    }

    fn new(gate: Gate) -> Self {
        Self { gate, limits: Limits::new(), unreachable: Arc::new(|_| None), only_while_served: false }
    }

    /// Sets other bounds than the defaults.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Is told when the real service could not be reached for a request or connection that may pass. What it returns
    /// is answered to the client, with the refusal's own status; with `None` the connection just ends.
    pub fn on_unreachable(mut self, tell: impl Fn(&io::Error) -> Option<Refusal> + Send + Sync + 'static) -> Self {
        self.unreachable = Arc::new(tell);
        self
    }

    /// Listens only while somebody listens at the service's own address, so that clients of a missing service get the
    /// error of a direct connection: the relay's file is missing then, is one that nobody listens on, or is one that this
    /// user may not use. The gate is not asked, since nothing is used.
    ///
    /// The relay asks [without connecting](Endpoint::is_served) when it is bound, every millisecond while the service is
    /// missing, and when a connection to it has failed: the first client that comes after a service has gone away finds
    /// its connection ended without a byte.
    ///
    /// Not for a service that tests start by themselves: one that is used within a millisecond would be missing. It has an
    /// effect on Linux, where both addresses are Unix sockets; of a TCP service nothing is known without connecting.
    pub fn only_while_served(mut self) -> Self {
        self.only_while_served = true;
        self
    }

    /// Listens. Clients can connect from now on, and wait until the relay is [served](Bound::serve). No thread is
    /// started, so that this can be called before `main`. Nothing is asked of the real service, which may come later.
    ///
    /// # Errors
    ///
    /// [`RelayError::SocketPathTooLong`], [`RelayError::Listen`] and [`RelayError::Itself`].
    pub fn bind(self, at: &Endpoint, upstream: Endpoint) -> Result<Bound, RelayError> {
        let Self { gate, limits, unreachable, only_while_served } = self;
        let door = Arc::new(Door::bind(at)?.in_front_of(&upstream, only_while_served)?);
        let in_use = AtomicBool::new(false);
        let service = Service { upstream, door: Arc::clone(&door), limits: limits.clone(), unreachable, in_use };
        let serve = move |client: Stream, buffers: &mut Buffers, alarm: &Alarm| match &gate {
            Gate::Http(gate) => {
                let mut destination = Asking { gate, service: &service, ahead: service.connect_ahead() };
                let mut conversation = Conversation::new(&mut destination, &service.limits);
                Link::new(client, buffers).serve(&mut conversation, &service.limits, alarm);
            }
            Gate::Raw(gate) => {
                let opened = gate::ask(|| gate(&Peer::new(&client)))
                    .map_err(|refusal| End::Answer(Answer::raw(refusal)))
                    .and_then(|()| service.connect(|refusal| End::Answer(Answer::raw(refusal))));
                let mut link = Link::new(client, buffers);
                let mut steer = match opened {
                    Ok(upstream) => {
                        link.connect(upstream);
                        Raw(None)
                    }
                    Err(end) => Raw(Some(end)),
                };
                link.serve(&mut steer, &service.limits, alarm);
            }
        };
        Pool::new(door, limits, Box::new(serve)).map(Bound::new)
    }
}

/// The real service.
struct Service {
    upstream: Endpoint,
    door: Arc<Door>,
    limits: Limits,
    unreachable: Unreachable,
    /// Whether the last request was let pass.
    in_use: AtomicBool,
}

impl Service {
    /// Connects before the first head has come, while the client is still writing it: a tenth of the time of a `ping`.
    /// A service that may not be used is not touched: connecting alone can start a daemon.
    fn connect_ahead(&self) -> Option<Stream> {
        match self.upstream {
            Endpoint::Unix(_) if self.in_use.load(Ordering::Relaxed) => {
                Stream::connect(&self.upstream, self.limits.connect_time).ok()
            }
            _ => None,
        }
    }

    fn connect(&self, answer: impl FnOnce(Refusal) -> End) -> Result<Stream, End> {
        Stream::connect(&self.upstream, self.limits.connect_time).map_err(|error| {
            // Before this client learns of it, and comes again.
            self.door.follow();
            (self.unreachable)(&error).map_or(End::Reset, answer)
        })
    }
}

/// HTTP to the one service there is.
struct Asking<'a> {
    gate: &'a HttpGate,
    service: &'a Service,
    /// A connection for the first request. Until then nothing is read from it: the gate is asked in any case.
    ahead: Option<Stream>,
}

impl Destination for Asking<'_> {
    fn ask(&mut self, head: &RequestHead<'_>, client: &Stream) -> Result<(), End> {
        // Whether the target makes sense is for the real service to say.
        let target = Target::read(head.method, head.target).unwrap_or_else(|_| Target::opaque(head.target));
        let request = Request { method: head.method, target: &target, headers: head.headers, peer: &Peer::new(client) };
        let answer = gate::ask(|| (self.gate)(&request));
        self.service.in_use.store(answer.is_ok(), Ordering::Relaxed);
        answer.map_err(|refusal| head.refuse(refusal))
    }

    fn open(&mut self, head: &RequestHead<'_>, connected: bool) -> Result<Passage, End> {
        let connection = match (connected, self.ahead.take().filter(Stream::is_open)) {
            (true, _) => None,
            (false, Some(ahead)) => Some(ahead),
            (false, None) => Some(self.service.connect(|refusal| head.refuse(refusal))?),
        };
        Ok(Passage { connection, form: Form::Verbatim })
    }
}

/// Passes everything on, or ends at once.
struct Raw(Option<End>);

impl Steer for Raw {
    fn advance(&mut self, link: &mut Link<'_>) -> Step {
        link.up.buffer.release_all();
        link.down.buffer.release_all();
        self.0.take().map_or(Step::Wait(None), Step::End)
    }
}
