//! `proofread new`: a starter paper.

use std::fs;
use std::io;
use std::path::Path;

use super::CLEAN;
use super::args::NewArgs;
use super::output::{CommandError, reason, write};

/// The files of the starter paper.
const FILES: [(&str, &str); 2] =
    [("paper.toml", include_str!("new/paper.toml")), ("model.toml", include_str!("new/model.toml"))];

/// Writes the starter paper into a folder that is not there yet, or empty.
pub fn run(args: &NewArgs) -> Result<u8, CommandError> {
    let folder = &args.folder;
    let wrong = |e: &io::Error| {
        CommandError::call(
            format!("`{}` cannot be made: {}", folder.display(), reason(e)),
            "give a folder that is not there yet, in one that can be written to",
        )
    };
    if !is_free(folder).map_err(|e| wrong(&e))? {
        return Err(CommandError::call(
            format!("`{}` is not empty", folder.display()),
            "give a folder that is not there yet",
        ));
    }
    fs::create_dir_all(folder).map_err(|e| wrong(&e))?;
    for (name, text) in FILES {
        fs::write(folder.join(name), text).map_err(|e| wrong(&e))?;
    }
    let shown = folder.display();
    write(&format!("wrote a starter paper to {shown}; `proofread check {shown}` judges it\n"))?;
    Ok(CLEAN)
}

fn is_free(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(e) => Err(e),
    }
}
