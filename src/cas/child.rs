//! The child process as its parent sees it.

use std::io::{self, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::protocol::{Reply, Request, receive, send};

/// A running child; killed and waited for when dropped.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    socket: BufReader<UnixStream>,
}

/// What came back, if it was no reply.
#[derive(Debug)]
pub enum Silence {
    /// The deadline passed.
    Late,
    /// The child ended.
    Ended(ExitStatus),
    /// The child spoke out of turn.
    Garbled(io::Error),
}

impl Child {
    /// Starts `program __cas`. The child inherits the environment (`SYMBOLICA_LICENSE` with it).
    /// It gets a process group of its own: Ctrl-C reaches the parent alone, and the child ends
    /// with it.
    pub fn start(program: &Path) -> io::Result<Child> {
        let (ours, theirs) = UnixStream::pair()?;
        let process = Command::new(program)
            .arg(super::worker::SUBCOMMAND)
            .env("SYMBOLICA_HIDE_BANNER", "1")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Child { process, socket: BufReader::new(ours) })
    }

    /// Sends a request; the reply is heard with [`Child::hear`].
    pub fn say(&mut self, request: &Request, deadline: Instant) -> Result<(), Silence> {
        let left = left_until(deadline)?;
        let sent = self.socket.get_ref().set_write_timeout(Some(left));
        match sent.and_then(|()| send(self.socket.get_mut(), request)) {
            Ok(()) => Ok(()),
            Err(e) => Err(self.silence(e)),
        }
    }

    /// The next reply.
    pub fn hear(&mut self, deadline: Instant) -> Result<Reply, Silence> {
        let left = left_until(deadline)?;
        let heard = self.socket.get_ref().set_read_timeout(Some(left));
        match heard.and_then(|()| receive(&mut self.socket)) {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) => Err(self.silence(io::ErrorKind::BrokenPipe.into())),
            Err(e) => Err(self.silence(e)),
        }
    }

    fn silence(&mut self, e: io::Error) -> Silence {
        match e.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Silence::Late,
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => match self.process.wait() {
                Ok(status) => Silence::Ended(status),
                Err(e) => Silence::Garbled(e),
            },
            _ => Silence::Garbled(e),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Both fail only if the child has ended and been waited for already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a child ended, in words.
pub fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no exit code".to_owned(),
    }
}

fn left_until(deadline: Instant) -> Result<Duration, Silence> {
    match deadline.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(Silence::Late),
        left => Ok(left.max(Duration::from_millis(1))),
    }
}
