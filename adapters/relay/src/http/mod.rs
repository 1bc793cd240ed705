//! HTTP/1, as far as a relay has to understand it: where heads begin, and what they ask for.

mod answer;
mod body;
mod conversation;
mod head;
mod refusal;
mod request;
mod response;
mod target;

pub use refusal::Refusal;
pub use request::{Peer, Request};

pub(crate) use answer::Answer;
pub(crate) use body::Body;
pub(crate) use conversation::{Conversation, Destination, Form, Passage};
pub(crate) use head::RequestHead;
pub(crate) use target::{Authority, Target};
