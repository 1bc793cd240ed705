//! The same uses by every route, declared and not. Each test swallows what it is told.

use std::process::{Command, Stdio};
use std::thread;

use attribution::{SDK, send};
use resource_guards::uses;

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn sh(script: &str) {
    let _ = Command::new("sh").args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn on_a_runtime(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap().block_on(future);
}

macro_rules! routes {
    ($($name:ident $resource:ident $body:block)*) => {
        mod declared {
            use super::*;
            $(#[uses($resource)] #[test] fn $name() $body)*
        }
        mod undeclared {
            use super::*;
            $(#[uses()] #[test] fn $name() $body)*
        }
        mod plain {
            use super::*;
            $(#[test] fn $name() $body)*
        }
    };
}

routes! {
    thread sdk { thread::spawn(|| _ = send("thread")).join().unwrap() }
    detached_thread sdk {
        let (tell, told) = std::sync::mpsc::channel();
        thread::spawn(move || tell.send(send("detached thread").is_ok()));
        _ = told.recv();
    }
    worker sdk { on_a_runtime(async { tokio::spawn(async { _ = send("worker") }).await.unwrap() }) }
    blocking sdk { on_a_runtime(async { tokio::task::spawn_blocking(|| _ = send("blocking")).await.unwrap() }) }
    pool sdk { rayon::join(|| _ = send("pool"), || rayon::scope(|scope| scope.spawn(|_| _ = send("pool")))); }
    thread_with_child tar { thread::spawn(tar).join().unwrap() }
    child tar { tar() }
    grandchild tar { sh("sh -c 'tar --version; true'; true") }
    orphan tar { sh("(sleep 0.05; tar --version) >/dev/null 2>&1 & sleep 0.3") }
    child_that_outlives_the_call tar {
        let _running = Command::new("sh").args(["-c", "sleep 0.05; tar --version"]).stdout(Stdio::null())
            .stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(std::time::Duration::from_millis(300));
    }
    rust_program sdk { _ = Command::new(env!("CARGO_BIN_EXE_client")).stderr(Stdio::null()).status() }
    rust_program_by_shell sdk { sh(concat!("'", env!("CARGO_BIN_EXE_client"), "' || true")) }
}

#[uses(sdk)]
#[tokio::test(flavor = "multi_thread")]
async fn declared_async() {
    tokio::spawn(async { _ = send("async") }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[uses()]
async fn undeclared_async() {
    tokio::task::spawn_blocking(|| _ = send("async")).await.unwrap();
}
