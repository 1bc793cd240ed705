//! A bounded buffer whose first bytes may go on and whose last ones are held.

/// Bytes between two sockets: `[released | held | room]`. What is released may be sent on; what is held waits until
/// someone has understood it.
#[derive(Debug)]
pub(crate) struct Buffer {
    bytes: Box<[u8]>,
    start: usize,
    released: usize,
    end: usize,
}

impl Buffer {
    pub(crate) fn new(size: usize) -> Self {
        Self { bytes: vec![0; size].into_boxed_slice(), start: 0, released: 0, end: 0 }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.released, self.end) = (0, 0, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(crate) fn is_full(&self) -> bool {
        self.end - self.start == self.bytes.len()
    }

    pub(crate) fn released(&self) -> &[u8] {
        &self.bytes[self.start..self.released]
    }

    pub(crate) fn held(&self) -> &[u8] {
        &self.bytes[self.released..self.end]
    }

    /// Lets the first `count` held bytes go on.
    pub(crate) fn release(&mut self, count: usize) {
        self.released = (self.released + count).min(self.end);
    }

    pub(crate) fn release_all(&mut self) {
        self.released = self.end;
    }

    /// Forgets the first `count` held bytes, which is possible only when nothing released stands before them.
    pub(crate) fn discard_held(&mut self, count: usize) {
        debug_assert!(self.released().is_empty(), "released bytes would be discarded");
        self.release(count);
        self.start = self.released;
    }

    /// Forgets the first `count` released bytes, because they were sent.
    pub(crate) fn sent(&mut self, count: usize) {
        self.start = (self.start + count).min(self.released);
        if self.is_empty() {
            self.clear();
        }
    }

    /// The free space at the end, made as large as possible when the end is reached.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.end == self.bytes.len() && self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.released -= self.start;
            self.end -= self.start;
            self.start = 0;
        }
        &mut self.bytes[self.end..]
    }

    /// Says that `count` bytes were written into the [`room`](Self::room). They are held.
    pub(crate) fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(buffer: &mut Buffer, bytes: &[u8]) {
        buffer.room()[..bytes.len()].copy_from_slice(bytes);
        buffer.filled(bytes.len());
    }

    #[test]
    fn only_what_was_released_is_sent() {
        let mut buffer = Buffer::new(8);
        put(&mut buffer, b"abcdef");
        buffer.release(2);
        assert_eq!((buffer.released(), buffer.held()), (&b"ab"[..], &b"cdef"[..]));
        buffer.sent(9);
        assert_eq!(buffer.held(), b"cdef", "held bytes are never sent");
    }

    #[test]
    fn a_full_buffer_makes_room_where_bytes_were_sent() {
        let mut buffer = Buffer::new(4);
        put(&mut buffer, b"abcd");
        assert!(buffer.is_full() && buffer.room().is_empty());
        buffer.release(3);
        buffer.sent(2);
        put(&mut buffer, b"ef");
        assert_eq!((buffer.released(), buffer.held()), (&b"c"[..], &b"def"[..]));
    }

    #[test]
    fn held_bytes_can_be_replaced_by_others() {
        let mut buffer = Buffer::new(8);
        put(&mut buffer, b"headbody");
        buffer.discard_held(4);
        assert_eq!((buffer.released(), buffer.held()), (&b""[..], &b"body"[..]));
    }
}
