//! The relay's last words on a connection.

use std::net::Shutdown;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags};

use super::Buffer;
use crate::Limits;
use crate::http::Answer;
use crate::net::{Alarm, Stream, wait};

/// Sends an answer, and takes in what the client is still sending, for a bounded time and up to a bounded size.
///
/// A client that is still sending when the connection is closed gets an error for its write, and many never look at the
/// answer then; unread bytes can even destroy an answer that is on its way.
pub(super) fn say_farewell(client: &Stream, answer: Answer, buffer: &mut Buffer, limits: &Limits, alarm: &Alarm) {
    let Answer { bytes, unread: mut body } = answer;
    let deadline = Instant::now() + limits.drain_time;
    let mut budget = limits.drain_bytes;
    let mut unsent = &bytes[..];
    let (mut told_end, mut silent) = (false, false);
    buffer.release_all();
    let received = buffer.released().len();
    let mut body_ended = body.take(buffer.released()).map_or(true, |_| body.is_done());
    buffer.clear();
    budget = budget.saturating_sub(received as u64);

    loop {
        while !unsent.is_empty() {
            match client.send(unsent) {
                Ok(count) => unsent = &unsent[count..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(_) => return,
            }
        }
        if unsent.is_empty() && body_ended && !told_end {
            client.shutdown(Shutdown::Write);
            told_end = true;
        }
        if budget == 0 || Instant::now() >= deadline || silent && unsent.is_empty() {
            return;
        }
        let mut wanted = PollFlags::empty();
        wanted.set(PollFlags::IN, !silent);
        wanted.set(PollFlags::OUT, !unsent.is_empty());
        let mut fds = [PollFd::new(alarm, PollFlags::IN), PollFd::new(client, wanted)];
        if wait(&mut fds, Some(deadline)).is_err() || !fds[0].revents().is_empty() {
            return;
        }
        if !silent && fds[1].revents().intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
            match client.receive(buffer.room()) {
                Ok(0) => silent = true,
                Ok(count) => {
                    budget = budget.saturating_sub(count as u64);
                    buffer.filled(count);
                    body_ended |= body.take(buffer.held()).map_or(true, |_| body.is_done());
                    buffer.clear();
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}
