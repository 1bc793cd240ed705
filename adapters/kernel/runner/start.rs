//! From the words of a command line to the program that they name, under the filter.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;

use super::syscall::{self, Errno, Piece};

/// What the supervisor wants to know of the environment: which test it is.
const VARIABLES: [&str; 7] = [
    "NEXTEST_BINARY_ID=",
    "NEXTEST_TEST_NAME=",
    "NEXTEST_ATTEMPT=",
    "NEXTEST_STRESS_CURRENT=",
    "CARGO_PKG_NAME=",
    "CARGO_MANIFEST_DIR=",
    "RESOURCE_GUARDS_SCOPE=",
];

/// What is said in place of a descriptor where somebody else watches already.
const WATCHED: &[u8] = b"watched";

/// What is said where set-user-ID programs have no effect.
const NO_NEW_PRIVILEGES: &[u8] = b"no-new-privileges";

const NUL: &[u8] = &[0];

const NOT_FOUND: Errno = 2;
const DENIED: Errno = 13;
const BUSY: Errno = 16;
const INVALID: Errno = 22;
const TOO_LONG: Errno = 36;
const MESSAGE_SIZE: Errno = 90;

/// Words, up to a null pointer.
#[derive(Clone, Copy)]
pub(crate) struct Strings<'a>(*const *const c_char, PhantomData<&'a CStr>);

impl<'a> Strings<'a> {
    /// # Safety
    ///
    /// Pointers to strings that end with a NUL, and a null pointer at the end; all of it lives for as long as `'a`.
    pub(crate) unsafe fn new(first: *const *const c_char) -> Self {
        Self(first, PhantomData)
    }

    pub(crate) fn as_ptr(self) -> *const *const c_char {
        self.0
    }
}

impl<'a> Iterator for Strings<'a> {
    type Item = &'a CStr;

    fn next(&mut self) -> Option<&'a CStr> {
        // SAFETY: it stays at the null pointer, and what is before that is a string.
        unsafe {
            let word = *self.0;
            if word.is_null() {
                return None;
            }
            self.0 = self.0.add(1);
            Some(CStr::from_ptr(word))
        }
    }
}

/// Why the program does not run.
pub(crate) enum Failure<'a> {
    /// These are not the words that `cargo guards` writes.
    Words,
    /// It cannot be put under the filter.
    View(&'a CStr, Errno),
    /// It cannot be run.
    Run(&'a CStr, Errno),
}

/// Becomes the program of the words, under the filter: `ADDRESS FILTER PROGRAM ARGUMENTS…`. Returns only if that fails.
pub(crate) fn start<'a>(mut words: Strings<'a>, environment: Strings<'_>) -> Failure<'a> {
    let (Some(address), Some(filter)) = (words.next(), words.next()) else { return Failure::Words };
    let command = words;
    let Some(program) = words.next() else { return Failure::Words };
    // A listing is no test.
    if !words.any(|word| word == c"--list")
        && let Err(error) = watch(address, filter, program, environment)
    {
        return Failure::View(program, error);
    }
    Failure::Run(program, run(program, command, environment))
}

/// Puts this process under the filter, and tells the supervisor.
fn watch(address: &CStr, filter: &CStr, program: &CStr, environment: Strings<'_>) -> Result<(), Errno> {
    let supervisor = syscall::connect(address.to_bytes())?;
    let file = syscall::open(filter)?;
    let mut instructions = [0; 512];
    let installed = install(syscall::read(file, &mut instructions)?)?;
    syscall::close(file);

    let mut digits = [0; 20];
    let listener = installed.map_or(WATCHED, |listener| decimal(listener, &mut digits));
    let privileges = if syscall::has_no_new_privileges() { NO_NEW_PRIVILEGES } else { &[] };
    let mut pieces = [Piece::EMPTY; 6 + 2 * VARIABLES.len()];
    let mut free = pieces.iter_mut();
    let mut length = 0;
    let variables = environment
        .map(CStr::to_bytes)
        .filter(|variable| VARIABLES.iter().any(|name| variable.starts_with(name.as_bytes())))
        .take(VARIABLES.len());
    for field in [listener, privileges, program.to_bytes()].into_iter().chain(variables) {
        for (bytes, to) in [field, NUL].into_iter().zip(&mut free) {
            *to = Piece::of(bytes);
            length += to.length();
        }
    }
    // Neither call is notified. The supervisor fetches the listener by its number while the next one, `execve`, waits
    // for somebody to receive its notification; so nothing has to be waited for here. The listener is closed by it.
    match syscall::write(supervisor, &pieces)? {
        written if written == length => syscall::shut(supervisor),
        _ => Err(MESSAGE_SIZE),
    }
}

/// Gives the listener, if nobody else watches.
fn install(filter: &[u64]) -> Result<Option<usize>, Errno> {
    const LISTENER: usize = 1 << 3;
    const KILLABLE: usize = 1 << 5;
    let mut flags = LISTENER | KILLABLE;
    loop {
        match syscall::filter(filter, flags) {
            Ok(listener) => return Ok(Some(listener)),
            Err(BUSY) => return Ok(None),
            // Before Linux 5.19.
            Err(INVALID) if flags != LISTENER => flags = LISTENER,
            // Not root, or root without CAP_SYS_ADMIN.
            Err(DENIED) if !syscall::has_no_new_privileges() => syscall::set_no_new_privileges()?,
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn decimal(mut number: usize, digits: &mut [u8; 20]) -> &[u8] {
    let mut from = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        from -= 1;
        if number == 0 {
            break;
        }
    }
    digits.get(from..).unwrap_or_default()
}

/// Runs a program by its path, or by its name if it is on PATH.
fn run(program: &CStr, command: Strings<'_>, environment: Strings<'_>) -> Errno {
    let name = program.to_bytes();
    if name.contains(&b'/') {
        return syscall::exec(program, command, environment);
    }
    let path = { environment }.find_map(|variable| variable.to_bytes().strip_prefix(b"PATH="));
    let mut worst = NOT_FOUND;
    for directory in path.unwrap_or(b"/bin:/usr/bin").split(|byte| *byte == b':') {
        let mut buffer = [0; 4096];
        let joined = directory.iter().chain(if directory.is_empty() { &[][..] } else { b"/" }).chain(name).chain(NUL);
        if directory.len() + name.len() + 2 > buffer.len() {
            worst = TOO_LONG;
            continue;
        }
        for (to, from) in buffer.iter_mut().zip(joined) {
            *to = *from;
        }
        let Ok(path) = CStr::from_bytes_until_nul(&buffer) else { continue };
        match syscall::exec(path, command, environment) {
            NOT_FOUND => {}
            error => worst = error,
        }
    }
    worst
}
