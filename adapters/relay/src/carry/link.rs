//! Both directions of one connection, driven by one `poll` loop.

use std::time::Instant;

use rustix::event::{PollFd, PollFlags};

use super::linger::say_farewell;
use super::{Buffers, Flow};
use crate::Limits;
use crate::http::Answer;
use crate::net::{Alarm, Stream, wait};

/// A client, what stands behind the relay if it is connected already, and the bytes between them.
pub(crate) struct Link<'b> {
    pub(crate) client: Stream,
    pub(crate) upstream: Option<Stream>,
    /// From the client.
    pub(crate) up: Flow<'b>,
    /// To the client.
    pub(crate) down: Flow<'b>,
}

/// Looks at what has arrived and decides what may go on.
pub(crate) trait Steer {
    /// Called whenever something has arrived or gone on, or the deadline has passed.
    fn advance(&mut self, link: &mut Link<'_>) -> Step;
}

/// What a [`Steer`] wants next.
pub(crate) enum Step {
    /// To be called again when something has changed, and at this time at the latest.
    Wait(Option<Instant>),
    /// To end the connection.
    End(End),
}

/// How a connection ends.
pub(crate) enum End {
    /// In order: both sides were told, or both sides are gone.
    Close,
    /// The way a service ends it that dies: with a reset where the family knows one.
    Reset,
    /// The relay answers by itself.
    Answer(Answer),
}

impl<'b> Link<'b> {
    pub(crate) fn new(client: Stream, buffers: &'b mut Buffers) -> Self {
        buffers.clear();
        let Buffers { up, down } = buffers;
        Self { client, upstream: None, up: Flow::new(up), down: Flow::new(down) }
    }

    /// Puts another service behind the relay.
    pub(crate) fn connect(&mut self, upstream: Stream) {
        self.upstream = Some(upstream);
        self.down.restart();
    }

    /// Carries bytes until the end, and says the relay's last words where it has some.
    pub(crate) fn serve(mut self, steer: &mut dyn Steer, limits: &Limits, alarm: &Alarm) {
        match self.carry(steer, alarm) {
            End::Close => {}
            End::Reset => {
                self.client.reset();
                self.upstream.into_iter().for_each(Stream::reset);
            }
            End::Answer(answer) => {
                self.upstream = None;
                say_farewell(&self.client, answer, self.up.buffer, limits, alarm);
            }
        }
    }

    /// All that may go on has gone on.
    pub(crate) fn is_flushed(&self) -> bool {
        self.up.is_flushed() && self.down.is_flushed()
    }

    /// Carries bytes until the connection ends or the alarm is raised.
    fn carry(&mut self, steer: &mut dyn Steer, alarm: &Alarm) -> End {
        loop {
            let deadline = match steer.advance(self) {
                Step::Wait(deadline) => deadline,
                Step::End(end) => return end,
            };
            if self.flush() {
                continue;
            }
            if self.up.is_reset() || self.down.is_reset() {
                return End::Reset;
            }
            if self.up.is_closed() && self.down.is_closed() || !self.exchange(alarm, deadline) {
                return End::Close;
            }
        }
    }

    fn flush(&mut self) -> bool {
        let Some(upstream) = &self.upstream else { return false };
        let up = self.up.flush(&self.client, upstream);
        self.down.flush(upstream, &self.client) || up
    }

    /// Waits, and reads what has come. False when the connection is over.
    fn exchange(&mut self, alarm: &Alarm, deadline: Option<Instant>) -> bool {
        let (mut client, mut upstream) = (PollFlags::empty(), PollFlags::empty());
        client.set(PollFlags::IN, self.up.wants_more());
        client.set(PollFlags::OUT, self.down.is_blocked());
        upstream.set(PollFlags::IN, self.down.wants_more());
        upstream.set(PollFlags::OUT, self.up.is_blocked());

        // A socket of which nothing is wanted is left out: a hang-up that cannot be acted on yet would be reported for
        // ever. Once a side has said its last word, its hang-up means that it will not listen either.
        let watch = |wanted: PollFlags, closed: bool| !wanted.is_empty() || (HANG_UP_IS_BOTH_WAYS && closed);
        let mut fds = Vec::with_capacity(3);
        fds.push(PollFd::new(alarm, PollFlags::IN));
        let client_at = watch(client, self.up.is_closed()).then(|| {
            fds.push(PollFd::new(&self.client, client));
            fds.len() - 1
        });
        let upstream_at = self.upstream.as_ref().filter(|_| watch(upstream, self.down.is_closed())).map(|stream| {
            fds.push(PollFd::new(stream, upstream));
            fds.len() - 1
        });
        if wait(&mut fds, deadline).is_err() || !fds[0].revents().is_empty() {
            return false;
        }
        let happened = |at: Option<usize>| at.map_or(PollFlags::empty(), |at| fds[at].revents());
        let (client, upstream) = (happened(client_at), happened(upstream_at));
        drop(fds);

        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        if client.intersects(gone) && self.up.is_closed() || upstream.intersects(gone) && self.down.is_closed() {
            return false;
        }
        if client.intersects(PollFlags::IN | gone) && self.up.wants_more() {
            self.up.fill(&self.client);
        }
        if let Some(stream) = &self.upstream
            && upstream.intersects(PollFlags::IN | gone)
            && self.down.wants_more()
        {
            self.down.fill(stream);
        }
        true
    }
}

/// Linux reports a hang-up when both directions are over; elsewhere one may be enough, and half-closed connections live.
const HANG_UP_IS_BOTH_WAYS: bool = cfg!(target_os = "linux");
