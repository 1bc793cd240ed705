//! What is outside of the tests: a program of which nobody else knows, and a service on an address of this machine that is
//! no loopback.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixListener};
use std::path::{Path, PathBuf};
use std::{env, thread};

use black_box::{Crate, Run};
use serde_json::Value;

use crate::docker::daemon::{SOCKET, command_of_daemon};

/// The program, the service, and a place for the tests.
pub(super) struct World {
    place: tempfile::TempDir,
    depot: SocketAddr,
    name: String,
    /// Open when the tests begin.
    connection: OwnedFd,
    docker: Option<PathBuf>,
}

impl World {
    pub(super) fn new() -> Self {
        // Links need the file system on which the program is.
        let target = Crate::target_directory();
        fs::create_dir_all(&target).unwrap();
        let place = tempfile::Builder::new().prefix("a").tempdir_in(&target).unwrap();
        Crate::named("adversaries").cargo_args(&["--bins", "--tests"]).build();
        fs::create_dir(place.path().join("bin")).unwrap();
        fs::copy(target.join("debug/quill"), place.path().join("bin/quill")).unwrap();

        let listener = TcpListener::bind((own_address().ip(), 0)).unwrap();
        let depot = listener.local_addr().unwrap();
        let datagrams = UdpSocket::bind(depot).unwrap();
        thread::spawn(move || while datagrams.recv(&mut [0; 64]).is_ok() {});
        thread::spawn(move || listener.incoming().flatten().for_each(serve));
        let socket = UnixListener::bind(place.path().join("depot.sock")).unwrap();
        thread::spawn(move || socket.incoming().flatten().for_each(serve));
        let name = format!("adversaries-{}-{}", std::process::id(), depot.port());
        let socket = UnixListener::bind_addr(&UnixAddress::from_abstract_name(&name).unwrap()).unwrap();
        thread::spawn(move || socket.incoming().flatten().for_each(serve));
        let connection = TcpStream::connect(depot).unwrap();
        // Unlike the standard library's own, it stays open in children.
        let connection = rustix::io::dup(&connection).unwrap();
        Self { place, depot, name, connection, docker: None }
    }

    /// The same with the daemon and its command. Without them, nothing can be run.
    pub(super) fn with_docker() -> Option<Self> {
        let docker = command_of_daemon()?;
        Some(Self { docker: Some(docker), ..Self::new() })
    }

    /// One test binary of the crate, told what there is.
    pub(super) fn krate(&self, binary: &str) -> Crate {
        let bin = self.place.path().join("bin");
        let users = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([bin.clone()].into_iter().chain(env::split_paths(&users))).unwrap();
        let krate = Crate::named("adversaries")
            .cargo_args(&[&format!("--test={binary}")])
            .env("PATH", path)
            .env("QUILL", bin.join("quill"))
            .env("DEPOT", self.depot.to_string())
            .env("DEPOT_SOCKET", self.place.path().join("depot.sock"))
            .env("DEPOT_ABSENT", self.place.path().join("absent.sock"))
            .env("DEPOT_ABSTRACT", &self.name)
            .env("DEPOT_CONNECTION", self.connection.as_raw_fd().to_string())
            .env_remove("CONTAINER_HOST")
            .env_remove("DOCKER_CONTEXT")
            .env_remove("DOCKER_HOST");
        match &self.docker {
            Some(docker) => krate.env("DOCKER", docker).env("ENGINE", SOCKET),
            None => krate,
        }
    }

    pub(super) fn host(&self) -> String {
        self.depot.ip().to_string()
    }

    /// Evidence with what stands for a part of this world written out.
    pub(super) fn evidence(&self, pattern: &str, test: &str) -> String {
        let place = self.place.path().display();
        let letter = |letter: &str, text: String| {
            let rest = pattern.strip_prefix(letter)?;
            rest.starts_with([' ', '/']).then(|| text + rest)
        };
        letter("Q", format!("{place}/bin/quill"))
            .or_else(|| letter("D", self.docker.as_deref().unwrap_or(Path::new("")).display().to_string()))
            .or_else(|| letter("T", format!("{place}/{}", test.replace("::", "-"))))
            .unwrap_or_else(|| pattern.to_owned())
            .replace(" to A ", &format!(" to {} ", self.depot))
            .replace(" to P/", &format!(" to {place}/"))
            .replace(" to T/", &format!(" to {place}/{}/", test.replace("::", "-")))
    }
}

fn serve(mut client: impl std::io::Read + Send + 'static) {
    thread::spawn(move || client.read_to_end(&mut Vec::new()));
}

/// An address of this machine that is not loopback. Connections to it leave the machine as little as those to loopback.
fn own_address() -> SocketAddr {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // A default address: nothing is sent.
    socket.connect("198.51.100.1:9").expect("these tests need a network interface beside loopback");
    socket.local_addr().unwrap()
}

/// What a run recorded of a test's uses.
pub(super) fn uses(run: &Run, test: &str) -> Vec<Value> {
    let suffix = format!("-{}", run.pid);
    let dir = fs::read_dir(Crate::target_directory().join("guards"))
        .unwrap()
        .map(|run| run.unwrap().path())
        .find(|dir| dir.to_str().unwrap().ends_with(&suffix))
        .expect("the run is recorded");
    let records = fs::read_dir(dir.join("records")).unwrap();
    let mut records = records.map(|file| serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap());
    let record: Value = records
        .find(|record: &Value| record["test"] == test)
        .unwrap_or_else(|| panic!("no record of `{test}`: {}", run.output));
    record["uses"].as_array().cloned().unwrap_or_default()
}
