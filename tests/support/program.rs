//! The program as a user runs it: papers in temporary folders, arguments, and what came out.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The longest that any run of a test may take before it counts as hanging.
pub const HANGING: Duration = Duration::from_secs(120);

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The verdict on the entry with an id.
    pub fn verdict(&self, id: &str) -> String {
        let report = self.json();
        let claims = report["claims"].as_array().expect("claims");
        let claim = claims.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("no {id}: {report}"));
        claim["verdict"].as_str().expect("a verdict").to_owned()
    }
}

impl From<Output> for Ran {
    fn from(o: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ran { code: o.status.code(), out: text(o.stdout), err: text(o.stderr) }
    }
}

/// The program with arguments, its output caught, in the working directory `at`.
pub fn program<S: AsRef<OsStr>>(at: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofread"));
    command.args(arguments).current_dir(at).env_remove("NO_COLOR");
    // No place for an archive: what is tested is an audit, not what is left of an earlier one.
    command.env("XDG_CACHE_HOME", "/dev/null/none");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end. It never panics, whatever it is given.
pub fn run<S: AsRef<OsStr>>(at: &Path, arguments: impl IntoIterator<Item = S>) -> Ran {
    finish(&mut program(at, arguments))
}

/// Runs a command made by [`program`] to its end.
pub fn finish(command: &mut Command) -> Ran {
    let began = Instant::now();
    let ran = Ran::from(command.output().expect("the program starts"));
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    assert!(began.elapsed() < HANGING, "{ran:?}");
    ran
}

/// A folder with a paper `p` whose one file beside `paper.toml` is `p/a.toml`.
pub fn paper(text: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    add(&dir, "p/paper.toml", "title = 'A paper'\nversions = { long = 'The long one' }\n");
    add(&dir, "p/a.toml", text);
    dir
}

/// Adds a file to a folder.
pub fn add(dir: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = dir.path().join(name);
    fs::create_dir_all(path.parent().expect("a name in the folder")).expect("a folder");
    fs::write(&path, content).expect("a file");
    path
}

/// Two positive symbols.
pub const SYMBOLS: &str = "[symbols]\n'a' = '> 0'\n'b' = '> 0'\n";

/// A paper with a claim `id` that prints `prints`.
pub fn one_claim(id: &str, prints: &str) -> TempDir {
    paper(&format!("{SYMBOLS}[[claim]]\nid = '{id}'\nprints = '{prints}'\n"))
}

/// A paper with a game whose closed forms take the symbolic layer, a true claim and a false one.
pub fn game() -> TempDir {
    paper(
        r"
[symbols]
'c' = '> 0'
'\delta' = '\in [0,1]'
'x^*' = 'name'
'm' = 'name'
'P' = 'player'
'Q' = 'player'
'V' = 'function'
'W' = 'function'
[game.run]
bargain = '\delta'
players = ['Q']
disagreement = { P = '0', Q = '0' }
stages = [{ player = 'P', chooses = 'x', from = 'x \ge 0', optimal = 'x^*' }]
[game.run.payoffs]
P = 'V := \delta x - c x^2'
Q = 'W := (1 - \delta) x'
[[claim]]
id = 'best'
game = 'run'
prints = 'm = \frac{1}{2}'
means = '\arg\max_{\delta \in [0,1]} W(\delta)'
[[claim]]
id = 'worst'
game = 'run'
prints = 'm = \frac{1}{3}'
means = '\arg\max_{\delta \in [0,1]} W(\delta)'
[[claim]]
id = 'choice'
game = 'run'
prints = 'x^* = \frac{\delta}{2 c}'
means = 'equilibrium'
",
    )
}
