//! Clients in other languages, as children.

use std::process::Command;

use super::{Got, authority};

pub fn curl(url: &str, authorization: &str) -> Got {
    let mut command = Command::new("curl");
    command.args(["-sS", "--fail-with-body", "--max-time", "20", "--globoff", "--cacert", &authority()]);
    if !authorization.is_empty() {
        command.args(["-H", &format!("Authorization: {authorization}")]);
    }
    run(command.arg(url))
}

const URLLIB: &str = "\
import ssl, sys, urllib.request, urllib.error
request = urllib.request.Request(sys.argv[1], headers={'Authorization': sys.argv[3]} if sys.argv[3] else {})
try: print(urllib.request.urlopen(request, context=ssl.create_default_context(cafile=sys.argv[2])).read().decode(), end='')
except urllib.error.HTTPError as error: sys.exit(f'{error.code}: {error.read().decode()}')
except urllib.error.URLError as error: sys.exit(f'{error.reason}')
";

pub fn urllib(url: &str, authorization: &str) -> Got {
    run(Command::new("python3").args(["-c", URLLIB, url, &authority(), authorization]))
}

const REQUESTS: &str = "\
import requests, sys
try: answer = requests.get(sys.argv[1], headers={'Authorization': sys.argv[2]} if sys.argv[2] else {})
except requests.RequestException as error: sys.exit(f'{error}')
if answer.ok: print(answer.text, end='')
else: sys.exit(f'{answer.status_code}: {answer.text}')
";

/// With an interpreter that has the package; the driver makes one.
pub fn requests(url: &str, authorization: &str) -> Got {
    let python = std::env::var("PYTHON_WITH_REQUESTS").expect("the driver tells where it is");
    run(Command::new(python).args(["-c", REQUESTS, url, authorization]).env("REQUESTS_CA_BUNDLE", authority()))
}

fn run(command: &mut Command) -> Got {
    let output =
        command.output().map_err(|error| format!("cannot run {}: {error}", command.get_program().display()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{}{}", text(&output.stdout), text(&output.stderr)))
    }
}
