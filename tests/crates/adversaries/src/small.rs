//! 32-bit programs, static and of a few dozen bytes: they make a call of 32-bit programs and end with its error number.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command, Stdio};

use crate::programs::{Beside, beside, path};

/// Where the file is in memory.
const BASE: u32 = 0x0804_8000;
/// The headers are so long, and the program follows.
const HEADERS: u32 = 52 + 32;

/// Ends the program with the error of the last call: `ebx = -eax; exit(ebx)`.
const EXIT: &[u8] = b"\x89\xc3\xf7\xdb\xb8\x01\0\0\0\xcd\x80";

/// Runs `quill` from a 32-bit program, by `execve`: `execve(argv[1], &argv[1], NULL)`.
pub fn exec() {
    const EXECVE: &[u8] = b"\xb8\x0b\0\0\0\x8b\x5c\x24\x08\x8d\x4c\x24\x08\x31\xd2\xcd\x80";
    let mut small = Small::new(&[EXECVE, EXIT].concat());
    small.run(&[&path(), "write"]);
}

/// Connects by `socket` and `connect`.
pub fn connect(to: SocketAddr) -> io::Result<()> {
    // socket(AF_INET, SOCK_STREAM, 0)
    const SOCKET: &[u8] = b"\xb8\x67\x01\0\0\xbb\x02\0\0\0\xb9\x01\0\0\0\x31\xd2\xcd\x80";
    // connect(eax, …, 16)
    const CONNECT: [&[u8]; 2] = [b"\x89\xc3\xb8\x6a\x01\0\0\xb9", b"\xba\x10\0\0\0\xcd\x80"];
    connected(&[SOCKET, CONNECT[0]].concat(), &[CONNECT[1], EXIT].concat(), to)
}

/// Connects by `socketcall`, whose arguments are in memory.
pub fn connect_by_socketcall(to: SocketAddr) -> io::Result<()> {
    // push 0, 1, 2; socketcall(SYS_SOCKET, esp)
    const SOCKET: &[u8] = b"\x6a\0\x6a\x01\x6a\x02\x89\xe1\xbb\x01\0\0\0\xb8\x66\0\0\0\xcd\x80";
    // push 16, …, eax; socketcall(SYS_CONNECT, esp)
    const CONNECT: [&[u8]; 2] = [b"\x6a\x10\x68", b"\x50\x89\xe1\xbb\x03\0\0\0\xb8\x66\0\0\0\xcd\x80"];
    connected(&[SOCKET, CONNECT[0]].concat(), &[CONNECT[1], EXIT].concat(), to)
}

/// Runs a program that has the address of a `sockaddr` between two parts of it, and the `sockaddr` behind them.
fn connected(before: &[u8], after: &[u8], to: SocketAddr) -> io::Result<()> {
    let SocketAddr::V4(to) = to else { panic!("the depot has an address of IPv4") };
    let at = BASE + HEADERS + (before.len() + 4 + after.len()) as u32;
    let family = (libc::AF_INET as u16).to_le_bytes();
    let peer = [&family[..], &to.port().to_be_bytes(), &to.ip().octets(), &[0; 8]].concat();
    match Small::new(&[before, &at.to_le_bytes(), after, &peer].concat()).run(&[]) {
        0 => Ok(()),
        number => Err(io::Error::from_raw_os_error(number)),
    }
}

/// A program in a directory of its own.
struct Small(Beside);

impl Small {
    fn new(code: &[u8]) -> Self {
        let dir = beside();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o755).open(dir.0.join("small")).unwrap();
        file.write_all(&elf(code)).unwrap();
        Self(dir)
    }

    /// The number that it ends with.
    fn run(&mut self, arguments: &[&str]) -> i32 {
        let mut command = Command::new(self.0.0.join("small"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        loop {
            match command.status() {
                // A child that another thread has just forked still has it open for writing.
                Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                status => return status.expect("the kernel runs 32-bit programs").code().expect("it ends by itself"),
            }
        }
    }
}

/// A file of ELF, 32 bits, for the Intel 80386, with one segment: the file itself.
fn elf(code: &[u8]) -> Vec<u8> {
    let size = HEADERS + code.len() as u32;
    let mut file = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let mut halves = |halves: &[u16]| halves.iter().for_each(|half| file.extend(half.to_le_bytes()));
    // An executable file for the 80386, version 1; it begins behind the headers.
    halves(&[2, 3, 1, 0]);
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    file.extend(words(&[BASE + HEADERS, 52, 0, 0]));
    let mut halves = |halves: &[u16]| halves.iter().for_each(|half| file.extend(half.to_le_bytes()));
    halves(&[52, 32, 1, 0, 0, 0]);
    // The segment: loaded, readable and executable, aligned to a page.
    file.extend(words(&[1, 0, BASE, BASE, size, size, 5, 0x1000]));
    file.extend(code);
    file
}
