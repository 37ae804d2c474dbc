//! Writing the pages of a report into a folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::page::Page;

use super::output::{CommandError, reason};

/// Writes the pages into `folder`, which is made if it is not there. Each file is put in its place whole
/// or not at all; what else is in the folder stays.
pub fn write(folder: &Path, pages: &[Page]) -> Result<(), CommandError> {
    prepare(folder)?;
    for page in pages {
        place(folder, page).map_err(|e| refused(folder, &e))?;
    }
    Ok(())
}

/// Makes the folder and sees whether a file can be put there; an audit takes long enough to ask before.
pub fn prepare(folder: &Path) -> Result<(), CommandError> {
    if folder.exists() && !folder.is_dir() {
        let message = format!("the report cannot be written to `{}`: it is a file", folder.display());
        return Err(CommandError::call(
            message,
            "give a folder after --report; it is made if it is not there",
        ));
    }
    fs::create_dir_all(folder).map_err(|e| refused(folder, &e))?;
    tempfile::NamedTempFile::new_in(folder).map(drop).map_err(|e| refused(folder, &e))
}

fn place(folder: &Path, page: &Page) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".report-").tempfile_in(folder)?;
    file.write_all(page.html.as_bytes())?;
    file.as_file().sync_all()?;
    readable(file.as_file())?;
    file.persist(folder.join(&page.name)).map(drop).map_err(|e| e.error)
}

/// A temporary file is its owner's alone; a report is for others to read.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

fn refused(folder: &Path, error: &io::Error) -> CommandError {
    let message = format!("the report cannot be written to `{}`: {}", folder.display(), reason(error));
    CommandError::call(message, "give a folder that can be written after --report, as in `--report audit`")
}
