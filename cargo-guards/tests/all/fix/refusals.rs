//! When nothing is written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::thread::sleep;
use std::time::Duration;

use super::world::World;

/// Runs the tests of a file with one thing to fix in each of two files.
fn observed() -> World {
    let world = World::get();
    world.observe(&["-p", "renamed"]);
    world
}

#[test]
fn changes_that_are_not_committed_are_not_mixed_with() {
    let world = observed();
    let library = world.read("renamed/src/lib.rs");
    let refused = |what: &str, words: &[&str]| {
        let ran = world.run(&[&["guards", "fix"], words].concat());
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
        assert_eq!(world.read("renamed/src/lib.rs"), library);
    };
    world.write("new.txt", "");
    refused("pass --allow-dirty (or --allow-staged):\n\n  new.txt (dirty)", &[]);
    refused("new.txt (dirty)", &["--allow-staged"]);
    world.git(&["add", "new.txt"]);
    refused("new.txt (staged)", &[]);
    for words in [&["--check"][..], &["--diff"], &["--check", "--diff"]] {
        let ran = world.run(&[&["guards", "fix"], words].concat());
        assert_eq!(ran.code, if words.contains(&"--check") { 6 } else { 0 }, "what writes nothing asks nothing");
    }
    world.fix(&["--allow-staged"]);
    assert_ne!(world.read("renamed/src/lib.rs"), library);

    fs::remove_dir_all(world.root().join(".git")).unwrap();
    world.write("renamed/src/lib.rs", &library);
    // The enclosing repository ignores what is built, or there is none.
    refused("is in no git repository", &[]);
    refused("is in no git repository", &["--allow-dirty"]);
}

#[test]
fn without_a_repository_it_must_be_allowed() {
    let world = observed();
    fs::remove_dir_all(world.root().join(".git")).unwrap();
    let file = world.root().join("renamed/src/lib.rs");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let said = world.fix(&["--allow-no-vcs"]);
    assert!(said.contains("fixed: renamed/src/lib.rs:"), "{said}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_changed_since_the_run_is_left_alone() {
    let world = observed();
    sleep(Duration::from_millis(10));
    let changed = world.read("renamed/src/lib.rs") + "// Changed.\n";
    world.write("renamed/src/lib.rs", &changed);
    let ran = world.run(&["guards", "fix", "--allow-dirty"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: `renamed/src/lib.rs` changed after the last run began")
            && ran.stderr.contains("fixed: renamed/src/main.rs:"),
        "{}",
        ran.stderr
    );
    assert_eq!(world.read("renamed/src/lib.rs"), changed);
    assert!(world.read("renamed/src/main.rs").contains("#[guards::uses(desk)]"));
}

#[test]
fn a_file_that_is_not_understood_is_named_and_nothing_is_written() {
    let world = observed();
    let main = world.read("renamed/src/main.rs");
    for (text, why) in [
        (&b"fn main() {}\nmod tests {\n    fn"[..], "cannot edit `"),
        (b"// \xff\n", "it is no UTF-8: invalid utf-8 sequence of 1 bytes from index 3"),
    ] {
        world.write("renamed/src/lib.rs", text);
        let ran = world.run(&["guards", "fix", "--allow-dirty"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("renamed/src/lib.rs`") && ran.stderr.contains(why), "{}", ran.stderr);
        assert_eq!(world.read("renamed/src/main.rs"), main, "not even another file");
    }
}

#[test]
fn without_a_run_it_says_how_to_make_one() {
    let world = World::get();
    let ran = world.run(&["guards", "fix"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("`cargo guards test` makes one"), "{}", ran.stderr);
}
