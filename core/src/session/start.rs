//! What happens before `main`.

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::place::{self, Place};
use super::process::{Birth, Process, Runner};
use super::shared::Shared;
use super::vars::{self, Mode};
use super::{STATUS, Session, Site, Status, install, native, output, wrappers};
use crate::described;
use crate::log::{Event, Running};
use crate::registry::{self, Installed};
use crate::scope::{self, Inherited, Owner, Sharing};

/// The exit code of a process that could not be guarded or that broke a declaration; libtest's own for a failure.
pub(super) const FAILED: i32 = 101;

/// The constructor. It never unwinds: there is nobody to catch it.
pub(super) fn start() {
    let Some(installed) = registry::installed() else { return inherit() };
    if catch_unwind(|| begin(installed)).is_err() {
        native::end(FAILED);
    }
}

/// In a process that a test started, asks the test's directory about every use.
fn inherit() {
    let Some(dir) = env::var_os(vars::SCOPE) else { return };
    let _ = catch_unwind(|| {
        if Mode::from_env() != Ok(Mode::Off)
            && let Ok(inherited) = Inherited::open(dir.as_ref())
        {
            scope::inherit(inherited);
        }
    });
}

fn begin(installed: Installed) {
    let process = Process::current(installed);
    if env::var_os(vars::MANIFEST).is_some_and(|value| value == "1") {
        let mut stdout = std::io::stdout().lock();
        let written = crate::manifest::json()
            .map_err(std::io::Error::from)
            .and_then(|manifest| writeln!(stdout, "{manifest}"))
            .and_then(|()| stdout.flush());
        native::end(i32::from(written.is_err()));
    }
    if let Some(asked) = env::var_os(vars::PROBE) {
        native::end(crate::probe::answer(&asked));
    }
    let mode = match (Mode::from_env(), &process) {
        (Ok(Mode::Off), _) => Mode::Off,
        // nextest lists the tests of a binary before it starts a process for each.
        (_, Process::Listing) => {
            place::sweep();
            Mode::Off
        }
        (Ok(mode), _) => mode,
        (Err(error), _) => refuse(&[error]),
    };
    if mode == Mode::Off {
        let _ = STATUS.set(Status::Passing);
        return;
    }
    if let Some(test) = runs_itself(&process) {
        let _ = STATUS.set(Status::Passing);
        scope::inherit(test);
        return;
    }
    match guarded(mode, process) {
        Ok(session) => {
            let _ = STATUS.set(Status::Guarded(Box::new(session)));
        }
        Err(errors) => refuse(&errors),
    }
    if !native::at_exit() {
        refuse(&["cannot register the handler that judges the tests at exit".to_owned()]);
    }
}

/// The scope of a test under `#[uses]` that has started its own binary to run itself again, as tests do to see how a process ends.
/// This process is then a part of it, and not judged by itself.
fn runs_itself(process: &Process) -> Option<Inherited> {
    let dir = PathBuf::from(env::var_os(vars::SCOPE)?);
    let test = match process {
        Process::One { test, by: Runner::Nextest } => test.clone(),
        Process::Many(arguments) => arguments.exactly_one()?,
        _ => return None,
    };
    let inherited = Inherited::open(&dir).ok()?;
    (inherited.is_declared_by(&format!("test `{test}`")) && place::was_made_by_this_binary(&dir)).then_some(inherited)
}

fn guarded(mode: Mode, process: Process) -> Result<Session, Vec<String>> {
    let (guards, errors) = registry::guards();
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut birth = match process {
        Process::Many(_) => {
            let birth = Birth::current();
            Some(birth.map_err(|error| vec![format!("cannot find the path of this test binary: {error}")])?)
        }
        _ => None,
    };
    let ours = matches!(process, Process::One { by: Runner::Ours, .. });
    let inherited_scope = env::var_os(vars::SCOPE).map(PathBuf::from);
    let outer = inherited_scope.clone().filter(|_| !ours);
    if !matches!(process, Process::One { .. }) {
        place::sweep();
    }
    let place = join_or_create(ours, outer.is_some()).map_err(|error| vec![error])?;
    let result = told(&place, &guards).and_then(|shared| {
        let furnished = furnish(mode, &process, &place, &shared, &guards, inherited_scope, outer.as_deref())?;
        Ok((furnished, shared))
    });
    let (Furnished { wrappers, watched, sockets }, shared) = match result {
        Ok(furnished) => furnished,
        Err(errors) => {
            place.remove();
            return Err(errors);
        }
    };
    // Tests in children are guarded anew, from the variables of the user and not from those of the session around.
    if let (Some(birth), Some(_), Some(owner)) = (&mut birth, &outer, scope::owner()) {
        birth.put_back(&install::before(Some(owner.dir())));
    }
    Ok(Session {
        mode,
        process,
        birth,
        place,
        sockets,
        shared,
        run: env::var_os(vars::RUN)
            .filter(|dir| !dir.is_empty() && outer.is_none())
            // Tests may change the directory that it is relative to.
            .map(|dir| std::path::absolute(&dir).unwrap_or_else(|_| dir.into())),
        began: std::time::Instant::now(),
        pid: std::process::id(),
        main: std::thread::current().id(),
        guards,
        registered: registry::size(),
        wrappers,
        watched,
        violated: AtomicBool::new(false),
        notes: Mutex::default(),
    })
}

/// The session's directory: the one that a parent made, or a tool for a whole run, or a new one. A nested session never
/// shares.
fn join_or_create(ours: bool, nested: bool) -> Result<Place, String> {
    let joined = match env::var_os(vars::SESSION) {
        Some(dir) if ours || !nested => Place::join(dir.into()),
        _ => return Place::create(),
    };
    joined.map_err(|error| format!("cannot join the session named by {}: {error}; unset it", vars::SESSION))
}

/// What is said about resources for the whole run. Fails on declarations of what nothing knows or matches.
fn told(place: &Place, guards: &[registry::Entry]) -> Result<Shared, Vec<String>> {
    let shared = if place.is_own() { Ok(Shared::default()) } else { Shared::read(place.dir()) };
    let shared = shared.map_err(|error| vec![error])?;
    let is_described = |name: &str| shared.described(name).is_some() || described::here(name);
    let errors = registry::mistakes(guards, &is_described);
    if errors.is_empty() { Ok(shared) } else { Err(errors) }
}

/// What a place has got.
struct Furnished {
    /// Where wrappers are, if there are any.
    wrappers: Option<PathBuf>,
    /// Somebody watches from outside.
    watched: bool,
    /// Where sockets are, if not in the place.
    sockets: Option<Place>,
}

/// Makes the scope, installs the guards and applies what they ask for.
fn furnish(
    mode: Mode,
    process: &Process,
    place: &Place,
    shared: &Shared,
    guards: &[registry::Entry],
    inherited_scope: Option<PathBuf>,
    outer: Option<&std::path::Path>,
) -> Result<Furnished, Vec<String>> {
    let given = inherited_scope.filter(|_| matches!(process, Process::One { by: Runner::Ours, .. }));
    // A place of our own needs no directory inside of it for the one scope of this process.
    let dir = given.unwrap_or_else(|| if place.is_own() { place.dir().to_owned() } else { place.scope() });
    let (sharing, whose) = match process {
        Process::One { test, .. } => (Sharing::One, format!("test `{test}`")),
        Process::Many(_) => (Sharing::Many, "a test that declares nothing".to_owned()),
        Process::ByHand | Process::Listing => (Sharing::ByHand, String::new()),
    };
    // Who watches from outside reads it and does not know the test; and on a full disk, a file that is there can be emptied,
    // but none can be made.
    let told = !place.is_own() || !place.is_in_memory();
    let owner = Owner::create(&dir, sharing, mode == Mode::Observe, whose, told)
        .map_err(|error| vec![format!("cannot make the log in `{}`: {error}", dir.display())])?;
    if let Process::One { test, by: Runner::Nextest } = process
        && !place.is_own()
        && let Some(line) = running(test)
    {
        owner.runs(&line);
    }
    let mut site = Site::new(dir.clone(), install::before(outer));
    let mut errors = install::install(guards, &mut site);
    let Site { requests, before, sockets, .. } = site;
    let sockets = sockets.elsewhere();
    for (resource, why) in &requests.unobserved {
        owner.note(&Event::Unobserved { resource: resource.clone(), why: why.clone() });
    }
    for resource in registry::unwatched(guards) {
        if let Some(why) = super::unobserved(shared, resource) {
            owner.note(&Event::Unobserved { resource: resource.to_owned(), why });
        }
    }
    let test = match process {
        Process::One { test, .. } => Some(test.as_str()),
        _ => None,
    };
    let watched = place.register(&dir, test, &requests.fronts).unwrap_or_else(|error| {
        errors.push(format!("cannot tell who watches the run which test this is: {error}"));
        false
    });
    let parent = env::var_os(vars::PARENT).unwrap_or_default();
    let mut wrappers = None;
    if errors.is_empty() && !requests.programs.is_empty() {
        let alone = matches!(process, Process::One { by: Runner::Nextest, .. }) && place.is_own();
        match wrappers::provide(&requests.programs, &wrappers::homes(place.dir(), alone)) {
            Ok(dir) => wrappers = Some(dir),
            Err(error) => errors.push(error),
        }
    }
    // What a guard of this binary wraps comes before what the tool does.
    let dirs: Vec<&std::path::Path> = wrappers.as_deref().into_iter().chain(shared.wrappers()).collect();
    if errors.is_empty() {
        native::set_variable(vars::SCOPE.as_ref(), Some(dir.as_os_str()));
        if !parent.is_empty() {
            native::set_variable(vars::PARENT.as_ref(), None);
        }
        errors.extend(install::apply(requests, &before, &dirs, &dir).err());
    }
    if errors.is_empty() && matches!(process, Process::One { by: Runner::Ours, .. }) {
        errors.extend(as_child(parent).err());
    }
    if !errors.is_empty() {
        errors.extend(install::cleanup(guards));
        sockets.iter().for_each(Place::remove);
        return Err(errors);
    }
    let first = dirs.first().map(|dir| (*dir).to_owned());
    scope::own(owner);
    Ok(Furnished { wrappers: first, watched, sockets })
}

/// What there is to say of the test of this process, if nothing else comes to be said.
fn running(test: &str) -> Option<Vec<u8>> {
    let variable = |name| env::var_os(name).unwrap_or_default();
    let [binary_id, package, attempt, iteration] =
        ["NEXTEST_BINARY_ID", "CARGO_PKG_NAME", "NEXTEST_ATTEMPT", "NEXTEST_STRESS_CURRENT"].map(variable);
    let binary = env::current_exe().unwrap_or_default();
    Running::line([test.as_ref(), binary.as_os_str(), &binary_id, &package, &attempt, &iteration])
}

/// Our own child dies with its parent, and only the body of the test writes to standard output.
fn as_child(parent: OsString) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(|error| format!("cannot tie this process to its parent: {error}"))?;
    // It may have died before that.
    if parent.to_str().and_then(|pid| pid.parse().ok()) != Some(std::os::unix::process::parent_id()) {
        return Err("the process that runs this test is gone".to_owned());
    }
    output::mute().map_err(|error| format!("cannot redirect the standard output of this test: {error}"))
}

/// Ends the process: a run without guards has no verdict.
fn refuse(errors: &[String]) -> ! {
    let binary = env::current_exe().unwrap_or_default();
    let mut text = format!("RESOURCE GUARD: the tests of `{}` cannot be guarded, so none is run\n", binary.display());
    for error in errors {
        let _ = writeln!(text, "  - {error}");
    }
    text.push_str("  (RESOURCE_GUARDS=off runs them without guards)\n");
    let _ = std::io::stderr().write_all(text.as_bytes());
    native::end(FAILED)
}
