//! What the tool that has prepared a whole run says about resources, for every test process of it.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// The file in the session's directory. A line is about a resource, the first one about all; tabs separate its fields.
const FILE: &str = "resources";

/// What a tool says about one resource, for all test processes of its run.
///
/// ```
/// use std::num::NonZeroUsize;
/// use resource_guards::tool::{RunResource, SharedSession};
///
/// let session = SharedSession::create()?;
/// // … a wrapper of the program `mytool` is written with `session.wrap`
/// session.tell(&[
///     RunResource::new("docker").max_threads(NonZeroUsize::MIN),
///     RunResource::new("mytool").described().wrapped(),
/// ])?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunResource {
    name: String,
    max_threads: Option<NonZeroUsize>,
    described: bool,
    wrapped: bool,
    unobserved: Option<String>,
}

impl RunResource {
    /// About the resource of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), max_threads: None, described: false, wrapped: false, unobserved: None }
    }

    /// So many tests that declare it run at a time, over all processes of the run.
    #[must_use]
    pub fn max_threads(self, max: NonZeroUsize) -> Self {
        Self { max_threads: Some(max), ..self }
    }

    /// Tests may declare it though no guard of their binary watches it: the tool does.
    #[must_use]
    pub fn described(self) -> Self {
        Self { described: true, ..self }
    }

    /// Its programs have wrappers in the session.
    #[must_use]
    pub fn wrapped(self) -> Self {
        Self { wrapped: true, ..self }
    }

    /// Not all uses of it can be seen, and why: it is never called unused.
    #[must_use]
    pub fn unobserved(self, why: impl Into<String>) -> Self {
        Self { unobserved: Some(why.into()), ..self }
    }

    fn line(&self) -> String {
        let max = self.max_threads.map_or(0, NonZeroUsize::get);
        let (described, wrapped) = (u8::from(self.described), u8::from(self.wrapped));
        let why = self.unobserved.as_deref().unwrap_or_default().replace(char::is_control, " ");
        format!("{}\t{max}\t{described}\t{wrapped}\t{why}\n", self.name)
    }

    fn read(line: &str) -> Option<Self> {
        let mut fields = line.splitn(5, '\t');
        let mut field = || fields.next();
        Some(Self {
            name: field()?.to_owned(),
            max_threads: NonZeroUsize::new(field()?.parse().ok()?),
            described: field()? == "1",
            wrapped: field()? == "1",
            unobserved: field().filter(|why| !why.is_empty()).map(str::to_owned),
        })
    }
}

/// What is said in the directory of a session. Without a tool: nothing.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    dir: PathBuf,
    /// A directory of wrappers that all test binaries share.
    wrappers: Option<PathBuf>,
    resources: Vec<RunResource>,
}

impl Shared {
    pub(crate) fn write(dir: &Path, wrappers: Option<&Path>, resources: &[RunResource]) -> io::Result<()> {
        let mut text = wrappers.map(|dir| dir.as_os_str().as_bytes().to_owned()).unwrap_or_default();
        if text.contains(&b'\n') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path of the wrappers has a line feed"));
        }
        text.push(b'\n');
        resources.iter().for_each(|resource| text.extend(resource.line().into_bytes()));
        fs::write(dir.join(FILE), text)
    }

    /// Reads what is said in a session that another process made.
    pub(crate) fn read(dir: &Path) -> Result<Self, String> {
        let file = dir.join(FILE);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(format!("cannot read `{}`: {error}", file.display())),
        };
        let mut lines = text.split(|byte| *byte == b'\n');
        let wrappers = lines.next().filter(|path| !path.is_empty()).map(|path| OsStr::from_bytes(path).into());
        let resources: Option<Vec<RunResource>> = lines
            .filter(|line| !line.is_empty())
            .map(|line| std::str::from_utf8(line).ok().and_then(RunResource::read))
            .collect();
        match resources {
            Some(resources) if text.ends_with(b"\n") => Ok(Self { dir: dir.to_owned(), wrappers, resources }),
            _ => Err(format!("cannot understand `{}`: it is torn, or of another version", file.display())),
        }
    }

    /// Whether tests may declare it without a guard; why not all of it is seen, if so.
    pub(crate) fn described(&self, resource: &str) -> Option<Option<&str>> {
        let found = self.resources.iter().find(|told| told.described && told.name == resource)?;
        Some(found.unobserved.as_deref())
    }

    /// The resources whose programs have wrappers in the session.
    pub(crate) fn wrapped(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().filter(|told| told.wrapped).map(|told| told.name.as_str())
    }

    /// Where those wrappers are, if there are any.
    pub(super) fn wrappers(&self) -> Option<&Path> {
        self.wrappers.as_deref()
    }

    /// How many tests may use it at a time, and a directory for their locks.
    pub(super) fn limit(&self, resource: &str) -> Option<(NonZeroUsize, PathBuf)> {
        let max = self.resources.iter().find(|told| told.name == resource)?.max_threads?;
        Some((max, self.dir.join("slots").join(resource)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_and_what_is_torn_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Shared::read(dir.path()).unwrap().resources, []);
        let told = [
            RunResource::new("a").described().unobserved("why\tnot"),
            RunResource::new("b").wrapped().max_threads(NonZeroUsize::MIN),
        ];
        Shared::write(dir.path(), Some(Path::new("/w")), &told).unwrap();
        let shared = Shared::read(dir.path()).unwrap();
        assert_eq!((shared.described("a"), shared.described("b")), (Some(Some("why not")), None));
        assert_eq!((shared.resources[1].clone(), shared.wrappers()), (told[1].clone(), Some(Path::new("/w"))));
        assert!(shared.limit("a").is_none() && shared.limit("b").is_some());
        for torn in ["", "\na\t1", "\na\n", "\na\tmany\t1\t1\t\n"] {
            fs::write(dir.path().join(FILE), torn).unwrap();
            assert!(Shared::read(dir.path()).is_err(), "{torn:?}");
        }
    }
}
