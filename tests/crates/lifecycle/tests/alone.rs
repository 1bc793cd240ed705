//! Tests that cannot have a process of their own, or cannot end in one.

use std::process::{Command, Stdio};
use std::sync::Barrier;

resource_guards::install!(guard_binary::Binary("tar"));

/// Tests that wait for each other, and one of which a child breaks the word.
mod waits {
    use super::*;

    static BARRIER: Barrier = Barrier::new(2);

    #[test]
    fn breaks_its_word() {
        let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }

    #[test]
    fn one() {
        BARRIER.wait();
    }

    #[test]
    fn two() {
        BARRIER.wait();
    }
}

/// No process can be started any more.
mod full {
    #[test]
    fn a_takes_the_descriptors() {
        let limit = libc::rlimit { rlim_cur: 0, rlim_max: 4096 };
        // SAFETY: the limit is a valid one, and no descriptor that is open is closed by it.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
    }

    #[resource_guards::uses()]
    #[test]
    #[should_panic]
    fn b_never_panics() {}
}
