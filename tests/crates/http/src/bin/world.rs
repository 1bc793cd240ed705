//! The outside world, on this machine: a proxy that answers for every host by itself, for `https` with real TLS.
//!
//! `world DIRECTORY` writes `ca.pem` into the directory, prints its port, appends each request head to `requests`, and
//! ends when its standard input does.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use http_clients::{Head, read_head, serve};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

struct World {
    tls: Arc<ServerConfig>,
    requests: Mutex<File>,
}

fn main() {
    let directory = PathBuf::from(std::env::args_os().nth(1).expect("a directory is given"));
    let requests = OpenOptions::new().create(true).append(true).open(directory.join("requests")).expect("it opens");
    let world = Arc::new(World { tls: certified(&directory), requests: Mutex::new(requests) });

    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback can be listened on");
    let port = first.local_addr().expect("it is bound").port();
    let others: [IpAddr; 2] = [Ipv4Addr::new(127, 9, 9, 9).into(), Ipv6Addr::LOCALHOST.into()];
    let others = others.into_iter().map(|address| TcpListener::bind((address, port)));
    let listeners: Vec<TcpListener> = [first].into_iter().chain(others.map_while(Result::ok)).collect();
    println!("{port} {}", listeners.len());
    for listener in listeners {
        let world = Arc::clone(&world);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let world = Arc::clone(&world);
                thread::spawn(move || world.answer(client));
            }
        });
    }
    // The driver holds the other end, and ends before or after us.
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

/// A certificate for the made-up hosts, signed by an authority of our own.
fn certified(directory: &std::path::Path) -> Arc<ServerConfig> {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new([]).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(DnType::CommonName, "made-up authority");
    let pem = authority.self_signed(&authority_key).expect("a certificate").pem();
    let written = directory.join("ca.pem.new");
    std::fs::write(&written, pem)
        .and_then(|()| std::fs::rename(&written, directory.join("ca.pem")))
        .expect("it is written");

    let key = KeyPair::generate().expect("a key");
    let mut host =
        CertificateParams::new(["*.github.test", "*.crates.test", "*.evil.test"].map(String::from)).expect("names");
    host.use_authority_key_identifier_extension = true;
    host.distinguished_name.push(DnType::CommonName, "made-up hosts");
    let certificate = host.signed_by(&key, &Issuer::from_params(&authority, &authority_key)).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("they match");
    Arc::new(config)
}

impl World {
    fn answer(&self, mut client: TcpStream) {
        let _ = client.set_nodelay(true);
        let Ok(Some(head)) = read_head(&mut BufReader::with_capacity(1, &mut client)) else { return };
        let log = |head: &Head| self.log(head);
        if head.method() == "CONNECT" {
            self.log(&head);
            if client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").is_err() {
                return;
            }
            let _ = match head.target().rsplit_once(':') {
                Some((host, "443")) => {
                    let connection = ServerConnection::new(Arc::clone(&self.tls)).expect("a configuration");
                    serve(StreamOwned::new(connection, client), None, &format!("https://{host}"), &log)
                }
                Some((host, "80")) => serve(client, None, &format!("tunnelled http://{host}"), &log),
                _ => serve(client, None, &format!("tunnelled http://{}", head.target()), &log),
            };
            return;
        }
        let base = format!("direct http://{}", head.field("host").unwrap_or_default());
        let _ = serve(client, Some(head), &base, &log);
    }

    fn log(&self, head: &Head) {
        let mut text = format!("{}\n", head.line);
        head.fields.iter().for_each(|(name, value)| text.push_str(&format!("  {name}: {value}\n")));
        let _ = self.requests.lock().expect("nobody panics with it").write_all(text.as_bytes());
    }
}
