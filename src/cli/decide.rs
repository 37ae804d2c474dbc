//! `proofread decide`: a problem in SMT-LIB's QF_NRA.

use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use crate::smt::{self, Answer, Error, Reply};

use super::CLEAN;
use super::args::DecideArgs;
use super::output::{CommandError, reason, say as say_aside, write};

/// The largest script that is read, in bytes.
const LARGEST: u64 = 16 << 20;
/// The longest time limit, in seconds; a longer one is this.
const LONGEST: u64 = 1 << 30;

/// Prints the answer to each `check-sat`.
pub fn run(args: &DecideArgs) -> Result<u8, CommandError> {
    let deadline = Instant::now() + Duration::from_secs(args.timeout.min(LONGEST));
    let text = text(args)?;
    let script = match smt::read(&text, Some(deadline)) {
        Ok(script) => script,
        Err(Error::Wrong { line, column, message, help }) => {
            let place = format!("{}:{line}:{column}", args.file.display());
            return Err(CommandError::call(format!("{place}: {message}"), help));
        }
        Err(why @ (Error::TooLarge | Error::Time)) => {
            say_aside(&format!("unknown: {why}\n"));
            write("unknown\n")?;
            return Ok(CLEAN);
        }
    };
    let mut outcome = Ok(());
    let result = smt::run(script, deadline, |reply| {
        if outcome.is_ok() {
            outcome = say(reply, args.model);
        }
    });
    outcome?;
    result.map_err(|defect| {
        CommandError::call(
            format!("internal error: {defect}"),
            "this is a defect of the program: please report it",
        )
    })?;
    Ok(CLEAN)
}

fn say(reply: Reply, with_model: bool) -> Result<(), CommandError> {
    match reply {
        Reply::Answer(Answer::Sat(model)) if with_model => write(&format!("sat\n{model}\n")),
        Reply::Answer(Answer::Sat(_)) => write("sat\n"),
        Reply::Answer(Answer::Unsat) => write("unsat\n"),
        Reply::Answer(Answer::Unknown(why)) => {
            say_aside(&format!("unknown: {why}\n"));
            write("unknown\n")
        }
        // Printed already, with the answer.
        Reply::Model(_) if with_model => Ok(()),
        Reply::Model(Some(model)) => write(&format!("{model}\n")),
        Reply::Model(None) => write("(error \"there is no model\")\n"),
    }
}

fn text(args: &DecideArgs) -> Result<String, CommandError> {
    let shown = args.file.display();
    let help = "give a script in SMT-LIB 2";
    let mut bytes = vec![];
    let file = File::open(&args.file);
    file.and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|e| CommandError::call(format!("`{shown}`: {}", reason(&e)), help))?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("`{shown}` has more than {LARGEST} bytes");
        return Err(CommandError::call(message, "give a smaller script"));
    }
    String::from_utf8(bytes).map_err(|_| CommandError::call(format!("`{shown}` is not UTF-8 text"), help))
}
