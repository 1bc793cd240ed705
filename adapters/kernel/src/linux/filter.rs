//! The filter: which calls of a process are notified, which fail, and all others pass in a few instructions.

use libc::{c_int, sock_filter};

use crate::linux::calls::{Abi, Table};

/// What a filter notifies beside programs and connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notified {
    /// `sendmsg` and `sendmmsg`. A filter cannot see whether they have an address, so each costs a notification.
    pub(crate) messages: bool,
}

/// x32 calls have this bit in their number. They would escape a filter that knows only 64-bit numbers.
const X32: u32 = 0x4000_0000;

/// Where the fields of `seccomp_data` are.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
/// The low half of the argument; the high one follows (all that is supported is little-endian).
const fn argument(n: u32) -> u32 {
    16 + 8 * n
}

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const NOTIFY: u32 = libc::SECCOMP_RET_USER_NOTIF;
const NO_SUCH_CALL: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;

const fn statement(code: u16, k: u32) -> sock_filter {
    sock_filter { code, jt: 0, jf: 0, k }
}

/// Instructions that are skipped unless the loaded value is (or is at least) `k`.
fn when(code: u16, k: u32, then: &[sock_filter]) -> Vec<sock_filter> {
    let skip = u8::try_from(then.len()).unwrap_or(u8::MAX);
    let mut program = vec![sock_filter { code, jt: 0, jf: skip, k }];
    program.extend_from_slice(then);
    program
}

/// The filter for this machine.
pub(crate) fn filter(notified: Notified) -> Vec<sock_filter> {
    let mut program = vec![statement(LOAD, ARCH)];
    for abi in Abi::ALL {
        program.extend(when(EQUAL, abi.audit(), &of(*abi, notified)));
    }
    // What runs in another way (there is none on these machines) is not known here.
    program.push(statement(RETURN, NO_SUCH_CALL));
    program
}

fn of(abi: Abi, notified: Notified) -> Vec<sock_filter> {
    let Table { exec, exec_at, connect, send_to, send_message, send_messages, multiplexed, ring, moves } = abi.table();
    let notify = [statement(RETURN, NOTIFY)];
    let mut program = vec![statement(LOAD, NUMBER)];
    if cfg!(target_arch = "x86_64") && !abi.is_narrow() {
        program.extend(when(AT_LEAST, X32, &[statement(RETURN, NO_SUCH_CALL)]));
    }
    let mut always = vec![exec, exec_at, connect];
    always.extend(moves);
    if notified.messages {
        always.extend([send_message, send_messages]);
    }
    for number in always {
        program.extend(when(EQUAL, number as u32, &notify));
    }
    // Rings make calls in the kernel, where no filter sees them.
    program.extend(when(EQUAL, ring as u32, &[statement(RETURN, NO_SUCH_CALL)]));
    program.extend(when(EQUAL, send_to as u32, &addressed()));
    if let Some(multiplexed) = multiplexed {
        program.extend(when(EQUAL, multiplexed.number as u32, &subcalls(multiplexed.subcalls(notified.messages))));
    }
    program.push(statement(RETURN, ALLOW));
    program
}

/// Notifies if the fifth argument, the address, is not null.
fn addressed() -> Vec<sock_filter> {
    let mut program = vec![statement(LOAD, argument(4))];
    program.push(sock_filter { code: EQUAL, jt: 0, jf: 3, k: 0 });
    program.push(statement(LOAD, argument(4) + 4));
    program.push(sock_filter { code: EQUAL, jt: 0, jf: 1, k: 0 });
    program.extend([statement(RETURN, ALLOW), statement(RETURN, NOTIFY)]);
    program
}

/// Notifies if the first argument is one of these.
fn subcalls(numbers: Vec<c_int>) -> Vec<sock_filter> {
    let mut program = vec![statement(LOAD, argument(0))];
    for number in numbers {
        program.extend(when(EQUAL, number as u32, &[statement(RETURN, NOTIFY)]));
    }
    program.push(statement(RETURN, ALLOW));
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel would do with the program.
    fn run(program: &[sock_filter], abi: Abi, number: u32, arguments: [u64; 6]) -> u32 {
        let load = |offset: u32| match offset {
            NUMBER => number,
            ARCH => abi.audit(),
            at => (arguments[((at - 16) / 8) as usize] >> (8 * ((at - 16) % 8))) as u32,
        };
        let (mut at, mut loaded) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            let jump = |holds| usize::from(if holds { step.jt } else { step.jf });
            match step.code {
                LOAD => loaded = load(step.k),
                EQUAL => at += jump(loaded == step.k),
                AT_LEAST => at += jump(loaded >= step.k),
                RETURN => return step.k,
                code => panic!("an instruction that is not used here: {code}"),
            }
        }
    }

    #[test]
    fn programs_connections_and_addressed_sends_are_notified_and_nothing_else() {
        let filter = filter(Notified { messages: false });
        for abi in Abi::ALL {
            let table = abi.table();
            for number in [table.exec, table.exec_at, table.connect].into_iter().chain(table.moves) {
                assert_eq!(run(&filter, *abi, number as u32, [0; 6]), NOTIFY, "{abi:?} {number}");
            }
            let send = |address| run(&filter, *abi, table.send_to as u32, [0, 0, 0, 0, address, 0]);
            assert_eq!([send(0), send(0x7000), send(0x7f00_0000_0000)], [ALLOW, NOTIFY, NOTIFY], "{abi:?}");
            assert_eq!(run(&filter, *abi, table.send_message as u32, [0; 6]), ALLOW, "{abi:?}");
            assert_eq!(run(&filter, *abi, table.ring as u32, [0; 6]), NO_SUCH_CALL, "{abi:?}");
            assert_eq!(run(&filter, *abi, 9_999, [0; 6]), ALLOW, "{abi:?}");
        }
    }

    #[test]
    fn messages_are_notified_where_that_is_asked_for() {
        let filter = filter(Notified { messages: true });
        for abi in Abi::ALL {
            let table = abi.table();
            assert_eq!(run(&filter, *abi, table.send_message as u32, [0; 6]), NOTIFY, "{abi:?}");
            assert_eq!(run(&filter, *abi, table.send_messages as u32, [0; 6]), NOTIFY, "{abi:?}");
        }
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn calls_of_32_bit_programs_have_other_numbers_and_those_of_x32_do_not_exist() {
        let filter = filter(Notified { messages: false });
        assert_eq!(run(&filter, Abi::I386, 11, [0; 6]), NOTIFY, "execve");
        assert_eq!(run(&filter, Abi::X86_64, 11, [0; 6]), ALLOW, "munmap");
        let socketcall = |subcall| run(&filter, Abi::I386, 102, [subcall, 0, 0, 0, 0, 0]);
        assert_eq!([socketcall(3), socketcall(11), socketcall(1)], [NOTIFY, NOTIFY, ALLOW]);
        assert_eq!(run(&filter, Abi::X86_64, X32 | 520, [0; 6]), NO_SUCH_CALL, "execve of x32");
    }
}
