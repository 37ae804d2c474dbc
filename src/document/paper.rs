//! A paper: its files read in order, and what refers to what checked.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml_edit::{Document, Table};

use crate::expr::{Kind, Scope, Set, Symbol};
use crate::functions::AnyFunction;
use crate::tex;

use super::algorithm::{self, Algorithm};
use super::applied;
use super::claim::{self, Claim};
use super::derivation::{self, Derivation};
use super::diagnostic::{Diagnostic, Problem, suggest};
use super::displayed::{self, Displayed};
use super::equation::{self, Equation};
use super::fields::{Context, Fields, entries};
use super::figure::{self, Draws, Figure};
use super::find::Found;
use super::frame::Surroundings;
use super::functions;
use super::games::{self, PaperGame};
use super::indices;
use super::invariant::{self, Invariant};
use super::shared;
use super::source::{FileId, Located, Source};
use super::symbols;
use super::theorem::{self, Theorem};

const FILE_KEYS: [&str; 13] = [
    "algorithm",
    "functions",
    "indices",
    "sets",
    "section",
    "symbols",
    "game",
    "claim",
    "theorem",
    "derivation",
    "equation",
    "displayed",
    "figure",
];
const PAPER_KEYS: [&str; 17] = [
    "algorithm",
    "functions",
    "indices",
    "sets",
    "title",
    "authors",
    "versions",
    "shares",
    "section",
    "symbols",
    "game",
    "claim",
    "theorem",
    "derivation",
    "equation",
    "displayed",
    "figure",
];

/// A paper, as its folder describes it. Claims, derivations and equations are in the order of the files
/// (`paper.toml` first, then by name) and of their text.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The name of the folder.
    pub id: String,
    pub title: String,
    pub authors: Vec<String>,
    /// What each version of the paper is, by the name used in `at`.
    pub versions: BTreeMap<String, String>,
    pub files: Vec<File>,
    /// The symbols of all files.
    pub symbols: Scope,
    /// The sets that have a name.
    pub sets: BTreeMap<Symbol, Set>,
    /// The functions without a formula.
    pub functions: Vec<AnyFunction>,
    pub games: BTreeMap<String, PaperGame>,
    pub claims: Vec<Claim>,
    pub theorems: Vec<Theorem>,
    /// Claims about runs of algorithms.
    pub invariants: Vec<Invariant>,
    pub derivations: Vec<Derivation>,
    pub equations: Vec<Equation>,
    /// What is displayed and is no claim, for coverage.
    pub displayed: Vec<Displayed>,
    /// What is drawn; no audit depends on it.
    pub figures: Vec<Figure>,
}

/// A file of a paper.
#[derive(Clone, Debug)]
pub struct File {
    pub source: Source,
    /// The heading for what the file holds.
    pub section: Option<String>,
}

impl Paper {
    /// The file in which something stands.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0]
    }
    /// The game that a frame speaks of.
    pub fn game(&self, frame: &super::Frame) -> Option<&PaperGame> {
        frame.game.as_ref().and_then(|name| self.games.get(name))
    }
}

/// Reads a paper whose files were found. What is wrong is added to `problems`.
pub(super) fn read(found: &Found, problems: &RefCell<Vec<Diagnostic>>) -> Option<Paper> {
    let before = problems.borrow().len();
    let mut reader = Reader::new(found, problems);
    let (first, others) = found.files.split_at(1.min(found.files.len()));
    reader.files(first);
    let declared = reader.paper.files.first().map(|f| &f.source);
    for source in shared::read(&reader.shares, found, declared, problems) {
        reader.file(source, Part::Declarations);
    }
    reader.files(others);
    reader.figures();
    reader.check_ids();
    reader.check_references();
    reader.check_applications();
    let mut paper = reader.paper;
    if problems.borrow().len() > before {
        return None;
    }
    let nothing = paper.claims.is_empty() && paper.derivations.is_empty();
    if nothing && paper.theorems.is_empty() && paper.invariants.is_empty() {
        let help = format!("`{}` has neither a [[claim]] nor a [[derivation]]", found.folder.display());
        problems.borrow_mut().push(Diagnostic::general(Problem::NothingToCheck, help));
        return None;
    }
    if let Some(selected) = &found.selected {
        let keep = |file: FileId| selected.contains(paper.files[file.0].source.path());
        paper.claims.retain(|c| keep(c.written_id.file));
        paper.theorems.retain(|t| keep(t.id.file));
        paper.invariants.retain(|i| keep(i.id.file));
        paper.derivations.retain(|d| keep(d.id.file));
        paper.equations.retain(|e| keep(e.id.file));
        paper.displayed.retain(|d| keep(d.because.file));
        paper.figures.retain(|f| keep(f.id.file));
    }
    Some(paper)
}

/// How much of a file belongs to the paper.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// Symbols, indices, functions, sets and games: what a paper may share with another one.
    Declarations,
}

struct Reader<'a> {
    problems: &'a RefCell<Vec<Diagnostic>>,
    paper: Paper,
    /// The versions, once they are read without error.
    versions: Option<BTreeMap<String, String>>,
    /// The files of other papers whose declarations are this paper's too.
    shares: Vec<Located<String>>,
    /// The games that could not be read: what speaks of them is left out without a word.
    broken_games: BTreeSet<String>,
    algorithms: BTreeMap<String, Algorithm>,
    /// The algorithms that could not be read.
    broken_algorithms: BTreeSet<String>,
    /// The ids of all claims, those with errors included.
    claim_ids: BTreeSet<String>,
    with_figures: Vec<FileId>,
}

impl<'a> Reader<'a> {
    fn new(found: &Found, problems: &'a RefCell<Vec<Diagnostic>>) -> Reader<'a> {
        let paper = Paper {
            id: found.id.clone(),
            title: String::new(),
            authors: vec![],
            versions: BTreeMap::new(),
            files: vec![],
            symbols: Scope::new(),
            sets: BTreeMap::new(),
            functions: vec![],
            games: BTreeMap::new(),
            claims: vec![],
            theorems: vec![],
            invariants: vec![],
            derivations: vec![],
            equations: vec![],
            displayed: vec![],
            figures: vec![],
        };
        Reader {
            problems,
            paper,
            versions: None,
            shares: vec![],
            broken_games: BTreeSet::new(),
            algorithms: BTreeMap::new(),
            broken_algorithms: BTreeSet::new(),
            claim_ids: BTreeSet::new(),
            with_figures: vec![],
        }
    }

    fn files(&mut self, paths: &[PathBuf]) {
        for path in paths {
            match super::find::read_file(path) {
                Ok(source) => self.file(source, Part::All),
                Err(d) => self.problems.borrow_mut().push(d),
            }
        }
    }

    /// Reads one file, and puts what is wrong in it in the order of its text.
    fn file(&mut self, source: Source, part: Part) {
        let before = self.problems.borrow().len();
        self.contents(source, part);
        let mut problems = self.problems.borrow_mut();
        let start = |d: &Diagnostic| d.place.as_ref().map(|p| p.span.start);
        problems[before..].sort_by_key(start);
        problems.dedup_by(|a, b| a.place.is_some() && a.problem == b.problem && same_place(a, b));
    }

    /// Reads symbols and games first, for the claims use them wherever they stand.
    fn contents(&mut self, source: Source, part: Part) {
        let file = FileId(self.paper.files.len());
        let is_paper = source.path().file_name().is_some_and(|n| n == super::PAPER_FILE);
        self.paper.files.push(File { source: source.clone(), section: None });
        let cx = Context { source: &source, file, problems: self.problems };
        let document = match Document::parse(source.text()) {
            Ok(document) => document,
            Err(e) => return syntax_error(cx, &e),
        };
        let known: &[&str] = if is_paper { &PAPER_KEYS } else { &FILE_KEYS };
        let what = if is_paper { "paper.toml" } else { "a paper's file" };
        let fields = Fields::new(cx, document.as_table(), 0..0, what, known);
        if is_paper && part == Part::All {
            self.about(&fields);
        }
        symbols::read(&fields, &mut self.paper.symbols);
        indices::read(&fields, &mut self.paper.symbols);
        functions::read(&fields, &mut self.paper.symbols, &mut self.paper.functions);
        self.sets(&fields);
        self.games(&fields, document.as_table());
        if part == Part::All {
            self.paper.files[file.0].section = fields.prose("section").map(|s| s.value);
            self.algorithms(&fields);
            self.statements(cx, &fields);
            if fields.get("figure").is_some() {
                self.with_figures.push(file);
            }
        }
    }

    /// What is judged, and what is displayed beside it.
    fn statements(&mut self, cx: Context, fields: &Fields) {
        let around = Surroundings {
            scope: &self.paper.symbols,
            games: &self.paper.games,
            broken_games: &self.broken_games,
            versions: self.versions.as_ref(),
        };
        for (table, place) in fields.tables("claim") {
            self.claim_ids.extend(table.get("id").and_then(|id| id.as_str()).map(str::to_owned));
            if table.contains_key("algorithm") {
                let fields = Fields::new(cx, table, place, "a claim about an algorithm", &invariant::KEYS);
                let known = (&self.algorithms, &self.broken_algorithms);
                self.paper.invariants.extend(invariant::read(&fields, &around, known));
                continue;
            }
            let fields = Fields::new(cx, table, place, "a claim", &claim::KEYS);
            self.paper.claims.extend(claim::read(&fields, &around));
        }
        for (table, place) in fields.tables("theorem") {
            let fields = Fields::new(cx, table, place, "a theorem", &theorem::KEYS);
            self.paper.theorems.extend(theorem::read(&fields, &around));
        }
        for (table, place) in fields.tables("derivation") {
            let fields = Fields::new(cx, table, place, "a derivation", &derivation::keys());
            self.paper.derivations.extend(derivation::read(&fields, &around));
        }
        for (table, place) in fields.tables("equation") {
            let fields = Fields::new(cx, table, place, "an equation", &equation::KEYS);
            self.paper.equations.extend(equation::read(&fields, &around));
        }
        for (table, place) in fields.tables("displayed") {
            let fields = Fields::new(cx, table, place, "a displayed formula", &displayed::KEYS);
            let read = displayed::read(&fields, &around);
            let earlier = read.as_ref().and_then(|d| self.paper.displayed.iter().find(|e| e.same_as(d)));
            match (read, earlier) {
                (Some(d), Some(first)) => {
                    let path = self.paper.files[first.because.file.0].source.path().display();
                    let help = format!("line {} of {path} gives its reason already", first.line());
                    let place = d.prints.as_ref().map_or(d.because.span.clone(), |p| p.span.clone());
                    cx.report(place, Problem::DuplicateDisplayed, help);
                }
                (read, _) => self.paper.displayed.extend(read),
            }
        }
    }

    /// Reads the figures of all files: they may draw what any of them declares.
    fn figures(&mut self) {
        for file in std::mem::take(&mut self.with_figures) {
            let source = self.paper.files[file.0].source.clone();
            let cx = Context { source: &source, file, problems: self.problems };
            if let Ok(document) = Document::parse(source.text()) {
                let known: Vec<&str> = document.iter().map(|(key, _)| key).collect();
                self.figures_of(&Fields::new(cx, document.as_table(), 0..0, "a paper's file", &known));
            }
        }
    }

    fn figures_of(&mut self, fields: &Fields) {
        let around = Surroundings {
            scope: &self.paper.symbols,
            games: &self.paper.games,
            broken_games: &self.broken_games,
            versions: self.versions.as_ref(),
        };
        for (table, place) in fields.tables("figure") {
            let fields = Fields::new(fields.cx, table, place, "a figure", &figure::KEYS);
            let Some(read) = figure::read(&fields, &around) else { continue };
            match self.paper.figures.iter().find(|f| f.file_key() == read.file_key()) {
                Some(first) => {
                    let path = self.paper.files[first.id.file.0].source.path().display();
                    let help = if first.id.value == read.id.value {
                        format!("line {} of {path} uses it first", first.id.line)
                    } else {
                        let (id, line) = (&first.id.value, first.id.line);
                        format!("`{id}` on line {line} of {path} would be drawn into the same file")
                    };
                    fields.cx.report(read.id.span, Problem::DuplicateId(read.id.value), help);
                }
                None => self.paper.figures.push(read),
            }
        }
    }

    /// What only `paper.toml` says.
    fn about(&mut self, fields: &Fields) {
        let title = fields.required_prose("title", "give the paper's title: title = '…'");
        self.paper.title = title.map(|t| t.value).unwrap_or_default();
        let authors = fields.list("authors");
        self.paper.authors =
            authors.iter().filter_map(|a| fields.cx.prose("authors", a)).map(|a| a.value).collect();
        let mut versions = BTreeMap::new();
        for (name, item) in fields.entries("versions") {
            let Some(what) = fields.cx.prose(&name.value, item) else { return };
            versions.insert(name.value, what.value);
        }
        self.paper.versions.clone_from(&versions);
        self.versions = Some(versions);
        let shares = fields.list("shares");
        self.shares = shares.iter().filter_map(|path| fields.cx.prose("shares", path)).collect();
    }

    /// The `[sets]` table: `'S' = '\{x : x \ge 1\}'`.
    fn sets(&mut self, fields: &Fields) {
        for (name, item) in fields.entries("sets") {
            let symbol = Symbol::new(&name.value);
            let declared = self.paper.symbols.entry(&symbol).is_some_and(|e| e.kind == Kind::Name);
            if !declared {
                let help = format!("declare it under [symbols]: '{}' = 'name'", name.value);
                fields.cx.report(name.span, Problem::Undeclared(name.value), help);
                continue;
            }
            if self.paper.sets.contains_key(&symbol) {
                let help = "one set of this name is enough, whatever file it stands in";
                fields.cx.report(name.span, Problem::DuplicateSymbol(name.value), help);
                continue;
            }
            let Some(text) = fields.cx.latex(&name.value, item) else { continue };
            let scope = &self.paper.symbols;
            if let Some(set) = fields.cx.read(&text, |src| tex::parse_set(src, scope)) {
                self.paper.sets.insert(symbol, set.value);
            }
        }
    }

    fn games(&mut self, fields: &Fields, root: &Table) {
        let Some(item) = root.get("game") else { return };
        let Some(table) = item.as_table_like() else {
            fields.cx.wrong_type("game", item, "a table, `[game.NAME]`,");
            return;
        };
        for (name, item) in entries(fields.cx, table) {
            let Some(table) = item.as_table_like() else {
                fields.cx.wrong_type(&name.value, item, "a table, `[game.NAME]`,");
                continue;
            };
            if self.paper.games.contains_key(&name.value) {
                let problem = Problem::DuplicateGame(name.value);
                fields.cx.report(name.span, problem, "games of all files need names of their own");
                continue;
            }
            match games::read(fields.cx, &name, table, &self.paper.symbols) {
                Some(game) => {
                    self.paper.games.insert(name.value.clone(), game);
                }
                None => {
                    self.broken_games.insert(name.value.clone());
                }
            }
        }
    }

    fn algorithms(&mut self, fields: &Fields) {
        for (name, item) in fields.entries("algorithm") {
            let Some(table) = item.as_table_like() else {
                fields.cx.wrong_type(&name.value, item, "a table, `[algorithm.NAME]`,");
                continue;
            };
            if self.algorithms.contains_key(&name.value) {
                let problem =
                    Problem::Incomplete(format!("the algorithm `{}` is described twice", name.value));
                fields.cx.report(name.span, problem, "algorithms of all files need names of their own");
                continue;
            }
            match algorithm::read(fields.cx, &name, table, &self.paper.symbols) {
                Some(read) => {
                    self.algorithms.insert(name.value, read);
                }
                None => {
                    self.broken_algorithms.insert(name.value);
                }
            }
        }
    }

    fn report(&self, at: &Located<String>, problem: Problem, help: String) {
        let source = &self.paper.files[at.file.0].source;
        self.problems.borrow_mut().push(Diagnostic::at(source, at.span.clone(), problem, Some(help)));
    }

    /// Every claim, equation and derivation, and every line of a derivation, has an id of its own.
    fn check_ids(&self) {
        let mut taken: BTreeMap<String, &Located<String>> = BTreeMap::new();
        let claims = self.paper.claims.iter().map(|c| (c.id.clone(), &c.written_id));
        let clauses = self.paper.theorems.iter().flat_map(|t| &t.clauses);
        let clauses = clauses.map(|c| (c.id.clone(), &c.written_id));
        let invariants = self.paper.invariants.iter().map(|i| (i.id.value.clone(), &i.id));
        let derivations = self.paper.derivations.iter().map(|d| (d.id.value.clone(), &d.id));
        let equations = self.paper.equations.iter().map(|e| (e.id.value.clone(), &e.id));
        let lines = self
            .paper
            .derivations
            .iter()
            .flat_map(|d| d.steps().map(|s| (format!("{}/{}", d.id.value, s.number), &d.id)));
        let mut reported = BTreeSet::new();
        for (id, at) in
            claims.chain(clauses).chain(invariants).chain(derivations).chain(equations).chain(lines)
        {
            let Some(first) = taken.insert(id.clone(), at) else { continue };
            if reported.insert((at.file, at.span.clone().start)) {
                let path = self.paper.files[first.file.0].source.path().display();
                let help = format!("line {} of {path} uses it first", first.line);
                self.report(at, Problem::DuplicateId(id), help);
            }
        }
    }

    /// Every function without a formula is applied to as many arguments as it takes.
    fn check_applications(&self) {
        for wrong in applied::misapplied(&self.paper) {
            let at = wrong.piece.with(String::new());
            let problem = Problem::Arguments { function: wrong.function.to_string(), given: wrong.given };
            self.report(&at, problem, format!("it is declared as `{}`", wrong.declared));
        }
    }

    fn check_references(&self) {
        let read: BTreeSet<&str> =
            self.paper.claims.iter().flat_map(|c| [c.id.as_str(), c.written_id.value.as_str()]).collect();
        let invariants = self.paper.invariants.iter().map(|i| i.id.value.as_str());
        let read: BTreeSet<&str> = read.into_iter().chain(invariants).collect();
        // An instance of a claim that could not be read is taken to exist.
        let unread = |id: &str| {
            let claim = id.rsplit_once('/').map_or(id, |(claim, _)| claim);
            self.claim_ids.contains(id) || self.claim_ids.contains(claim) && !read.contains(claim)
        };
        let names: Vec<&str> = read.iter().copied().collect();
        let drawn = self.paper.figures.iter().filter_map(|f| match &f.draws {
            Draws::Claim(id) => Some(id),
            _ => None,
        });
        for of in self.paper.derivations.iter().filter_map(|d| d.of.as_ref()).chain(drawn) {
            if !read.contains(of.value.as_str()) && !unread(&of.value) {
                let help = suggest(&of.value, "claims of this paper", &names);
                self.report(of, Problem::UnknownClaim(of.value.clone()), help);
            }
        }
    }
}

/// Whether two diagnostics point at the same bytes of the same file.
fn same_place(a: &Diagnostic, b: &Diagnostic) -> bool {
    let place = |d: &Diagnostic| d.place.as_ref().map(|p| (p.source.path().to_owned(), p.span.clone()));
    place(a) == place(b)
}

fn syntax_error(cx: Context, e: &toml_edit::TomlError) {
    let span = cx.source.clamp(e.span().unwrap_or_default());
    let text = cx.source.text();
    let before_backslash = text[..span.start].ends_with('\\') || text[span.clone()].starts_with('\\');
    let help = if before_backslash {
        "put LaTeX in single quotes ('…' or '''…'''): it needs no escaping there"
    } else {
        "see https://toml.io for the format; LaTeX goes into single quotes"
    };
    cx.report(span, Problem::Syntax(e.message().to_owned()), help);
}
