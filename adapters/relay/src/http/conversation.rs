//! The requests and responses of one connection, one exchange at a time.
//!
//! A request that the client sent ahead (pipelining) is held until the response before it is complete and delivered.
//! So a refusal never overtakes an answer, and what a client sends while an upgrade is being decided is read as HTTP
//! only if the decision was no.

use std::mem::MaybeUninit;
use std::time::Instant;

use super::head::{BadHead, MAX_HEADERS, Search, read_request};
use super::response::{Asked, Reply, read_response};
use super::{Answer, Body, Refusal, RequestHead};
use crate::Limits;
use crate::carry::{End, Link, Steer, Step};
use crate::net::Stream;

/// What stands behind the conversation.
pub(crate) trait Destination {
    /// Whether this request may pass. Called exactly once for each complete head.
    fn ask(&mut self, head: &RequestHead<'_>, client: &Stream) -> Result<(), End>;

    /// Where a request that may pass goes, and as what. `connected`: the last one's connection is still there.
    fn open(&mut self, head: &RequestHead<'_>, connected: bool) -> Result<Passage, End>;

    /// The client sends something through the stream that the last request opened.
    fn carries(&mut self) {}
}

/// How a request goes on.
#[derive(Debug)]
pub(crate) struct Passage {
    /// A new connection, if the one that is there does not lead to the right place.
    pub(crate) connection: Option<Stream>,
    pub(crate) form: Form,
}

/// What becomes of the head.
#[derive(Debug)]
pub(crate) enum Form {
    /// It goes on byte for byte.
    Verbatim,
    /// It goes on in other words.
    Rewritten(Vec<u8>),
    /// It was for the relay, which answers that the tunnel stands.
    Tunnel,
}

/// One connection's steering.
pub(crate) struct Conversation<'a> {
    destination: &'a mut dyn Destination,
    limits: &'a Limits,
    request: Requesting,
    response: Responding,
    search: Search,
    /// When the first byte of the head came that is now being read.
    head_began: Option<Instant>,
}

#[derive(Debug)]
enum Requesting {
    Head,
    Body(Body),
    Done,
}

#[derive(Debug)]
enum Responding {
    Idle,
    Head(Asked),
    Body(Body),
    /// Both directions carry another protocol, which belongs to the request that began it.
    Stream,
}

impl<'a> Conversation<'a> {
    pub(crate) fn new(destination: &'a mut dyn Destination, limits: &'a Limits) -> Self {
        Self {
            destination,
            limits,
            request: Requesting::Head,
            response: Responding::Idle,
            search: Search::default(),
            head_began: None,
        }
    }

    /// Follows the response, which always goes on as far as it is understood.
    fn follow_response(&mut self, link: &mut Link<'_>) {
        let ended = link.down.has_ended();
        let buffer = &mut *link.down.buffer;
        while !buffer.held().is_empty() {
            match &mut self.response {
                Responding::Head(asked) => match read_response(buffer.held(), *asked) {
                    Reply::Partial if !ended && !buffer.is_full() => return,
                    Reply::Interim(length) => buffer.release(length),
                    Reply::Final(length, body) => {
                        buffer.release(length);
                        self.response = Responding::Body(body);
                    }
                    Reply::Stream(length) => {
                        buffer.release(length);
                        self.response = Responding::Stream;
                    }
                    Reply::Partial | Reply::Unknown => self.response = Responding::Body(Body::UntilClose),
                },
                Responding::Body(body) if !body.is_done() => match body.take(buffer.held()) {
                    Ok(count) => buffer.release(count),
                    Err(_) => *body = Body::UntilClose,
                },
                // Nobody asked for this: the client may make of it what it can, and nothing is understood after it.
                Responding::Idle | Responding::Body(_) => {
                    self.request = Requesting::Done;
                    self.response = Responding::Body(Body::UntilClose);
                }
                Responding::Stream => return,
            }
        }
    }

    /// Lets the body of the request go on.
    fn follow_body(&mut self, link: &mut Link<'_>) -> Result<(), End> {
        let Requesting::Body(body) = &mut self.request else { return Ok(()) };
        match body.take(link.up.buffer.held()) {
            Ok(count) => link.up.buffer.release(count),
            Err(_) if matches!(self.response, Responding::Head(_)) => {
                link.up.buffer.release_all();
                return Err(End::Answer(Answer::unreadable(400, "the body of this request is not chunked as it says")));
            }
            Err(_) => return Err(End::Close),
        }
        if body.is_done() {
            self.request = Requesting::Done;
        }
        Ok(())
    }

    fn response_is_done(&self) -> bool {
        match &self.response {
            Responding::Idle => true,
            Responding::Body(body) => body.is_done(),
            Responding::Head(_) | Responding::Stream => false,
        }
    }

    /// Whether nothing can follow on this connection.
    fn is_over(&self, link: &Link<'_>) -> bool {
        let no_more_up = link.up.is_closed() || !matches!(self.request, Requesting::Body(_));
        match self.request {
            Requesting::Head => link.up.buffer.is_empty() && (link.up.has_ended() || link.down.has_ended()),
            _ if link.down.is_drained() => no_more_up,
            _ => link.up.is_closed() && self.response_is_done() && link.down.is_flushed(),
        }
    }

    /// Reads the next head, asks, and sends it on. `Ok(false)`: it is not complete yet.
    fn next_request(&mut self, link: &mut Link<'_>) -> Result<bool, End> {
        let bytes = link.up.buffer.held();
        if bytes.is_empty() {
            return Ok(false);
        }
        let mut lines = [MaybeUninit::uninit(); MAX_HEADERS];
        let head = match read_request(bytes, &mut self.search, self.limits.head_bytes, &mut lines) {
            Ok(Some(head)) => head,
            Ok(None) if link.up.has_ended() => return Err(End::Close),
            Ok(None) => return Ok(false),
            Err(BadHead::TooLarge(text)) => return Err(End::Answer(Answer::unreadable(431, text))),
            Err(BadHead::Malformed(text)) => return Err(End::Answer(Answer::unreadable(400, text))),
        };
        let length = head.length;
        let asked =
            Asked { head: head.method == "HEAD", connect: head.method == "CONNECT", upgrade: head.wants_upgrade };
        let body = head.body.clone();
        let passage = self.destination.ask(&head, &link.client).and_then(|()| {
            // The service has ended the connection, and would not have seen this request without a relay either.
            if link.down.has_ended() {
                return Err(End::Close);
            }
            self.destination.open(&head, link.upstream.is_some())
        });
        self.search = Search::default();
        self.head_began = None;
        let passage = match passage {
            Ok(passage) => passage,
            Err(end) => {
                link.up.buffer.discard_held(length);
                return Err(end);
            }
        };
        if let Some(connection) = passage.connection {
            link.connect(connection);
        }
        self.request = if body.is_done() { Requesting::Done } else { Requesting::Body(body) };
        self.response = Responding::Head(asked);
        match passage.form {
            Form::Verbatim => link.up.buffer.release(length),
            Form::Rewritten(words) => link.up.replace(length, words),
            Form::Tunnel => {
                link.up.buffer.discard_held(length);
                link.down.replace(0, b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec());
                self.response = Responding::Stream;
            }
        }
        Ok(true)
    }

    /// How long the client may take for the rest of the head.
    fn deadline(&mut self, link: &Link<'_>) -> Result<Option<Instant>, End> {
        if !matches!(self.request, Requesting::Head) || link.up.buffer.held().is_empty() {
            return Ok(None);
        }
        let now = Instant::now();
        let deadline = *self.head_began.get_or_insert(now) + self.limits.head_time;
        if now < deadline {
            return Ok(Some(deadline));
        }
        let text = format!("the head of this request was not complete after {:?}", self.limits.head_time);
        Err(End::Answer(Answer::unreadable(408, text)))
    }

    fn try_advance(&mut self, link: &mut Link<'_>) -> Result<Option<Instant>, End> {
        loop {
            self.follow_response(link);
            if matches!(self.response, Responding::Stream) {
                if !link.up.buffer.held().is_empty() {
                    self.destination.carries();
                }
                link.up.buffer.release_all();
                link.down.buffer.release_all();
                return Ok(None);
            }
            self.follow_body(link)?;
            if matches!(self.request, Requesting::Done) && self.response_is_done() && link.is_flushed() {
                (self.request, self.response) = (Requesting::Head, Responding::Idle);
            }
            if self.is_over(link) {
                return Err(End::Close);
            }
            if !matches!(self.request, Requesting::Head) || !self.next_request(link)? {
                return self.deadline(link);
            }
        }
    }
}

impl Steer for Conversation<'_> {
    fn advance(&mut self, link: &mut Link<'_>) -> Step {
        self.try_advance(link).map_or_else(Step::End, Step::Wait)
    }
}

impl RequestHead<'_> {
    /// The relay's own answer to this request.
    pub(crate) fn refuse(&self, refusal: Refusal) -> End {
        End::Answer(Answer::http(refusal, self.method == "HEAD", self.body.clone()))
    }
}
