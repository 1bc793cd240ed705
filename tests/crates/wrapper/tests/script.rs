//! The wrapper itself, run by the shell that `SHELL_UNDER_TEST` names, against the program without it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use resource_guards::uses;

resource_guards::install!(
    guard_binary::Binary("reflect"),
    guard_binary::Binary("not-installed-anywhere").resource("missing")
);

fn wrapper_of(program: &str) -> PathBuf {
    env::split_paths(&env::var_os("PATH").unwrap()).next().unwrap().join(program)
}

fn shell() -> Vec<String> {
    env::var("SHELL_UNDER_TEST").unwrap().split(' ').map(str::to_owned).collect()
}

/// The program behind its wrapper, run by the shell.
fn wrapped() -> Command {
    let shell = shell();
    let mut command = Command::new(&shell[0]);
    command.args(&shell[1..]).arg(wrapper_of("reflect"));
    command
}

fn direct() -> Command {
    Command::new(env!("CARGO_BIN_EXE_reflect"))
}

/// Runs a command with this on its standard input.
fn run(mut command: Command, input: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    })
}

/// The output without its last line, which tells the process id.
fn told(output: &Output) -> &[u8] {
    let end = output.stdout.windows(5).rposition(|window| window == b"\npid ").expect("the process id is told");
    &output.stdout[..end]
}

/// The events that this test logged so far, by their first arguments.
fn targets() -> Vec<String> {
    let events = PathBuf::from(env::var_os("RESOURCE_GUARDS_SCOPE").unwrap()).join("events");
    let text = fs::read_to_string(events).unwrap();
    assert!(text.ends_with('\n'));
    let fields = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    fields
        .filter(|fields| ["used", "blocked", "passed"].contains(&fields[0]))
        .map(|fields| {
            assert_eq!(fields.len(), 8, "{fields:?}");
            fields[6].to_owned()
        })
        .collect()
}

#[uses(reflect)]
#[test]
fn arguments_are_passed_unchanged() {
    let hundred = "x".repeat(100_000);
    let many: Vec<String> = (0..5_000).map(|n| format!("argument {n}")).collect();
    let many: Vec<&[u8]> = many.iter().map(|argument| argument.as_bytes()).collect();
    let lists: [&[&[u8]]; 10] = [
        &[],
        &[b""],
        &[b"", b"", b" "],
        &[b"a b", b" lead", b"trail ", b"tab\there", b"new\nline", b"\n"],
        &[b"'", b"\"", b"`id`", b"$(id)", b"$HOME", b"${x}", b"\\", b"\\n", b"a\\"],
        &[b"*", b"?", b"[a-z]*", b"~", b"{a,b}", b"!", b"#", b";", b"|", b"&", b"<x", b">x"],
        &[b"-n", b"-e", b"--", b"-", b"--help", b"-x"],
        &[b"\xff\xfe", b"\xc3\xa9", b"\x01\x1b[31m", b"\x7f"],
        &[hundred.as_bytes(), hundred.as_bytes()],
        &many,
    ];
    for list in lists {
        let list: Vec<OsString> = list.iter().map(|argument| OsString::from_vec(argument.to_vec())).collect();
        let [with, without] = [wrapped(), direct()].map(|mut command| {
            command.args(&list);
            run(command, b"")
        });
        assert_eq!(with.status.code(), Some(0), "{}", String::from_utf8_lossy(&with.stderr));
        assert!(told(&with) == told(&without), "{list:?}");
        assert_eq!(with.stderr, without.stderr);
    }
    assert_eq!(targets().len(), lists.len());
}

/// Shells that cut a text by pattern take time by the square of its length.
#[uses(reflect)]
#[test]
fn a_long_first_argument_costs_nothing() {
    let begin = Instant::now();
    assert!(run_with("x".repeat(120_000)) && run_with("é".repeat(60_000)) && run_with("\\".repeat(120_000)));
    assert!(begin.elapsed() < Duration::from_secs(3), "it took {:?}", begin.elapsed());
    assert_eq!(targets(), ["x".repeat(64) + "…", String::new(), String::new()], "what is cut says so");
}

/// Shells differ in how they match characters beyond ASCII, with their locales too.
const BEYOND_ASCII: [&[u8]; 6] =
    ["größe.txt".as_bytes(), "日本".as_bytes(), "a\u{a0}b".as_bytes(), b"a\xff", b"a\tb", b"a\\b"];

/// Runs the program once with each of these, in each of two locales, and gives the targets.
fn targets_of<'a>(arguments: impl IntoIterator<Item = &'a [u8]> + Clone) -> Vec<String> {
    for locale in ["C", "C.UTF-8"] {
        for argument in arguments.clone() {
            let mut command = wrapped();
            command.arg(OsStr::from_bytes(argument)).env("LC_ALL", locale);
            run(command, b"");
        }
    }
    targets()
}

#[uses(reflect)]
#[test]
fn an_argument_beyond_ascii_is_no_target() {
    assert!(targets_of(BEYOND_ASCII).iter().all(String::is_empty));
    let printable: String = (' '..='~').filter(|c| *c != '\\').collect();
    let characters = || (0..printable.len()).map(|n| &printable.as_bytes()[n..=n]);
    let recorded: String = targets_of(characters()).concat();
    assert_eq!(recorded, printable.repeat(2));
}

/// As in the verdict: no target matches `*` alone.
#[uses(reflect("gr*", "*.txt", "??"))]
#[test]
fn only_any_target_matches_an_argument_beyond_ascii() {
    assert!(run_with("gross.txt".to_owned()) && run_with("42".to_owned()));
    targets_of(BEYOND_ASCII);
    let events = PathBuf::from(env::var_os("RESOURCE_GUARDS_SCOPE").unwrap()).join("events");
    let blocked = fs::read_to_string(events).unwrap().lines().filter(|line| line.starts_with("blocked\t")).count();
    assert_eq!(blocked, 2 * BEYOND_ASCII.len());
    let mut command = wrapped();
    command.arg("größe.txt");
    let said = String::from_utf8(run(command, b"").stderr).unwrap();
    assert_eq!(
        said,
        "RESOURCE GUARD: blocked `reflect ?`: test `only_any_target_matches_an_argument_beyond_ascii` does not declare \
         `reflect` without a target\n"
    );
}

#[uses(reflect("*"))]
#[test]
fn any_target_matches_an_argument_beyond_ascii() {
    targets_of(BEYOND_ASCII);
    assert!(run_with("größe.txt".to_owned()));
}

fn run_with(argument: String) -> bool {
    let mut command = wrapped();
    command.arg(argument);
    run(command, b"").status.success()
}

#[uses(reflect)]
#[test]
fn input_and_outputs_are_the_program_s_own() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    let [with, without] = [wrapped(), direct()].map(|command| run(command, &bytes));
    assert!(told(&with) == told(&without));
    assert_eq!(with.stderr, b"to standard error\xff\n");
    assert_eq!(with.stderr, without.stderr);
}

#[uses(reflect)]
#[test]
fn exit_codes_and_signals_are_the_program_s_own() {
    for code in [0, 1, 2, 42, 126, 127, 128, 143, 255] {
        let mut command = wrapped();
        command.env("EXIT_CODE", code.to_string());
        assert_eq!(run(command, b"").status.code(), Some(code));
    }
    let mut command = wrapped();
    command.env("ABORT", "1");
    assert_eq!(run(command, b"").status.signal(), Some(libc::SIGABRT));
}

/// The program takes the place of the wrapper, so that whoever started that can signal it.
#[uses(reflect)]
#[test]
fn the_program_has_the_process_of_its_wrapper() {
    let mut command = wrapped();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let pid = child.id();
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.ends_with(&format!("pid {} {pid}\n", pid.to_string().len())), "{told}");

    let mut command = wrapped();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let event = format!("\t{}\t", child.id());
    let events = PathBuf::from(env::var_os("RESOURCE_GUARDS_SCOPE").unwrap()).join("events");
    while !fs::read_to_string(&events).unwrap().contains(&event) {
        thread::yield_now();
    }
    // SAFETY: it is our child, and not waited for yet.
    assert_eq!(unsafe { libc::kill(libc::pid_t::try_from(child.id()).unwrap(), libc::SIGTERM) }, 0);
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGTERM));
}

/// The pairs that the program told.
fn environment(output: &Output) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut rest = output.stdout.as_slice();
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let mut parts = rest.splitn(3, |byte| *byte == b' ');
        let (what, length) = (parts.next().unwrap(), parts.next().unwrap());
        let length: usize = std::str::from_utf8(length).unwrap().parse().unwrap();
        let bytes = parts.next().unwrap();
        fields.push((what.to_vec(), bytes[..length].to_vec()));
        rest = &bytes[length + 1..];
    }
    let names = fields.iter().filter(|(what, _)| what == b"name").map(|(_, bytes)| bytes.clone());
    let values = fields.iter().filter(|(what, _)| what == b"value").map(|(_, bytes)| bytes.clone());
    names.zip(values).collect()
}

/// Only what POSIX lets a shell do happens to the environment: it keeps some variables of its own, and may leave out
/// variables whose names are none.
#[uses(reflect)]
#[test]
fn the_environment_is_untouched() {
    const OF_THE_SHELL: &[&str] =
        &["PWD", "OLDPWD", "SHLVL", "_", "IFS", "OPTIND", "PPID", "PS1", "PS2", "PS4", "LINENO"];
    let odd = ["A.B", "X-Y", "1A", "ÄB", "npm_config_//x/:y", "BASH_FUNC_f%%"];
    let [with, without] = [wrapped(), direct()].map(|mut command| {
        command
            .env("TELL_ENVIRONMENT", "1")
            .env("lower", "case")
            .env("EMPTY", "")
            .env("NEWLINES", "\n a\n\n")
            .env("QUOTES", "'\"`$(id)\\")
            .env("GLOB", "* ? [a]")
            .env("BYTES", OsStr::from_bytes(b"\xff\xfe"))
            .env("LONG", "x".repeat(100_000))
            .env("ENV", "/nonexistent")
            .env("BASH_ENV", "/nonexistent")
            .env("CDPATH", "/tmp")
            .env("POSIXLY_CORRECT", "1")
            .env("LC_ALL", "C.UTF-8")
            .envs(OF_THE_SHELL.iter().filter(|name| !["PWD", "PPID"].contains(name)).map(|name| (name, "7")))
            .envs(odd.iter().map(|name| (name, "odd")));
        environment(&run(command, b""))
    });
    let of_the_shell = |name: &[u8]| OF_THE_SHELL.iter().any(|own| own.as_bytes() == name);
    let is_odd = |name: &[u8]| odd.iter().any(|odd| odd.as_bytes() == name);
    for (name, value) in &without {
        match with.get(name) {
            Some(other) => assert!(other == value || of_the_shell(name), "{:?} was changed", OsStr::from_bytes(name)),
            None => assert!(is_odd(name) || of_the_shell(name), "{:?} is gone", OsStr::from_bytes(name)),
        }
    }
    let added: Vec<_> = with.keys().filter(|name| !without.contains_key(*name) && !of_the_shell(name)).collect();
    assert!(added.is_empty(), "{added:?}");
    let kept: BTreeSet<_> = odd.iter().filter(|name| with.contains_key(name.as_bytes())).collect();
    println!("odd names that were kept: {kept:?}");
}

#[uses()]
#[test]
fn a_blocked_program_does_not_run() {
    let output = run(wrapped(), b"");
    assert_eq!(output.status.code(), Some(127));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "RESOURCE GUARD: blocked `reflect`: test `a_blocked_program_does_not_run` does not declare `reflect`\n"
    );
}

/// Each of 64 processes runs the wrapper a thousand times, forked and not started anew, to be quick.
#[uses(missing)]
#[test]
#[ignore = "takes long"]
fn events_of_many_processes_are_whole() {
    let shell = shell();
    let script = "n=0; while [ $n -lt 1000 ]; do (set -- \"$2-$n\" x; . \"$WRAPPER\") 2>/dev/null; n=$((n + 1)); done";
    let children: Vec<_> = (0..64)
        .map(|process| {
            let mut command = Command::new(&shell[0]);
            command.args(&shell[1..]).args(["-c", script, "sh", "-", &format!("process-{process}")]);
            command.env("WRAPPER", wrapper_of("not-installed-anywhere")).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        child.wait().unwrap();
    }
    let targets = targets();
    assert_eq!(targets.len(), 64 * 1000);
    let expected: BTreeSet<String> =
        (0..64).flat_map(|process| (0..1000).map(move |n| format!("process-{process}-{n}"))).collect();
    assert!(BTreeSet::from_iter(targets) == expected, "each of them once");
}
