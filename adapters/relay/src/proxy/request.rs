//! Sending a request on to the host that it names.

use std::io;
use std::net::ToSocketAddrs;

use super::Route;
use crate::carry::End;
use crate::gate::{self, HttpGate};
use crate::http::{Authority, Destination, Form, Passage, RequestHead, Target};
use crate::net::Stream;
use crate::{Endpoint, Limits, Peer, Refusal, Request};

/// The requests of one connection to the proxy.
pub(super) struct Forwarding<'a> {
    gate: &'a HttpGate,
    route: &'a (dyn Fn(&Request<'_>) -> Route + Send + Sync),
    limits: &'a Limits,
    carried: &'a (dyn Fn(&str, u16) + Send + Sync),
    /// The way of the request that was let pass last.
    way: Route,
    /// What it is for.
    host: Option<Authority>,
    /// Where the connection behind this one leads.
    connected: Option<Authority>,
}

impl<'a> Forwarding<'a> {
    pub(super) fn new(
        gate: &'a HttpGate,
        route: &'a (dyn Fn(&Request<'_>) -> Route + Send + Sync),
        carried: &'a (dyn Fn(&str, u16) + Send + Sync),
        limits: &'a Limits,
    ) -> Self {
        Self { gate, route, limits, carried, way: Route::Direct, host: None, connected: None }
    }

    /// A connection to `to`, for a request to `host`; none if the one that is there leads there.
    fn connect(&mut self, head: &RequestHead<'_>, to: &Authority, via: &str) -> Result<Option<Stream>, End> {
        if self.connected.as_ref() == Some(to) {
            return Ok(None);
        }
        let stream = dial(to, self.limits).map_err(|error| {
            head.refuse(Refusal::text(format!("cannot connect to {via}: {error}")).with_status(502))
        })?;
        self.connected = Some(to.clone());
        Ok(Some(stream))
    }
}

impl Destination for Forwarding<'_> {
    fn ask(&mut self, head: &RequestHead<'_>, client: &Stream) -> Result<(), End> {
        let (target, _) = read(head)?;
        let request = Request { method: head.method, target: &target, headers: head.headers, peer: &Peer::new(client) };
        gate::ask(|| {
            (self.gate)(&request)?;
            self.way = (self.route)(&request);
            Ok(())
        })
        .map_err(|refusal| head.refuse(refusal))
    }

    fn open(&mut self, head: &RequestHead<'_>, connected: bool) -> Result<Passage, End> {
        if !connected {
            self.connected = None;
        }
        let (target, host) = read(head)?;
        self.host = Some(host.clone());
        match self.way.clone() {
            Route::Direct => {
                let connection = self.connect(head, &host, &host.to_string())?;
                let form = match head.method {
                    "CONNECT" => Form::Tunnel,
                    _ => Form::Rewritten(origin_form(head, &target, &host)),
                };
                Ok(Passage { connection, form })
            }
            Route::Via(proxy) => {
                let via = format!("{host} through the proxy {}", proxy.authority());
                let connection = self.connect(head, proxy.authority(), &via)?;
                let form = match proxy.authorization() {
                    Some(value) => Form::Rewritten(authorized(head, value)),
                    None => Form::Verbatim,
                };
                Ok(Passage { connection, form })
            }
        }
    }

    fn carries(&mut self) {
        if let Some(host) = &self.host {
            (self.carried)(&host.host, host.port);
        }
    }
}

/// What the request is for, if it is one for a proxy.
fn read<'b>(head: &RequestHead<'b>) -> Result<(Target<'b>, Authority), End> {
    let bad = |text: String| head.refuse(Refusal::text(text).with_status(400));
    let target = Target::read(head.method, head.target).map_err(bad)?;
    match target.authority.clone() {
        Some(host) => Ok((target, host)),
        None => Err(bad("this is a forward proxy: the target of a request must be a URL, http://host/path".to_owned())),
    }
}

/// Resolves and connects, to the first address that answers.
fn dial(to: &Authority, limits: &Limits) -> io::Result<Stream> {
    let mut last = None;
    for address in (to.host.as_str(), to.port).to_socket_addrs()? {
        match Stream::connect(&Endpoint::Tcp(address), limits.connect_time) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address")))
}

/// The head as a server expects it: a path, the `Host` of the target, and nothing that was meant for the proxy.
fn origin_form(head: &RequestHead<'_>, target: &Target<'_>, host: &Authority) -> Vec<u8> {
    let path = match (target.path_and_query, head.method) {
        ("", "OPTIONS") => "*".to_owned(),
        (rest, _) if rest.starts_with('/') => rest.to_owned(),
        (rest, _) => format!("/{rest}"),
    };
    let host = host.to_string();
    let host = host.strip_suffix(":80").unwrap_or(&host);
    let mut words = format!("{} {path} HTTP/1.{}\r\nHost: {host}\r\n", head.method, head.version).into_bytes();
    headers(head, &["host", "proxy-connection", "proxy-authorization"], &mut words);
    words
}

/// The head as it came, with the credentials of the user's proxy.
fn authorized(head: &RequestHead<'_>, authorization: &str) -> Vec<u8> {
    let mut words =
        format!("{} {} HTTP/1.{}\r\nProxy-Authorization: {authorization}\r\n", head.method, head.target, head.version)
            .into_bytes();
    headers(head, &["proxy-authorization"], &mut words);
    words
}

fn headers(head: &RequestHead<'_>, without: &[&str], words: &mut Vec<u8>) {
    for header in
        head.headers.iter().filter(|header| !without.iter().any(|name| header.name.eq_ignore_ascii_case(name)))
    {
        words.extend_from_slice(header.name.as_bytes());
        words.extend_from_slice(b": ");
        words.extend_from_slice(header.value);
        words.extend_from_slice(b"\r\n");
    }
    words.extend_from_slice(b"\r\n");
}
