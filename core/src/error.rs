//! What a guard reports when it cannot be put in place, taken away or used.

use std::error::Error;
use std::fmt;

/// A guard could not do its work: the operation, the object, why, and what mends it.
///
/// ```
/// use resource_guards::GuardError;
///
/// let error = GuardError::new("bind the relay", "/run/relay.sock", "address in use")
///     .mend("stop the other relay");
/// assert_eq!(
///     error.to_string(),
///     "cannot bind the relay `/run/relay.sock`: address in use; stop the other relay",
/// );
/// ```
#[derive(Debug)]
pub struct GuardError {
    operation: String,
    object: String,
    source: Box<dyn Error + Send + Sync>,
    mend: Option<String>,
}

impl GuardError {
    /// `operation` completes "cannot …"; `object` is what it was done to; `source` is why it failed.
    pub fn new(
        operation: impl Into<String>,
        object: impl fmt::Display,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { operation: operation.into(), object: object.to_string(), source: source.into(), mend: None }
    }

    /// Adds what a user can do about it.
    #[must_use]
    pub fn mend(mut self, hint: impl Into<String>) -> Self {
        self.mend = Some(hint.into());
        self
    }
}

impl fmt::Display for GuardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: {}", self.operation, self.object, self.source)?;
        match &self.mend {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl Error for GuardError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
