//! Wrappers of the session that tests run.

use resource_guards::tool::{SCOPE, Use};

use crate::linux::enforce::{CHOKEPOINT, Enforce, by_parent};
use crate::linux::{Call, Exec, programs};

impl Enforce {
    /// A wrapper decides and records by itself. It may be killed before it does, so that it starts is in the log already.
    pub(super) fn wrapper(&self, call: &Call<'_>, exec: &Exec, program: &str) {
        let Some((scope, process)) = self.scope(call) else { return };
        // Those of a session inside of the test have a log of their own.
        let is_nested = exec.variable(SCOPE).is_some_and(|dir| dir != scope.dir.as_os_str().as_encoded_bytes());
        if is_nested || !call.waits() {
            return;
        }
        let first = exec.arguments(2).get(1).and_then(|first| programs::first_argument(first));
        let what = by_parent(&programs::shown_wrapper(exec, program), process);
        for resource in self.resources(&scope).iter().filter(|resource| resource.programs.contains(program)) {
            let (target, pid) = (first.as_deref(), process.id.pid);
            scope.starts(&Use { resource: &resource.name, chokepoint: CHOKEPOINT, target, what: &what, pid });
        }
    }
}
