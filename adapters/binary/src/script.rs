//! The wrapper: a POSIX `sh` script of builtins only, so that nothing is forked before the real program takes over.

use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// A wrapper's text.
pub(crate) struct Script<'a> {
    pub(crate) program: &'a str,
    pub(crate) resource: &'a str,
    /// `None`: not installed.
    pub(crate) real: Option<&'a Path>,
    /// A variable that the session redirects, with the user's own value.
    pub(crate) restores: Option<(&'a str, Option<OsString>)>,
}

/// After the three settings at its head. All names begin with `_rg_`, so that no variable of the caller is touched.
///
/// The log's format is that of `resource-guards`: fields separated by tabs, one line with one write. The first argument
/// is cut after 64 characters and left out where it has characters that do not print.
const BODY: &str = include_str!("wrapper.sh");

impl fmt::Display for Script<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "#!/bin/sh")?;
        writeln!(f, "# A wrapper of resource-guards. The directory around it goes when the tests are over.")?;
        writeln!(f, "_rg_resource={}", quoted(self.resource.as_bytes()))?;
        writeln!(f, "_rg_program={}", quoted(self.program.as_bytes()))?;
        let real = self.real.map(|path| path.as_os_str().as_bytes()).unwrap_or_default();
        writeln!(f, "_rg_real={}", quoted(real))?;
        f.write_str(BODY)?;
        if let Some((name, value)) = &self.restores {
            writeln!(f, "case ${{{name}-}} in *\"$_rg_scope/\"*)")?;
            match value {
                Some(value) => writeln!(f, "  export {name}={} ;;", quoted(value.as_bytes()))?,
                None => writeln!(f, "  unset {name} ;;")?,
            }
            writeln!(f, "esac")?;
        }
        f.write_str("exec \"$_rg_real\" \"$@\"\n")
    }
}

/// The text as one word of the shell.
fn quoted(text: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(text).replace('\'', r"'\''"))
}
