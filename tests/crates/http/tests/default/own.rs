//! The user's own variables.

use http_clients::clients::{programs, reqwest};
use http_clients::world_port;
use resource_guards::uses;

mod left_alone {
    use super::*;

    #[uses()]
    #[test]
    fn the_variables_are_as_the_user_set_them() {
        let all = std::env::var("ALL_PROXY").unwrap();
        assert!(all.starts_with("socks5://") || all.starts_with("https://"), "{all}");
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "no_proxy", "NO_PROXY"] {
            assert_eq!(std::env::var_os(name), None, "{name}");
        }
    }

    #[uses(http)]
    #[test]
    fn what_may_be_used_unseen_is_not_called_unused() {}

    #[uses()]
    #[test]
    fn the_middleware_sees_its_uses_all_the_same() {
        _ = reqwest::middleware("http://api.github.test/users", "");
    }
}

mod exceptions {
    use super::*;

    /// `127.1` is no address for urllib, and one for the system.
    #[uses(http("127.1"))]
    #[test]
    fn urllib_reaches_a_host_that_is_one_directly() {
        let url = format!("http://127.1:{}/x", world_port());
        assert_eq!(programs::urllib(&url, ""), Ok(format!("GET direct {url}")));
        assert_eq!(std::env::var("NO_PROXY").unwrap(), "localhost,127.0.0.1,::1,127.0.0.0/8");
    }

    #[uses()]
    #[test]
    fn urllib_is_guarded_on_the_way_to_one() {
        _ = programs::urllib("http://127.1:1/x", "");
    }
}

mod variables {
    use super::*;

    #[uses()]
    #[test]
    fn all_six_name_the_guards_proxy() {
        let values = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
            .map(|name| std::env::var(name).unwrap());
        assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
        assert!(values[0].starts_with("http://127.0.0.1:") && !values[0].ends_with(&world_port().to_string()));
    }
}
