//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Audits the mathematics of a paper: which formulas hold, for which parameters, by what
/// evidence.
///
/// Exit codes: 0 nothing found, 1 findings, 2 the input or the call is wrong.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge every claim and every derivation line of the papers
    Check(CheckArgs),
    /// Tell the story of one claim or line in full
    Explain(ExplainArgs),
    /// Solve a game from a paper's file for given parameters, to certified digits
    Solve(SolveArgs),
    /// Draw the figures that the papers' files describe, as SVG
    Figures(FiguresArgs),
    /// Say which displayed formulas of a text have a claim, a derivation line or a reason, and which have none
    Coverage(CoverageArgs),
    /// Replay every certificate of a JSON report without the symbolic layer
    Recheck(RecheckArgs),
    /// Write a starter paper that checks without findings and shows the format
    New(NewArgs),
    /// Decide a problem of real algebra in SMT-LIB's QF_NRA: prints sat, unsat or unknown
    Decide(DecideArgs),
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// How an audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    Text,
    Json,
    Junit,
}

/// How solutions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SolveFormat {
    Text,
    /// One object; of a grid, one on each line.
    Json,
    /// One line for each solution at each point.
    Csv,
}

/// What all audits have in common.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Digits of the numeric route
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub digits: u32,
    /// Seconds that an engine may take for one question
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Seed of everything random
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Judge everything anew, also what is known from an earlier audit of the same files
    #[arg(long)]
    pub fresh: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Folders of papers, papers, or single files of a paper
    #[arg(default_value = "proofs")]
    pub paths: Vec<PathBuf>,
    /// Judge only the entries whose id matches, as `eq-*` or `my-paper/eq-12`
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: CheckFormat,
    /// Say only what changed since this report, written by `check --format json`
    #[arg(long, value_name = "REPORT.json")]
    pub baseline: Option<PathBuf>,
    /// List every finding and everything open, also where a terminal has no room for all of them
    #[arg(long)]
    pub all: bool,
    /// Say on standard error how long each stage took and which entries took longest; twice for all entries
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Leave timings out, so that the same input gives the same bytes
    #[arg(long)]
    pub no_timings: bool,
    /// Write the audit as web pages into a folder besides: one for each paper, and index.html
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// A date for the pages, printed as it is given
    #[arg(long, value_name = "TEXT", requires = "report")]
    pub date: Option<String>,
    #[command(flatten)]
    pub audit: AuditArgs,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The entry's id, with or without the paper's name in front
    pub id: String,
    /// Folders of papers, papers, or single files of a paper
    #[arg(long = "in", value_name = "PATH", default_value = "proofs")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub audit: AuditArgs,
}

#[derive(Debug, Args)]
pub struct SolveArgs {
    /// A paper's folder or file; with `::NAME` behind it where it holds several games
    #[arg(value_name = "PAPER")]
    pub paper: String,
    /// Which game, where the paper holds several
    #[arg(long, value_name = "NAME")]
    pub game: Option<String>,
    /// A parameter's value, exactly as written: `c_0=1`, `c_1=3/2`, `k_0=2.5`; `c_i=2` for every member
    #[arg(long, value_name = "SYMBOL=VALUE")]
    pub set: Vec<String>,
    /// Certified digits
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub digits: u32,
    /// A parameter's values, from one to another in equal steps, `c_1=1/10:10:50`, or at equal ratios,
    /// `c_1=1/10:10:50,log`; several grids make all combinations
    #[arg(long, value_name = "SYMBOL=FROM:TO:COUNT[,log]")]
    pub grid: Vec<String>,
    /// How the result is written; `csv` for a grid and `text` for a point unless said otherwise
    #[arg(long, value_enum)]
    pub format: Option<SolveFormat>,
}

#[derive(Debug, Args)]
pub struct FiguresArgs {
    /// Folders of papers, papers, or single files of a paper
    #[arg(default_value = "proofs")]
    pub paths: Vec<PathBuf>,
    /// The folder for the figures; each paper has one of its own in it
    #[arg(long, value_name = "DIR", default_value = "figures")]
    pub out: PathBuf,
    /// Draw only the figures whose id matches, as `fig-*` or `my-paper/fig-3`
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    #[command(flatten)]
    pub audit: AuditArgs,
}

#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// The paper's text: LaTeX if it ends with `.tex`, else Markdown
    #[arg(value_name = "TEXT")]
    pub text: PathBuf,
    /// Folders of papers, papers, or single files of a paper
    #[arg(long = "in", value_name = "PATH", default_value = "proofs")]
    pub paths: Vec<PathBuf>,
    /// Only the sections whose number or title matches, those inside of them included: `8`, `8.*`, `*proof*`
    #[arg(long, value_name = "GLOB")]
    pub section: Vec<String>,
    /// The text is this version of the paper: what only other versions print covers nothing in it
    #[arg(long = "as", value_name = "VERSION")]
    pub edition: Option<String>,
    /// List formulas inside of lines as well, if they relate something
    #[arg(long)]
    pub inline: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct RecheckArgs {
    /// A report written by `check --format json`
    pub report: PathBuf,
}

#[derive(Debug, Args)]
pub struct NewArgs {
    /// The paper's folder, which must not exist yet or be empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct DecideArgs {
    /// A script in SMT-LIB 2, of the plain QF_NRA fragment
    pub file: PathBuf,
    /// Print a model after each `sat`
    #[arg(long)]
    pub model: bool,
    /// Seconds that the whole script may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
}
