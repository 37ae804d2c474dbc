//! Writing results and complaints.

use std::io::{self, IsTerminal, Write};

use miette::{GraphicalReportHandler, GraphicalTheme};

use thiserror::Error;

use crate::document::Diagnostic;

/// Why a command could not do its job.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The input is wrong; each problem has its place.
    #[error("the input has {} problem(s)", .0.len())]
    Input(Vec<Diagnostic>),
    /// The call is wrong.
    #[error("{message}")]
    Call { message: String, help: String },
    /// The result could not be written.
    #[error("the result could not be written: {0}")]
    Write(#[from] io::Error),
}

impl CommandError {
    /// A wrong call, with what to do about it.
    pub fn call(message: impl Into<String>, help: impl Into<String>) -> CommandError {
        CommandError::Call { message: message.into(), help: help.into() }
    }
}

/// The width of the terminal that stdout is, if it is one.
pub fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Writes a result to stdout in one piece, styles stripped where it is no terminal. A reader that
/// has gone away is no error.
pub fn write(text: &str) -> Result<(), CommandError> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes an error to stderr.
pub fn complain(error: &CommandError) {
    match error {
        CommandError::Input(diagnostics) => {
            let theme = if io::stderr().is_terminal() {
                GraphicalTheme::unicode()
            } else {
                GraphicalTheme::unicode_nocolor()
            };
            let handler = GraphicalReportHandler::new_themed(theme);
            match crate::document::render(diagnostics, &handler) {
                Ok(text) => eprint!("{text}"),
                Err(_) => diagnostics.iter().for_each(|d| eprintln!("error: {d}")),
            }
            eprintln!("error: {error}");
        }
        CommandError::Call { message, help } => eprintln!("error: {message}\nhelp: {help}"),
        CommandError::Write(_) => eprintln!("error: {error}"),
    }
}
