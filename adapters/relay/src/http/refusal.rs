//! What a gate says to a client that may not pass.

use std::fmt;

/// What a client gets instead of the real thing.
///
/// ```
/// use guard_relay::Refusal;
///
/// let plain = Refusal::text("the test does not declare `queue`");
/// // Docker's clients show the `message` of a JSON body.
/// let json = Refusal::json("the test does not declare `docker`");
/// assert_eq!(json.body(), br#"{"message":"the test does not declare `docker`"}"#);
/// // The words of a protocol of its own, for a raw relay: here of Redis.
/// let words = Refusal::bytes("text/plain", *b"-ERR the test does not declare `redis`\r\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a refusal does nothing until the gate returns it"]
pub struct Refusal {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Refusal {
    /// A plain text; anything that can be shown will do, such as a `Violation`.
    pub fn text(message: impl fmt::Display) -> Self {
        Self::bytes("text/plain; charset=utf-8", format!("{message}\n"))
    }

    /// A JSON object with this `message`, which is the form of Docker's errors.
    pub fn json(message: impl fmt::Display) -> Self {
        let body = serde_json::json!({ "message": message.to_string() });
        Self::bytes("application/json", body.to_string())
    }

    /// A body of any type. A relay of raw bytes sends it as it is; an empty one only closes the connection.
    pub fn bytes(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 403, content_type, body: body.into() }
    }

    /// Answers with another status than 403.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// What the client reads.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn parts(self) -> (u16, &'static str, Vec<u8>) {
        (self.status, self.content_type, self.body)
    }
}
