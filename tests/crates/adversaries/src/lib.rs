//! Ways around guards. Whoever runs the tests has put the program `quill` on PATH, has made a `depot` listen, and says in
//! the environment where they are.

pub mod programs;
#[cfg(target_arch = "x86_64")]
pub mod small;
pub mod sockets;

use resource_guards::{Footprint, GuardError, Resource, ResourceGuard, Site, async_trait};

static DEPOT_RESOURCE: Resource = Resource::new("depot");

/// A service that no chokepoint inside of the process watches: what the kernel sees of it is all there is.
#[derive(Clone, Copy)]
pub struct Depot;

#[async_trait]
impl ResourceGuard for Depot {
    fn resource(&self) -> &Resource {
        &DEPOT_RESOURCE
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        let (_, port) =
            setting("DEPOT").rsplit_once(':').map(|(host, port)| (host.to_owned(), port.to_owned())).unwrap();
        Footprint::default()
            .peer(format!("*:{port}"))
            .socket(setting("DEPOT_SOCKET"))
            .socket(setting("DEPOT_ABSENT"))
            .socket(format!("@{}", setting("DEPOT_ABSTRACT")))
    }
}

/// A variable that must be set.
pub fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is to be set by who runs the tests"))
}

/// Whether the kernel's view is on.
pub fn is_strict() -> bool {
    std::env::var_os("STRICT").is_some()
}
