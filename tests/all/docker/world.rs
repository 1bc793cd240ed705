//! Things around the daemon: other addresses for it, commands that are none, an Engine that is none.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::daemon::SOCKET;

/// The daemon at a port of this machine, for as long as this process lives.
pub(super) fn at_a_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("tcp://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let back = client.try_clone().unwrap();
            forward(client, back, |client| _ = client.shutdown(Shutdown::Write));
        }
    });
    host
}

/// The daemon at another socket, and how many have connected there.
pub(super) fn at_another_socket(path: &Path) -> Arc<AtomicUsize> {
    let listener = UnixListener::bind(path).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::Relaxed);
            let back = client.try_clone().unwrap();
            forward(client, back, |client| _ = client.shutdown(Shutdown::Write));
        }
    });
    count
}

fn forward<C: Read + Write + Send + 'static>(mut client: C, mut back: C, finish: fn(&C)) {
    let mut daemon = UnixStream::connect(SOCKET).unwrap();
    let mut answers = daemon.try_clone().unwrap();
    thread::spawn(move || {
        let _ = io::copy(&mut client, &mut daemon);
        let _ = daemon.shutdown(Shutdown::Write);
    });
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut back);
        finish(&back);
    });
}

/// An Engine that says `{}` to everything.
pub(super) fn fake_engine(path: &Path) {
    let listener = UnixListener::bind(path).unwrap();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut writer = client.try_clone().unwrap();
                let heads = BufReader::new(client).lines().map_while(Result::ok).filter(|line| line.is_empty());
                for _ in heads {
                    let _ = writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                }
            });
        }
    });
}

/// A folder with programs that print the values of variables, a line each.
pub(super) fn commands_that_print(folder: &Path, programs: &[&str], variables: &[&str]) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir(&bin).unwrap();
    let print: String = variables.iter().map(|variable| format!("printf '%s\\n' \"${{{variable}-}}\"\n")).collect();
    for program in programs {
        fs::write(bin.join(program), format!("#!/bin/sh\n{print}")).unwrap();
        fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o755)).unwrap();
    }
    bin
}
