//! `install!` names another guard; `http` is guarded because its crate is linked and registers itself.

use guard_http as _;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

#[uses()]
#[test]
fn http_is_guarded() {
    _ = http_clients::clients::ureq::get("http://api.github.test/users", "");
}
