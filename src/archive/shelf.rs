//! Files in a cache folder, one a key, the longest unused thrown away.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::key::{Key, digest};

/// How many files are kept.
const ROOM: usize = 64;

/// The end of the files' names.
const EXTENSION: &str = "audit";

/// A folder of contents by key.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The shelf in a folder, which need not exist.
    pub fn new(folder: &Path) -> Shelf {
        Shelf { folder: folder.to_owned() }
    }

    /// The content under a key; nothing if there is none, or if it is not as it was put there.
    pub fn take(&self, key: &Key) -> Option<Vec<u8>> {
        let path = self.path(key);
        let bytes = fs::read(&path).ok()?;
        let newline = bytes.iter().position(|b| *b == b'\n')?;
        let (said, content) = (&bytes[..newline], &bytes[newline + 1..]);
        if said != digest(content).to_hex().as_bytes() {
            return None;
        }
        // It counts as used now; where that cannot be noted it is thrown away the sooner.
        let _ = File::options().append(true).open(&path).and_then(|f| f.set_modified(SystemTime::now()));
        Some(content.to_vec())
    }

    /// Puts a content under a key, in one piece or not at all.
    pub fn put(&self, key: &Key, content: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        writeln!(file, "{}", digest(content).to_hex())?;
        file.write_all(content)?;
        file.persist(self.path(key)).map_err(|e| e.error)?;
        self.clear()
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{key}.{EXTENSION}"))
    }

    /// Throws away what has been unused longest, where there is too much.
    fn clear(&self) -> io::Result<()> {
        let mut files = vec![];
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == EXTENSION) {
                // Another run may have thrown it away since.
                let Ok(used) = fs::metadata(&path).and_then(|m| m.modified()) else { continue };
                files.push((used, path));
            }
        }
        files.sort();
        for (_, path) in files.iter().take(files.len().saturating_sub(ROOM)) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}
