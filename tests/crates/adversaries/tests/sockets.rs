//! Ways of reaching a service: each with a declaration and without one. Every test swallows what it is told.

use std::io;

use adversaries::{Depot, is_strict, sockets};
use resource_guards::uses;

resource_guards::install!(Depot);

/// What comes of an attempt. Where nobody watches, it must succeed: it is no adversary otherwise.
fn swallow(result: io::Result<()>) {
    assert!(is_strict() || result.is_ok(), "{result:?}");
}

macro_rules! adversaries {
    ($($(#[$attribute:meta])* $name:ident)*) => {
        mod declared {
            use super::*;
            $($(#[$attribute])* #[uses(depot)] #[test] fn $name() { sockets::$name().unwrap() })*
        }
        mod undeclared {
            use super::*;
            $($(#[$attribute])* #[uses()] #[test] fn $name() { swallow(sockets::$name()) })*
        }
    };
}

adversaries! {
    tcp mapped datagram connected_datagram relative linked absent absent_by_a_relative_path without_a_file inherited looked_for
    #[cfg(target_arch = "x86_64")] thirty_two_bit_program
    #[cfg(target_arch = "x86_64")] thirty_two_bit_socketcall
}

/// A ring that cannot be had is a use that did not happen, in both.
mod ring {
    use super::*;

    fn is_denied() -> bool {
        let result = sockets::ring();
        if is_strict() {
            assert_eq!(result.unwrap_err().raw_os_error(), Some(libc::ENOSYS));
            return true;
        }
        result.unwrap();
        false
    }

    #[uses(may(depot = "not where rings are denied"))]
    #[test]
    fn declared() {
        is_denied();
    }

    #[uses()]
    #[test]
    fn undeclared() {
        is_denied();
    }
}
