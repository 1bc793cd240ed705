//! A client with a chokepoint of its own. Variables make its tests break their word.

use resource_guards::Resource;

static MAIL: Resource = Resource::new("mail");
static LOG: Resource = Resource::new("log");

pub fn send(to: &str) -> bool {
    MAIL.enforce_at(to, || format!("send to {to}")).is_ok()
}

pub fn write(line: &str) -> bool {
    LOG.enforce(|| format!("write {line}")).is_ok()
}

#[cfg(test)]
resource_guards::install!(&MAIL, &LOG);

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use resource_guards::{Fixture, fixture_uses, uses};

    use super::*;

    /// Whether this is the first try of a flaky test, which leaves a mark where `FLAKY` says; without that it always is.
    fn is_first(test: &str) -> bool {
        std::env::var("FLAKY").map_or(true, |marks| !Path::new(&marks).join(test).exists())
    }

    /// The first try of a flaky test fails here: it panics, or is killed.
    fn fails_at_first(test: &str) {
        if let Ok(marks) = std::env::var("FLAKY")
            && is_first(test)
        {
            std::fs::write(Path::new(&marks).join(test), "").unwrap();
            assert!(std::env::var_os("ABORTS").is_none_or(|_| std::process::abort()));
            panic!("the first try");
        }
    }

    #[fixture_uses(mail)]
    fn server() -> Fixture<()> {
        assert!(!is_first("sends") || send("set-up"));
        Fixture::new(())
    }

    #[uses(mail, may(log = "only when verbose"))]
    #[test]
    fn sends() {
        let _server = server();
        assert!(send("ada"));
        fails_at_first("sends");
    }

    #[uses(mail)]
    #[test]
    fn keeps_its_word() {
        match std::env::var("BROKEN").as_deref() {
            Ok("always") => {}
            // The first try leaves a mark, the second finds it.
            Ok(mark) if !Path::new(mark).exists() => std::fs::write(mark, "").unwrap(),
            _ => {
                assert!(std::env::var_os("THEN_FAILS").is_none());
                assert!(!is_first("keeps_its_word") || send("bob"));
                fails_at_first("keeps_its_word");
            }
        }
    }

    #[uses(log)]
    #[test]
    fn logs() {
        assert!(write("line"));
        if let Ok(mark) = std::env::var("WAITS") {
            std::fs::write(mark, std::process::id().to_string()).unwrap();
            std::thread::sleep(Duration::from_secs(120));
        }
    }

    #[test]
    fn computes() {
        assert!(std::env::var_os("FAILS").is_none());
        match std::env::var("ABORTS").as_deref() {
            Ok("at once") => std::process::abort(),
            Ok(_) => {
                send("eve");
                std::process::abort();
            }
            Err(_) => {}
        }
        if let Ok(mark) = std::env::var("SLIPS")
            && !Path::new(&mark).exists()
        {
            std::fs::write(mark, "").unwrap();
            assert!(!send("eve"));
        }
    }
}

/// More tests than are named one by one.
#[cfg(all(test, feature = "many"))]
mod many {
    macro_rules! tests {
        ($($module:ident)*) => { $(mod $module {
            #[resource_guards::uses(log)]
            #[test]
            fn logs() {}
            #[resource_guards::uses(log)]
            #[test]
            fn logs_more() {}
            #[resource_guards::uses()]
            #[test]
            fn logs_mor() {}
            #[test]
            fn a_ünicode() {}
        })* };
    }
    tests!(a b c d e f g h i j k l m n o p);
}
