//! Guards that write down what is done with them, into the file named by `DIARY`.

use std::fs::OpenOptions;
use std::io::Write as _;

use resource_guards::{GuardError, Resource, ResourceGuard, Site, async_trait};

use crate::client::MAIL;

/// One line a deed, with the process that did it.
fn note(deed: &str) {
    let Some(diary) = std::env::var_os("DIARY") else { return };
    let mut file = OpenOptions::new().append(true).create(true).open(diary).unwrap();
    file.write_all(format!("{} {deed}\n", std::process::id()).as_bytes()).unwrap();
}

/// Whether the user asked for a mishap.
fn mishap(which: &str) -> bool {
    std::env::var("MISHAP").is_ok_and(|mishap| mishap == which)
}

/// The guard of the mail client. It also gives tests an address.
pub struct Mail;

#[async_trait]
impl ResourceGuard for Mail {
    fn resource(&self) -> &Resource {
        &MAIL
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        note("install mail");
        site.set_env("MAIL_ADDRESS", "nobody@localhost");
        if mishap("install") {
            return Err(GuardError::new("reach", "the post office", "it is closed").mend("come back on Monday"));
        }
        assert!(!mishap("panic in install"), "the post office burns");
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        note("cleanup mail");
        Ok(())
    }
}

/// A second guard, of another resource.
pub struct Second;

#[async_trait]
impl ResourceGuard for Second {
    fn resource(&self) -> &Resource {
        Resource::named("second")
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        note("install second");
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        note("cleanup second");
        Ok(())
    }
}
