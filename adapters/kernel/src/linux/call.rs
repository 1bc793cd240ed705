//! A call that waits for a decision: a program that is to be run, or a peer that is to be reached.

use std::cell::{Cell, OnceCell};
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use rustix::net::SocketType;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags};

use crate::linux::Supervised;
use crate::linux::calls::{Abi, Called};
use crate::linux::files::{self, Base, Found, View};
use crate::linux::native::memory;
use crate::linux::native::notify::{Listener, Notification};
use crate::linux::peer::Peer;
use crate::linux::process::{self, Process};

/// The longest path, and the longest argument that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The longest address of a peer.
const LONGEST_ADDRESS: usize = 128;

/// A call that waits for a decision. What costs time is looked up when it is asked for.
#[derive(Debug)]
pub struct Call<'a> {
    /// The process tree that it comes from.
    pub run: &'a Supervised,
    /// The thread that calls.
    pub tid: u32,
    /// What it wants.
    pub act: Act,
    pub(crate) listener: &'a Listener,
    pub(crate) id: u64,
    pub(crate) watched: Cell<bool>,
    process: OnceCell<Option<Process>>,
}

/// What a process wants to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Act {
    /// To run a program that exists.
    Exec(Exec),
    /// To reach a peer: to connect to it, or to send it a single message.
    Connect(Connect),
    /// One of these, which could not be looked at; and why.
    Unseen(String),
}

/// A program that is to be run.
#[derive(Debug)]
pub struct Exec {
    /// As the caller names it; empty if by a descriptor alone.
    pub given: PathBuf,
    /// The file.
    pub found: Found,
    pub(crate) view: View,
    arguments: u64,
    variables: u64,
    narrow: bool,
}

/// A peer that is to be reached.
#[derive(Debug)]
pub struct Connect {
    /// Whom.
    pub peer: Peer,
    /// Whether a message is sent, and nothing connected.
    pub sends: bool,
    tid: u32,
    fd: i32,
}

impl<'a> Call<'a> {
    /// Looks at a notification. `None`: it is nothing that anybody needs to decide.
    pub(crate) fn of(run: &'a Supervised, listener: &'a Listener, notification: &Notification) -> Option<Self> {
        let act = match Act::of(run, notification) {
            Ok(act) => act?,
            Err(error) => match error.raw_os_error() {
                // A bad address fails in the kernel too; and who is gone wants nothing.
                Some(libc::EFAULT | libc::ESRCH) => return None,
                _ => Act::Unseen(format!("the memory of a process could not be read: {error}")),
            },
        };
        let call = Self {
            run,
            tid: notification.tid,
            act,
            listener,
            id: notification.id,
            watched: Cell::new(false),
            process: OnceCell::new(),
        };
        let is_futile = matches!(&call.act, Act::Connect(connect) if connect.is_futile(&call));
        (!is_futile).then_some(call)
    }

    /// The process that calls. `None`: it is gone.
    pub fn process(&self) -> Option<&Process> {
        self.process.get_or_init(|| Process::of_thread(self.tid)).as_ref()
    }

    /// How it sees files.
    pub(crate) fn view(&self) -> View {
        view(self.run, self.tid)
    }

    /// What the thread calls itself, at most 15 bytes of it.
    #[must_use]
    pub fn thread_name(&self) -> String {
        process::thread_name(self.tid)
    }

    /// Whether the caller still waits, so that what was looked up is about it and about no later process of its number.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.listener.waits(self.id)
    }

    /// Asks for [`Policy::outlived`](crate::linux::Policy::outlived) when the calling process has ended and others have not.
    pub fn watch(&self) {
        self.watched.set(true);
    }

    /// A copy of a descriptor of the calling process.
    pub(crate) fn descriptor(&self, fd: i32) -> io::Result<OwnedFd> {
        descriptor(self.process().map_or(self.tid, |process| process.id.pid), fd)
    }
}

/// How a thread of the process tree sees files.
fn view(run: &Supervised, tid: u32) -> View {
    View { tid, moved: run.moved.load(Ordering::Relaxed) }
}

/// A copy of a descriptor of a process.
pub(crate) fn descriptor(pid: u32, fd: i32) -> io::Result<OwnedFd> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    let process = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
    Ok(rustix::process::pidfd_getfd(process, fd, PidfdGetfdFlags::empty())?)
}

impl Act {
    fn of(run: &Supervised, notification: &Notification) -> io::Result<Option<Self>> {
        let Some((abi, called)) = Abi::of(notification) else { return Ok(None) };
        let Notification { tid, mut arguments, .. } = *notification;
        if abi.is_narrow() {
            arguments = arguments.map(|argument| argument & 0xffff_ffff);
        }
        let (called, arguments) = match called {
            Called::Multiplexed => {
                let Some(called) = Called::subcall(arguments[0]) else { return Ok(None) };
                let mut inner = [0; 6];
                for (n, argument) in inner.iter_mut().enumerate() {
                    // The last ones are read by no call that is looked at, and may not be there.
                    *argument = memory::read_pointer(tid, arguments[1] + 4 * n as u64, true).unwrap_or_default();
                }
                (called, inner)
            }
            called => (called, arguments),
        };
        let fd = arguments[0] as i32;
        let view = view(run, tid);
        let connect = |address, length, sends| {
            Ok(peer(tid, address, length)?.map(|peer| Self::Connect(Connect { peer, sends, tid, fd })))
        };
        match called {
            Called::Exec => exec(view, abi, Base::Cwd, arguments[0], [arguments[1], arguments[2]], 0),
            Called::ExecAt => {
                let base = if fd == libc::AT_FDCWD { Base::Cwd } else { Base::Descriptor(fd) };
                exec(view, abi, base, arguments[1], [arguments[2], arguments[3]], arguments[4])
            }
            Called::Connect => connect(arguments[1], arguments[2], false),
            Called::SendTo => connect(arguments[4], arguments[5], true),
            Called::SendMessage | Called::SendMessages => {
                let narrow = abi.is_narrow();
                let address = memory::read_pointer(tid, arguments[1], narrow)?;
                let width = if narrow { 4 } else { 8 };
                let length = memory::read_pointer(tid, arguments[1] + width, true)?;
                if address == 0 { Ok(None) } else { connect(address, length, true) }
            }
            Called::Moves => {
                run.moved.store(true, Ordering::Relaxed);
                Ok(None)
            }
            Called::Multiplexed => Ok(None),
        }
    }
}

fn exec(view: View, abi: Abi, base: Base, path: u64, vectors: [u64; 2], flags: u64) -> io::Result<Option<Act>> {
    let [arguments, variables] = vectors;
    let given = memory::read_text(view.tid, path, LONGEST)?;
    let by_descriptor = flags & libc::AT_EMPTY_PATH as u64 != 0;
    if given.is_empty() && !by_descriptor {
        return Ok(None);
    }
    let follow = flags & libc::AT_SYMLINK_NOFOLLOW as u64 == 0;
    let given = files::path(&given).to_owned();
    // A search of PATH tries many names that are not there; they fail in the kernel too.
    let Ok(found) = files::find(view, base, &given, follow) else { return Ok(None) };
    if !found.facts.is_program() {
        return Ok(None);
    }
    Ok(Some(Act::Exec(Exec { given, found, view, arguments, variables, narrow: abi.is_narrow() })))
}

fn peer(tid: u32, address: u64, length: u64) -> io::Result<Option<Peer>> {
    let length = usize::try_from(length).unwrap_or_default().min(LONGEST_ADDRESS);
    let mut bytes = [0; LONGEST_ADDRESS];
    memory::read_exact(tid, address, &mut bytes[..length])?;
    Ok(Peer::parse(&bytes[..length]))
}

impl Exec {
    /// The first of its arguments, its own name included; as long as they are, but no longer than a path.
    #[must_use]
    pub fn arguments(&self, most: usize) -> Vec<Vec<u8>> {
        self.texts(self.arguments).take(most).collect()
    }

    /// A variable that the program is to get.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Vec<u8>> {
        let value = |text: Vec<u8>| Some(text.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?.to_owned());
        self.texts(self.variables).find_map(value)
    }

    /// The texts that a vector of the caller's memory points to, up to its null.
    fn texts(&self, vector: u64) -> impl Iterator<Item = Vec<u8>> {
        let width = if self.narrow { 4 } else { 8 };
        (0_u64..).map_while(move |n| {
            let pointer = memory::read_pointer(self.view.tid, vector.checked_add(n * width)?, self.narrow).ok()?;
            (pointer != 0).then(|| memory::read_text(self.view.tid, pointer, LONGEST).ok())?
        })
    }

    /// The name by which it is called: the last part of the path, or of the file's own where there is none.
    #[must_use]
    pub fn name(&self) -> Vec<u8> {
        use std::os::unix::ffi::OsStrExt as _;
        let given = self.given.as_os_str().as_bytes();
        let name = files::file_name(given);
        if !name.is_empty() && !given.starts_with(b"/proc/") && !given.starts_with(b"/dev/fd/") {
            return name.to_vec();
        }
        let path = self.found.path().unwrap_or_default();
        files::file_name(path.as_os_str().as_bytes()).to_vec()
    }
}

impl Connect {
    /// Whether the socket is of a kind that makes connections.
    #[must_use]
    pub fn is_stream(&self, call: &Call<'_>) -> bool {
        let kind = self.socket(call).and_then(|socket| Ok(rustix::net::sockopt::socket_type(socket)?));
        !matches!(kind, Ok(SocketType::DGRAM | SocketType::RAW))
    }

    /// Whether somebody is to be reached. On a socket of datagrams a connection is no more than a default address, and
    /// resolvers make some to sort what they have found; but they bind no address before, and most others do.
    #[must_use]
    pub fn reaches(&self, call: &Call<'_>) -> bool {
        let is_bound = || {
            let own = self.socket(call).and_then(|socket| Ok(rustix::net::getsockname(socket)?));
            let own: Option<SocketAddr> = own.ok().and_then(|own| own.try_into().ok());
            own.is_some_and(|own| own.port() != 0)
        };
        self.is_stream(call) || is_bound()
    }

    /// Whether the kernel will refuse it, since the socket at the path is of another kind. So guards ask whether somebody
    /// is there without disturbing him.
    fn is_futile(&self, call: &Call<'_>) -> bool {
        let Peer::Unix(path) = &self.peer else { return false };
        let refused = || {
            let found = files::find(call.view(), Base::Cwd, path, true)?;
            UnixDatagram::unbound()?.connect(found.link())
        };
        !self.is_stream(call) && refused().is_err_and(|error| error.raw_os_error() == Some(libc::EPROTOTYPE))
    }

    pub(crate) fn socket(&self, call: &Call<'_>) -> io::Result<OwnedFd> {
        debug_assert_eq!(self.tid, call.tid);
        call.descriptor(self.fd)
    }
}
