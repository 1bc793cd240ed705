//! A workspace of three crates and 200 tests, made from templates: `post` (100 tests of two chokepoints of its own), `pack`
//! (60 tests that run programs) and `plain` (40 tests, no guards).

use std::fmt::Write as _;

use crate::support::Workspace;

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["pack", "plain", "post"]

[profile.dev]
debug = false

[profile.release]
opt-level = 0
debug = false

[profile.quick]
inherits = "dev"
"#;

const POST: &str = r#"//! Two chokepoints. Variables make tests break their word.

use resource_guards::Resource;

static LOG: Resource = Resource::new("log");
static MAIL: Resource = Resource::new("mail");

pub fn log(line: &str) -> bool {
    LOG.enforce(|| format!("log {line}")).is_ok()
}

pub fn mail(to: &str) -> bool {
    MAIL.enforce_at(to, || format!("mail to {to}")).is_ok()
}

#[cfg(test)]
resource_guards::install!(&LOG, &MAIL);

#[cfg(all(test, feature = "panics"))]
resource_guards::install!({
    let settings: Option<&'static Resource> = None;
    settings.expect("no settings")
});

#[cfg(test)]
mod tests {
    use resource_guards::uses;

    fn set(name: &str) -> bool {
        std::env::var_os(name).is_some()
    }
"#;

const PACK: &str = r#"//! Tests that run programs.

use std::process::Command;

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"), guard_binary::Binary("git"));

fn run(words: &[&str]) -> bool {
    Command::new(words[0]).args(&words[1..]).status().is_ok_and(|status| status.success())
}

/// Waits to be ended, in the process that it tells, or does not use what it should.
fn waits_or_idles() -> bool {
    if let Ok(file) = std::env::var("WAITS") {
        std::fs::write(file, std::process::id().to_string()).unwrap();
        std::thread::sleep(std::time::Duration::from_secs(120));
    }
    std::env::var_os("IDLE").is_some()
}
"#;

/// Makes it.
pub(crate) fn two_hundred() -> Workspace {
    let package = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\ndoctest = false\n{more}"
        )
    };
    let core = "resource-guards = { path = \"@ROOT@/core\" }\n";
    let post = package("post", &format!("\n[features]\npanics = []\n\n[dependencies]\n{core}"));
    let binary = "guard-binary = { path = \"@ROOT@/adapters/binary\" }\n";
    let pack = package("pack", &format!("\n[dev-dependencies]\n{core}{binary}"));
    let plain = package("plain", "\n[features]\nbroken = []\nmore = []\n");
    Workspace::of(
        "two hundred",
        &[
            ("Cargo.toml", WORKSPACE.to_owned()),
            ("post/Cargo.toml", post),
            ("post/src/lib.rs", posts()),
            ("pack/Cargo.toml", pack),
            ("pack/src/lib.rs", String::new()),
            ("pack/tests/pack.rs", packs()),
            ("plain/Cargo.toml", plain),
            ("plain/src/lib.rs", plains()),
        ],
    )
}

fn posts() -> String {
    let mut text = POST.to_owned();
    for n in 0..100 {
        let (uses, name, body) = match n % 4 {
            0 => ("#[uses(mail)]", "mails", "set(\"SILENT\") || super::mail(\"ada\")"),
            1 => ("#[uses(log)]", "logs", "super::log(\"a line\")"),
            2 => ("#[uses(log, mail)]", "mails_and_logs", "super::log(\"a line\") && super::mail(\"bob\")"),
            _ => ("", "computes", "!set(\"SECRET\") || !super::mail(\"eve\")"),
        };
        // One of each kind breaks its word.
        let body = if n < 4 { body.to_owned() } else { body.replace("\"S", "\"NO_S") };
        let _ =
            write!(text, "\n    {uses}\n    #[test]\n    fn {name}_{n:03}() {{\n        assert!({body});\n    }}\n");
    }
    text + "}\n"
}

fn packs() -> String {
    let mut text = PACK.to_owned();
    for n in 0..60 {
        let (uses, name, body) = match n % 3 {
            0 => ("tar", "packs", "assert!(run(&[\"tar\", \"cf\", \"/dev/null\", \"Cargo.toml\"]));"),
            1 => ("git", "names", "assert!(run(&[\"git\", \"check-ref-format\", \"refs/heads/main\"]));"),
            _ => ("", "reads", "assert!(std::path::Path::new(\"Cargo.toml\").exists());"),
        };
        let body = if n == 0 { format!("if !waits_or_idles() {{\n        {body}\n    }}") } else { body.to_owned() };
        let _ = write!(text, "\n#[uses({uses})]\n#[test]\nfn {name}_{n:02}() {{\n    {body}\n}}\n");
    }
    text
}

fn plains() -> String {
    let mut text = "#[cfg(feature = \"broken\")]\ncompile_error!(\"broken on purpose\");\n".to_owned();
    text.push_str("\n#[cfg(feature = \"more\")]\n#[test]\nfn adds_more() {}\n");
    for n in 0..40 {
        let _ = write!(text, "\n#[test]\nfn adds_{n:02}() {{}}\n");
    }
    text
}
