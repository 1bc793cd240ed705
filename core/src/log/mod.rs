//! The append-only log of one test: the only truth that a verdict is made from.
//!
//! One directory a scope, mode 0700, named by `RESOURCE_GUARDS_SCOPE` for every child:
//!
//! | file | content |
//! | --- | --- |
//! | `events` | one line an [`Event`], appended by every chokepoint in every process and language; most tests have none |
//! | `allow` | what the current stretch may use ([`Allow`]), replaced by rename; without it, nothing |
//!
//! A chokepoint that cannot append to `events` empties `allow`, which needs no space: the verdict sees it.
//!
//! Fields of an event are separated by tabs; a tab, a line feed or a backslash in a field is written `\t`, `\n`, `\\`.

mod allow;
mod event;
mod files;
mod reader;
mod running;

pub(crate) use allow::Allow;
pub(crate) use event::{Event, Outcome, Phase, Sighting, Verb};
pub(crate) use files::{FILES, Files};
pub(crate) use reader::{Log, emptied};
pub(crate) use running::Running;

/// Numbers the stretches of a scope: the body has one, each set-up and each drop of a fixture another.
pub(crate) type StretchId = u32;

/// The body of the test, or code outside of every test.
pub(crate) const BODY: StretchId = 0;
