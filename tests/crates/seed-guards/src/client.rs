//! Code under test: a client that sends mail.

use std::pin::Pin;
use std::task::{Context, Poll};

use resource_guards::{Resource, Violation};

/// Mail, as tests declare it.
pub static MAIL: Resource = Resource::new("mail");

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub pages: Vec<u32>,
}

/// Sends letters, and counts the pages that went out.
#[derive(Debug, Default)]
pub struct Client {
    pub pages_sent: u32,
}

impl Client {
    /// Sends a letter and gives it back: the chokepoint stands before the work.
    pub fn send(&mut self, letter: Letter) -> Result<Letter, Violation> {
        MAIL.enforce_at(&letter.to, || format!("send to {}", letter.to))?;
        self.pages_sent += letter.pages.iter().sum::<u32>();
        Ok(letter)
    }

    /// The same, awaited.
    pub async fn send_later(&mut self, letter: Letter) -> Result<Letter, Violation> {
        std::future::ready(()).await;
        self.send(letter)
    }

    /// The pages of a letter, one by one as they are fetched: the use is seen when the first is asked for.
    pub fn fetch(&self, letter: Letter) -> Pages {
        Pages { letter, next: 0 }
    }
}

/// Pages on their way.
#[derive(Debug)]
pub struct Pages {
    letter: Letter,
    next: usize,
}

impl Pages {
    /// As `Stream::poll_next`, without the crate.
    pub fn poll_page(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<u32, Violation>>> {
        let to = self.letter.to.clone();
        if let Err(violation) = MAIL.enforce_at(&to, || format!("fetch from {to}")) {
            return Poll::Ready(Some(Err(violation)));
        }
        let page = self.letter.pages.get(self.next).copied();
        self.next += 1;
        Poll::Ready(page.map(Ok))
    }
}
