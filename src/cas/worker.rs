//! The child process: takes one request after the other, answers, and ends.
//!
//! Requests and replies both travel over the socket that is the child's standard input, so that
//! nothing that Symbolica prints can get between them: its standard output and error go nowhere.
//! One thread, with a large stack, is the only one that ever calls Symbolica, which without a
//! key allows no second. The other reads the socket, so that the child ends at once when its
//! parent does, even in the middle of a computation.
//!
//! The child ends by itself, with exit code 0 and only between requests, when it has been idle or
//! when another program waits for its turn. A client whose request got no reply from a child
//! that ended so may simply ask a new one.

use std::io::{self, BufReader};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{ExitCode, exit};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::operations;
use super::protocol::{Reply, Request, receive, send};
use super::queue::Turn;

/// Symbolica recurses: 256 MB hold about twice the depth that [`super::wire`] lets through.
const STACK: usize = 256 << 20;

/// How long the child waits for the next request before it makes room for others.
const IDLE: Duration = Duration::from_secs(2);

/// How long the child keeps its turn when somebody else waits.
const QUANTUM: Duration = Duration::from_millis(300);

/// How often an idle child looks whether somebody waits.
const GLANCE: Duration = Duration::from_millis(50);

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Undefined wherever it is evaluated.
    Undefined,
    NotPolynomial,
    NotLinear,
    NoUniqueSolution,
    /// Beyond the elementary terms, or beyond this room's limits.
    Outside(String),
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Reply {
        match refusal {
            Refusal::Undefined => Reply::Undefined,
            Refusal::NotPolynomial => Reply::NotPolynomial,
            Refusal::NotLinear => Reply::NotLinear,
            Refusal::NoUniqueSolution => Reply::NoUniqueSolution,
            Refusal::Outside(what) => Reply::OutsideTerms(what),
        }
    }
}

/// The hidden subcommand with which the program becomes the symbolic layer's process.
pub const SUBCOMMAND: &str = "__cas";

/// Serves requests until the parent closes the socket. Fails only if the standard input is no
/// socket: the command is not for people.
pub fn run() -> ExitCode {
    let stdin = io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from);
    let socket = stdin.and_then(|s| s.peer_addr().map(|_| s));
    let Ok((mut reading, writing)) = socket.and_then(|s| Ok((BufReader::new(s.try_clone()?), s))) else {
        eprintln!("error: this command is for internal use: its standard input is a socket of its parent");
        return ExitCode::from(2);
    };
    let (to_worker, from_reader) = mpsc::channel();
    let worker = move || serve(&from_reader, writing);
    if thread::Builder::new().stack_size(STACK).spawn(worker).is_err() {
        return ExitCode::from(2);
    }
    while let Ok(Some(request)) = receive::<Request>(&mut reading) {
        if to_worker.send(request).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn serve(requests: &Receiver<Request>, mut socket: UnixStream) {
    std::panic::set_hook(Box::new(|_| ()));
    let mut say = |reply: &Reply| {
        if send(&mut socket, reply).is_err() {
            exit(0);
        }
    };
    let turn = match Turn::take(&std::env::temp_dir(), || say(&Reply::Waiting)) {
        Ok(turn) => turn,
        Err(e) => {
            say(&Reply::QueueFailed { path: e.path.display().to_string(), reason: e.reason.to_string() });
            exit(1);
        }
    };
    operations::start();
    say(&Reply::Ready);
    let since = Instant::now();
    let must_go = || since.elapsed() > QUANTUM && turn.is_awaited();
    while let Some(request) = next(requests, must_go) {
        match catch_unwind(AssertUnwindSafe(|| operations::answer(&request))) {
            Ok(reply) => say(&reply),
            Err(panic) => {
                // What a panic leaves behind in Symbolica's state is unknown.
                say(&Reply::Failed(message(panic.as_ref())));
                exit(0);
            }
        }
    }
    exit(0);
}

/// The next request; `None` after the idle time, or when the child must go.
fn next(requests: &Receiver<Request>, must_go: impl Fn() -> bool) -> Option<Request> {
    let idle_since = Instant::now();
    while !must_go() && idle_since.elapsed() < IDLE {
        match requests.recv_timeout(GLANCE) {
            Ok(request) => return Some(request),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
