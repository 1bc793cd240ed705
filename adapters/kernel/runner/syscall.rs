//! System calls without a C library.

use core::arch::asm;
use core::ffi::CStr;

/// The number of an error, as the kernel gives it.
pub(crate) type Errno = i32;

/// A vector of `writev`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    start: *const u8,
    length: usize,
}

impl Piece {
    pub(crate) const EMPTY: Self = Self { start: core::ptr::null(), length: 0 };

    /// It is valid for as long as what it is made of.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { start: bytes.as_ptr(), length: bytes.len() }
    }

    pub(crate) fn length(&self) -> usize {
        self.length
    }
}

/// The numbers of the calls.
#[cfg(target_arch = "x86_64")]
mod number {
    pub(super) const READ: usize = 0;
    pub(super) const CLOSE: usize = 3;
    pub(super) const WRITEV: usize = 20;
    pub(super) const SOCKET: usize = 41;
    pub(super) const CONNECT: usize = 42;
    pub(super) const SHUTDOWN: usize = 48;
    pub(super) const EXECVE: usize = 59;
    pub(super) const PRCTL: usize = 157;
    pub(super) const EXIT_GROUP: usize = 231;
    pub(super) const OPENAT: usize = 257;
    pub(super) const SECCOMP: usize = 317;
}

/// The numbers of the calls.
#[cfg(target_arch = "aarch64")]
mod number {
    pub(super) const OPENAT: usize = 56;
    pub(super) const CLOSE: usize = 57;
    pub(super) const READ: usize = 63;
    pub(super) const WRITEV: usize = 66;
    pub(super) const EXIT_GROUP: usize = 94;
    pub(super) const PRCTL: usize = 167;
    pub(super) const SOCKET: usize = 198;
    pub(super) const CONNECT: usize = 203;
    pub(super) const SHUTDOWN: usize = 210;
    pub(super) const EXECVE: usize = 221;
    pub(super) const SECCOMP: usize = 277;
}

/// # Safety
///
/// Every argument is what the call asks for, and what it points to is valid until the call returns.
unsafe fn call(number: usize, arguments: [usize; 5]) -> Result<usize, Errno> {
    let result: isize;
    let [a, b, c, d, e] = arguments;
    // SAFETY: as the caller promises. The kernel changes no other registers.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!("syscall", inlateout("rax") number => result, in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d,
            in("r8") e, lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") a => result, in("x1") b, in("x2") c, in("x3") d, in("x4") e,
            options(nostack));
    }
    usize::try_from(result).map_err(|_| Errno::try_from(-result).unwrap_or(Errno::MAX))
}

/// Opens a file for reading, closed on `exec`.
pub(crate) fn open(path: &CStr) -> Result<usize, Errno> {
    const HERE: isize = -100;
    const CLOSED_ON_EXEC: usize = 0o2_000_000;
    // SAFETY: the path ends with a NUL.
    unsafe { call(number::OPENAT, [HERE.cast_unsigned(), path.as_ptr().addr(), CLOSED_ON_EXEC, 0, 0]) }
}

/// Reads up to the length of the buffer.
pub(crate) fn read(fd: usize, buffer: &mut [u64]) -> Result<&mut [u64], Errno> {
    // SAFETY: the kernel writes no more than the bytes of the buffer.
    let read = unsafe { call(number::READ, [fd, buffer.as_mut_ptr().addr(), size_of_val(buffer), 0, 0])? };
    Ok(buffer.get_mut(..read / size_of::<u64>()).unwrap_or_default())
}

pub(crate) fn close(fd: usize) {
    // SAFETY: it takes a number.
    let _ = unsafe { call(number::CLOSE, [fd, 0, 0, 0, 0]) };
}

/// Writes the pieces, one after the other, and says how many bytes.
pub(crate) fn write(fd: usize, pieces: &[Piece]) -> Result<usize, Errno> {
    // SAFETY: each piece was made of bytes that are borrowed where it is used.
    unsafe { call(number::WRITEV, [fd, pieces.as_ptr().addr(), pieces.len(), 0, 0]) }
}

/// A stream to a socket of an abstract name, closed on `exec`.
pub(crate) fn connect(name: &[u8]) -> Result<usize, Errno> {
    const UNIX: u16 = 1;
    const STREAM_CLOSED_ON_EXEC: usize = 1 | 0o2_000_000;
    const TOO_LONG: Errno = 36;
    #[repr(C)]
    struct Address {
        family: u16,
        /// It begins with a NUL.
        path: [u8; 108],
    }
    let mut address = Address { family: UNIX, path: [0; 108] };
    if name.len() >= address.path.len() {
        return Err(TOO_LONG);
    }
    for (to, from) in address.path[1..].iter_mut().zip(name) {
        *to = *from;
    }
    let length = size_of::<u16>() + 1 + name.len();
    // SAFETY: the kernel reads so many bytes of the address.
    unsafe {
        let socket = call(number::SOCKET, [usize::from(UNIX), STREAM_CLOSED_ON_EXEC, 0, 0, 0])?;
        call(number::CONNECT, [socket, (&raw const address).addr(), length, 0, 0])?;
        Ok(socket)
    }
}

/// Says on a stream that no more will be written.
pub(crate) fn shut(socket: usize) -> Result<(), Errno> {
    const WRITING: usize = 1;
    // SAFETY: it takes numbers.
    unsafe { call(number::SHUTDOWN, [socket, WRITING, 0, 0, 0]).map(drop) }
}

/// Puts a filter on this thread, and gives its listener.
pub(crate) fn filter(instructions: &[u64], flags: usize) -> Result<usize, Errno> {
    const SET_MODE_FILTER: usize = 1;
    #[repr(C)]
    struct Program {
        length: u16,
        instructions: *const u64,
    }
    let length = u16::try_from(instructions.len()).unwrap_or(0);
    let program = Program { length, instructions: instructions.as_ptr() };
    // SAFETY: the program says how long it is, and lives through the call.
    unsafe { call(number::SECCOMP, [SET_MODE_FILTER, flags, (&raw const program).addr(), 0, 0]) }
}

/// Whether set-user-ID programs have no effect in this process any more.
pub(crate) fn has_no_new_privileges() -> bool {
    const GET_NO_NEW_PRIVS: usize = 39;
    // SAFETY: it takes no pointers.
    unsafe { call(number::PRCTL, [GET_NO_NEW_PRIVS, 0, 0, 0, 0]) == Ok(1) }
}

pub(crate) fn set_no_new_privileges() -> Result<(), Errno> {
    const SET_NO_NEW_PRIVS: usize = 38;
    // SAFETY: it takes no pointers.
    unsafe { call(number::PRCTL, [SET_NO_NEW_PRIVS, 1, 0, 0, 0]).map(drop) }
}

/// Becomes another program. Returns only if that fails.
pub(crate) fn exec(path: &CStr, arguments: super::start::Strings, environment: super::start::Strings) -> Errno {
    // SAFETY: all end as the call asks for.
    let result = unsafe {
        call(number::EXECVE, [path.as_ptr().addr(), arguments.as_ptr().addr(), environment.as_ptr().addr(), 0, 0])
    };
    result.err().unwrap_or_default()
}

pub(crate) fn exit(code: u8) -> ! {
    loop {
        // SAFETY: it takes a number, and does not return.
        let _ = unsafe { call(number::EXIT_GROUP, [usize::from(code), 0, 0, 0, 0]) };
    }
}
