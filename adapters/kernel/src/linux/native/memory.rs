//! The memory of another process.
#![expect(unsafe_code, reason = "process_vm_readv(2) has no safe interface")]

use std::io;

/// A page is read whole or not at all.
const PAGE: u64 = 4096;

/// Reads into the buffer what is there, up to the end of what can be read, and says how much.
pub(crate) fn read(tid: u32, address: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let Ok(start) = usize::try_from(address) else { return Err(io::ErrorKind::InvalidInput.into()) };
    let Ok(tid) = libc::pid_t::try_from(tid) else { return Err(io::ErrorKind::InvalidInput.into()) };
    let local = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let remote = libc::iovec { iov_base: start as *mut libc::c_void, iov_len: buffer.len() };
    // SAFETY: the local vector is the buffer, which lives through the call; the remote one is only read, in the other
    // process, by the kernel, which checks it.
    let result = unsafe { libc::process_vm_readv(tid, &raw const local, 1, &raw const remote, 1, 0) };
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// Reads exactly the buffer.
pub(crate) fn read_exact(tid: u32, address: u64, buffer: &mut [u8]) -> io::Result<()> {
    match read(tid, address, buffer)? {
        n if n == buffer.len() => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads a text up to its NUL, at most so many bytes of it.
pub(crate) fn read_text(tid: u32, address: u64, most: usize) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut at = address;
    while text.len() < most {
        // Not over the end of a page: the next one may not be there.
        let chunk = usize::try_from(PAGE - at % PAGE).unwrap_or_default().min(most - text.len()).min(512);
        let from = text.len();
        text.resize(from + chunk, 0);
        read_exact(tid, at, &mut text[from..])?;
        if let Some(end) = text[from..].iter().position(|byte| *byte == 0) {
            text.truncate(from + end);
            break;
        }
        at = at.saturating_add(chunk as u64);
    }
    Ok(text)
}

/// Reads a number of the width of a pointer.
pub(crate) fn read_pointer(tid: u32, address: u64, narrow: bool) -> io::Result<u64> {
    let mut wide = [0; 8];
    let width = if narrow { 4 } else { 8 };
    read_exact(tid, address, &mut wide[..width])?;
    // All that is supported is little-endian.
    Ok(u64::from_le_bytes(wide))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_at_their_nul_or_at_the_bound_and_what_is_not_there_is_an_error() {
        let me = std::process::id();
        let text = c"hello there";
        let at = text.as_ptr() as u64;
        assert_eq!(read_text(me, at, 4096).unwrap(), b"hello there");
        assert_eq!(read_text(me, at, 5).unwrap(), b"hello");
        let long = vec![b'x'; 10_000];
        assert_eq!(read_text(me, long.as_ptr() as u64, 9_000).unwrap(), long[..9_000]);
        assert!(read_text(me, 8, 10).is_err());
        let pointer = at;
        assert_eq!(read_pointer(me, (&raw const pointer) as u64, false).unwrap(), at);
        assert_eq!(read_pointer(me, (&raw const pointer) as u64, true).unwrap(), at & 0xffff_ffff);
    }
}
