//! Ways of running a program: each with a declaration and without one. Every test swallows what it is told.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use adversaries::programs::{self, absolute, path, renamed, shell, swallow};
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"));

macro_rules! adversaries {
    ($($(#[$attribute:meta])* $name:ident $body:block)*) => {
        mod declared {
            use super::*;
            $($(#[$attribute])* #[uses(quill)] #[test] fn $name() $body)*
        }
        mod undeclared {
            use super::*;
            $($(#[$attribute])* #[uses()] #[test] fn $name() $body)*
        }
        mod plain {
            use super::*;
            $($(#[$attribute])* #[test] fn $name() $body)*
        }
    };
}

adversaries! {
    swallowed_error { swallow(Command::new("quill").arg("write")) }
    killed_at_once { programs::killed_at_once() }
    helper_thread { thread::spawn(absolute).join().unwrap() }
    tokio_worker {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(async { tokio::spawn(async { absolute() }).await.unwrap() });
    }
    child { shell("\"$1\" write; true") }
    grandchild { shell("sh -c '\"$1\" write; true' sh \"$1\"; true") }
    absolute_path { absolute() }
    emptied_environment { swallow(Command::new("env").args(["-i", &path(), "write"])) }
    path_reset {
        let dir = std::path::PathBuf::from(path());
        swallow(Command::new("quill").arg("write").env("PATH", dir.parent().unwrap()))
    }
    path_prepended {
        let dir = programs::beside();
        symlink(path(), dir.0.join("quill")).unwrap();
        let search = std::env::var("PATH").unwrap();
        swallow(Command::new("quill").arg("write").env("PATH", format!("{}:{search}", dir.0.display())));
    }
    hard_link { renamed(|from, to| fs::hard_link(from, to)) }
    copy { renamed(|from, to| fs::copy(from, to).map(drop)) }
    symbolic_link { renamed(|from, to| symlink(from, to)) }
    interpreter { programs::interpreter() }
    loader { programs::loader() }
    descriptor { programs::by_descriptor() }
    spawned { programs::spawned() }
    shared_memory { programs::shared_memory() }
    clone3 { programs::clone3() }
    changed_root { programs::in_another_root() }
    #[cfg(target_arch = "x86_64")]
    thirty_two_bits { programs::by_32_bits() }
    #[cfg(target_arch = "x86_64")]
    thirty_two_bit_program { adversaries::small::exec() }
    daemon { until_done("setsid sh -c 'sleep 0.05; \"$1\" write; : >\"$2\"' sh \"$1\" \"$2\" &") }
    double_fork { until_done("(setsid sh -c '(sleep 0.1; \"$1\" write; : >\"$2\") &' sh \"$1\" \"$2\" &)") }
    double_fork_without_environment {
        until_done("(env -i setsid sh -c '(sleep 0.1; \"$1\" write; : >\"$2\") &' sh \"$1\" \"$2\" &)");
    }
}

/// Runs a script that goes on by itself, and waits for the file that it makes in the end.
fn until_done(script: &str) {
    let dir = programs::beside();
    let mark = dir.0.join("mark");
    swallow(Command::new("sh").args(["-c", script, "sh", &path(), mark.to_str().unwrap()]));
    let end = Instant::now() + Duration::from_secs(10);
    while !mark.exists() {
        assert!(Instant::now() < end, "the daemon is late");
        thread::sleep(Duration::from_millis(5));
    }
}
