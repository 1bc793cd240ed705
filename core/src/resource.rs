//! A named external thing, and the one question that every chokepoint asks about it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::Violation;
use crate::scope::{self, epoch};

/// The longest name that a resource may have, in bytes.
pub(crate) const MAX_NAME: usize = 64;

/// A named external thing: `docker`, `http`, `tmux`.
///
/// A chokepoint of your own is one line where the calls pass, and one static:
///
/// ```
/// use resource_guards::{Resource, Violation};
///
/// static MY_SDK: Resource = Resource::new("my_sdk");
///
/// fn send(id: u32) -> Result<(), Violation> {
///     MY_SDK.enforce(|| format!("send {id}"))?;
///     // … talk to the service
///     Ok(())
/// }
/// assert!(send(7).is_ok(), "outside a test everything passes");
/// ```
pub struct Resource {
    name: &'static str,
    /// The epoch in which a use without a target was allowed and recorded; further ones need no second look.
    known: AtomicU64,
    /// The same for uses with a target: the targets, in order.
    known_targets: Mutex<(u64, Vec<Box<str>>)>,
}

impl Resource {
    /// A resource with this name. In a `static`, an invalid name is a compile error.
    ///
    /// # Panics
    ///
    /// If the name is not `[a-z][a-z0-9_-]*`, or longer than 64 bytes.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        assert!(is_name(name), "a resource name is lower case, [a-z][a-z0-9_-]*, and at most 64 bytes long");
        Self::unchecked(name)
    }

    const fn unchecked(name: &'static str) -> Self {
        Self { name, known: AtomicU64::new(0), known_targets: Mutex::new((0, Vec::new())) }
    }

    /// The one resource of this name that was made at run time, for guards whose name is a setting.
    ///
    /// The name is not checked here: the session does that when the guard is registered, and then names the guard and
    /// the line. Each distinct name stays in memory until the process ends.
    #[must_use]
    pub fn named(name: &str) -> &'static Self {
        static NAMED: Mutex<Vec<&'static Resource>> = Mutex::new(Vec::new());
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = named.iter().find(|known| known.name == name) {
            return known;
        }
        let name: &'static str = name.to_owned().leak();
        let resource: &'static Self = Box::leak(Box::new(Self::unchecked(name)));
        named.push(resource);
        resource
    }

    /// The name that users declare.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Records a use, and refuses it when the running test, or the fixture around the call, does not declare this
    /// resource. Call it at the chokepoint, before the real thing is touched.
    ///
    /// `evidence` says what the call was, in a few words and without secrets: `send 7`. It is called only when the use is
    /// new. Outside a test this costs one atomic load.
    ///
    /// # Errors
    ///
    /// The [`Violation`], when the use is not declared. The test fails even if the error is swallowed.
    #[inline]
    pub fn enforce<E: Into<String>>(&self, evidence: impl FnOnce() -> E) -> Result<(), Violation> {
        let epoch = epoch::now();
        if epoch == epoch::INACTIVE || self.known.load(Ordering::Relaxed) == epoch {
            return Ok(());
        }
        self.ask(&Via::call(), evidence().into())
    }

    /// The same for a use with a target, such as a host, on which a declaration may be narrowed:
    /// `#[uses(http("api.github.com"))]`.
    ///
    /// # Errors
    ///
    /// The [`Violation`], when the use is not declared.
    #[inline]
    pub fn enforce_at<E: Into<String>>(&self, target: &str, evidence: impl FnOnce() -> E) -> Result<(), Violation> {
        self.enforce_via(&Via::call().at(target), evidence)
    }

    /// The same for chokepoints that others use, which say what they are: a hook in a client, a relay in front of a
    /// service.
    ///
    /// # Errors
    ///
    /// The [`Violation`], when the use is not declared.
    #[inline]
    pub fn enforce_via<E: Into<String>>(&self, via: &Via<'_>, evidence: impl FnOnce() -> E) -> Result<(), Violation> {
        let epoch = epoch::now();
        if epoch == epoch::INACTIVE || self.knows(epoch, via.target) {
            return Ok(());
        }
        self.ask(via, evidence().into())
    }

    fn knows(&self, epoch: u64, target: Option<&str>) -> bool {
        let Some(target) = target else { return self.known.load(Ordering::Relaxed) == epoch };
        let known = self.known_targets.lock().unwrap_or_else(PoisonError::into_inner);
        known.0 == epoch && known.1.binary_search_by(|known| (**known).cmp(target)).is_ok()
    }

    #[cold]
    fn ask(&self, via: &Via<'_>, evidence: String) -> Result<(), Violation> {
        let Some(epoch) = scope::ask(self.name, via, &evidence)? else {
            return Ok(());
        };
        match via.target {
            None => self.known.store(epoch, Ordering::Relaxed),
            Some(target) => {
                let mut known = self.known_targets.lock().unwrap_or_else(PoisonError::into_inner);
                if known.0 != epoch {
                    *known = (epoch, Vec::new());
                }
                if let Err(at) = known.1.binary_search_by(|known| (**known).cmp(target)) {
                    known.1.insert(at, target.into());
                }
            }
        }
        Ok(())
    }
}

/// What saw a use, for the evidence, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Via<'a> {
    pub(crate) chokepoint: &'static str,
    pub(crate) target: Option<&'a str>,
    pub(crate) relayed: bool,
    pub(crate) continued: bool,
}

impl<'a> Via<'a> {
    const fn call() -> Self {
        Self::hook("call")
    }

    /// A hook that is called where the use happens: it belongs to the stretch that the calling thread is in.
    #[must_use]
    pub const fn hook(chokepoint: &'static str) -> Self {
        Self { chokepoint, target: None, relayed: false, continued: false }
    }

    /// A thread that serves whoever connects: a use belongs to the stretch that is live, as a child's does.
    #[must_use]
    pub const fn relay(chokepoint: &'static str) -> Self {
        Self { chokepoint, target: None, relayed: true, continued: false }
    }

    /// What exactly is used, such as a host.
    #[must_use]
    pub const fn at(self, target: &'a str) -> Self {
        Self { target: Some(target), ..self }
    }

    /// A use that was allowed when it began and goes on, such as bytes in an open tunnel. It counts for the stretch that
    /// is live now if that declares the resource; if not, it is not recorded, because it may be no more than a farewell.
    /// It is never refused.
    #[must_use]
    pub const fn continued(self) -> Self {
        Self { continued: true, ..self }
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resource").field(&self.name).finish()
    }
}

/// Whether this is `[a-z][a-z0-9_-]*` and at most [`MAX_NAME`] bytes long.
pub(crate) const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > MAX_NAME || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut i = 1;
    while i < bytes.len() {
        if !matches!(bytes[i], b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-') {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_and_bounded() {
        for good in ["a", "docker", "docker-compose", "my_sdk", "s3"] {
            assert!(is_name(good), "{good}");
        }
        let long = "a".repeat(10_000);
        for bad in ["", "Docker", "3s", "-a", "a/b", "..", "a b", "é", long.as_str()] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_made_at_run_time_is_one_resource() {
        assert!(std::ptr::eq(Resource::named("tmux"), Resource::named("tmux")));
    }
}
