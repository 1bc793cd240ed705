//! Many tests at once, each with requests through the proxy of its own process.

use std::thread;

use http_clients::clients::{reqwest, ureq};
use resource_guards::uses;

/// Each of four threads sends a request.
fn ask(scheme: &'static str) -> usize {
    let threads: Vec<_> = (0..4)
        .map(|n| {
            thread::spawn(move || match n % 2 {
                0 => reqwest::blocking(&format!("{scheme}://api.github.test/users"), ""),
                _ => ureq::get("https://api.github.test/users", ""),
            })
        })
        .collect();
    threads.into_iter().map(|thread| usize::from(thread.join().expect("a client does not panic").is_ok())).sum()
}

macro_rules! many {
    ($($name:ident)*) => {
        mod declared {
            use super::*;
            $(#[uses(http("api.github.test"))] #[test] fn $name() { assert_eq!(ask("http"), 4); })*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $name() { assert_eq!(ask("https"), 0); })*
        }
    };
}

many! {
    t00 t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15
    t16 t17 t18 t19 t20 t21 t22 t23 t24 t25 t26 t27 t28 t29 t30 t31
}
