//! Pages in headless Chromium.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

/// What stands around the page that is looked at, as wide as a window would be. Chromium's own windows have a least width.
const AROUND: &str = r#"<!doctype html><pre id="probe"></pre><script>
addEventListener("message", (event) => { document.getElementById("probe").textContent = btoa(unescape(encodeURIComponent(event.data))); });
</script><iframe src="inner.html" style="width:WIDTHpx;height:900px;border:0"></iframe>"#;

/// The colours that the user prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Dark,
    Light,
}

/// Where Chromium is.
fn chromium() -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    let found = env::split_paths(&path).map(|dir| dir.join("chromium")).find(|file| file.is_file());
    found.expect("chromium is needed on PATH: Debian's package `chromium`")
}

/// Runs Chromium on a page, and gives what it printed.
fn run(temp: &Path, page: &Path, scheme: Scheme, words: &[String]) -> String {
    let mut command = Command::new(chromium());
    // Root, which a container's user often is, has no sandbox.
    command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]);
    command.arg(format!("--user-data-dir={}", temp.join("profile").display()));
    command.arg(format!("--blink-settings=preferredColorScheme={}", if scheme == Scheme::Dark { 0 } else { 1 }));
    command.args(words).arg(format!("file://{}", page.display()));
    command.env("HOME", temp).stdin(Stdio::null()).stderr(Stdio::null());
    let printed = temp.join("printed");
    let mut child = command.stdout(fs::File::create(&printed).unwrap()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("chromium did not end");
        }
        sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "chromium ended with {status}");
    fs::read_to_string(printed).unwrap()
}

/// What `data/probe.js` sees of a page in a window of this width.
pub(crate) fn probe(html: &str, width: u32, scheme: Scheme) -> Value {
    let temp = tempfile::tempdir().unwrap();
    let script = include_str!("../data/probe.js");
    fs::write(temp.path().join("inner.html"), format!("{html}<script>{script}</script>")).unwrap();
    let outer = temp.path().join("outer.html");
    fs::write(&outer, AROUND.replace("WIDTH", &width.to_string())).unwrap();
    let words = ["--dump-dom", "--virtual-time-budget=30000"].map(str::to_owned);
    let dom = run(temp.path(), &outer, scheme, &words);
    let told = dom.split_once("<pre id=\"probe\">").and_then(|(_, rest)| rest.split_once("</pre>")).unwrap().0;
    let bytes = BASE64_STANDARD.decode(told).unwrap();
    assert!(!bytes.is_empty(), "the probe told nothing: {dom}");
    serde_json::from_slice(&bytes).unwrap()
}

/// A picture of a page: its width, its height and its bytes. It is kept in the directory that `SCREENSHOTS` names.
pub(crate) fn screenshot(html: &str, name: &str, (width, height): (u32, u32), scheme: Scheme) -> (u32, u32, Vec<u8>) {
    let temp = tempfile::tempdir().unwrap();
    let page = temp.path().join("page.html");
    fs::write(&page, html).unwrap();
    let png = temp.path().join("page.png");
    let words = [format!("--screenshot={}", png.display()), format!("--window-size={width},{height}")];
    run(temp.path(), &page, scheme, &words);
    let bytes = fs::read(&png).unwrap();
    if let Some(kept) = env::var_os("SCREENSHOTS") {
        fs::create_dir_all(&kept).unwrap();
        fs::write(Path::new(&kept).join(format!("{name}.png")), &bytes).unwrap();
    }
    assert!(bytes.starts_with(b"\x89PNG"));
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20), bytes)
}
