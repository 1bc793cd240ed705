//! Reading the head of a request.

use std::mem::MaybeUninit;

use httparse::{Header, Status};

use super::Body;

/// How many header lines a head may have.
pub(super) const MAX_HEADERS: usize = 256;

/// Room for the header lines of one head.
pub(super) type Lines<'b> = [MaybeUninit<Header<'b>>; MAX_HEADERS];

/// A head that came while a part is still missing is parsed only up to this size, so that what is no HTTP at all is
/// seen with its first line; above it, parsing waits for the end, so that a head that comes in small pieces costs no
/// more than one that comes at once.
const EAGER: usize = 2048;

/// A complete head of a request.
#[derive(Debug)]
pub(crate) struct RequestHead<'b> {
    pub(crate) method: &'b str,
    pub(crate) target: &'b str,
    pub(crate) version: u8,
    pub(crate) headers: &'b [Header<'b>],
    /// The bytes of the head, with the empty line at its end.
    pub(crate) length: usize,
    pub(crate) body: Body,
    /// The client wants to speak another protocol on this connection.
    pub(crate) wants_upgrade: bool,
}

/// Why a head cannot be used. The text is for the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadHead {
    TooLarge(String),
    Malformed(String),
}

/// Where the search for the end of a head stands.
#[derive(Debug, Default)]
pub(super) struct Search {
    seen: usize,
}

impl Search {
    /// Whether the empty line that ends a head has come. Bytes that were looked at before are not looked at again.
    pub(super) fn ended(&mut self, bytes: &[u8]) -> bool {
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let mut at = self.seen.max(blank);
        while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
            let line_end = at + found;
            match &bytes[line_end + 1..] {
                [b'\n', ..] | [b'\r', b'\n', ..] => return true,
                [] | [b'\r'] => {
                    self.seen = line_end;
                    return false;
                }
                _ => at = line_end + 1,
            }
        }
        self.seen = bytes.len();
        false
    }
}

/// Reads the head at the start of `bytes`. `Ok(None)`: a part of it is missing.
pub(super) fn read_request<'b>(
    bytes: &'b [u8],
    search: &mut Search,
    limit: usize,
    lines: &'b mut Lines<'b>,
) -> Result<Option<RequestHead<'b>>, BadHead> {
    let too_large =
        || BadHead::TooLarge(format!("the head of this request is larger than {limit} bytes or {MAX_HEADERS} lines"));
    if !search.ended(bytes) {
        if bytes.len() >= limit {
            return Err(too_large());
        }
        if bytes.len() > EAGER {
            return Ok(None);
        }
    }
    let mut request = httparse::Request::new(&mut []);
    let length = match request.parse_with_uninit_headers(bytes, lines) {
        Ok(Status::Complete(length)) if length > limit => return Err(too_large()),
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(too_large()),
        Err(httparse::Error::Version) => {
            return Err(BadHead::Malformed("only HTTP/1.0 and HTTP/1.1 are understood here".to_owned()));
        }
        Err(error) => return Err(BadHead::Malformed(format!("this is no HTTP/1 request: {error}"))),
    };
    let (Some(method), Some(target), Some(version)) = (request.method, request.path, request.version) else {
        return Ok(None);
    };
    let headers: &'b [Header<'b>] = request.headers;
    Ok(Some(RequestHead {
        method,
        target,
        version,
        headers,
        length,
        body: body(headers).map_err(|text| BadHead::Malformed(format!("this request cannot be understood: {text}")))?,
        wants_upgrade: values(headers, "upgrade").next().is_some(),
    }))
}

/// How the body of a request is framed.
fn body(headers: &[Header<'_>]) -> Result<Body, &'static str> {
    match codings(headers) {
        Some(true) => return Ok(Body::CHUNKED),
        Some(false) => return Err("its Transfer-Encoding does not end with chunked"),
        None => {}
    }
    Ok(Body::Length(length(headers)?.unwrap_or(0)))
}

/// Whether `chunked` is the last transfer coding; `None` without any.
pub(super) fn codings(headers: &[Header<'_>]) -> Option<bool> {
    let last = values(headers, "transfer-encoding").last()?;
    let last = last.rsplit(|byte| *byte == b',').next().unwrap_or(last);
    Some(last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
}

/// The length that the headers give; repeated ones must agree.
pub(super) fn length(headers: &[Header<'_>]) -> Result<Option<u64>, &'static str> {
    let mut length = None;
    for value in values(headers, "content-length").flat_map(|value| value.split(|byte| *byte == b',')) {
        let digits = value.trim_ascii();
        let text = std::str::from_utf8(digits).unwrap_or_default();
        // `parse` alone would take a sign.
        let number = text.parse().ok().filter(|_| digits.iter().all(u8::is_ascii_digit));
        let Some(number) = number else { return Err("its Content-Length is no number") };
        if length.is_some_and(|length| length != number) {
            return Err("it has two different Content-Lengths");
        }
        length = Some(number);
    }
    Ok(length)
}

pub(super) fn values<'h>(headers: &'h [Header<'h>], name: &'h str) -> impl Iterator<Item = &'h [u8]> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 4096;

    fn read(bytes: &[u8]) -> Result<Option<(usize, Body)>, BadHead> {
        let mut lines = [MaybeUninit::uninit(); MAX_HEADERS];
        let head = read_request(bytes, &mut Search::default(), LIMIT, &mut lines)?;
        Ok(head.map(|head| (head.length, head.body)))
    }

    #[test]
    fn a_head_ends_at_its_empty_line_however_it_is_cut() {
        let head = b"\r\nGET /_ping HTTP/1.1\r\nHost: d\r\n\r\n";
        let stream = [&head[..], b"GET"].concat();
        let mut search = Search::default();
        for end in 0..stream.len() {
            let mut lines = [MaybeUninit::uninit(); MAX_HEADERS];
            let found = read_request(&stream[..end], &mut search, LIMIT, &mut lines).expect("a good head");
            assert_eq!(found.map(|head| head.length), (end >= head.len()).then_some(head.len()), "after {end}");
        }
    }

    #[test]
    fn a_body_is_framed_by_its_headers() {
        for (headers, body) in [
            ("", Body::NONE),
            ("Content-Length: 12\r\n", Body::Length(12)),
            ("Content-Length: 12\r\ncontent-length: 12\r\n", Body::Length(12)),
            ("Transfer-Encoding: chunked\r\n", Body::CHUNKED),
            ("Transfer-Encoding: gzip, Chunked\r\nContent-Length: 3\r\n", Body::CHUNKED),
        ] {
            let head = format!("POST / HTTP/1.1\r\n{headers}\r\n");
            assert_eq!(read(head.as_bytes()), Ok(Some((head.len(), body))), "{headers}");
        }
    }

    #[test]
    fn what_cannot_be_framed_is_malformed() {
        for bad in [
            "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\x16\x03\x01\x02\x00\x01",
            "hello",
            "GET /\r\n\r\n",
        ] {
            let error = read(bad.as_bytes());
            assert!(matches!(error, Err(BadHead::Malformed(_)) | Ok(None)), "{bad:?}: {error:?}");
        }
        assert!(matches!(read(b"\x16\x03\x01\x02\x00\x01"), Err(BadHead::Malformed(_))), "at its first bytes");
    }

    #[test]
    fn a_head_without_an_end_is_too_large_at_the_limit() {
        let mut bytes = b"GET / HTTP/1.1\r\nX: ".to_vec();
        bytes.resize(LIMIT - 1, b'x');
        assert_eq!(read(&bytes), Ok(None));
        bytes.push(b'x');
        assert!(matches!(read(&bytes), Err(BadHead::TooLarge(_))));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(MAX_HEADERS + 1));
        assert!(matches!(read(many.as_bytes()), Err(BadHead::TooLarge(_))));
    }
}
