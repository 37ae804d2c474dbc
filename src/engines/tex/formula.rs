//! Statements: relations, chains, memberships, connectives and lists.

use super::error::TexErrorKind;
use super::lexer::{Delim, Tok};
use super::parser::{Parser, Read};
use super::sets::expanded;
use crate::expr::{Expr, Formula, Relation, Set};

/// The longest label of a step, in characters.
const LONGEST_LABEL: usize = 4;

/// What joins two statements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joiner {
    And,
    Or,
    /// A comma, a word or `\cap`: binds as loosely as the eye says, so never beside an `or`.
    SoftAnd,
    SoftOr,
}

/// A statement, or a term that waits for its relation (`x, y > 0`).
pub(super) enum Item {
    Statement(Formula),
    Term(Expr),
}

/// An implication or an equivalence between statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Connective {
    Implies,
    Iff,
}

pub(super) fn relation_command(c: &str) -> Option<Relation> {
    Some(match c {
        "\\neq" | "\\ne" => Relation::Ne,
        "\\lt" => Relation::Lt,
        "\\gt" => Relation::Gt,
        "\\le" | "\\leq" | "\\leqslant" => Relation::Le,
        "\\ge" | "\\geq" | "\\geqslant" => Relation::Ge,
        "\\coloneqq" => Relation::Eq,
        _ => return None,
    })
}

pub(super) fn connective_command(c: &str) -> Option<Connective> {
    Some(match c {
        "\\Rightarrow" | "\\implies" | "\\Longrightarrow" => Connective::Implies,
        "\\Leftrightarrow" | "\\iff" | "\\Longleftrightarrow" => Connective::Iff,
        _ => return None,
    })
}

impl<'a> Parser<'a, '_> {
    /// A statement with at most one implication or equivalence.
    pub fn formula(&mut self) -> Read<Formula> {
        self.deeper(|p| {
            let (left, _) = p.list()?;
            p.implication(left)
        })
    }

    /// What may follow the first list of a statement: `\Rightarrow q`, `\iff q`.
    pub fn implication(&mut self, left: Formula) -> Read<Formula> {
        let Some(connective) = self.connective() else { return Ok(left) };
        let start = self.pos;
        let (right, commas) = self.list()?;
        if commas {
            let message = "whether what follows the comma belongs to the conclusion is not visible";
            return self.ambiguous(self.since(start), message, "use brackets or `\\land`");
        }
        if self.connective().is_some() {
            return self.ambiguous(
                self.since(start),
                "two arrows in a row",
                "put one of the statements in brackets",
            );
        }
        let (p, q) = (Box::new(left), Box::new(right));
        Ok(match connective {
            Connective::Implies => Formula::Implies(p, q),
            Connective::Iff => Formula::Iff(p, q),
        })
    }

    /// The arrow at the cursor, consumed.
    pub fn connective(&mut self) -> Option<Connective> {
        let Some(Tok::Command(c)) = self.peek() else { return None };
        let found = connective_command(c)?;
        self.pos += 1;
        Some(found)
    }

    /// Statements joined by commas, `\land`, `\lor`, `\cap`, `and`, `or`; and whether by commas.
    pub fn list(&mut self) -> Read<(Formula, bool)> {
        let start = self.pos;
        let item = self.item()?;
        self.list_from(item, start)
    }

    /// The rest of a list whose first item is read.
    pub fn list_from(&mut self, first: Item, start: usize) -> Read<(Formula, bool)> {
        let mut waiting: Vec<Expr> = vec![];
        let mut parts: Vec<Formula> = vec![];
        let mut joiners: Vec<Joiner> = vec![];
        let mut item = first;
        loop {
            match item {
                Item::Statement(f) => {
                    parts.extend(
                        waiting
                            .drain(..)
                            .map(|e| with_left_side(&f, e))
                            .collect::<Option<Vec<_>>>()
                            .map_or_else(
                                || {
                                    self.ambiguous(
                                        self.since(start),
                                        "terms before a statement that is no relation",
                                        "give each term its relation",
                                    )
                                },
                                Ok,
                            )?,
                    );
                    if joiners.last() == Some(&Joiner::SoftAnd) && parts.last().is_some_and(|p| halves(p, &f))
                    {
                        let help = "write one statement for each variable";
                        return self.ambiguous(
                            self.since(start),
                            "each half may be meant for both variables",
                            help,
                        );
                    }
                    parts.push(f);
                }
                Item::Term(e) => waiting.push(e),
            }
            let Some(joiner) = self.joiner() else { break };
            let of_terms = !waiting.is_empty() && joiner != Joiner::SoftAnd;
            if of_terms {
                return self.unexpected("a relation");
            }
            if waiting.is_empty() {
                joiners.push(joiner);
            }
            item = self.item()?;
        }
        if !waiting.is_empty() {
            return self.unexpected("a relation: `=`, `<`, `\\le`, `\\in` …");
        }
        let soft = joiners.contains(&Joiner::SoftAnd);
        let formula = joined(parts, &joiners).map_or_else(
            || {
                self.ambiguous(
                    self.since(start),
                    "`and` beside `or` without brackets",
                    "use brackets, or `\\land` and `\\lor`",
                )
            },
            Ok,
        )?;
        Ok((formula, soft))
    }

    /// The joiner at the cursor, consumed; none where only the end or a remark follows it.
    fn joiner(&mut self) -> Option<Joiner> {
        let start = self.pos;
        let joiner = match self.peek()? {
            Tok::Command("\\land" | "\\wedge") => Joiner::And,
            Tok::Command("\\lor" | "\\vee") => Joiner::Or,
            Tok::Command("\\cap") | Tok::Char(',' | ';') => Joiner::SoftAnd,
            _ => return self.word_joiner(),
        };
        self.pos += 1;
        if matches!(self.source.toks[start].tok, Tok::Char(_)) {
            if let Some(word) = self.word_joiner() {
                return Some(word);
            }
            let mark = matches!(
                self.peek(),
                None | Some(Tok::Newline | Tok::Command("\\tag" | "\\label") | Tok::Char('.'))
            );
            if mark || self.at_remark() {
                self.pos = start;
                return None;
            }
        }
        Some(joiner)
    }

    fn word_joiner(&mut self) -> Option<Joiner> {
        let (word, end) = self.word()?;
        let joiner = match word.as_str() {
            "and" => Joiner::SoftAnd,
            "or" => Joiner::SoftOr,
            _ => return None,
        };
        self.pos = end;
        Some(joiner)
    }

    /// One statement without connectives outside brackets, or a bare term.
    pub fn item(&mut self) -> Read<Item> {
        let statement = match self.peek() {
            Some(Tok::Command("\\neg" | "\\lnot")) => {
                self.pos += 1;
                let inner = self.deeper(|p| p.item())?;
                match inner {
                    Item::Statement(f) => !f,
                    Item::Term(_) => return self.unexpected("a relation"),
                }
            }
            Some(Tok::Command("\\top")) => {
                self.pos += 1;
                Formula::True
            }
            Some(Tok::Command("\\bot")) => {
                self.pos += 1;
                Formula::False
            }
            Some(Tok::Open(Delim::Paren | Delim::Bracket, _)) if self.holds_relation(self.pos) => {
                let close = self.source.partner[self.pos];
                let (a, b) = (self.source.toks[self.pos].tok, self.source.toks[close].tok);
                if !matches!((a, b), (Tok::Open(x, _), Tok::Close(y, _)) if x == y) {
                    let message = "brackets that do not match";
                    return self.error(TexErrorKind::Structure, self.span(self.pos, close + 1), message);
                }
                self.within("a connective, or the closing bracket", |p| p.formula())?
            }
            _ => return self.relations(),
        };
        Ok(Item::Statement(statement))
    }

    /// A relation chain that must be there.
    pub fn relation_chain(&mut self) -> Read<Formula> {
        match self.relations()? {
            Item::Statement(f) => Ok(f),
            Item::Term(_) => self.unexpected("a relation: `=`, `<`, `\\le`, `\\in` …"),
        }
    }

    fn relations(&mut self) -> Read<Item> {
        let start = self.pos;
        let first = self.sum()?;
        if let Some(negated) = self.membership() {
            let member = Formula::In(first, self.set()?);
            if self.at_relation() {
                let message = "a relation behind a membership";
                return self.ambiguous(self.here(), message, "make two statements of it");
            }
            return Ok(Item::Statement(if negated { !member } else { member }));
        }
        if self.at_questioned_set() {
            self.pos += 1;
            self.argument("the mark over the sign")?;
            self.argument("the sign under the mark")?;
            return Ok(Item::Statement(Formula::In(first, self.set()?)));
        }
        let rest = self.chain()?;
        if rest.is_empty() {
            return Ok(Item::Term(first));
        }
        self.settled(first, rest, start).map(Item::Statement)
    }

    /// `R a R b …` at the cursor; empty if no relation stands there.
    pub fn chain(&mut self) -> Read<Vec<(Relation, Expr)>> {
        let mut rest = vec![];
        while let Some(relation) = self.relation()? {
            rest.push((relation, self.sum()?));
        }
        Ok(rest)
    }

    /// The relation or chain, with `x = a \pm b` as a membership.
    fn settled(&self, first: Expr, mut rest: Vec<(Relation, Expr)>, start: usize) -> Read<Formula> {
        let two_valued = |e: &Expr| has_plus_minus(e);
        if two_valued(&first) || rest.iter().any(|(_, e)| two_valued(e)) {
            if let [(Relation::Eq, value)] = &rest[..]
                && !two_valued(&first)
            {
                return Ok(Formula::In(first, Set::Finite(expanded(value))));
            }
            let message = "`\\pm` in a relation other than `x = …`";
            return self.ambiguous(self.since(start), message, "write both values");
        }
        Ok(if rest.len() == 1 {
            let (relation, second) = rest.remove(0);
            Formula::Rel(first, relation, second)
        } else {
            Formula::Chain(first, rest)
        })
    }

    /// `\in` (false) or `\notin` (true) at the cursor, consumed.
    fn membership(&mut self) -> Option<bool> {
        let negated = match (self.peek()?, self.tok_at(self.pos + 1)) {
            (Tok::Command("\\in"), _) => false,
            (Tok::Command("\\notin"), _) => true,
            (Tok::Command("\\not"), Some(Tok::Command("\\in"))) => {
                self.pos += 1;
                true
            }
            _ => return None,
        };
        self.pos += 1;
        Some(negated)
    }

    /// `\stackrel{?}{=}` before a set.
    fn at_questioned_set(&self) -> bool {
        self.marked_relation().is_some_and(|(relation, end)| {
            relation == Relation::Eq && matches!(self.tok_at(end), Some(Tok::Open(Delim::Brace, _)))
        })
    }

    /// `\stackrel{…}{=}` at the cursor, or any relation under a step's label, as in `\stackrel{(iii)}{\le}`: the
    /// relation and the place behind it.
    fn marked_relation(&self) -> Option<(Relation, usize)> {
        if !matches!(self.peek(), Some(Tok::Command("\\stackrel" | "\\overset"))) {
            return None;
        }
        let partner = &self.source.partner;
        let over = partner.get(self.pos + 1).copied().filter(|&c| c > self.pos + 1)?;
        let mark = self.text(self.pos + 2..over).trim();
        let under = over + 1;
        let end = partner.get(under).copied().filter(|&c| c == under + 2)?;
        let relation = match self.tok_at(under + 1)? {
            Tok::Char('=') => Relation::Eq,
            Tok::Char('<') => Relation::Lt,
            Tok::Char('>') => Relation::Gt,
            Tok::Command(c) => relation_command(c)?,
            _ => return None,
        };
        let defining = matches!(mark, "?" | "!" | "def" | "\\text{def}" | "\\mathrm{def}");
        ((defining && relation == Relation::Eq) || is_step_label(mark)).then_some((relation, end + 1))
    }

    pub fn at_relation(&self) -> bool {
        match self.peek() {
            Some(Tok::Char('=' | '<' | '>')) => true,
            Some(Tok::Char(':')) => self.tok_at(self.pos + 1) == Some(Tok::Char('=')),
            Some(Tok::Command("\\not")) => self.tok_at(self.pos + 1) == Some(Tok::Char('=')),
            Some(Tok::Command(c)) => relation_command(c).is_some() || self.marked_relation().is_some(),
            _ => false,
        }
    }

    /// The relation at the cursor, consumed.
    pub fn relation(&mut self) -> Read<Option<Relation>> {
        if !self.at_relation() {
            return Ok(None);
        }
        if let Some((relation, end)) = self.marked_relation() {
            self.pos = end;
            return Ok(Some(relation));
        }
        let tok = self.peek();
        self.pos += 1;
        Ok(Some(match tok {
            Some(Tok::Char('<')) => Relation::Lt,
            Some(Tok::Char('>')) => Relation::Gt,
            Some(Tok::Char(':')) => {
                self.pos += 1;
                Relation::Eq
            }
            Some(Tok::Command("\\not")) => {
                self.pos += 1;
                Relation::Ne
            }
            Some(Tok::Command(c)) => match relation_command(c) {
                Some(r) => r,
                None => return self.unexpected("a relation"),
            },
            _ => Relation::Eq,
        }))
    }
}

/// Whether a mark over a relation only says which step of a chain it is: `(iii)`, `(a)`, `(2)`.
fn is_step_label(mark: &str) -> bool {
    let inner = mark.strip_prefix('(').and_then(|m| m.strip_suffix(')')).unwrap_or_default();
    (1..=LONGEST_LABEL).contains(&inner.len()) && inner.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The statement `f` made about `e` in place of its left side.
fn with_left_side(f: &Formula, e: Expr) -> Option<Formula> {
    Some(match f {
        Formula::Rel(_, r, b) => Formula::Rel(e, *r, b.clone()),
        Formula::Chain(_, rest) => Formula::Chain(e, rest.clone()),
        Formula::In(_, s) => Formula::In(e, s.clone()),
        _ => return None,
    })
}

/// Whether two neighbours in a list look like one chain about several variables (`0 < x, y < 1`).
fn halves(first: &Formula, second: &Formula) -> bool {
    let upward = |r: &Relation| matches!(r, Relation::Lt | Relation::Le);
    let downward = |r: &Relation| matches!(r, Relation::Gt | Relation::Ge);
    match (first, second) {
        (Formula::Rel(Expr::Num(_), r, Expr::Sym(_)), Formula::Rel(Expr::Sym(_), s, Expr::Num(_))) => {
            (upward(r) && upward(s)) || (downward(r) && downward(s))
        }
        _ => false,
    }
}

/// The parts joined, `\land` before `\lor`; `None` where a loose `and` stands beside an `or`.
fn joined(parts: Vec<Formula>, joiners: &[Joiner]) -> Option<Formula> {
    let or = |j: &Joiner| matches!(j, Joiner::Or | Joiner::SoftOr);
    let soft_and = joiners.contains(&Joiner::SoftAnd);
    let soft_or = joiners.contains(&Joiner::SoftOr);
    let any_or = joiners.iter().any(or);
    let any_and = joiners.iter().any(|j| !or(j));
    if (soft_and && any_or) || (soft_or && any_and) {
        return None;
    }
    if !any_or {
        return Some(Formula::and(parts));
    }
    // Terms that share a relation come in front of their statement without a joiner of their own.
    if parts.len() != joiners.len() + 1 {
        return None;
    }
    let mut groups = vec![vec![]];
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 && or(&joiners[i - 1]) {
            groups.push(vec![]);
        }
        groups.last_mut().expect("starts with one group").push(part);
    }
    Some(Formula::or(groups.into_iter().map(Formula::and).collect()))
}

pub(super) fn has_plus_minus(e: &Expr) -> bool {
    matches!(e, Expr::PlusMinus(_)) || e.children().into_iter().any(has_plus_minus)
}
