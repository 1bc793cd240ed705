//! The resource, and what watches it.

use guard_binary::Binary;
use resource_guards::{
    Availability, Footprint, GuardError, Registration, Resource, ResourceGuard, Site, async_trait, inventory,
};

/// What tests declare: `#[uses(beacon)]`, or `#[uses(beacon("grpc.health.v1.Health/Check"))]` for one method.
pub static BEACON: Resource = Resource::new("beacon");

/// The command line. Its resource has the program's name, so it is the same one.
const COMMAND_LINE: Binary = Binary("beacon");

/// Guards the command line of Beacon by a wrapper; the SDK's calls are guarded by the layer in
/// [`guarded`](crate::guarded).
#[derive(Debug)]
pub struct Guard;

#[async_trait]
impl ResourceGuard for Guard {
    fn resource(&self) -> &Resource {
        &BEACON
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        COMMAND_LINE.install(site).await
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        COMMAND_LINE.cleanup().await
    }

    fn footprint(&self) -> Footprint {
        COMMAND_LINE.footprint().peer("*.beacon.example:443")
    }

    async fn probe(&self) -> Availability {
        COMMAND_LINE.probe().await
    }
}

// Every test binary that links this crate and invokes `install!()` has the guard.
inventory::submit! {
    Registration::new(|| Box::new(Guard))
}
