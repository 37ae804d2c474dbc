//! Writing results and complaints.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miette::{GraphicalReportHandler, GraphicalTheme};

use thiserror::Error;

use crate::document::Diagnostic;
use crate::report::text::Screen;

/// Why a command could not do its job.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The input is wrong; each problem has its place.
    #[error("the input has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Input(Vec<Diagnostic>),
    /// The call is wrong.
    #[error("{message}")]
    Call { message: String, help: String },
    /// The result could not be written.
    #[error("the result could not be written: {}", reason(.0))]
    Write(#[from] io::Error),
}

impl CommandError {
    /// A wrong call, with what to do about it.
    pub fn call(message: impl Into<String>, help: impl Into<String>) -> CommandError {
        CommandError::Call { message: message.into(), help: help.into() }
    }
}

/// The terminal that stdout is, if it is one: what it says of itself, else `COLUMNS` and `LINES`, else 80
/// columns and any number of lines.
pub fn screen() -> Option<Screen> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let own = terminal_size::terminal_size();
    let named = |name: &str| std::env::var(name).ok()?.parse().ok().filter(|n| *n > 0);
    let columns = own.map(|(width, _)| usize::from(width.0)).or_else(|| named("COLUMNS")).unwrap_or(80);
    let lines = own.map(|(_, height)| usize::from(height.0)).or_else(|| named("LINES"));
    Some(Screen { columns, lines })
}

/// The width of the terminal that stdout is, if it is one.
pub fn width() -> Option<usize> {
    screen().map(|s| s.columns)
}

/// Writes a result to stdout in one piece, styles stripped where it is no terminal. A reader that
/// has gone away is no error.
pub fn write(text: &str) -> Result<(), CommandError> {
    write_part(text).map(|_| ())
}

/// Writes a part of a result, and says whether its reader is still there.
pub fn write_part(text: &str) -> Result<bool, CommandError> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// A bar or, where it is not known how much there is to do, a sign of life on the terminal that stderr
/// is; nothing if it is none.
pub fn progress_bar(steps: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match steps {
        Some(n) => (ProgressBar::new(n), "{bar:30} {pos} of {len}, {elapsed}"),
        None => (ProgressBar::new_spinner(), "{spinner} {elapsed} {msg}"),
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the template is fixed"));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// An error of the system in the words of a message, without its number.
pub fn reason(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, and a file was expected".to_owned(),
        _ => error.to_string(),
    };
    words(&text)
}

/// A text of the system as part of a message: in lower case, without the number of an error.
pub fn words(text: &str) -> String {
    let words = text.split(" (os error").next().unwrap_or(text);
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Writes a notice or a complaint to stderr. Nothing can be said about a stderr that cannot be
/// written, and the exit code speaks for itself.
pub fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
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
                Ok(text) => say(&text),
                Err(_) => diagnostics.iter().for_each(|d| say(&format!("error: {d}\n"))),
            }
            say(&format!("error: {error}\n"));
        }
        CommandError::Call { message, help } => say(&format!("error: {message}\nhelp: {help}\n")),
        CommandError::Write(_) => say(&format!("error: {error}\nhelp: see whether the disk is full\n")),
    }
}
