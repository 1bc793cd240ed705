//! Guards that fail when they are told to.

use std::io::Write as _;

use resource_guards::{GuardError, Resource, ResourceGuard, Site, async_trait};

/// Fails as `FAULTS` says: `install=second,cleanup=first,panic-install=third,panic-cleanup=…`; writes what it is asked
/// to do into the file that `TRACE` names.
pub struct Shaky(pub &'static str);

impl Shaky {
    fn told_to(&self, what: &str) -> bool {
        let mine = format!("{what}={}", self.0);
        std::env::var("FAULTS").is_ok_and(|faults| faults.split(',').any(|fault| fault == mine))
    }

    fn act(&self, what: &'static str) -> Result<(), GuardError> {
        if let Ok(trace) = std::env::var("TRACE") {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(trace).expect("the trace");
            let line = format!("{} {what} {}\n", std::process::id(), self.0);
            file.write_all(line.as_bytes()).expect("the trace");
        }
        assert!(!self.told_to(&format!("panic-{what}")), "{} panics in {what}", self.0);
        if self.told_to(what) {
            return Err(GuardError::new(what, self.0, "as told").mend("tell it otherwise"));
        }
        Ok(())
    }
}

#[async_trait]
impl ResourceGuard for Shaky {
    fn resource(&self) -> &Resource {
        Resource::named(self.0)
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        self.act("install")
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        self.act("cleanup")
    }
}
