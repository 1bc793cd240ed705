//! Slots of resources that only so many tests may use at a time, over all processes of a run: locked files.
//!
//! A lock is released when its process ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::shared::Shared;
use crate::declaration::Use;

/// How long to wait before all slots are tried again.
const AGAIN: Duration = Duration::from_millis(3);

/// The slots that a test has, by resource.
pub(crate) type Slots = Vec<(&'static str, File)>;

/// Waits for a slot of every limited resource among these, in the order of their names, so that no two tests wait for each
/// other.
pub(crate) fn take(shared: &Shared, uses: &[Use]) -> Result<Slots, String> {
    let mut slots = Slots::new();
    add(&mut slots, shared, uses)?;
    Ok(slots)
}

/// The same for the only test of this process, which has them until it ends.
pub(crate) fn take_for_good(shared: &Shared, uses: &[Use]) -> Result<(), String> {
    static HELD: Mutex<Slots> = Mutex::new(Slots::new());
    // The cases of one test may each come here.
    add(&mut HELD.lock().unwrap_or_else(PoisonError::into_inner), shared, uses)
}

fn add(slots: &mut Slots, shared: &Shared, uses: &[Use]) -> Result<(), String> {
    let mut limited: Vec<&'static str> =
        uses.iter().map(|item| item.resource).filter(|resource| shared.limit(resource).is_some()).collect();
    limited.sort_unstable();
    for resource in limited {
        let Some((max, dir)) = shared.limit(resource) else { continue };
        if !slots.iter().any(|(held, _)| *held == resource) {
            let slot = slot(max.get(), &dir)
                .map_err(|error| format!("cannot lock a slot of `{resource}` in `{}`: {error}", dir.display()))?;
            slots.push((resource, slot));
        }
    }
    Ok(())
}

fn slot(max: usize, dir: &Path) -> io::Result<File> {
    fs::create_dir_all(dir)?;
    loop {
        for n in 0..max {
            let file = File::create(dir.join(n.to_string()))?;
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        thread::sleep(AGAIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_limit_have_a_slot() {
        let dir = tempfile::tempdir().unwrap();
        let (one, _two) = (slot(2, dir.path()).unwrap(), slot(2, dir.path()).unwrap());
        thread::scope(|scope| {
            let third = scope.spawn(|| slot(2, dir.path()).unwrap());
            thread::sleep(AGAIN * 5);
            assert!(!third.is_finished());
            drop(one);
            third.join().unwrap();
        });
    }
}
