//! First arguments of programs that are no pattern as they are: the mend in the message is what `fix` writes, and compiles.

use std::fs;
use std::path::Path;

use super::world::World;
use crate::support::ENGINES;

const TESTS: &str = r#"
use resource_guards::uses;
use std::process::Command;

resource_guards::install!(guard_binary::Binary("cat"), guard_binary::Binary("id").resource("s3-2e"));

fn cat(path: &str) {
    let _ = Command::new("cat").arg(path).output();
}

#[uses(cat("a.txt"))]
#[test]
fn beyond_ascii() {
    cat("a.txt");
    cat("größe.txt");
}

#[uses(cat("a.txt"))]
#[test]
fn a_space() {
    cat("a.txt");
    cat("my file.txt");
}

#[uses(cat("a.txt"))]
#[test]
fn brackets_and_quotes() {
    cat("a.txt");
    cat("[\"x\"]");
}

#[uses(cat("a.txt"))]
#[test]
fn a_long_path() {
    cat("a.txt");
    cat("/tmp/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/a.txt");
}

#[test]
fn a_name_that_is_no_token() {
    let _ = Command::new("id").output();
}
"#;

#[test]
fn the_mend_of_a_message_is_what_fix_writes_and_the_next_run_is_clean() {
    let world = World::of("arguments", |root| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = format!(
            "[package]\nname = 'arguments'\nversion = '0.0.0'\nedition = '2024'\n[workspace]\n[dev-dependencies]\n\
             resource-guards.path = {:?}\nguard-binary.path = {:?}\n",
            workspace.join("core"),
            workspace.join("adapters/binary")
        );
        for folder in ["src", "tests"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.join("src/lib.rs"), "").unwrap();
        fs::write(root.join("tests/cat.rs"), TESTS).unwrap();
    });
    for engine in ENGINES {
        world.git(&["checkout", "--quiet", "--", "."]);
        let run = world.run(&["guards", "test", "--no-fail-fast", "--engine", engine]);
        assert_ne!(run.code, 0, "{}", run.stderr);
        let said = world.fix(&[]);
        let text = world.read("tests/cat.rs");
        for (test, declared) in [
            ("beyond_ascii", "cat"),
            ("a_space", r#"cat("a.txt", "my?file.txt")"#),
            ("brackets_and_quotes", r#"cat("a.txt", "?\"x\"?")"#),
            ("a_long_path", r#"cat("a.txt", "/tmp/0123456789/0123456789/0123456789/0123456789/0123456789/0123*")"#),
        ] {
            let mend = format!("mend: write `{declared}` in place of `cat(\"a.txt\")` in #[uses(…)]");
            assert!(run.stderr.contains(&mend), "{engine} {test}: {}", run.stderr);
            assert!(
                text.contains(&format!("#[uses({declared})]\n#[test]\nfn {test}()")),
                "{engine} {test}: {said}{text}"
            );
        }
        assert!(run.stderr.contains("mend: add #[uses(\"s3-2e\")]"), "{engine}: {}", run.stderr);
        assert!(text.contains("#[uses(\"s3-2e\")]\n#[test]\nfn a_name"), "{engine}: {said}{text}");
        let clean = world.run(&["guards", "test", "--engine", engine]);
        let is_clean = clean.code == 0 && clean.stderr.contains("guards: no violations");
        assert!(is_clean, "{engine}: {}{}", clean.stdout, clean.stderr);
    }
}
