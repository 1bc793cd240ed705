//! Where the body of a message ends (RFC 9112, section 6 and 7).

/// What is left of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// This many bytes.
    Length(u64),
    /// Chunks, up to the empty line after the last one.
    Chunked(Chunks),
    /// Everything until the connection ends.
    UntilClose,
}

/// A chunk that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Where in a chunked body the reader stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chunks {
    /// In the size of a chunk, after so many digits.
    Size { size: u64, digits: u8 },
    /// After the size, in white space or an extension.
    Extension { size: u64 },
    /// In the data of a chunk.
    Data { left: u64 },
    /// In the line end after the data.
    DataEnd,
    /// At the start of a line after the last chunk.
    TrailerStart,
    /// In a trailer line.
    Trailer,
    /// After the empty line.
    Done,
}

impl Body {
    pub(crate) const NONE: Self = Self::Length(0);
    pub(crate) const CHUNKED: Self = Self::Chunked(Chunks::Size { size: 0, digits: 0 });

    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunks::Done))
    }

    /// How many of these bytes, which come next, belong to the body.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        match self {
            Self::Length(left) => {
                let count = at_most(*left, bytes.len());
                *left -= count as u64;
                Ok(count)
            }
            Self::Chunked(chunks) => chunks.take(bytes),
            Self::UntilClose => Ok(bytes.len()),
        }
    }
}

impl Chunks {
    fn take(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        let mut at = 0;
        while at < bytes.len() && *self != Self::Done {
            if let Self::Data { left } = self {
                let count = at_most(*left, bytes.len() - at);
                *left -= count as u64;
                at += count;
                if *left == 0 {
                    *self = Self::DataEnd;
                }
                continue;
            }
            *self = self.step(bytes[at])?;
            at += 1;
        }
        Ok(at)
    }

    fn step(&self, byte: u8) -> Result<Self, Malformed> {
        Ok(match (self, byte) {
            (Self::Size { size, digits }, byte) if byte.is_ascii_hexdigit() => {
                // Sixteen digits fill the number; more are refused, leading zeros or not.
                if *digits == 16 {
                    return Err(Malformed);
                }
                let digit = (byte as char).to_digit(16).map_or(0, u64::from);
                Self::Size { size: size << 4 | digit, digits: digits + 1 }
            }
            (Self::Size { digits: 0, .. }, _) => return Err(Malformed),
            (Self::Size { size, .. } | Self::Extension { size }, b'\n') => match size {
                0 => Self::TrailerStart,
                size => Self::Data { left: *size },
            },
            (Self::Size { size, .. }, b'\r' | b';' | b' ' | b'\t') => Self::Extension { size: *size },
            (Self::Extension { size }, _) => Self::Extension { size: *size },
            (Self::DataEnd, b'\r') => Self::DataEnd,
            (Self::DataEnd, b'\n') => Self::Size { size: 0, digits: 0 },
            (Self::TrailerStart, b'\r') => Self::TrailerStart,
            (Self::TrailerStart, b'\n') => Self::Done,
            (Self::Trailer, b'\n') => Self::TrailerStart,
            (Self::TrailerStart | Self::Trailer, _) => Self::Trailer,
            (Self::Size { .. } | Self::DataEnd | Self::Data { .. } | Self::Done, _) => return Err(Malformed),
        })
    }
}

fn at_most(left: u64, available: usize) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(available)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in pieces of this size and says how many belonged to the body.
    fn feed(mut body: Body, bytes: &[u8], piece: usize) -> Result<(usize, bool), Malformed> {
        let mut taken = 0;
        for part in bytes.chunks(piece) {
            let count = body.take(part)?;
            taken += count;
            if count < part.len() {
                break;
            }
        }
        Ok((taken, body.is_done()))
    }

    #[test]
    fn chunks_end_at_the_same_byte_however_they_are_cut() {
        let body = b"5\r\nhello\r\nA ; name=\"v\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        let stream = [&body[..], b"GET / HTTP/1.1\r\n"].concat();
        for piece in 1..stream.len() {
            assert_eq!(feed(Body::CHUNKED, &stream, piece), Ok((body.len(), true)), "pieces of {piece}");
        }
    }

    #[test]
    fn bare_line_feeds_end_lines_too() {
        assert_eq!(feed(Body::CHUNKED, b"3\nabc\n0\n\nNEXT", 1), Ok((9, true)));
    }

    #[test]
    fn what_is_no_chunk_is_malformed() {
        for bad in ["\r\n", "x\r\n", "-1\r\n", "0x5\r\n", "3\r\nabcd\r\n", "11111111111111111\r\n"] {
            assert_eq!(feed(Body::CHUNKED, bad.as_bytes(), 2), Err(Malformed), "{bad:?}");
        }
    }

    #[test]
    fn a_length_is_counted_down() {
        assert_eq!(feed(Body::Length(5), b"helloGET", 3), Ok((5, true)));
        assert_eq!(feed(Body::Length(5), b"hel", 3), Ok((3, false)));
        assert!(Body::NONE.is_done());
        assert!(!Body::UntilClose.is_done());
    }
}
