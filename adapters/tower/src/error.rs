//! The error of a guarded service, and how to find the violation in whatever it became.

use std::error::Error;
use std::io;

use resource_guards::Violation;

/// The error of a guarded service: a [`Violation`], or the inner service's own.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The violation that an error is, or that is somewhere in its chain of sources.
///
/// Clients wrap the errors of their transports: `tonic` makes a `Status` of them, others an error of their own.
///
/// ```
/// use guard_tower::{BoxError, violation};
///
/// let error: BoxError = "connection refused".into();
/// assert!(violation(&*error).is_none(), "the service's own error");
/// ```
#[must_use]
pub fn violation<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Violation> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(violation) = error.downcast_ref() {
            return Some(violation);
        }
        // The source of an I/O error is that of the error inside, which would thus be skipped.
        let inside = error.downcast_ref().and_then(io::Error::get_ref);
        next = inside.map(|inside| inside as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}
