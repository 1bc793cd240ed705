//! Reaching the depot in every way.

use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd as _, FromRawFd as _};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::time::Duration;

use crate::setting;

fn address() -> SocketAddr {
    setting("DEPOT").parse().unwrap()
}

/// Over TCP.
pub fn tcp() -> io::Result<()> {
    TcpStream::connect_timeout(&address(), Duration::from_secs(5))?.write_all(b"hello")
}

/// Over TCP, by an IPv6 address that holds one of IPv4.
pub fn mapped() -> io::Result<()> {
    let IpAddr::V4(host) = address().ip() else { panic!("the depot has an address of IPv4") };
    let mapped: Ipv6Addr = host.to_ipv6_mapped();
    TcpStream::connect_timeout(&SocketAddr::new(mapped.into(), address().port()), Duration::from_secs(5))?
        .write_all(b"hello")
}

/// A datagram with an address.
pub fn datagram() -> io::Result<()> {
    UdpSocket::bind("0.0.0.0:0")?.send_to(b"hello", address()).map(drop)
}

/// A datagram on a socket that has a default address.
pub fn connected_datagram() -> io::Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(address())?;
    socket.send(b"hello").map(drop)
}

/// A Unix socket by a path that is relative to the working directory.
pub fn relative() -> io::Result<()> {
    let socket = setting("DEPOT_SOCKET");
    let socket = Path::new(&socket);
    std::env::set_current_dir(socket.parent().unwrap())?;
    UnixStream::connect(socket.file_name().unwrap())?.write_all(b"hello")
}

/// A Unix socket that is not there, as of a service that does not run.
pub fn absent() -> io::Result<()> {
    is_not_there(UnixStream::connect(setting("DEPOT_ABSENT")))
}

/// The same by a relative path.
pub fn absent_by_a_relative_path() -> io::Result<()> {
    let socket = setting("DEPOT_ABSENT");
    let socket = Path::new(&socket);
    std::env::set_current_dir(socket.parent().unwrap())?;
    is_not_there(UnixStream::connect(socket.file_name().unwrap()))
}

fn is_not_there(result: io::Result<UnixStream>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map(drop),
    }
}

/// One that is there, through a symbolic link.
pub fn linked() -> io::Result<()> {
    let dir = crate::programs::beside();
    let link = dir.0.join("link");
    symlink(setting("DEPOT_SOCKET"), &link)?;
    UnixStream::connect(link)?.write_all(b"hello")
}

/// A Unix socket without a file.
pub fn without_a_file() -> io::Result<()> {
    let address = std::os::unix::net::SocketAddr::from_abstract_name(setting("DEPOT_ABSTRACT"))?;
    UnixStream::connect_addr(&address)?.write_all(b"hello")
}

/// A connection that was made before the tests began, and is inherited.
pub fn inherited() -> io::Result<()> {
    let fd = setting("DEPOT_CONNECTION").parse().unwrap();
    // SAFETY: whoever runs the tests has left it open.
    let mut stream = ManuallyDrop::new(unsafe { TcpStream::from_raw_fd(fd) });
    stream.write_all(b"hello")
}

/// Over TCP, from a 32-bit program.
#[cfg(target_arch = "x86_64")]
pub fn thirty_two_bit_program() -> io::Result<()> {
    crate::small::connect(address())
}

/// The same by the call that 32-bit programs have for all that concerns sockets.
#[cfg(target_arch = "x86_64")]
pub fn thirty_two_bit_socketcall() -> io::Result<()> {
    crate::small::connect_by_socketcall(address())
}

/// A connection that the kernel makes, asked by a ring.
pub fn ring() -> io::Result<()> {
    let mut ring = io_uring::IoUring::new(2)?;
    let IpAddr::V4(host) = address().ip() else { panic!("the depot has an address of IPv4") };
    let to = libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: address().port().to_be(),
        sin_addr: libc::in_addr { s_addr: u32::from(host).to_be() },
        sin_zero: [0; 8],
    };
    // SAFETY: a new descriptor, which is closed below; the address lives until the ring has answered.
    unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0);
        let socket = TcpStream::from_raw_fd(socket);
        let connect = io_uring::opcode::Connect::new(
            io_uring::types::Fd(socket.as_raw_fd()),
            (&raw const to).cast(),
            size_of::<libc::sockaddr_in>() as u32,
        );
        ring.submission().push(&connect.build()).map_err(io::Error::other)?;
        ring.submit_and_wait(1)?;
        let done = ring.completion().next().map_or(-1, |done| done.result());
        if done < 0 { Err(io::Error::from_raw_os_error(-done)) } else { (&socket).write_all(b"hello") }
    }
}

/// By a socket of another kind, which tells whether somebody listens and reaches nobody.
pub fn looked_for() -> io::Result<()> {
    match UnixDatagram::unbound()?.connect(setting("DEPOT_SOCKET")) {
        Err(error) if error.raw_os_error() == Some(libc::EPROTOTYPE) => Ok(()),
        other => other,
    }
}
