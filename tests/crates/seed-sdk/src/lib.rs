//! A package that owns a tool declares its guards once: whoever depends on it gets them.

use resource_guards::{Footprint, GuardError, Registration, Resource, ResourceGuard, Site, async_trait};

static BANK: Resource = Resource::new("bank");
static VAULT: Resource = Resource::new("vault");

/// The guard of the bank.
#[derive(Debug)]
pub struct Bank;

#[async_trait]
impl ResourceGuard for Bank {
    fn resource(&self) -> &Resource {
        &BANK
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        Footprint::default().peer("bank.example:443")
    }
}

resource_guards::inventory::submit! {
    Registration::new(|| Box::new(Bank))
}

// A resource without a guard of its own needs no more than this.
resource_guards::inventory::submit! {
    Registration::new(|| Box::new(&VAULT))
}

/// Pays, if a test may.
pub fn pay(amount: u32) -> Result<u32, resource_guards::Violation> {
    BANK.enforce(|| format!("pay {amount}"))?;
    Ok(amount)
}

/// Opens the vault, if a test may.
pub fn open_the_vault() -> Result<(), resource_guards::Violation> {
    VAULT.enforce(|| "open")
}
