//! Writing files into a folder that the user names.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::output::{CommandError, reason};

/// A folder for what a command writes.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    pub path: &'a Path,
    /// What is written, for complaints: `report`.
    pub what: &'static str,
    /// The option that names the folder: `--report`.
    pub option: &'static str,
}

impl Folder<'_> {
    /// Makes the folder and sees whether a file can be put there; an audit takes long enough to ask before.
    pub fn prepare(&self) -> Result<(), CommandError> {
        if self.path.exists() && !self.path.is_dir() {
            let message =
                format!("the {} cannot be written to `{}`: it is a file", self.what, self.path.display());
            let help = format!("give a folder after {}; it is made if it is not there", self.option);
            return Err(CommandError::call(message, help));
        }
        fs::create_dir_all(self.path).map_err(|e| self.refused(&e))?;
        tempfile::NamedTempFile::new_in(self.path).map(drop).map_err(|e| self.refused(&e))
    }

    /// Puts a file in its place whole or not at all; what else is in the folder stays.
    pub fn put(&self, name: &str, text: &str) -> Result<(), CommandError> {
        self.place(name, text).map_err(|e| self.refused(&e))
    }

    fn place(&self, name: &str, text: &str) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".proofread-").tempfile_in(self.path)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        readable(file.as_file())?;
        file.persist(self.path.join(name)).map(drop).map_err(|e| e.error)
    }

    fn refused(&self, error: &io::Error) -> CommandError {
        let message =
            format!("the {} cannot be written to `{}`: {}", self.what, self.path.display(), reason(error));
        let help = format!("give a folder that can be written after {0}, as in `{0} out`", self.option);
        CommandError::call(message, help)
    }
}

/// A temporary file is its owner's alone; what is written here is for others to read.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}
