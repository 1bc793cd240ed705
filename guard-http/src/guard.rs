//! The guard of the resource `http`.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

use guard_relay::{Endpoint, Handle};
use resource_guards::{Footprint, GuardError, Registration, Resource, ResourceGuard, Site, async_trait, inventory};

use crate::host;
use crate::loopback;
use crate::proxy::{self, Onward, Unsupported};

/// The resource, for chokepoints of your own. Their targets are hosts too, in lower case and without a port: other patterns are
/// taken for mistakes.
pub static HTTP: Resource = Resource::new("http");

/// Guards requests to other machines. See [`HttpGuard`] for its settings.
#[expect(non_upper_case_globals, reason = "users type it as they type other guards, which are types")]
pub const Http: HttpGuard = HttpGuard { counts_loopback: false };

/// The guard of the resource `http`, in the form of [`Http`] or with other settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpGuard {
    counts_loopback: bool,
}

inventory::submit! {
    Registration::new(|| Box::new(Http))
}

impl HttpGuard {
    /// Counts requests to this machine too.
    #[must_use]
    pub const fn counting_loopback(self) -> Self {
        Self { counts_loopback: true }
    }
}

/// The proxy of this process, to be stopped.
static PROXY: Mutex<Option<Handle>> = Mutex::new(None);

/// What clients must not send to a proxy. No spaces, no brackets and no `::1/128`: each of those breaks a client.
const NO_PROXY: &str = "localhost,127.0.0.1,::1,127.0.0.0/8";

#[async_trait]
impl ResourceGuard for HttpGuard {
    fn resource(&self) -> &Resource {
        &HTTP
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        if self.counts_loopback {
            loopback::count();
        }
        let onward = match Onward::read(&|name: &str| site.env(name)) {
            Ok(onward) => onward,
            Err(Unsupported::Kind { variable, scheme }) => {
                let why = format!(
                    "{variable} is a {scheme} proxy, which cannot be passed on to; only the middleware sees uses"
                );
                site.cannot_observe("http", why);
                return Ok(());
            }
            Err(Unsupported::Invalid { variable, error }) => {
                return Err(GuardError::new("use the proxy in", variable, error)
                    .mend(format!("correct {variable} or unset it")));
            }
        };
        let bound = proxy::build(onward)
            .bind(&Endpoint::loopback())
            .map_err(|error| GuardError::new("listen for the proxy on", Endpoint::loopback(), error))?;
        let Endpoint::Tcp(address) = bound.endpoint() else {
            return Err(GuardError::new("find the address of the proxy", bound.endpoint(), "it is no TCP address"));
        };
        let url = OsString::from(format!("http://{address}"));
        for variable in proxy::VARIABLES {
            site.set_env(variable, url.clone());
        }
        for variable in proxy::EXCEPTIONS {
            match self.counts_loopback {
                true => site.remove_env(variable),
                false => site.set_env(variable, NO_PROXY),
            }
        }
        *PROXY.lock().unwrap_or_else(PoisonError::into_inner) = Some(bound.handle());
        site.spawn("http proxy", move || bound.run());
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        let proxy = PROXY.lock().unwrap_or_else(PoisonError::into_inner).take();
        proxy.iter().for_each(Handle::stop_with_process);
        Ok(())
    }

    fn footprint(&self) -> Footprint {
        Footprint::default().peer("*:80").peer("*:443")
    }

    fn mistake_in_target(&self, pattern: &str) -> Option<String> {
        host::mistake(pattern)
    }

    fn settings(&self) -> String {
        format!("{self:?}")
    }
}
