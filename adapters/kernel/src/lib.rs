//! The kernel's view of tests: what they run and whom they reach is seen whatever way they take, by an absolute path, with
//! an emptied environment, from a static binary or with a raw socket.
//!
//! It is what `cargo guards test --strict` is made of, and needs nothing from the tests themselves:
//!
//! ```text
//! cargo guards ── Supervisor ◄──────── listener ─────────┐      a thread for each process tree asks the Policy
//!   └─ nextest, cargo test                               │
//!        └─ runner ── filter ── exec ──► test process ── execve, connect, sendto: wait for a decision
//! ```
//!
//! - The runner (`runner/`) is what cargo or nextest starts in front of each test binary (as its target runner). It
//!   installs a seccomp filter with user notification, hands the listener over and becomes the test binary.
//! - A [`Supervisor`], one for a run and an ancestor of all tests, receives the notifications.
//! - A [`Policy`] decides. [`Enforce`] does what `--strict` promises: it maps programs, sockets and hosts to resources by
//!   the guards' footprints, asks the log of the test whether it declares them, records the use there and refuses the
//!   rest. Nothing else is needed for the test's own verdict, which reads that log.
//!
//! # A policy of your own
//!
//! One that continues everything and writes down what it sees is an audit. It needs no guards in the tests:
//!
//! ```ignore
//! struct Audit(Mutex<Vec<String>>);
//!
//! impl Policy for Audit {
//!     fn decide(&self, call: &Call<'_>) -> Decision {
//!         let test = call.run.variables.get("NEXTEST_TEST_NAME");
//!         let what = match &call.act {
//!             Act::Exec(exec) => format!("runs {}", exec.given.display()),
//!             Act::Connect(connect) => format!("reaches {}", connect.peer),
//!             Act::Unseen(why) => why.clone(),
//!             _ => return Decision::Continue,
//!         };
//!         self.0.lock().unwrap().push(format!("{test:?} {what}"));
//!         Decision::Continue
//!     }
//!     fn failed(&self, what: &str) {
//!         eprintln!("not watched: {what}");
//!     }
//! }
//!
//! let supervisor = Supervisor::start(Arc::new(audit))?;
//! let runner = supervisor.runner(directory, true)?; // `true`: single messages (sendmsg) are notified too
//! // … cargo nextest run --config 'target.TRIPLE.runner=[…]', then:
//! supervisor.settle();
//! supervisor.stop();
//! ```
//!
//! While the engine runs, call [`Supervisor::reap`] now and then.
//!
//! # Limits
//!
//! It is a tester's aid, no security boundary: a call that is let go on is read by the kernel once more, and another thread
//! may have changed it in between. It does not see: a socket that was connected elsewhere and is inherited or received; a
//! server that somebody else has started and that works for the test; datagrams on an unbound socket with a default
//! address; `sendmsg` with an address (but see above); what a test does in a container or another machine. `io_uring` and
//! the x32 calls do not exist under the filter. Where the user is not root, `no_new_privs` is needed, and set-user-ID
//! programs (`sudo`, `newuidmap`) have no effect. A test that installs a seccomp listener of its own gets EBUSY.
//!
//! Linux 5.9 or newer, x86-64 (with its 32-bit calls) and ARM (64 bits). Elsewhere [`supported`] says that it is not.

mod error;
mod findings;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use linux::*;

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod elsewhere;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub use elsewhere::*;

pub use error::Error;
pub use findings::{Findings, Late, Of, Outliving, Watched};
