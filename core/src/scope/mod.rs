//! Who is using a resource right now: the test, or a stretch of one of its fixtures; and may they?

mod by_hand;
pub(crate) mod epoch;
mod fixture;
mod inherited;
mod mistakes;
mod owner;
mod stretch;
mod teardowns;

use std::sync::OnceLock;

pub use by_hand::{Scope, ScopeFailure};
pub use fixture::Fixture;
pub(crate) use inherited::Inherited;
pub(crate) use owner::{Owner, Sharing};
pub(crate) use teardowns::drain as drain_teardowns;

use crate::log::Verb;
use crate::verdict::Blocked;
use crate::{Via, Violation};

#[doc(hidden)]
pub use fixture::{fixture, fixture_async};
#[doc(hidden)]
pub use teardowns::drained;

/// The scope of this process, if anything is guarded in it.
static ACTIVE: OnceLock<Active> = OnceLock::new();

enum Active {
    /// This process runs tests.
    Owner(Owner),
    /// This process was started, at some distance, by a test.
    Inherited(Inherited),
}

/// Makes this process ask `owner` about every use.
pub(crate) fn own(owner: Owner) -> Option<&'static Owner> {
    if ACTIVE.set(Active::Owner(owner)).is_err() {
        return None;
    }
    epoch::next();
    self::owner()
}

/// Makes this process ask the test that started it.
pub(crate) fn inherit(inherited: Inherited) {
    if ACTIVE.set(Active::Inherited(inherited)).is_ok() {
        epoch::next();
    }
}

/// The scope of this process, if it runs tests.
pub(crate) fn owner() -> Option<&'static Owner> {
    match ACTIVE.get() {
        Some(Active::Owner(owner)) => Some(owner),
        _ => None,
    }
}

/// Records a use and says whether it is allowed. `Some(epoch)`: the same use need not be asked about again in it.
pub(crate) fn ask(resource: &'static str, via: &Via<'_>, what: &str) -> Result<Option<u64>, Violation> {
    let asked = match ACTIVE.get() {
        None => return Ok(None),
        Some(Active::Owner(owner)) => owner.ask(resource, via, what),
        Some(Active::Inherited(inherited)) => inherited.ask(resource, via, what),
    };
    match asked {
        Answer::Allowed { known_in } => Ok(known_in),
        Answer::Blocked(blocked) => Err((*blocked).into()),
    }
}

/// What a scope says to a use.
enum Answer {
    Allowed { known_in: Option<u64> },
    Blocked(Box<Blocked>),
}

/// The verb for a use, and whether it may go on.
fn verb(authorised: bool, observe: bool) -> Verb {
    match (authorised, observe) {
        (true, _) => Verb::Used,
        (false, true) => Verb::Passed,
        (false, false) => Verb::Blocked,
    }
}
