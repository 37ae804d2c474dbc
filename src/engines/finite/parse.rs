//! The reader of sentences.
//!
//! ```text
//! sentence := 'for' ('all' | 'some' | 'no') NAME {',' NAME} ':' sentence | implication
//! implication := either [('implies' | 'iff') either]
//! either := both {'or' both}          both := one {'and' one}
//! one := 'not' one | '(' sentence ')' | 'for' … | spot relation spot {relation spot}
//!      | 'optimal' '(' (spot | 'disagreement') ')' | 'acceptable' '(' spot ')'
//!      | 'between' '(' spot ',' spot ',' spot ')'
//!      | ('increasing' | 'decreasing') '(' PAYOFF ',' spot ')'
//! spot := NAME | '0' | '1' | 'peak' '(' PLAYER ')' | PAYOFF '(' spot ')'
//! ```
//!
//! A relation stands between two agreements, between two values of one payoff, or between a payoff
//! and `0`, what disagreement is worth. *Acceptable* is an agreement at which nobody gets less than
//! that (of a family whose members may abstain nobody ever does). A payoff is *increasing* at an
//! agreement before its peak and *decreasing* behind it; at its peak it is neither. `and` together
//! with `or`, and two arrows in a row, need brackets.

use std::ops::Range;

use super::sentence::{Abstaining, Frame, Relation, Sentence, Spot, Worth};

/// The deepest nesting that is read.
const DEEPEST: usize = 60;
/// Words of the language, for hints.
const WORDS: [&str; 15] = [
    "for",
    "all",
    "some",
    "no",
    "not",
    "and",
    "or",
    "implies",
    "iff",
    "optimal",
    "acceptable",
    "between",
    "increasing",
    "decreasing",
    "peak",
];

/// Why a text is no sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Misread {
    pub span: Range<usize>,
    pub message: String,
    /// A name that is not known, and what it might have been.
    pub unknown: Option<(String, Vec<String>)>,
}

/// Reads a sentence without free variables.
pub fn parse(text: &str, frame: &Frame) -> Result<Sentence, Misread> {
    let tokens = lex(text)?;
    let mut reader =
        Reader { tokens, at: 0, end: text.len(), frame, variables: vec![], member: false, depth: 0 };
    let sentence = reader.sentence()?;
    match reader.tokens.get(reader.at) {
        None => Ok(sentence),
        Some(t) => Err(reader.unexpected(t.span.clone(), "the end of the sentence")),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Name(String),
    Relation(Relation),
    Sign(char),
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    span: Range<usize>,
}

fn lex(text: &str) -> Result<Vec<Token>, Misread> {
    let mut out = vec![];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (kind, length) = match c {
            _ if c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            '(' | ')' | ':' | ',' => (Kind::Sign(c), 1),
            '0' | '1' => (Kind::Name(c.to_string()), 1),
            _ if relation(rest).is_some() => {
                let (relation, length) = relation(rest).expect("just seen");
                (Kind::Relation(relation), length)
            }
            _ => {
                let length = name_length(rest);
                if length == 0 {
                    let span = start..start + c.len_utf8();
                    return Err(Misread {
                        span,
                        message: format!("`{c}` is not understood here"),
                        unknown: None,
                    });
                }
                (Kind::Name(rest[..length].split_whitespace().collect()), length)
            }
        };
        out.push(Token { kind, span: start..start + length });
        rest = &rest[length..];
    }
    Ok(out)
}

fn relation(rest: &str) -> Option<(Relation, usize)> {
    let all = [
        ("<=", Relation::Le),
        (">=", Relation::Ge),
        ("!=", Relation::Ne),
        ("<", Relation::Lt),
        (">", Relation::Gt),
        ("=", Relation::Eq),
        (r"\leq", Relation::Le),
        (r"\geq", Relation::Ge),
        (r"\neq", Relation::Ne),
        (r"\le", Relation::Le),
        (r"\ge", Relation::Ge),
        (r"\ne", Relation::Ne),
    ];
    let whole = |s: &str| !s.starts_with('\\') || !rest[s.len()..].starts_with(char::is_alphabetic);
    all.iter().find(|(s, _)| rest.starts_with(s) && whole(s)).map(|(s, r)| (*r, s.len()))
}

/// The length of a name: a command or letters, then primes and scripts.
fn name_length(text: &str) -> usize {
    let body = text.strip_prefix('\\').unwrap_or(text);
    let letters: usize = body.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    if letters == 0 {
        return 0;
    }
    let mut length = text.len() - body.len() + letters;
    loop {
        let rest = &text[length..];
        if rest.starts_with('\'') {
            length += 1;
            continue;
        }
        let Some(script) = rest.strip_prefix(['_', '^']) else { return length };
        let taken = if script.starts_with('{') {
            let mut depth = 0_usize;
            let end = script.char_indices().find(|(_, c)| {
                depth = match c {
                    '{' => depth + 1,
                    '}' => depth - 1,
                    _ => depth,
                };
                depth == 0
            });
            end.map(|(at, _)| at + 1)
        } else {
            script.chars().next().map(char::len_utf8)
        };
        let Some(taken) = taken else { return length };
        length += 1 + taken;
    }
}

/// What may stand beside a relation.
enum Side {
    Spot(Spot),
    Payoff(usize, Spot),
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    frame: &'a Frame,
    variables: Vec<String>,
    /// Whether the index letter is bound.
    member: bool,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|t| &t.kind)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |t| t.span.clone())
    }

    fn unexpected(&self, span: Range<usize>, expected: &str) -> Misread {
        let found = match self.tokens.iter().find(|t| t.span == span).map(|t| &t.kind) {
            Some(Kind::Name(n)) if !WORDS.contains(&n.as_str()) => {
                return Misread {
                    span,
                    message: format!("`{n}` stands where {expected} was expected"),
                    unknown: Some((n.clone(), WORDS.map(str::to_owned).to_vec())),
                };
            }
            Some(Kind::Name(n)) => format!("`{n}`"),
            Some(Kind::Sign(c)) => format!("`{c}`"),
            Some(Kind::Relation(_)) => "a relation".to_owned(),
            None => "the end".to_owned(),
        };
        Misread { span, message: format!("{found} stands where {expected} was expected"), unknown: None }
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Kind::Name(n)) if n == word);
        self.at += usize::from(is);
        is
    }

    fn sign(&mut self, sign: char) -> Result<(), Misread> {
        if self.peek() == Some(&Kind::Sign(sign)) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected(self.span(), &format!("`{sign}`")))
    }

    fn sentence(&mut self) -> Result<Sentence, Misread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("more than {DEEPEST} levels of brackets and quantifiers");
            return Err(Misread { span: self.span(), message, unknown: None });
        }
        let read = if self.word("for") { self.quantified() } else { self.implication() };
        self.depth -= 1;
        read
    }

    fn quantified(&mut self) -> Result<Sentence, Misread> {
        let (all, negated) = match () {
            () if self.word("all") => (true, false),
            () if self.word("some") => (false, false),
            () if self.word("no") => (false, true),
            () => return Err(self.unexpected(self.span(), "`all`, `some` or `no`")),
        };
        let (variables, member) = (self.variables.len(), self.member);
        let mut bound = vec![];
        loop {
            let span = self.span();
            let Some(Kind::Name(name)) = self.peek().cloned() else {
                return Err(self.unexpected(span, "a name"));
            };
            let letter = self.frame.family().and_then(|g| g.letter.as_ref());
            let is_letter = letter == Some(&name);
            let taken = if is_letter { self.member } else { self.variables.contains(&name) };
            if taken
                || WORDS.contains(&name.as_str())
                || self.payoff(&name).is_some()
                || name.len() == 1 && "01".contains(&name)
            {
                return Err(Misread {
                    span,
                    message: format!("`{name}` means something else here already"),
                    unknown: None,
                });
            }
            if is_letter {
                self.member = true;
            } else {
                self.variables.push(name.clone());
            }
            bound.push((name, is_letter));
            self.at += 1;
            if self.peek() != Some(&Kind::Sign(',')) {
                break;
            }
            self.at += 1;
        }
        self.sign(':')?;
        let mut body = self.sentence()?;
        self.variables.truncate(variables);
        self.member = member;
        for (name, is_letter) in bound.into_iter().rev() {
            let inner = Box::new(body);
            body = match (is_letter, all) {
                (true, true) => Sentence::Every(inner),
                (true, false) => Sentence::Any(inner),
                (false, true) => Sentence::All(name, inner),
                (false, false) => Sentence::Some(name, inner),
            };
        }
        Ok(if negated { Sentence::Not(Box::new(body)) } else { body })
    }

    fn implication(&mut self) -> Result<Sentence, Misread> {
        let left = self.list()?;
        let both = if self.word("implies") {
            Sentence::Implies
        } else if self.word("iff") {
            Sentence::Iff
        } else {
            return Ok(left);
        };
        let right = self.list()?;
        let span = self.span();
        if self.word("implies") || self.word("iff") {
            let message = "two arrows in a row: put one of the statements in brackets".to_owned();
            return Err(Misread { span, message, unknown: None });
        }
        Ok(both(Box::new(left), Box::new(right)))
    }

    /// Statements joined by `and`, or by `or`.
    fn list(&mut self) -> Result<Sentence, Misread> {
        let mut parts = vec![self.one()?];
        let mut joined: Option<&str> = None;
        loop {
            let span = self.span();
            let Some(word) = ["and", "or"].into_iter().find(|w| self.word(w)) else { break };
            if joined.is_some_and(|j| j != word) {
                let message = "`and` beside `or`: use brackets".to_owned();
                return Err(Misread { span, message, unknown: None });
            }
            joined = Some(word);
            parts.push(self.one()?);
        }
        Ok(match joined {
            None => parts.remove(0),
            Some("and") => Sentence::And(parts),
            Some(_) => Sentence::Or(parts),
        })
    }

    fn one(&mut self) -> Result<Sentence, Misread> {
        if matches!(self.peek(), Some(Kind::Name(n)) if n == "for") {
            return self.sentence();
        }
        if self.word("not") {
            self.depth += 1;
            let inner = if self.depth > DEEPEST { self.sentence() } else { self.one() };
            self.depth -= 1;
            return Ok(Sentence::Not(Box::new(inner?)));
        }
        if self.peek() == Some(&Kind::Sign('(')) {
            self.at += 1;
            let inner = self.sentence()?;
            self.sign(')')?;
            return Ok(inner);
        }
        for word in ["optimal", "acceptable", "between", "increasing", "decreasing"] {
            if self.word(word) {
                self.sign('(')?;
                let read = self.predicate(word)?;
                self.sign(')')?;
                return Ok(read);
            }
        }
        self.chain()
    }

    fn predicate(&mut self, word: &str) -> Result<Sentence, Misread> {
        match word {
            "optimal" if self.word("disagreement") => Ok(Sentence::Optimal(None)),
            "optimal" => Ok(Sentence::Optimal(Some(self.spot()?))),
            "acceptable" => {
                let x = self.spot()?;
                Ok(acceptable(self.frame, &x))
            }
            "between" => {
                let x = self.spot()?;
                self.sign(',')?;
                let a = self.spot()?;
                self.sign(',')?;
                let b = self.spot()?;
                let within = |a: &Spot, b: &Spot| {
                    let after = Sentence::Place(a.clone(), Relation::Le, x.clone());
                    Sentence::And(vec![after, Sentence::Place(x.clone(), Relation::Le, b.clone())])
                };
                Ok(Sentence::Or(vec![within(&a, &b), within(&b, &a)]))
            }
            _ => {
                let group = self.payoff_name()?;
                self.sign(',')?;
                let relation = if word == "increasing" { Relation::Lt } else { Relation::Gt };
                Ok(Sentence::Place(self.spot()?, relation, Spot::Peak(group)))
            }
        }
    }
}

/// Nobody is below disagreement.
fn acceptable(frame: &Frame, x: &Spot) -> Sentence {
    let one = |g: usize| Sentence::Payoff(g, x.clone(), Relation::Ge, Worth::Disagreement);
    let all =
        frame.groups.iter().enumerate().filter_map(|(g, group)| match (&group.letter, &frame.abstaining) {
            (None, _) => Some(one(g)),
            (Some(_), Abstaining::Nobody) => Some(Sentence::Every(Box::new(one(g)))),
            (Some(_), _) => None,
        });
    Sentence::And(all.collect())
}

impl Reader<'_> {
    /// The group with this payoff.
    fn payoff(&self, name: &str) -> Option<usize> {
        let plain = |s: &str| s.split_whitespace().collect::<String>();
        self.frame.groups.iter().position(|g| plain(&g.payoff) == name)
    }

    /// A member is spoken of only where its letter is bound.
    fn bound(&self, group: usize, span: Range<usize>) -> Result<usize, Misread> {
        match &self.frame.groups[group].letter {
            Some(letter) if !self.member => Err(Misread {
                span,
                message: format!("`{letter}` stands for no member here: write `for all {letter}: …`"),
                unknown: None,
            }),
            _ => Ok(group),
        }
    }

    fn payoff_name(&mut self) -> Result<usize, Misread> {
        let span = self.span();
        let name = match self.peek() {
            Some(Kind::Name(n)) => n.clone(),
            _ => return Err(self.unexpected(span, "a payoff")),
        };
        match self.payoff(&name) {
            Some(group) => {
                self.at += 1;
                self.bound(group, span)
            }
            None => {
                let known = self.frame.groups.iter().map(|g| g.payoff.clone()).collect();
                let message = format!("`{name}` is no payoff");
                Err(Misread { span, message, unknown: Some((name, known)) })
            }
        }
    }

    fn spot(&mut self) -> Result<Spot, Misread> {
        let span = self.span();
        match self.side()? {
            Side::Spot(s) => Ok(s),
            Side::Payoff(..) => {
                let message = "a payoff stands where an agreement was expected".to_owned();
                Err(Misread { span, message, unknown: None })
            }
        }
    }

    fn side(&mut self) -> Result<Side, Misread> {
        let span = self.span();
        let Some(Kind::Name(name)) = self.peek().cloned() else {
            return Err(self.unexpected(span, "an agreement or a payoff"));
        };
        if let Some(group) = self.payoff(&name) {
            self.at += 1;
            let group = self.bound(group, span)?;
            self.sign('(')?;
            let x = self.spot()?;
            self.sign(')')?;
            return Ok(Side::Payoff(group, x));
        }
        let spot = match name.as_str() {
            "0" => Spot::Zero,
            "1" => Spot::One,
            "peak" => {
                self.at += 1;
                self.sign('(')?;
                let place = self.span();
                let Some(Kind::Name(player)) = self.peek().cloned() else {
                    return Err(self.unexpected(place, "a player"));
                };
                let plain = |s: &str| s.split_whitespace().collect::<String>();
                let Some(group) = self.frame.groups.iter().position(|g| plain(&g.name) == player) else {
                    let known = self.frame.groups.iter().map(|g| g.name.clone()).collect();
                    let message = format!("`{player}` is no player");
                    return Err(Misread { span: place, message, unknown: Some((player, known)) });
                };
                self.at += 1;
                let group = self.bound(group, place)?;
                self.sign(')')?;
                return Ok(Side::Spot(Spot::Peak(group)));
            }
            _ if self.variables.contains(&name) => Spot::Variable(name),
            _ => {
                let mut known: Vec<String> = WORDS.map(str::to_owned).to_vec();
                known.extend(self.variables.iter().cloned());
                known.extend(self.frame.groups.iter().map(|g| g.payoff.clone()));
                let message = format!("`{name}` is neither a word, an agreement nor a payoff here");
                return Err(Misread { span, message, unknown: Some((name, known)) });
            }
        };
        self.at += 1;
        Ok(Side::Spot(spot))
    }

    /// Relations in a row, each between two neighbours.
    fn chain(&mut self) -> Result<Sentence, Misread> {
        let start = self.at;
        let mut left = self.side()?;
        let mut parts = vec![];
        while let Some(Kind::Relation(relation)) = self.peek().cloned() {
            self.at += 1;
            let right = self.side()?;
            let place = self.tokens[start].span.start..self.tokens[self.at - 1].span.end;
            parts.push(self.compared(&left, relation, &right, place)?);
            left = right;
        }
        match parts.len() {
            0 => Err(self.unexpected(self.span(), "a relation")),
            1 => Ok(parts.remove(0)),
            _ => Ok(Sentence::And(parts)),
        }
    }

    fn compared(&self, a: &Side, r: Relation, b: &Side, span: Range<usize>) -> Result<Sentence, Misread> {
        let mirrored = match r {
            Relation::Lt => Relation::Gt,
            Relation::Le => Relation::Ge,
            Relation::Gt => Relation::Lt,
            Relation::Ge => Relation::Le,
            same => same,
        };
        Ok(match (a, b) {
            (Side::Spot(a), Side::Spot(b)) => Sentence::Place(a.clone(), r, b.clone()),
            (Side::Payoff(g, a), Side::Spot(Spot::Zero)) => {
                Sentence::Payoff(*g, a.clone(), r, Worth::Disagreement)
            }
            (Side::Spot(Spot::Zero), Side::Payoff(g, a)) => {
                Sentence::Payoff(*g, a.clone(), mirrored, Worth::Disagreement)
            }
            (Side::Payoff(g, a), Side::Payoff(h, b)) if g == h => {
                Sentence::Payoff(*g, a.clone(), r, Worth::At(b.clone()))
            }
            (Side::Payoff(..), Side::Payoff(..)) => {
                let message =
                    "payoffs of two players are compared, which their units do not allow".to_owned();
                return Err(Misread { span, message, unknown: None });
            }
            _ => {
                let message = "a payoff is compared with an agreement".to_owned();
                return Err(Misread { span, message, unknown: None });
            }
        })
    }
}
