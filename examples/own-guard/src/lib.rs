//! A client of a mail service. Every message passes one line, and that line is the chokepoint.

use resource_guards::{
    Footprint, GuardError, Registration, Resource, ResourceGuard, Site, Violation, async_trait, inventory,
};

/// The resource that tests declare.
pub static MAIL: Resource = Resource::new("mail");

/// Sends a message.
///
/// # Errors
///
/// In a test that does not declare `mail`. Outside of tests, never.
pub fn send(to: &str, _text: &str) -> Result<(), Violation> {
    MAIL.enforce_at(to, || format!("send to {to}"))?;
    // … talk to the service here.
    Ok(())
}

/// The guard: with it, `#[uses(mail)]` is a known name, and tests talk to a sandbox.
pub struct Mail;

#[async_trait]
impl ResourceGuard for Mail {
    fn resource(&self) -> &Resource {
        &MAIL
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        site.set_env("MAIL_ENDPOINT", "http://127.0.0.1:9/sandbox");
        Ok(())
    }

    /// Nothing is left to do: the session restores nothing that ends with the process.
    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        Footprint::default().program("sendmail")
    }
}

// Whoever links this crate and invokes `install!` has the guard.
inventory::submit! {
    Registration::new(|| Box::new(Mail))
}
