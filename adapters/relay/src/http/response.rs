//! Reading the head of a response: when it is over, and whether the connection is still HTTP after it.

use httparse::{Header, Status};

use super::Body;
use super::head::{MAX_HEADERS, codings, length, values};

/// What the relay has to remember of a request to understand its response.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) head: bool,
    pub(super) connect: bool,
    pub(super) upgrade: bool,
}

/// What the head of a response means for the connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A part of it is missing.
    Partial,
    /// An interim response of this length; the real one follows.
    Interim(usize),
    /// The final response: its head has this length, and this body follows.
    Final(usize, Body),
    /// After a head of this length the connection is a raw stream.
    Stream(usize),
    /// It cannot be understood.
    Unknown,
}

pub(super) fn read_response(bytes: &[u8], asked: Asked) -> Reply {
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut lines);
    let length = match response.parse(bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Reply::Partial,
        Err(_) => return Reply::Unknown,
    };
    let code = response.code.unwrap_or_default();
    match code {
        101 => Reply::Stream(length),
        100..200 => Reply::Interim(length),
        200..300 if asked.connect => Reply::Stream(length),
        204 | 304 => Reply::Final(length, Body::NONE),
        _ if asked.head => Reply::Final(length, Body::NONE),
        _ => match body(response.headers) {
            Body::UntilClose if code == 200 && is_hijacked(response.headers, asked) => Reply::Stream(length),
            body => Reply::Final(length, body),
        },
    }
}

fn body(headers: &[Header<'_>]) -> Body {
    match codings(headers) {
        Some(true) => Body::CHUNKED,
        Some(false) => Body::UntilClose,
        None => length(headers).ok().flatten().map_or(Body::UntilClose, Body::Length),
    }
}

/// Docker's older way to turn a connection into a stream: an unframed 200 with a content type of its own, with which
/// API versions before 1.22, and clients that send no `Upgrade` until today, attach to a container.
fn is_hijacked(headers: &[Header<'_>], asked: Asked) -> bool {
    asked.upgrade
        || values(headers, "content-type").any(|kind| {
            let kind = kind.trim_ascii();
            [&b"application/vnd.docker.raw-stream"[..], b"application/vnd.docker.multiplexed-stream"].contains(&kind)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Asked = Asked { head: false, connect: false, upgrade: false };

    fn reply(head: &str, asked: Asked) -> Reply {
        read_response(format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), asked)
    }

    #[test]
    fn a_response_ends_where_its_head_says() {
        let kinds = [
            ("200 OK\r\nContent-Length: 2", Body::Length(2)),
            ("200 OK\r\nTransfer-Encoding: chunked", Body::CHUNKED),
            ("200 OK\r\nTransfer-Encoding: gzip", Body::UntilClose),
            ("200 OK", Body::UntilClose),
            ("200 OK\r\nContent-Length: x", Body::UntilClose),
            ("204 No Content", Body::NONE),
            ("304 Not Modified\r\nContent-Length: 9", Body::NONE),
        ];
        for (head, body) in kinds {
            assert_eq!(reply(head, GET), Reply::Final(head.len() + 13, body), "{head}");
        }
    }

    #[test]
    fn a_response_to_head_has_no_body() {
        let head = "200 OK\r\nContent-Length: 9";
        assert_eq!(reply(head, Asked { head: true, ..GET }), Reply::Final(head.len() + 13, Body::NONE));
    }

    #[test]
    fn interim_responses_are_followed_by_the_real_one() {
        for head in ["100 Continue", "103 Early Hints\r\nLink: </a>"] {
            assert_eq!(reply(head, GET), Reply::Interim(head.len() + 13), "{head}");
        }
    }

    #[test]
    fn upgrades_hijacks_and_tunnels_are_streams() {
        let raw = "Content-Type: application/vnd.docker.raw-stream";
        let multiplexed = "Content-Type: application/vnd.docker.multiplexed-stream";
        assert!(matches!(reply("101 UPGRADED\r\nUpgrade: tcp", GET), Reply::Stream(_)));
        assert!(matches!(reply(&format!("200 OK\r\n{raw}"), GET), Reply::Stream(_)));
        assert!(matches!(reply(&format!("200 OK\r\n{multiplexed}"), GET), Reply::Stream(_)));
        assert!(matches!(reply("200 OK", Asked { upgrade: true, ..GET }), Reply::Stream(_)));
        assert!(matches!(reply("200 OK\r\nContent-Length: 5", Asked { connect: true, ..GET }), Reply::Stream(_)));
        // `docker logs` has the same content type, and is an ordinary response.
        let logs = format!("200 OK\r\n{raw}\r\nTransfer-Encoding: chunked");
        assert!(matches!(reply(&logs, GET), Reply::Final(_, Body::Chunked(_))));
        assert!(matches!(reply("407 Who?\r\nContent-Length: 5", Asked { connect: true, ..GET }), Reply::Final(..)));
    }

    #[test]
    fn half_a_head_is_partial_and_nonsense_is_unknown() {
        assert_eq!(read_response(b"HTTP/1.1 200 O", GET), Reply::Partial);
        assert_eq!(read_response(b"ICY 200 OK\r\n\r\n", GET), Reply::Unknown);
    }
}
