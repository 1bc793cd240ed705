//! Sixty-four tests that talk to the daemon at once, every other one without a word about it.

use docker::Connection;
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

fn status() -> u16 {
    let mut connection = Connection::open().unwrap();
    assert_eq!(connection.get("/_ping").unwrap(), 200);
    connection.get("/images/json").unwrap()
}

macro_rules! tests {
    ($($name:ident)*) => {
        mod declared {
            $(#[super::uses(docker)] #[test] fn $name() { assert_eq!(super::status(), 200) })*
        }
        mod undeclared {
            $(#[super::uses()] #[test] fn $name() { assert_eq!(super::status(), 403) })*
        }
    };
}

tests! {
    t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16
    t17 t18 t19 t20 t21 t22 t23 t24 t25 t26 t27 t28 t29 t30 t31 t32
}
