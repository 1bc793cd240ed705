//! Does what `HOSTILE` says when it is asked for its tests, and tells its process ids in `PIDS`.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Command, exit};
use std::thread::sleep;
use std::time::Duration;

fn main() {
    tell(std::process::id());
    let mut stdout = std::io::stdout().lock();
    let mut say = |bytes: &[u8]| drop(stdout.write_all(bytes).and_then(|()| stdout.flush()));
    match std::env::var("HOSTILE").unwrap_or_default().as_str() {
        "sleeps" => sleep(Duration::from_secs(600)),
        "dribbles" => loop {
            say(b"a: test\n");
            sleep(Duration::from_millis(50));
        },
        "floods" => loop {
            say(&b"a: test\n".repeat(10_000));
        },
        "floods stderr" => loop {
            eprintln!("{}", "e".repeat(10_000));
        },
        "long line" => (0..1024).for_each(|_| say(&[b'a'; 1 << 20])),
        "half a manifest" => say(b"{\"version\": 1, \"guards\": ["),
        "other manifest" => say(b"{\"version\": \"one\"}"),
        "deep manifest" => say(&b"{\"guards\": [".repeat(100_000)),
        "evil resource" => say(b"{\"version\": 1, \"guards\": [{\"resource\": \"a\\u001b[2J\"}]}"),
        "binary" => say(&[0xff, 0xfe, b'\n']),
        "nul" => say(b"a\0b: test\n"),
        "holds the pipe" => {
            tell(Command::new("sleep").arg("600").spawn().unwrap().id());
            say(b"a: test\n");
        }
        "signal" => drop(Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status()),
        "exits" => {
            eprintln!("no database");
            exit(7);
        }
        "closes its output and sleeps" => {
            drop(Command::new("sh").args(["-c", "exec >&- 2>&-; echo $$ >>\"$PIDS\"; exec sleep 600"]).status());
        }
        other => panic!("{other}"),
    }
}

fn tell(pid: u32) {
    if let Ok(file) = std::env::var("PIDS") {
        writeln!(OpenOptions::new().create(true).append(true).open(file).unwrap(), "{pid}").unwrap();
    }
}
