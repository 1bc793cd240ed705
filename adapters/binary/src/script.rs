//! The wrapper: a POSIX `sh` script of builtins only, so that nothing is forked before the real program takes over.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use resource_guards::GuardError;

/// The longest name of a program, in bytes, that every file system holds.
const LONGEST: usize = 200;

/// What is put in front of a program on PATH.
///
/// [`Binary`](struct@crate::Binary) does so by itself. This is for tools that write wrappers for a whole run
/// (`resource_guards::tool`):
///
/// ```
/// use guard_binary::Wrapper;
/// use resource_guards::tool::SharedSession;
///
/// let mut session = SharedSession::create()?;
/// let text = Wrapper::new("mytool", "mytool")?.text();
/// session.wrap([("mytool".to_owned(), text)], &std::env::temp_dir().join("wrappers"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Wrapper<'a> {
    program: &'a str,
    resource: &'a str,
    /// The variables that the session redirects, each with the user's own value.
    restores: Vec<(&'a str, Option<OsString>)>,
}

/// All names in it begin with `_rg_`, so that no variable of the caller is touched.
///
/// The log's format is that of `resource-guards`: fields separated by tabs, one line with one write. The first argument
/// is cut after 64 characters, which `…` says, and left out where it is not all printable ASCII or has a backslash. The real
/// program is looked for when it is called, on the PATH of the caller, so that test processes which call nothing pay nothing
/// for it.
const BODY: &str = include_str!("wrapper.sh");

/// Tells scripts of different versions of this crate apart, in the midst of its development too.
const VERSION: &str = match str::from_utf8(&HASH) {
    Ok(digits) => digits,
    Err(_) => unreachable!(),
};

const HASH: [u8; 16] = hashed(concat!(include_str!("script.rs"), include_str!("wrapper.sh")));

/// FNV-1a in hexadecimal digits, by the compiler: each test process wants it.
const fn hashed(text: &str) -> [u8; 16] {
    let (bytes, mut hash, mut at) = (text.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    let (mut digits, mut at) = ([0; 16], 0);
    while at < digits.len() {
        digits[at] = b"0123456789abcdef"[(hash >> (4 * at)) as usize & 15];
        at += 1;
    }
    digits
}

impl<'a> Wrapper<'a> {
    /// A wrapper of the program that is found under this name, which counts as a use of the resource.
    ///
    /// # Errors
    ///
    /// If that is no name of a program.
    pub fn new(program: &'a str, resource: &'a str) -> Result<Self, GuardError> {
        // The log has no place for characters that do not print, nor for its own escape.
        let is_odd = program.bytes().any(|byte| matches!(byte, b'/' | b'\\' | ..b' ' | 0x7f))
            || !program.is_ascii() && program.contains(char::is_control);
        if program.is_empty() || program.len() > LONGEST || is_odd || matches!(program, "." | "..") {
            let hint = "give the name under which PATH finds it, without a folder";
            let name: String = program.chars().take(60).flat_map(char::escape_debug).collect();
            return Err(GuardError::new("wrap the program", name, "that is no name of a program").mend(hint));
        }
        Ok(Self { program, resource, restores: Vec::new() })
    }

    pub(crate) fn restoring(self, restores: Vec<(&'a str, Option<OsString>)>) -> Self {
        Self { restores, ..self }
    }

    /// Stands for the text.
    pub(crate) fn key(&self) -> String {
        let mut key = VERSION.to_owned();
        key.push(' ');
        key.push_str(self.resource);
        // Most wrappers restore nothing, and formatting takes as long as all the rest.
        if !self.restores.is_empty() {
            key.push_str(&format!(" {:?}", self.restores));
        }
        key
    }

    /// The text of the script.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(BODY.len() + 512);
        text.push_str(
            "#!/bin/sh\n# A wrapper of resource-guards. The directory around it goes when the tests are over.\n",
        );
        for (name, value) in [("_rg_resource", self.resource), ("_rg_program", self.program)] {
            text.extend([name, "=", &quoted(value.as_bytes()), "\n"]);
        }
        // A shell reads comments too, each time.
        for line in BODY.lines().filter(|line| !line.is_empty() && !line.trim_start().starts_with('#')) {
            text.extend([line, "\n"]);
        }
        if !self.restores.is_empty() {
            // The guard's sockets are beside the log, or in a directory that is named there.
            text.push_str("_rg_sockets=${_rg_scope:-/dev/null}\n");
            text.push_str("[ ! -f \"$_rg_scope/sockets\" ] || IFS= read -r _rg_sockets <\"$_rg_scope/sockets\"\n");
        }
        for (name, value) in &self.restores {
            text.extend(["case ${", name, "-} in *\"${_rg_scope:-/dev/null}/\"* | *\"$_rg_sockets/\"*)\n"]);
            match value {
                Some(value) => text.extend(["  export ", name, "=", &quoted(value.as_bytes())]),
                None => text.extend(["  unset ", name]),
            }
            text.push_str(" ;;\nesac\n");
        }
        text.push_str("exec \"$_rg_real\" \"$@\"\n");
        text
    }
}

/// The text as one word of the shell.
fn quoted(text: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(text).replace('\'', r"'\''"))
}
