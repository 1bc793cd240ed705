//! Programs that people use: curl, and Python's server and client.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use guard_relay::{Endpoint, Proxy, Relay};

use crate::support::{Asked, Rig, hello};

/// What a program prints, if it is installed. CI has them all.
fn run(program: &str, args: &[&str], env: &[(&str, &str)]) -> Option<String> {
    let mut command = Command::new(program);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    match command.args(args).envs(env.iter().copied()).output() {
        Ok(output) => {
            Some(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{program} is needed here: {error}");
            println!("NOT RUN: {program}: {error}");
            None
        }
    }
}

/// Python's own HTTP server in a directory.
struct PythonServer {
    process: Child,
    port: u16,
}

impl PythonServer {
    fn start(directory: &Path) -> Option<Self> {
        let script = "import http.server as h, functools as f\n\
                      class H(h.SimpleHTTPRequestHandler): protocol_version = 'HTTP/1.1'\n\
                      s = h.ThreadingHTTPServer(('127.0.0.1', 0), f.partial(H, directory='.'))\n\
                      print(s.server_port, flush=True); s.serve_forever()";
        let mut command = Command::new("python3");
        command.args(["-c", script]).current_dir(directory).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut process) = command.spawn() else {
            assert!(std::env::var_os("CI").is_none(), "python3 is needed here");
            println!("NOT RUN: python3 is not installed");
            return None;
        };
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { process, port: line.trim().parse().unwrap() })
    }
}

impl Drop for PythonServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn curl_reads_answers_and_refusals_through_a_unix_socket() {
    let rig = Rig::http(hello());
    let path = rig.path();
    let curl = |args: &[&str]| {
        let path = path.to_str().unwrap();
        run("curl", &[&["-sS", "--max-time", "20", "--unix-socket", path], args].concat(), &[])
    };
    let Some(text) = curl(&["http://d/one", "http://d/two"]) else { return };
    assert_eq!(text, "GET /one HTTP/1.1 []GET /two HTTP/1.1 []");
    assert_eq!(rig.server.connections(), 1, "curl kept its connection");
    let text = curl(&["-w", " %{http_code}", "http://d/refused"]).unwrap();
    assert_eq!(text, r#"{"message":"GET /refused may not pass"} 403"#);
    let text = curl(&["-I", "http://d/refused"]).unwrap();
    assert!(text.starts_with("HTTP/1.1 403 Forbidden") && !text.contains("curl:"), "{text}");
    let large = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(large.path(), vec![b'x'; 20 << 20]).unwrap();
    let body = format!("@{}", large.path().display());
    for extra in [&["-H", "Expect:"][..], &["-H", "Expect: 100-continue"], &["-H", "Transfer-Encoding: chunked"]] {
        let text = curl(&[&["--data-binary", &body, "http://d/refused"], extra].concat()).unwrap();
        assert_eq!(text, r#"{"message":"POST /refused may not pass"}"#, "{extra:?}");
    }
}

#[test]
fn curl_through_the_proxy_reaches_pythons_server() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "x".repeat(3_000_000)).unwrap();
    let Some(server) = PythonServer::start(dir.path()) else { return };
    let asked = Asked::default();
    let proxy = Proxy::new(asked.gate()).bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    let Endpoint::Tcp(address) = proxy.endpoint() else { unreachable!() };
    let env = [("http_proxy", &*format!("http://{address}"))];
    let url = format!("http://127.0.0.1:{}/file", server.port);
    let Some(text) = run("curl", &["-sS", "--max-time", "20", &url, &url], &env) else { return };
    assert_eq!(text.len(), 6_000_000);
    let text = run("curl", &["-sS", "--max-time", "20", "--proxytunnel", &url], &env).unwrap();
    assert_eq!(text.len(), 3_000_000);
    let refused = format!("http://127.0.0.1:{}/refused", server.port);
    let text = run("curl", &["-sS", "--max-time", "20", &refused], &env).unwrap();
    assert!(text.contains("may not pass"), "{text}");
    let host = format!("127.0.0.1:{}", server.port);
    let get = format!("GET {host}/file");
    assert_eq!(asked.all(), [get.clone(), get, format!("CONNECT {host}"), format!("GET {host}/refused")]);
}

#[test]
fn pythons_client_works_through_relay_and_proxy() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "content").unwrap();
    let Some(server) = PythonServer::start(dir.path()) else { return };
    let upstream = Endpoint::tcp(([127, 0, 0, 1], server.port));
    let asked = Asked::default();
    let relay = Relay::http1(asked.gate()).bind(&Endpoint::loopback(), upstream).unwrap().serve().unwrap();
    let Endpoint::Tcp(address) = relay.endpoint() else { unreachable!() };
    let script = "import http.client, sys, urllib.request, urllib.error\n\
                  c = http.client.HTTPConnection(sys.argv[1])\n\
                  for p in ('/file', '/nothing', '/file'):\n\
                  \x20   c.request('GET', p); r = c.getresponse(); print(r.status, len(r.read()) > 0)\n\
                  c.request('POST', '/refused', body=b'x' * 5000000); r = c.getresponse(); print(r.status, r.read())\n\
                  try: urllib.request.urlopen('http://' + sys.argv[1] + '/refused')\n\
                  except urllib.error.HTTPError as e: print(e.code)\n";
    let text = run("python3", &["-c", script, &address.to_string()], &[]).unwrap();
    assert_eq!(text, "200 True\n404 True\n200 True\n403 b'{\"message\":\"POST /refused may not pass\"}'\n403\n");
    assert_eq!(asked.all(), ["GET /file", "GET /nothing", "GET /file", "POST /refused", "GET /refused"]);
}
