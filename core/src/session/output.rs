//! The standard output of our own child: the test's body writes there, libtest's second banner does not.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::sync::OnceLock;

use super::native;

/// The real standard output and the null device, where libtest is muted.
static MUTED: OnceLock<Muted> = OnceLock::new();

struct Muted {
    real: OwnedFd,
    null: OwnedFd,
}

/// Sends standard output to nowhere, except during the body.
pub(super) fn mute() -> io::Result<()> {
    let real = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    let null = OwnedFd::from(OpenOptions::new().write(true).open("/dev/null")?);
    rustix::stdio::dup2_stdout(&null)?;
    let _ = MUTED.set(Muted { real, null });
    Ok(())
}

/// While this lives, standard output is the real one.
pub(crate) struct BodyOutput(());

impl BodyOutput {
    pub(crate) fn open() -> Self {
        switch(|muted| &muted.real);
        Self(())
    }
}

impl Drop for BodyOutput {
    fn drop(&mut self) {
        switch(|muted| &muted.null);
    }
}

fn switch(to: impl Fn(&Muted) -> &OwnedFd) {
    let Some(muted) = MUTED.get() else { return };
    let _ = io::stdout().flush();
    native::flush_c();
    let _ = rustix::stdio::dup2_stdout(to(muted));
}
