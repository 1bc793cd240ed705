//! What a request is, in the words of a declaration.

use std::borrow::Cow;

use resource_guards::{Resource, Via, Violation};

/// What a request is: a few words of evidence, and the target on which a declaration may be narrowed.
///
/// ```
/// use guard_tower::Call;
///
/// # struct Job { queue: String, id: u32 }
/// # let job = Job { queue: "mail".into(), id: 7 };
/// let call = Call::new(format!("push {}", job.id)).at(&job.queue);
/// # let _ = call;
/// ```
///
/// With that one, `#[uses(jobs("mail"))]` authorises jobs of the queue `mail` only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a call does nothing until a layer's closure returns it"]
pub struct Call<'a> {
    pub(crate) what: Cow<'a, str>,
    pub(crate) target: Option<Cow<'a, str>>,
}

impl<'a> Call<'a> {
    /// A call, and its evidence: what a reader of the failure needs to find it, without secrets.
    pub fn new(what: impl Into<Cow<'a, str>>) -> Self {
        Self { what: what.into(), target: None }
    }

    /// What exactly is used: a host, a method, a queue.
    pub fn at(self, target: impl Into<Cow<'a, str>>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// Asks the scope of the calling thread.
    pub(crate) fn enforce(self, resource: &Resource) -> Result<(), Violation> {
        let via = Via::hook("tower layer");
        let via = match &self.target {
            Some(target) => via.at(target),
            None => via,
        };
        resource.enforce_via(&via, || self.what.clone())
    }
}
