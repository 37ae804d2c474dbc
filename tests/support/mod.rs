//! What integration tests share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use proofread::audit::{DRAWS, Options, Outcome, Symbolic, run};
use proofread::document::{Paper, load};
use proofread::prove::Engines;

/// The folder of papers that the project ships.
#[allow(dead_code, reason = "not every test reads them")]
pub fn proofs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs")
}

/// The papers under a path, which must be right.
pub fn papers(path: &Path) -> Vec<Paper> {
    load(&[path.to_owned()]).unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()))
}

/// The symbolic layer of the program under test.
pub fn symbolic() -> Symbolic {
    Symbolic::new(env!("CARGO_BIN_EXE_proofread").into(), Duration::from_secs(60), || {})
}

/// The audit of papers in memory, as `check` runs it.
pub fn audit(papers: &[Paper]) -> Outcome {
    let options = Options { seed: 0, digits: 40, draws: DRAWS, only: None, engines: Engines::default() };
    run(papers, &options, &symbolic(), &|_| {})
}
