//! The directory of one scope.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Allow, Event, Log};

/// What may be in the directory of every scope.
pub(crate) const FILES: [&str; 2] = [EVENTS, ALLOW];

const EVENTS: &str = "events";
const ALLOW: &str = "allow";

/// The files of one scope.
#[derive(Debug)]
pub(crate) struct Files {
    dir: PathBuf,
    /// The log, open for appending. Most tests use nothing, and their directory stays empty.
    events: OnceLock<File>,
}

impl Files {
    /// Makes the files, and the directory if it is not there; `allow` is what chokepoints may use until it is replaced.
    pub(crate) fn create(dir: &Path, allow: &Allow) -> io::Result<Self> {
        let path = dir.join(EVENTS);
        let events = match append(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().mode(0o700).create(dir)?;
                append(&path)?
            }
            events => events?,
        };
        fs::write(dir.join(ALLOW), allow.to_string())?;
        Ok(Self { dir: dir.to_owned(), events: events.into() })
    }

    /// Those of a directory that is there, where nothing has to be said yet: the log is made by the first event.
    pub(crate) fn unsaid(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), events: OnceLock::new() }
    }

    /// Opens what another process made. Fails where that is gone.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let files = Self::unsaid(dir);
        files.is_there().map(|()| files)
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Appends one event with one write. A failure empties `allow`, so that the verdict is a failure too.
    pub(crate) fn append(&self, event: &Event) -> io::Result<()> {
        self.append_line(format!("{event}\n").as_bytes())
    }

    /// The same after a line that may be torn, which is then one of its own.
    pub(crate) fn append_apart(&self, event: &Event) -> io::Result<()> {
        self.append_line(format!("\n{event}\n").as_bytes())
    }

    /// The same with a line that is no event.
    pub(crate) fn append_line(&self, line: &[u8]) -> io::Result<()> {
        let appended = self.events().and_then(|mut events| events.write(line)).and_then(|written| {
            let cut_off = || io::Error::new(io::ErrorKind::WriteZero, "the line was cut off");
            if written == line.len() { Ok(()) } else { Err(cut_off()) }
        });
        if appended.is_err() {
            // Truncation needs no space. Where even that fails the directory is gone, which the reader sees.
            let _ = File::create(self.dir.join(ALLOW));
        }
        appended
    }

    fn events(&self) -> io::Result<&File> {
        if let Some(events) = self.events.get() {
            return Ok(events);
        }
        let events = append(&self.dir.join(EVENTS))?;
        // If another thread was faster, it has the same file.
        Ok(self.events.get_or_init(|| events))
    }

    /// Replaces `allow`, so that a reader sees the old or the new one. One that was emptied stays so.
    pub(crate) fn allow(&self, allow: &Allow) -> io::Result<()> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let path = self.dir.join(ALLOW);
        let old = File::open(&path).ok();
        let new = self.dir.join(format!("allow.{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        fs::write(&new, allow.to_string())?;
        fs::rename(new, &path)?;
        if let Some(old) = old
            && old.metadata()?.len() == 0
        {
            File::create(path)?;
        }
        Ok(())
    }

    /// Reads what is allowed just now. Fails if the test is over.
    pub(crate) fn allowed(&self) -> io::Result<Allow> {
        match fs::read(self.dir.join(ALLOW)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.is_there().map(|()| Allow::unsaid()),
            read => read.map(|bytes| Allow::parse(&String::from_utf8_lossy(&bytes))),
        }
    }

    /// Tells versions of what is allowed apart. Fails if the test is over.
    pub(crate) fn allowed_version(&self) -> io::Result<Option<u64>> {
        match fs::metadata(self.dir.join(ALLOW)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.is_there().map(|()| None),
            // It is replaced by rename.
            found => found.map(|file| Some(file.ino())),
        }
    }

    /// The directory is taken away in one go when the test is over.
    fn is_there(&self) -> io::Result<()> {
        fs::metadata(&self.dir).map(drop)
    }

    /// Reads all events so far.
    pub(crate) fn read(&self) -> Log {
        if self.events.get().is_some() { Log::read(&self.dir) } else { Log::read_unless_unsaid(&self.dir) }
    }

    /// Removes the directory if nobody has said anything in it.
    pub(crate) fn remove_unsaid(&self) -> bool {
        self.events.get().is_none() && fs::remove_dir(&self.dir).is_ok()
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}
