//! A `main` of one's own: it prints what its scopes found, and ends with success if all is as it should be.

use harnesses::{DESK, pack, sit_down};
use resource_guards::{Scope, ScopeFailure, ViolationKind};

resource_guards::install!(&DESK, guard_binary::Binary("tar"), guard_http::Http);

fn kinds(verdict: Result<(), ScopeFailure>) -> Vec<ViolationKind> {
    match verdict {
        Ok(()) => Vec::new(),
        Err(ScopeFailure::Violations(violations)) => violations.iter().map(|violation| violation.kind()).collect(),
        Err(other) => panic!("{other}"),
    }
}

fn main() {
    // nextest asks every test binary for its tests. This one has one.
    if std::env::args().any(|argument| argument == "--list") {
        if !std::env::args().any(|argument| argument == "--ignored") {
            println!("all_is_as_it_should_be: test");
        }
        return;
    }
    println!("running 1 test");
    assert!(sit_down().is_ok() && pack(), "before a scope everything passes");
    let kept = Scope::new("kept").uses("desk").uses("tar").run(|| assert!(sit_down().is_ok() && pack()));
    assert_eq!(kinds(kept), []);
    assert!(sit_down().is_ok() && pack(), "between two scopes everything passes");
    let unknown = Scope::new("unknown").uses("taar").may("not a name", "why").run(|| panic!("this is not run"));
    let message = unknown.map(|(): ()| ()).unwrap_err().to_string();
    let nearest = "it declares `taar`, which no guard of this binary watches; did you mean `tar`? otherwise add";
    assert!(message.contains(nearest) && message.contains("; and `not a name`, which"), "{message}");
    let odd = Scope::new("odd").uses_at("http", &["api.github.com", "[::1]:80"]).run(|| panic!("this is not run"));
    let message = odd.map(|(): ()| ()).unwrap_err().to_string();
    let bare = "and `http` at `[::1]:80`, which no target matches: a target is a host, and this has";
    assert!(message.ends_with(&format!("{bare} a port and brackets; write http(\"::1\")")), "{message}");
    let message = |scope: Scope| scope.run(|| panic!("this is not run")).map(|(): ()| ()).unwrap_err().to_string();
    assert_eq!(
        message(Scope::new("careless").may("tar", " ").uses_at("tar", &["-c", "my file"]).uses_at("desk", &[])),
        "cannot open a scope: it declares that `tar` may stay unused for an empty reason, which explains nothing: say when \
         the resource stays unused; and `tar` at `my file`, which matches nothing: a target has no white space and no \
         control characters; and `tar` twice: a resource is either always used or may stay unused, not both; and `desk` at \
         no target: write `.uses(\"desk\")` for any target"
    );
    assert_eq!(
        message(Scope::new("twice").uses_at("tar", &["-c"]).uses_at("tar", &["-x"])),
        "cannot open a scope: it declares `tar` twice: name its targets in one place, `.uses_at(\"tar\", &[\"-c\", \
         \"-x\"])`"
    );
    if std::env::var_os("BREAK_IT").is_some() {
        let broken = Scope::new("broken").uses("tar").run(|| assert!(sit_down().is_err()));
        let Err(ScopeFailure::Violations(violations)) = &broken else { panic!("{broken:?}") };
        let mends: Vec<_> = violations.iter().filter_map(|violation| violation.mend()).collect();
        assert_eq!(
            mends,
            [
                "add `.uses(\"desk\")` to the scope, or stop using desk",
                "remove `tar` from the scope, or declare it with `.may(…)`"
            ]
        );
        assert_eq!(kinds(broken), [ViolationKind::UndeclaredUse, ViolationKind::UnusedDeclaration]);
    }
    println!("test all_is_as_it_should_be ... ok\n");
    println!("test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
}
