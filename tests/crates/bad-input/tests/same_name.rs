//! Two guards with one name and different settings, and two guards that wrap one program.

use resource_guards::{GuardError, Resource, ResourceGuard, Site, async_trait};

static SDK: Resource = Resource::new("sdk");

struct Relay {
    port: u16,
}

#[async_trait]
impl ResourceGuard for Relay {
    fn resource(&self) -> &Resource {
        &SDK
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn settings(&self) -> String {
        format!("port {}", self.port)
    }
}

resource_guards::install!(Relay { port: 1 });

mod elsewhere {
    resource_guards::install!(super::Relay { port: 2 });
}

#[test]
fn plain() {}
