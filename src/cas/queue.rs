//! The machine-wide queue: one Symbolica at a time, in turn.
//!
//! Two lock files in the temporary directory, shared by everyone on the machine who uses the
//! same directory. Who holds `…-turn.lock` may run Symbolica; who waits for it holds
//! `…-next.lock` meanwhile, so that the holder can see that somebody waits and make room. The
//! locks belong to the child process: the system frees them when it ends, however it ends.
//! The files stay behind, empty; they are opened for reading only, because a file of another
//! user in a sticky directory cannot be opened for writing on Linux.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The lock files could not be opened or locked.
#[derive(Debug)]
pub struct QueueError {
    pub path: PathBuf,
    pub reason: io::Error,
}

/// The right to run Symbolica, until dropped.
#[derive(Debug)]
pub struct Turn {
    next: File,
    _turn: File,
}

impl Turn {
    /// Waits for the turn, as long as it takes; calls `on_wait` first if it has to wait at all.
    pub fn take(directory: &Path, on_wait: impl FnOnce()) -> Result<Turn, QueueError> {
        let (turn, turn_path) = open(directory, "proofread-symbolica-turn.lock")?;
        let (next, next_path) = open(directory, "proofread-symbolica-next.lock")?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            |reason| QueueError { path, reason }
        };
        if !try_lock(&next).map_err(failed(&next_path))? {
            on_wait();
            next.lock().map_err(failed(&next_path))?;
            turn.lock().map_err(failed(&turn_path))?;
        } else if !try_lock(&turn).map_err(failed(&turn_path))? {
            on_wait();
            turn.lock().map_err(failed(&turn_path))?;
        }
        next.unlock().map_err(failed(&next_path))?;
        Ok(Turn { next, _turn: turn })
    }

    /// Whether somebody waits for this turn to end.
    pub fn is_awaited(&self) -> bool {
        match self.next.try_lock() {
            // Should unlocking fail, closing the file at the end of the turn unlocks it too.
            Ok(()) => self.next.unlock().is_err(),
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => false,
        }
    }
}

fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(e)) => Err(e),
    }
}

fn open(directory: &Path, name: &str) -> Result<(File, PathBuf), QueueError> {
    let path = directory.join(name);
    let created = OpenOptions::new().write(true).create_new(true).mode(0o666).open(&path);
    let opened = match created {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => File::open(&path),
    };
    match opened {
        Ok(file) => Ok((file, path)),
        Err(reason) => Err(QueueError { path, reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn the_second_in_the_queue_says_that_it_waits_and_gets_the_turn_when_the_first_ends() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let first = Turn::take(dir.path(), || panic!("nobody was there")).expect("free");
        assert!(!first.is_awaited());
        let (say, hear) = mpsc::channel();
        let path = dir.path().to_owned();
        let second = thread::spawn(move || Turn::take(&path, || say.send(()).expect("heard")).is_ok());
        hear.recv_timeout(Duration::from_secs(5)).expect("the second says that it waits");
        assert!(first.is_awaited());
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().expect("no panic"));
    }

    #[test]
    fn a_directory_that_is_not_there_is_an_error_with_its_path() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let gone = dir.path().join("gone");
        let error = Turn::take(&gone, || ()).expect_err("no directory");
        assert!(error.path.starts_with(&gone));
        assert_eq!(error.reason.kind(), io::ErrorKind::NotFound);
    }
}
