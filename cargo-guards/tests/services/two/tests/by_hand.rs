//! A harness of its own that declares the program by hand.

use std::env;
use std::process::Command;

use resource_guards::Scope;

resource_guards::install!(one::Store);

fn main() {
    if env::args().any(|word| word == "--list") {
        return;
    }
    let verdict = Scope::new("runs the tool by hand").uses("mytool").run(|| {
        assert!(env::var_os("UNUSED").is_some() || Command::new("mytool").status().is_ok());
    });
    println!("by hand: {}", if verdict.is_ok() { "kept its word" } else { "broke its word" });
}
