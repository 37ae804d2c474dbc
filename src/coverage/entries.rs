//! What papers say about formulas, ready to be looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::document::{Claim, Derivation, Displayed, FileId, Paper, PaperGame};
use crate::expr::{Expr, Formula, Relation, Scope};
use crate::tex::{self, Body, Line, Remark};

use super::outline::Outline;
use super::printed::{self, Piece, key};
use super::statement::{Statement, relation_key, row_key};

/// What covers a formula, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A claim prints it.
    Claim,
    /// A line of a derivation.
    Step,
    /// A primitive of a game, a definition, or the declaration of a symbol.
    Definition,
    /// It is no claim, for a stated reason.
    Reason,
}

/// A piece of a paper's data that covers formulas.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: Kind,
    /// For people: the id of a claim or line, or the name of a primitive.
    pub id: String,
    pub file: PathBuf,
    /// The line, from 1, of the file.
    pub line: usize,
    /// Why it is no claim.
    pub because: Option<String>,
    /// Where in the text it may stand; anywhere if its place is not known there.
    pub places: Option<Vec<Range<usize>>>,
    /// The place in the words of the file.
    pub at: Option<String>,
}

/// Terms and the relation between them, as printed.
type PrintedLink = (String, String, String);

/// All entries, by what they print and by what they say.
#[derive(Default)]
pub struct Entries {
    pub all: Vec<Entry>,
    wholes: BTreeMap<String, Vec<usize>>,
    links: BTreeMap<PrintedLink, Vec<usize>>,
    /// Functions that files write without their arguments, and what these may be.
    heads: BTreeMap<String, BTreeSet<String>>,
    /// The rows of `[[displayed]]`, which say what a text shows and not what it states.
    rows: BTreeMap<String, Vec<usize>>,
    /// What a row that looks like this should read, and the entry that says so.
    readings: BTreeMap<String, Vec<(usize, String)>>,
    pub frames: Vec<Frame>,
    /// The entries of `[[displayed]]` that speak of a place, not of a formula.
    pub by_place: Vec<usize>,
    /// Everything under `[[displayed]]`.
    pub displayed: Vec<usize>,
}

/// The names under which some entries were read, and what they say.
pub struct Frame {
    fingerprint: String,
    pub scope: Arc<Scope>,
    pub alias: Vec<(String, String)>,
    links: BTreeMap<(Expr, Relation, Expr), Vec<usize>>,
    wholes: BTreeMap<Formula, Vec<usize>>,
}

impl Frame {
    /// The entries that say this.
    pub fn whole(&self, f: &Formula) -> &[usize] {
        self.wholes.get(f).map_or(&[], Vec::as_slice)
    }
    /// The entries that relate these terms so.
    pub fn link(&self, link: &(Expr, Relation, Expr)) -> &[usize] {
        self.links.get(link).map_or(&[], Vec::as_slice)
    }
    fn add(&mut self, f: &Formula, entry: usize) {
        for (a, relation, b) in links_of(f) {
            self.links.entry((a, relation, b)).or_default().push(entry);
        }
        for part in parts_of(f) {
            self.wholes.entry(part.clone()).or_default().push(entry);
        }
    }
}

/// A statement and the statements that it joins.
fn parts_of(f: &Formula) -> Vec<&Formula> {
    let mut out = vec![f];
    if let Formula::And(parts) = f {
        out.extend(parts.iter().flat_map(parts_of));
    }
    out
}

/// The relations that a statement makes, those of statements that it joins included.
pub fn links_of(f: &Formula) -> Vec<(Expr, Relation, Expr)> {
    match f {
        Formula::Rel(a, relation, b) => vec![(a.clone(), *relation, b.clone())],
        Formula::Chain(first, links) => {
            let mut left = first;
            let mut out = vec![];
            for (relation, term) in links {
                out.push((left.clone(), *relation, term.clone()));
                left = term;
            }
            out
        }
        Formula::And(parts) => parts.iter().flat_map(links_of).collect(),
        _ => vec![],
    }
}

impl Entries {
    /// The entries of all papers, with their places in the text of `outline`.
    /// `edition` names the version of the paper that the text is; what only others print is left out.
    pub fn of(papers: &[Paper], outline: &Outline, edition: Option<&str>) -> Entries {
        let mut out = Entries::default();
        for paper in papers {
            let mut reader = Reader { paper, outline, edition, out: &mut out };
            reader.claims();
            reader.derivations();
            reader.equations();
            reader.primitives();
            reader.displayed();
        }
        out
    }
    /// The entries that print the same; `key` is that of a statement or a part.
    pub fn whole(&self, key: &str) -> &[usize] {
        self.wholes.get(key).map_or(&[], Vec::as_slice)
    }
    /// The reasons given for a row that looks the same.
    pub fn row(&self, key: &str) -> &[usize] {
        self.rows.get(key).map_or(&[], Vec::as_slice)
    }
    /// What a row that looks like this should read at a place of the text.
    pub fn reading(&self, key: &str, offset: usize) -> Option<&(usize, String)> {
        self.readings.get(key)?.iter().find(|(entry, _)| self.may_stand(*entry, offset))
    }
    /// Whether an entry may stand at a place of the text.
    pub fn may_stand(&self, entry: usize, offset: usize) -> bool {
        let places = &self.all[entry].places;
        places.as_ref().is_none_or(|places| places.iter().any(|p| p.contains(&offset)))
    }
    /// The entries that print the same relation between the same terms.
    pub fn link(&self, left: &[Piece], relation: &[Piece], right: &[Piece]) -> Vec<usize> {
        let (relation, right) = (relation_key(relation), key(right));
        let find = |left: String| self.links.get(&(left, relation.clone(), right.clone()));
        let mut out = find(key(left)).cloned().unwrap_or_default();
        if let Some((name, arguments)) = called(left).map(|(name, inside)| (key(name), inside))
            && let Some(known) = self.heads.get(&name)
            && arguments.split(|p| [",", ";"].contains(&p.key.as_str())).all(|a| known.contains(&key(a)))
        {
            out.extend(find(name).into_iter().flatten());
        }
        out
    }
}

/// The name and the arguments in `f(x, y)`.
fn called(left: &[Piece]) -> Option<(&[Piece], &[Piece])> {
    let open = left.iter().position(|p| p.key == "(" && p.depth == 0)?;
    let inside = left[open + 1..].split_last().filter(|(last, _)| last.key == ")")?.1;
    (open > 0 && inside.iter().all(|p| p.key != "(" && p.key != ")")).then(|| (&left[..open], inside))
}

struct Reader<'a> {
    paper: &'a Paper,
    outline: &'a Outline,
    edition: Option<&'a str>,
    out: &'a mut Entries,
}

/// Where the paper prints something, by version.
type At = BTreeMap<String, String>;

impl Reader<'_> {
    fn file(&self, id: FileId) -> PathBuf {
        self.paper.file(id).source.path().to_owned()
    }

    /// Whether the text, as far as it is known which version it is, prints what stands there.
    fn is_printed(&self, at: &At) -> bool {
        at.is_empty() || self.edition.is_none_or(|edition| at.contains_key(edition))
    }

    /// The parts of the text that several places name.
    fn places<'p>(&self, all: impl IntoIterator<Item = &'p At>) -> Option<Vec<Range<usize>>> {
        let here = |version: &str| self.edition.is_none_or(|edition| edition == version);
        let named = all.into_iter().flatten().filter(|(version, _)| here(version));
        let found: Vec<Range<usize>> = named.filter_map(|(_, p)| self.outline.resolve(p)).flatten().collect();
        (!found.is_empty()).then_some(found)
    }

    /// A proof often stands far from what it proves, and states it again: each may stand at the other's
    /// place.
    fn places_of_claim(&self, claim: &Claim) -> Option<Vec<Range<usize>>> {
        let of = |d: &&Derivation| {
            d.of.as_ref().is_some_and(|of| of.value == claim.id || of.value == claim.written_id.value)
        };
        let proofs = self.paper.derivations.iter().filter(of).map(|d| &d.at);
        self.places([&claim.at]).and_then(|_| self.places(proofs.chain([&claim.at])))
    }

    fn places_of_derivation(&self, d: &Derivation) -> Option<Vec<Range<usize>>> {
        let proved =
            |c: &&Claim| d.of.as_ref().is_some_and(|of| of.value == c.id || of.value == c.written_id.value);
        let claims = self.paper.claims.iter().filter(proved).map(|c| &c.at);
        self.places([&d.at]).and_then(|_| self.places(claims.chain([&d.at])))
    }

    fn push(&mut self, entry: Entry) -> usize {
        self.out.all.push(entry);
        self.out.all.len() - 1
    }

    fn frame(&mut self, scope: &Arc<Scope>, alias: &[(String, String)]) -> &mut Frame {
        let names: Vec<String> = scope
            .entries()
            .map(|e| format!("{} {:?} {:?}", e.symbol.key(), e.kind, e.symbol.latex()))
            .collect();
        let fingerprint = format!("{names:?} {:?} {alias:?}", scope.indices());
        let found = self.out.frames.iter().position(|f| f.fingerprint == fingerprint);
        let at = found.unwrap_or_else(|| {
            self.out.frames.push(Frame {
                fingerprint,
                scope: scope.clone(),
                alias: alias.to_vec(),
                links: BTreeMap::new(),
                wholes: BTreeMap::new(),
            });
            self.out.frames.len() - 1
        });
        &mut self.out.frames[at]
    }

    fn claims(&mut self) {
        let paper = self.paper;
        for claim in paper.claims.iter().filter(|c| self.is_printed(&c.at)).collect::<Vec<_>>() {
            let places = self.places_of_claim(claim);
            let readings = [(&claim.prints, ""), (&claim.reads, " (as it may read)")];
            for (text, how) in readings.into_iter().filter_map(|(t, how)| t.as_ref().map(|t| (t, how))) {
                let entry = self.push(Entry {
                    kind: Kind::Claim,
                    id: format!("{}{how}", claim.id),
                    file: self.file(text.file),
                    line: text.line,
                    because: None,
                    places: places.clone(),
                    at: place(&claim.at),
                });
                self.latex(entry, &text.text);
                self.frame(&claim.frame.scope, &claim.alias).add(&text.value, entry);
            }
            self.definitions(&claim.frame.definitions, &claim.id, &places, place(&claim.at));
        }
    }

    fn derivations(&mut self) {
        let paper = self.paper;
        for d in paper.derivations.iter().filter(|d| self.is_printed(&d.at)).collect::<Vec<_>>() {
            let places = self.places_of_derivation(d);
            let at = place(&d.at);
            self.definitions(&d.frame.definitions, &d.id.value, &places, at.clone());
            for block in &d.blocks {
                let own = &block.frame.definitions[d.frame.definitions.len()..];
                self.definitions(own, &d.id.value, &places, at.clone());
                let (mut printed, mut read) = (None, None);
                for step in &block.steps {
                    let entry = self.push(Entry {
                        kind: Kind::Step,
                        id: format!("{}/{}", d.id.value, step.number),
                        file: self.file(step.line.file),
                        line: step.line.line,
                        because: None,
                        places: places.clone(),
                        at: at.clone(),
                    });
                    // What the line may read is looked up as well, behind the same line.
                    if let Some(reads) = &step.reads {
                        self.row(entry, &reads.text, printed.as_deref());
                        self.line(entry, &block.frame.scope, &reads.value, read.as_ref());
                    }
                    printed = self.row(entry, &step.line.text, printed.as_deref());
                    read = self.line(entry, &block.frame.scope, &step.line.value, read.as_ref());
                }
                if let Some(against) = &block.against {
                    let number = block.steps.last().map_or(0, |s| s.number) + 1;
                    let entry = self.push(Entry {
                        kind: Kind::Step,
                        id: format!("{}/{number}", d.id.value),
                        file: self.file(against.file),
                        line: against.line,
                        because: None,
                        places: places.clone(),
                        at: at.clone(),
                    });
                    self.latex(entry, &against.text);
                    self.frame(&block.frame.scope, &[]).add(&against.value, entry);
                }
            }
        }
    }

    /// Enters a line as it was read, and gives its last term.
    fn line(&mut self, entry: usize, scope: &Arc<Scope>, line: &Line, before: Option<&Expr>) -> Option<Expr> {
        let formula = match (&line.body, before) {
            (Body::Statement(f), _) => f.clone(),
            (Body::Term(e), _) => return Some(e.clone()),
            (Body::Continues(relation, first, rest), Some(left)) => {
                let mut links = vec![(*relation, first.clone())];
                links.extend(rest.iter().cloned());
                Formula::Chain(left.clone(), links)
            }
            (Body::Continues(_, first, rest), None) => {
                return Some(rest.last().map_or(first, |(_, term)| term).clone());
            }
        };
        if !matches!(line.remark, Some(Remark::Where(_))) {
            self.frame(scope, &[]).add(&formula, entry);
        }
        links_of(&formula).pop().map(|(_, _, right)| right)
    }

    fn equations(&mut self) {
        let paper = self.paper;
        for e in paper.equations.iter().filter(|e| self.is_printed(&e.at)).collect::<Vec<_>>() {
            let entry = self.push(Entry {
                kind: Kind::Reason,
                id: e.id.value.clone(),
                file: self.file(e.id.file),
                line: e.prints.line,
                because: Some(e.reason.value.clone()),
                places: self.places([&e.at]),
                at: place(&e.at),
            });
            self.latex(entry, &e.prints.text);
        }
    }

    fn displayed(&mut self) {
        let paper = self.paper;
        for d in paper.displayed.iter().filter(|d| self.is_printed(&d.at)).collect::<Vec<_>>() {
            let Displayed { prints, reads, at, is, because } = d;
            let entry = self.push(Entry {
                kind: Kind::Reason,
                id: is.value.clone(),
                file: self.file(because.file),
                line: d.line(),
                because: Some(because.value.clone()),
                // A place that the text does not have is no place at all.
                places: if at.is_empty() { None } else { Some(self.places([at]).unwrap_or_default()) },
                at: place(at),
            });
            self.out.displayed.push(entry);
            match prints {
                Some(prints) if reads.is_some() => {
                    let reads = reads.as_ref().map(|r| r.text.clone()).unwrap_or_default();
                    for row in printed::read(&prints.text).map(|p| p.rows).unwrap_or_default() {
                        self.out.readings.entry(row_key(&row)).or_default().push((entry, reads.clone()));
                    }
                }
                Some(prints) => {
                    self.latex(entry, &prints.text);
                    for row in printed::read(&prints.text).map(|p| p.rows).unwrap_or_default() {
                        self.out.rows.entry(row_key(&row)).or_default().push(entry);
                    }
                }
                None => self.out.by_place.push(entry),
            }
        }
    }

    fn primitives(&mut self) {
        let paper = self.paper;
        for game in paper.games.values() {
            let name = format!("game {}", game.name.value);
            self.definitions(&game.definitions, &name, &None, None);
            self.payoffs(game, &name);
            for m in game.game.stages.iter().flat_map(|s| &s.moves) {
                let id = format!("{name}: the choice of {}", m.player);
                self.domain(&m.from, id, game.name.file, game.name.line);
            }
        }
        for symbol in paper.symbols.entries() {
            let id = format!("symbol {}", symbol.symbol);
            self.domain(&symbol.domain, id, FileId(0), 1);
        }
    }

    fn payoffs(&mut self, game: &PaperGame, name: &str) {
        for (payoff, body) in game.game.payoffs.iter().zip(&game.printed) {
            let head = payoff.function.latex();
            let entry = self.push(Entry {
                kind: Kind::Definition,
                id: format!("{name}: the payoff of {}", payoff.player),
                file: self.file(body.file),
                line: body.line,
                because: None,
                places: None,
                at: None,
            });
            if let Ok(printed) = printed::read(head)
                && let [row] = printed.rows.as_slice()
            {
                let g = &game.game;
                let choices = g.stages.iter().flat_map(|s| &s.moves).map(|m| &m.variable);
                let arguments = choices.chain(g.shares.iter().map(|s| &s.symbol));
                let keys = arguments.filter_map(|s| printed::read(s.latex()).ok());
                let keys = keys.flat_map(|p| p.rows).map(|row| key(&row));
                self.out.heads.entry(key(row)).or_default().extend(keys);
            }
            self.latex(entry, &format!("{head} = {}", body.text));
        }
    }

    fn definitions(
        &mut self,
        definitions: &[crate::document::Definition],
        of: &str,
        places: &Option<Vec<Range<usize>>>,
        at: Option<String>,
    ) {
        // The other members of a family are written nowhere.
        let mut written = BTreeSet::new();
        for d in definitions.iter().filter(|d| written.insert(d.head.span.start)) {
            let entry = self.push(Entry {
                kind: Kind::Definition,
                id: format!("{of}: where {}", d.head.text.trim()),
                file: self.file(d.body.file),
                line: d.body.line,
                because: None,
                places: places.clone(),
                at: at.clone(),
            });
            self.latex(entry, &format!("{} = {}", d.head.text, d.body.text));
        }
    }

    /// Enters what a file declares of a symbol; files say it without the symbol.
    fn domain(&mut self, domain: &[Formula], id: String, file: FileId, line: usize) {
        for f in domain {
            let entry = self.push(Entry {
                kind: Kind::Definition,
                id: id.clone(),
                file: self.file(file),
                line,
                because: None,
                places: None,
                at: None,
            });
            self.latex(entry, &tex::latex_formula(f));
        }
    }

    /// Enters a formula of one row or more.
    fn latex(&mut self, entry: usize, latex: &str) {
        self.row(entry, latex, None);
    }

    /// Enters a formula that goes on where `left` ends, and gives its own last term.
    fn row(&mut self, entry: usize, latex: &str, left: Option<&[Piece]>) -> Option<Vec<Piece>> {
        let rows = printed::read(latex).ok()?.rows;
        let mut last = left.map(<[Piece]>::to_vec);
        for row in super::rows::joined(rows) {
            last = self.statement(entry, &row, last.as_deref());
        }
        last
    }

    fn statement(&mut self, entry: usize, row: &[Piece], left: Option<&[Piece]>) -> Option<Vec<Piece>> {
        let mut statement = Statement::of(row);
        if statement.continues() {
            statement = match left {
                Some(left) => statement.continuing(left),
                None => return statement.last().map(<[Piece]>::to_vec),
            };
        }
        self.out.wholes.entry(statement.key()).or_default().push(entry);
        if statement.is_narrowed() {
            return None;
        }
        for part in statement.stated().filter(|p| p.states()) {
            self.out.wholes.entry(key(&part.pieces)).or_default().push(entry);
            for (a, link) in part.chain.iter().flat_map(|c| c.pairs()) {
                let printed = (key(a), relation_key(&link.relation), key(&link.term));
                self.out.links.entry(printed).or_default().push(entry);
            }
        }
        statement.last().map(<[Piece]>::to_vec)
    }
}

fn place(at: &At) -> Option<String> {
    let all: Vec<&str> = at.values().map(String::as_str).collect();
    (!all.is_empty()).then(|| all.join("; "))
}
