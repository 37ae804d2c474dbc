//! Why a script was not read.

use std::time::Instant;

/// Why a script was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The script is wrong or outside the fragment.
    #[error("{line}:{column}: {message}")]
    Wrong { line: usize, column: usize, message: String, help: String },
    /// The script is right, and larger than what is taken on.
    #[error("the problem is too large")]
    TooLarge,
    /// The time ran out.
    #[error("the time limit was reached")]
    Time,
}

/// Something wrong at a byte of the text, not yet told as line and column.
#[derive(Clone, Debug)]
pub enum Fault {
    At { place: usize, message: String, help: String },
    TooLarge,
    Time,
}

impl Fault {
    /// Something wrong at a byte of the text.
    pub fn at(place: usize, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault::At { place, message: message.into(), help: help.into() }
    }

    /// The error, with its place in the text; columns count characters, from one.
    pub fn locate(self, text: &str) -> Error {
        match self {
            Fault::TooLarge => Error::TooLarge,
            Fault::Time => Error::Time,
            Fault::At { place, message, help } => {
                let before = text.get(..place).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                Error::Wrong { line, column, message, help }
            }
        }
    }
}

/// Looks at the clock now and then.
pub struct Clock {
    deadline: Option<Instant>,
    ticks: u32,
}

/// Ticks between two looks.
const TICKS_PER_LOOK: u32 = 1024;

impl Clock {
    /// A clock that rings at the deadline.
    pub fn new(deadline: Option<Instant>) -> Clock {
        Clock { deadline, ticks: 0 }
    }

    /// One small piece of work.
    pub fn tick(&mut self) -> Result<(), Fault> {
        self.ticks = (self.ticks + 1) % TICKS_PER_LOOK;
        match self.deadline {
            Some(end) if self.ticks == 0 && Instant::now() >= end => Err(Fault::Time),
            _ => Ok(()),
        }
    }
}
