//! A store whose guard can tell whether it is there, and a queue whose guard cannot. Variables say what they answer.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

use resource_guards::{Availability, GuardError, Resource, ResourceGuard, Site, async_trait};

static STORE: Resource = Resource::new("store");
static QUEUE: Resource = Resource::new("queue");

/// The guard of the store.
pub struct Store;

/// The queue, which is a guard.
pub fn queue() -> &'static Resource {
    &QUEUE
}

#[async_trait]
impl ResourceGuard for Store {
    fn resource(&self) -> &Resource {
        &STORE
    }

    async fn install(&self, _: &mut Site) -> Result<(), GuardError> {
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        Ok(())
    }

    async fn probe(&self) -> Availability {
        note("PROBES", "store");
        match env::var("STORE").as_deref() {
            Ok("missing") => Availability::Missing("nobody answers at store.example".to_owned()),
            Ok("hangs") => loop {
                std::thread::sleep(Duration::from_secs(60));
            },
            Ok("crashes") => std::process::abort(),
            Ok("panics") => panic!("on purpose"),
            Ok("prints") => {
                println!("{{\"resource\": \"store\"");
                Availability::Available
            }
            _ => Availability::Available,
        }
    }
}

/// Appends a line to the file that a variable names.
fn note(variable: &str, line: &str) {
    if let Ok(path) = env::var(variable) {
        let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Uses resources for a while, and notes when that begins and ends.
pub fn work(resources: &[&str]) {
    for &name in resources {
        let resource = if name == "store" { &STORE } else { &QUEUE };
        resource.enforce(|| "work").unwrap();
        note("USES", &format!("+{name}"));
    }
    std::thread::sleep(Duration::from_millis(200));
    for name in resources {
        note("USES", &format!("-{name}"));
    }
}

/// ```
/// println!("a documentation test runs");
/// ```
pub fn documented() {}

#[cfg(test)]
resource_guards::install!(Store, queue());

#[cfg(test)]
mod tests {
    use resource_guards::uses;

    use super::work;

    macro_rules! stores {
        ($($name:ident)*) => { $(
            #[uses(store)]
            #[test]
            fn $name() {
                work(&["store"]);
            }
        )* };
    }
    stores!(stores_a stores_b stores_c stores_d);

    macro_rules! queues {
        ($($name:ident)*) => { $(
            #[uses(queue)]
            #[test]
            fn $name() {
                work(&["queue"]);
            }
        )* };
    }
    queues!(queues_a queues_b);

    #[uses(store, queue)]
    #[test]
    fn has_both() {
        work(&["store", "queue"]);
    }

    #[uses(may(store = "only on a cold cache"))]
    #[test]
    fn may_store() {}

    #[test]
    fn computes() {}
}
