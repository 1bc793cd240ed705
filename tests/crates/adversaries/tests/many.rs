//! Many processes: nothing may hang, and each use belongs to its test.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use adversaries::programs::{absolute, path, shell};
use adversaries::sockets;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"), adversaries::Depot);

macro_rules! two_hundred {
    ($($tens:ident)*) => {
        $(mod $tens {
            use super::*;
            #[uses()] #[test] fn n0() { absolute() }
            #[uses(quill)] #[test] fn n1() { absolute() }
            #[uses()] #[test] fn n2() { absolute() }
            #[uses(quill)] #[test] fn n3() { absolute() }
            #[uses()] #[test] fn n4() { absolute() }
            #[uses(quill)] #[test] fn n5() { absolute() }
            #[uses()] #[test] fn n6() { absolute() }
            #[uses(quill)] #[test] fn n7() { absolute() }
            #[uses()] #[test] fn n8() { absolute() }
            #[uses(quill)] #[test] fn n9() { absolute() }
        })*
    };
}

two_hundred! { t00 t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 }

/// A hundred and twenty-eight shells at once, each of which runs something.
#[uses()]
#[test]
fn a_bounded_fork_bomb() {
    shell("f() { [ $1 -gt 0 ] || { /bin/true; return; }; f $(($1 - 1)) & f $(($1 - 1)) & wait; }; f 7");
}

#[uses(quill)]
#[test]
fn five_thousand_programs() {
    shell("n=0; while [ $n -lt 4999 ]; do /bin/true; n=$((n + 1)); done; \"$1\" write");
}

/// Processes that are killed at any moment, also while one of their calls waits for an answer.
#[uses()]
#[test]
fn dies_while_a_call_waits() {
    let until = Instant::now() + Duration::from_secs(2);
    let mut rounds = 0;
    while Instant::now() < until {
        let mut children: Vec<Child> = (0..4)
            .map(|_| {
                let mut sh = Command::new("sh");
                sh.args(["-c", "while :; do /bin/true; \"$1\" write; done", "sh", &path()]);
                sh.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        std::thread::sleep(Duration::from_micros(500 * (rounds % 20)));
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        rounds += 1;
    }
}

/// A thread that waits for an answer while its process ends.
#[uses()]
#[test]
fn ends_while_a_thread_waits() {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let _ = sockets::tcp();
            let _ = tell.send(());
        }
    });
    told.recv().unwrap();
    std::thread::sleep(Duration::from_millis(20));
}
