//! The numbers of system calls, in each way in which a program of this machine may make them.

use libc::c_int;

use crate::linux::native::notify::Notification;

/// A way of making system calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abi {
    /// 64-bit programs of a PC.
    #[cfg(target_arch = "x86_64")]
    X86_64,
    /// 32-bit programs of a PC, and `int 0x80` in 64-bit ones.
    #[cfg(target_arch = "x86_64")]
    I386,
    /// 64-bit programs of an ARM machine.
    #[cfg(target_arch = "aarch64")]
    Aarch64,
    /// 32-bit programs of an ARM machine.
    #[cfg(target_arch = "aarch64")]
    Arm,
}

/// The numbers that matter here.
pub(crate) struct Table {
    pub(crate) exec: c_int,
    pub(crate) exec_at: c_int,
    pub(crate) connect: c_int,
    pub(crate) send_to: c_int,
    pub(crate) send_message: c_int,
    pub(crate) send_messages: c_int,
    /// `socketcall`, where there is one.
    pub(crate) multiplexed: Option<Multiplexed>,
    /// `io_uring_setup`
    pub(crate) ring: c_int,
    /// What changes which file a path leads to: `chroot`, `pivot_root`, `mount`, `umount2`, `move_mount`, `setns`.
    pub(crate) moves: [c_int; 6],
}

/// One call for all that concerns sockets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Multiplexed {
    pub(crate) number: c_int,
}

impl Multiplexed {
    const CONNECT: c_int = 3;
    const SEND_TO: c_int = 11;
    const SEND_MESSAGE: c_int = 16;
    const SEND_MESSAGES: c_int = 20;

    /// The first arguments that are notified.
    pub(crate) fn subcalls(self, messages: bool) -> Vec<c_int> {
        let mut subcalls = vec![Self::CONNECT, Self::SEND_TO];
        if messages {
            subcalls.extend([Self::SEND_MESSAGE, Self::SEND_MESSAGES]);
        }
        subcalls
    }
}

/// What was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Called {
    Exec,
    ExecAt,
    Connect,
    SendTo,
    SendMessage,
    SendMessages,
    /// One of the socket calls, with its arguments in memory.
    Multiplexed,
    /// From now on the same path may lead to another file.
    Moves,
}

impl Abi {
    /// Those of this machine.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const ALL: &[Self] = &[Self::X86_64, Self::I386];
    /// Those of this machine.
    #[cfg(target_arch = "aarch64")]
    pub(crate) const ALL: &[Self] = &[Self::Aarch64, Self::Arm];

    /// As the kernel names it, from `linux/audit.h`.
    pub(crate) const fn audit(self) -> u32 {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::X86_64 => 0xc000_003e,
            #[cfg(target_arch = "x86_64")]
            Self::I386 => 0x4000_0003,
            #[cfg(target_arch = "aarch64")]
            Self::Aarch64 => 0xc000_00b7,
            #[cfg(target_arch = "aarch64")]
            Self::Arm => 0x4000_0028,
        }
    }

    /// Whether pointers have 32 bits.
    pub(crate) const fn is_narrow(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::X86_64 => false,
            #[cfg(target_arch = "x86_64")]
            Self::I386 => true,
            #[cfg(target_arch = "aarch64")]
            Self::Aarch64 => false,
            #[cfg(target_arch = "aarch64")]
            Self::Arm => true,
        }
    }

    /// From `asm/unistd.h` of each.
    pub(crate) const fn table(self) -> Table {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::X86_64 => Table {
                exec: 59,
                exec_at: 322,
                connect: 42,
                send_to: 44,
                send_message: 46,
                send_messages: 307,
                multiplexed: None,
                ring: 425,
                moves: [161, 155, 165, 166, 429, 308],
            },
            #[cfg(target_arch = "x86_64")]
            Self::I386 => Table {
                exec: 11,
                exec_at: 358,
                connect: 362,
                send_to: 369,
                send_message: 370,
                send_messages: 345,
                multiplexed: Some(Multiplexed { number: 102 }),
                ring: 425,
                moves: [61, 217, 21, 52, 429, 346],
            },
            #[cfg(target_arch = "aarch64")]
            Self::Aarch64 => Table {
                exec: 221,
                exec_at: 281,
                connect: 203,
                send_to: 206,
                send_message: 211,
                send_messages: 269,
                multiplexed: None,
                ring: 425,
                moves: [51, 41, 40, 39, 429, 268],
            },
            #[cfg(target_arch = "aarch64")]
            Self::Arm => Table {
                exec: 11,
                exec_at: 387,
                connect: 283,
                send_to: 290,
                send_message: 296,
                send_messages: 374,
                multiplexed: None,
                ring: 425,
                moves: [61, 218, 21, 52, 429, 375],
            },
        }
    }

    /// What a notification is about, and how the call was made.
    pub(crate) fn of(notification: &Notification) -> Option<(Self, Called)> {
        let abi = *Self::ALL.iter().find(|abi| abi.audit() == notification.arch)?;
        let table = abi.table();
        let called = match notification.number {
            n if n == table.exec => Called::Exec,
            n if n == table.exec_at => Called::ExecAt,
            n if n == table.connect => Called::Connect,
            n if n == table.send_to => Called::SendTo,
            n if n == table.send_message => Called::SendMessage,
            n if n == table.send_messages => Called::SendMessages,
            n if table.multiplexed.is_some_and(|multiplexed| multiplexed.number == n) => Called::Multiplexed,
            n if table.moves.contains(&n) => Called::Moves,
            _ => return None,
        };
        Some((abi, called))
    }
}

impl Called {
    /// What a subcall of [`Called::Multiplexed`] is.
    pub(crate) fn subcall(number: u64) -> Option<Self> {
        match c_int::try_from(number).ok()? {
            Multiplexed::CONNECT => Some(Self::Connect),
            Multiplexed::SEND_TO => Some(Self::SendTo),
            Multiplexed::SEND_MESSAGE => Some(Self::SendMessage),
            Multiplexed::SEND_MESSAGES => Some(Self::SendMessages),
            _ => None,
        }
    }
}
