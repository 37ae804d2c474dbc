//! The command line: a thin layer over the library.
//!
//! * **Takes** the arguments of the program.
//! * **Gives** output on stdout, diagnostics and progress on stderr, and an exit code: 0 nothing
//!   found, 1 findings, 2 the input or the call is wrong, 130 interrupted.
//! * **May call** `document`, `audit`, `archive`, `coverage`, `figure`, `report`, `page`, `cas`, `smt`.

mod args;
mod audits;
mod check;
mod coverage;
mod decide;
mod explain;
mod figures;
mod folder;
mod grid;
mod new;
mod output;
mod papers;
mod recheck;
mod solve;
mod timings;
mod written;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

/// Bytes of stack of a worker thread.
const WORKER_STACK: usize = 64 << 20;

/// The most worker threads for each processor.
const THREADS_A_PROCESSOR: usize = 4;

/// Nothing was found.
const CLEAN: u8 = 0;
/// There are findings.
const FINDINGS: u8 = 1;
/// The input or the call is wrong.
const WRONG: u8 = 2;
/// Ended by the user.
const INTERRUPTED: i32 = 130;

/// Runs the program; `main` calls nothing else.
pub fn run() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|a| a == crate::cas::worker::SUBCOMMAND) {
        return crate::cas::worker::run();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap writes help to stdout and complaints to stderr.
            if error.use_stderr() {
                let _ = error.print();
                return ExitCode::from(WRONG);
            }
            return ended(output::write(&error.render().ansi().to_string()).map(|()| CLEAN));
        }
    };
    // The symbolic layer's process ends by itself when our end of its pipe closes, and nothing
    // is written but whole files, so there is nothing to clean up.
    let _ = ctrlc::set_handler(|| {
        output::say("interrupted\n");
        std::process::exit(INTERRUPTED);
    });
    // Deep terms recurse deeply; the default stack of a worker thread is two megabytes.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(WORKER_STACK).num_threads(threads());
    if let Err(error) = pool.build_global() {
        let message = format!("the worker threads cannot be started: {}", output::words(&error.to_string()));
        return ended(Err(output::CommandError::call(message, "set RAYON_NUM_THREADS to fewer threads")));
    }
    let result = match arguments.command {
        Command::Check(a) => check::run(&a),
        Command::Explain(a) => explain::run(&a),
        Command::Solve(a) => solve::run(&a),
        Command::Figures(a) => figures::run(&a),
        Command::Coverage(a) => coverage::run(&a),
        Command::Recheck(a) => recheck::run(&a),
        Command::New(a) => new::run(&a),
        Command::Decide(a) => decide::run(&a),
    };
    ended(result)
}

/// The file of the program that is running, also where another one has been put in its place since: the symbolic
/// layer and the archive belong to this one.
fn own_program() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() }
}

/// How many worker threads there are: as many as `RAYON_NUM_THREADS` says or, without it, as there
/// are processors. They never wait for anything but each other, so that more than a few for each
/// processor would gain nothing and cost their stacks.
fn threads() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    asked.unwrap_or(processors).min(THREADS_A_PROCESSOR * processors)
}

/// The exit code of a command, after its complaint if it has one.
fn ended(result: Result<u8, output::CommandError>) -> ExitCode {
    ExitCode::from(result.unwrap_or_else(|error| {
        output::complain(&error);
        WRONG
    }))
}
