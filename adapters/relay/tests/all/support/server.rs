//! A real service: a thread for each connection.

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use guard_relay::Endpoint;

use super::{Socket, Wire};

pub(crate) struct Server {
    endpoint: Endpoint,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn unix(path: PathBuf, serve: impl Fn(Wire) + Send + Sync + 'static) -> Self {
        let listener = UnixListener::bind(&path).unwrap();
        Self::start(Endpoint::unix(path), move || Socket::Unix(listener.accept().unwrap().0), serve)
    }

    pub(crate) fn tcp(serve: impl Fn(Wire) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::tcp(listener.local_addr().unwrap());
        Self::start(endpoint, move || Socket::Tcp(listener.accept().unwrap().0), serve)
    }

    fn start(
        endpoint: Endpoint,
        mut accept: impl FnMut() -> Socket + Send + 'static,
        serve: impl Fn(Wire) + Send + Sync + 'static,
    ) -> Self {
        let connections = Arc::new(AtomicUsize::new(0));
        let (serve, count) = (Arc::new(serve), Arc::clone(&connections));
        thread::spawn(move || {
            loop {
                let wire = Wire::new(accept());
                count.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(wire));
            }
        });
        Self { endpoint, connections }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        self.endpoint.clone()
    }

    pub(crate) fn port(&self) -> u16 {
        let Endpoint::Tcp(address) = self.endpoint else { panic!("it has no port") };
        address.port()
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Answers every request of a connection with what this returns.
pub(crate) fn http(answer: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> impl Fn(Wire) + Send + Sync {
    move |mut wire| {
        while let Some((head, body)) = wire.message() {
            if wire.try_send(answer(&head, &body)).is_err() {
                return;
            }
        }
    }
}

/// Answers every request with its first line and its body.
pub(crate) fn hello() -> impl Fn(Wire) + Send + Sync {
    http(|head, body| {
        let text = format!("{} [{body}]", head.lines().next().unwrap());
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len())
    })
}
