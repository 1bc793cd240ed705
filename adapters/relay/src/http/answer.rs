//! An answer that the relay gives by itself.

use super::{Body, Refusal};

/// The bytes of an answer, and the body of the request that the client may still be sending.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) unread: Body,
}

impl Answer {
    /// In HTTP/1. The connection ends after it, and an answer to HEAD has no body.
    pub(crate) fn http(refusal: Refusal, to_head: bool, unread: Body) -> Self {
        let (status, content_type, body) = refusal.parts();
        let reason = reason(status);
        let mut bytes = format!(
            "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len(),
        )
        .into_bytes();
        if !to_head {
            bytes.extend(body);
        }
        Self { bytes, unread }
    }

    /// To a request that could not be read, so that nothing is known of what follows.
    pub(crate) fn unreadable(status: u16, text: impl std::fmt::Display) -> Self {
        Self::http(Refusal::text(text).with_status(status), false, Body::NONE)
    }

    /// In a protocol that the relay does not know.
    pub(crate) fn raw(refusal: Refusal) -> Self {
        Self { bytes: refusal.parts().2, unread: Body::NONE }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        403 => "Forbidden",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Refused",
    }
}
