//! What `--strict` and `audit` start in front of each test process. It does without a C library and without Rust's own,
//! whose start takes longer than all that it does. The build script of this package compiles it.
#![no_std]
#![no_main]
// A loop that copies must not become a call of `memcpy` inside of `memcpy`.
#![no_builtins]

mod builtins;
mod start;
mod syscall;

use core::ffi::{CStr, c_char};

use start::{Failure, Strings};
use syscall::{Errno, Piece};

/// Where the kernel begins, with the count of words on the stack.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn _start() -> ! {
    #[cfg(target_arch = "x86_64")]
    core::arch::naked_asm!("mov rdi, rsp", "and rsp, -16", "call {}", sym begin);
    #[cfg(target_arch = "aarch64")]
    core::arch::naked_asm!("mov x0, sp", "b {}", sym begin);
}

/// On the stack are the count of words, the words and a null pointer, the variables and a null pointer.
unsafe extern "C" fn begin(stack: *const usize) -> ! {
    // SAFETY: this is how the kernel starts a program, and it stays so until the end.
    let (words, environment) = unsafe {
        let words = stack.add(1).cast::<*const c_char>();
        (Strings::new(words), Strings::new(words.add(*stack + 1)))
    };
    let mut words = words;
    // Its own name.
    words.next();
    match start::start(words, environment) {
        Failure::Words => say(&[b"this is a part of `cargo guards`, which starts it"]),
        Failure::View(program, error) => {
            fail(b"cannot put `", program, b"` under the kernel's view: ", error);
        }
        Failure::Run(program, error) => fail(b"cannot run `", program, b"`: ", error),
    }
    syscall::exit(1)
}

fn fail(before: &[u8], program: &CStr, after: &[u8], error: Errno) {
    let text: &[u8] = match error {
        1 => b"Operation not permitted",
        2 => b"No such file or directory",
        8 => b"Exec format error",
        13 => b"Permission denied",
        111 => b"Connection refused",
        _ => b"error of the system",
    };
    let mut digits = [0; 20];
    let number = start::decimal(usize::try_from(error).unwrap_or_default(), &mut digits);
    say(&[before, program.to_bytes(), after, text, b" (os error ", number, b")"]);
}

fn say(parts: &[&[u8]]) {
    const STDERR: usize = 2;
    let mut pieces = [Piece::EMPTY; 9];
    for (to, part) in pieces.iter_mut().zip([&b"error: "[..]].iter().chain(parts).chain(&[&b"\n"[..]])) {
        *to = Piece::of(part);
    }
    let _ = syscall::write(STDERR, &pieces);
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    syscall::exit(101)
}
