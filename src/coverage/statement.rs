//! What a row states: its parts, and the links of the chains among them.

use super::printed::{Piece, SEPARATOR, TEXT, key};
use crate::tex::lexer::Gap;

/// A row, or several that continue one another.
#[derive(Clone, Debug)]
pub struct Statement {
    pub parts: Vec<Part>,
}

/// A piece of a row that states something by itself.
#[derive(Clone, Debug)]
pub struct Part {
    /// The whole part; not to be compared where it begins with a relation.
    pub pieces: Vec<Piece>,
    /// Its terms and relations; none where words or arrows make it more than a chain.
    pub chain: Option<Chain>,
    /// A remark beside a formula: it states nothing.
    pub remark: bool,
    /// What a formula is said to rest on: `because c > 0`.
    pub reason: bool,
}

/// `first = … < …`; the first term is missing where the row begins with a relation.
#[derive(Clone, Debug)]
pub struct Chain {
    pub first: Option<Vec<Piece>>,
    pub links: Vec<Link>,
}

/// A relation and the term behind it.
#[derive(Clone, Debug)]
pub struct Link {
    pub relation: Vec<Piece>,
    pub term: Vec<Piece>,
}

const ARROWS: [&str; 3] = ["\\Rightarrow", "\\Leftrightarrow", "\\therefore"];
const LOGIC: [&str; 6] = ["\\vee", "\\wedge", "\\neg", "\\forall", "\\exists", "\\cap"];
const RELATIONS: [&str; 28] = [
    "=",
    "<",
    ">",
    "\\le",
    "\\ge",
    "\\ne",
    "\\in",
    "\\notin",
    "\\ni",
    "\\leqslant",
    "\\geqslant",
    "\\approx",
    "\\equiv",
    "\\sim",
    "\\simeq",
    "\\cong",
    "\\propto",
    "\\subset",
    "\\subseteq",
    "\\supset",
    "\\supseteq",
    "\\ll",
    "\\gg",
    "\\prec",
    "\\preceq",
    "\\succ",
    "\\succeq",
    "\\triangleq",
];
const OPERATORS: [&str; 9] = ["+", "-", "*", "/", "\\cdot", "\\times", "\\pm", "\\mp", "\\cup"];
/// Words that narrow or join what is stated.
const CONDITIONS: [&str; 17] = [
    "for",
    "if",
    "iff",
    "when",
    "whenever",
    "where",
    "with",
    "unless",
    "else",
    "otherwise",
    "or",
    "and",
    "given",
    "then",
    "such",
    "only",
    "not",
];
/// Words with which a reason begins; shorter ones, only where they are set as words: `by` may be a product.
const REASONS: [&str; 3] = ["because", "since", "using"];
const SHORT_REASONS: [&str; 3] = ["by", "see", "as"];

impl Chain {
    /// The last term, which a row that begins with a relation continues.
    pub fn last(&self) -> Option<&[Piece]> {
        self.links.last().map(|l| l.term.as_slice()).or(self.first.as_deref())
    }
    /// Every pair of neighbours with what relates them.
    pub fn pairs(&self) -> impl Iterator<Item = (&[Piece], &Link)> {
        let mut left = self.first.as_deref();
        self.links.iter().filter_map(move |link| left.replace(&link.term).map(|l| (l, link)))
    }
}

impl Statement {
    /// Takes a row apart; linear in its length.
    pub fn of(row: &[Piece]) -> Statement {
        let row = trimmed(without_arrows(row));
        if row.iter().any(|p| p.depth == 0 && ARROWS.contains(&p.key.as_str())) {
            return Statement {
                parts: vec![Part { pieces: row.to_vec(), chain: None, remark: false, reason: false }],
            };
        }
        let mut parts: Vec<Part> = vec![];
        for piece in split(row) {
            let part = Part::of(piece, !parts.is_empty());
            parts.push(part);
        }
        Statement { parts }
    }
    /// The parts that state something.
    pub fn stated(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|p| !p.remark)
    }
    /// What is compared of the whole statement.
    pub fn key(&self) -> String {
        let keys: Vec<String> = self.stated().map(|p| key(&p.pieces)).collect();
        keys.join(&format!(",{SEPARATOR}"))
    }
    /// Whether words or arrows narrow or join what is stated, so that no part stands for itself.
    pub fn is_narrowed(&self) -> bool {
        self.stated().any(|p| p.chain.is_none() && !p.reason)
    }
    /// The term that the next row continues if it begins with a relation.
    pub fn last(&self) -> Option<&[Piece]> {
        self.parts.iter().rfind(|p| !p.remark && !p.reason)?.chain.as_ref()?.last()
    }
    /// The left side of the row is the end of the row before.
    pub fn continues(&self) -> bool {
        let first = self.parts.first().and_then(|p| p.chain.as_ref());
        first.is_some_and(|c| c.first.is_none())
    }
    /// The statement with the end of the row before on its left.
    pub fn continuing(mut self, left: &[Piece]) -> Statement {
        if let Some(part) = self.parts.first_mut()
            && let Some(chain) = &mut part.chain
        {
            chain.first = Some(left.to_vec());
            part.pieces.splice(0..0, left.iter().cloned());
        }
        self
    }
}

impl Part {
    /// Whether the part is more than a lone term.
    pub fn states(&self) -> bool {
        self.chain.as_ref().is_none_or(|c| !c.links.is_empty())
    }
    fn of(pieces: &[Piece], beside: bool) -> Part {
        let first = words(pieces).next();
        let related = pieces.iter().any(|p| p.depth == 0 && RELATIONS.contains(&p.key.as_str()));
        let is = |list: &[&str]| first.as_deref().is_some_and(|w| list.contains(&w.to_lowercase().as_str()));
        let set = pieces.first().is_some_and(|p| TEXT.contains(&p.key.as_str()));
        let reason = is(&REASONS) || (set && is(&SHORT_REASONS));
        let remark = beside && !related && !is(&CONDITIONS) && is_words(pieces);
        let reason = beside && reason && !remark;
        Part { pieces: pieces.to_vec(), chain: if reason { None } else { chain(pieces) }, remark, reason }
    }
}

/// What is compared of a row that nothing is known about, its arrows and relations as they stand.
pub fn row_key(row: &[Piece]) -> String {
    key(trimmed(row))
}

/// Whether the row goes on with the terms of the row before: it begins with a sign, `-` only where
/// nothing is stated behind it.
pub fn continues_a_sum(row: &[Piece]) -> bool {
    let related = row.iter().any(|p| p.depth == 0 && RELATIONS.contains(&p.key.as_str()));
    match row.first().map(|p| p.key.as_str()) {
        Some("+" | "\\pm") => true,
        Some("-") => !related,
        _ => false,
    }
}

/// Whether a formula relates anything.
pub fn relates(row: &[Piece]) -> bool {
    row.iter()
        .any(|p| p.depth == 0 && (RELATIONS.contains(&p.key.as_str()) || ARROWS.contains(&p.key.as_str())))
}

fn without_arrows(row: &[Piece]) -> &[Piece] {
    let arrows = row.iter().take_while(|p| ARROWS.contains(&p.key.as_str())).count();
    &row[arrows..]
}

/// Without the punctuation around it.
fn trimmed(mut pieces: &[Piece]) -> &[Piece] {
    let mark = |p: &Piece| [".", ",", ";"].contains(&p.key.as_str());
    while let [rest @ .., last] = pieces
        && mark(last)
    {
        pieces = rest;
    }
    while let [first, rest @ ..] = pieces
        && mark(first)
    {
        pieces = rest;
    }
    pieces
}

/// The parts of a row: between wide spaces, and at commas and semicolons between two relations.
fn split(row: &[Piece]) -> Vec<&[Piece]> {
    let binds = |p: &Piece| {
        let k = p.key.as_str();
        p.depth == 0 && (RELATIONS.contains(&k) || OPERATORS.contains(&k) || k == ":")
    };
    let mut cuts = vec![0];
    for i in 1..row.len() {
        let (before, here) = (&row[i - 1], &row[i]);
        if here.depth == 0 && here.gap == Gap::Wide && !binds(before) && !binds(here) {
            cuts.push(i);
        }
    }
    cuts.push(row.len());
    let spaced = cuts.windows(2).map(|w| &row[w[0]..w[1]]);
    spaced.flat_map(at_commas).map(trimmed).filter(|p| !p.is_empty()).collect()
}

fn at_commas(row: &[Piece]) -> Vec<&[Piece]> {
    let comma = |p: &&Piece| p.depth == 0 && [",", ";"].contains(&p.key.as_str());
    let related = |s: &[Piece]| s.iter().any(|p| p.depth == 0 && RELATIONS.contains(&p.key.as_str()));
    let sides = row.split(|p| comma(&p));
    if row.iter().any(|p| comma(&p)) && sides.clone().all(related) { sides.collect() } else { vec![row] }
}

/// The words of a part: runs of letters outside of groups, and what text commands set.
fn words(pieces: &[Piece]) -> impl Iterator<Item = String> {
    let mut out = vec![];
    let mut run = String::new();
    let mut setting = false;
    for (i, p) in pieces.iter().enumerate() {
        let letter = p.key.trim_start().chars().next().filter(|c| c.is_ascii_alphabetic());
        let begins = p.gap != Gap::None || p.key.starts_with(' ');
        let in_script = i > 0 && ["^", "_"].contains(&pieces[i - 1].key.as_str());
        if TEXT.contains(&p.key.as_str()) && p.depth == 0 {
            setting = true;
        } else if p.depth == 0 && p.key != "{" && p.key != "}" {
            setting = false;
        }
        let counts = letter.is_some() && p.key.trim_start().len() == 1 && (p.depth == 0 || setting);
        if (begins || !counts || in_script) && !run.is_empty() {
            out.push(std::mem::take(&mut run));
        }
        if counts && !in_script {
            run.extend(letter);
        }
    }
    if !run.is_empty() {
        out.push(run);
    }
    out.into_iter()
}

/// Whether the part is words and numbers, no formula.
fn is_words(pieces: &[Piece]) -> bool {
    let longest = words(pieces).map(|w| w.len()).max().unwrap_or(0);
    let plain = |p: &Piece| {
        let k = p.key.trim_start();
        k.chars().all(|c| c.is_alphanumeric() || ".,:;()[]-'{}§".contains(c)) || TEXT.contains(&k)
    };
    longest > 1 && pieces.iter().all(plain) || pieces.iter().all(|p| !p.key.contains(char::is_alphanumeric))
}

/// The terms and relations of a part, if it is nothing but a chain of them.
fn chain(pieces: &[Piece]) -> Option<Chain> {
    let narrows = |w: String| CONDITIONS.contains(&w.to_lowercase().as_str());
    let at_top = |list: &[&str]| pieces.iter().any(|p| p.depth == 0 && list.contains(&p.key.as_str()));
    if at_top(&LOGIC) || at_top(&TEXT) || at_top(&[",", ";"]) || words(pieces).any(narrows) {
        return None;
    }
    let mut terms: Vec<Vec<Piece>> = vec![vec![]];
    let mut relations: Vec<Vec<Piece>> = vec![];
    let mut at = 0;
    while at < pieces.len() {
        let length = relation(&pieces[at..]);
        if length == 0 {
            terms.last_mut().expect("there is a first term").push(pieces[at].clone());
            at += 1;
        } else {
            relations.push(pieces[at..at + length].to_vec());
            terms.push(vec![]);
            at += length;
        }
    }
    let mut terms = terms.into_iter();
    let first = terms.next().filter(|t| !t.is_empty());
    let links: Vec<Link> =
        relations.into_iter().zip(terms).map(|(relation, term)| Link { relation, term }).collect();
    if links.iter().any(|l| l.term.is_empty()) || (first.is_none() && links.is_empty()) {
        return None;
    }
    Some(Chain { first, links })
}

/// How many tokens the relation takes that stands first; none if there is none.
fn relation(pieces: &[Piece]) -> usize {
    let at = |i: usize| pieces.get(i).filter(|p| p.depth == 0).map_or("", |p| p.key.as_str());
    match at(0) {
        ":" if at(1) == "=" => 2,
        "=" if at(1) == ":" => 2,
        "\\not" if RELATIONS.contains(&at(1)) => 2,
        k if RELATIONS.contains(&k) => 1,
        _ => 0,
    }
}

/// The key of a relation: a definition's sign states an equation.
pub fn relation_key(relation: &[Piece]) -> String {
    let key = key(&relation.iter().filter(|p| p.key != ":").cloned().collect::<Vec<_>>());
    let triangle = key.starts_with("\\triangleq");
    if triangle { format!("={SEPARATOR}") } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::printed;

    fn statement(latex: &str) -> Statement {
        let rows = printed::read(latex).expect("lexes").rows;
        assert_eq!(rows.len(), 1);
        Statement::of(&rows[0])
    }

    fn pairs(latex: &str) -> usize {
        statement(latex).parts.iter().filter_map(|p| p.chain.as_ref()).map(|c| c.pairs().count()).sum()
    }

    #[test]
    fn a_chain_has_a_link_for_each_relation() {
        assert_eq!(pairs(r"a = b \le c < d."), 3);
        assert_eq!(pairs(r"f(x) := x + 1"), 1);
        assert_eq!(pairs(r"f(x = 1) = 2"), 1);
        assert_eq!(pairs(r"a = 1, \quad b = 2"), 2);
        assert_eq!(pairs(r"a = 1, b = 2; c < 3"), 3);
        assert_eq!(pairs(r"a \not= b"), 1);
    }

    #[test]
    fn words_and_arrows_make_a_statement_one_whole() {
        for latex in [
            r"a = 1 \Rightarrow b = 2",
            r"a = 1 \text{ or } b = 2",
            r"a = 1 or b = 2",
            r"a, b > 0",
            r"a = 1 \vee b = 1",
        ] {
            assert_eq!(pairs(latex), 0, "{latex}");
            assert_eq!(statement(latex).parts.len(), 1, "{latex}");
        }
    }

    #[test]
    fn a_space_behind_a_relation_does_not_part_it_from_its_term() {
        assert_eq!(pairs(r"a = \qquad b \quad + c"), 1);
    }

    #[test]
    fn a_remark_states_nothing_and_a_condition_or_a_reason_does() {
        let remarks = |s: &str| statement(s).parts.iter().map(|p| p.remark).collect::<Vec<_>>();
        assert_eq!(remarks(r"a = b \quad Corr. \ 3.1"), [false, true]);
        assert_eq!(remarks(r"a = b \quad because \ c > 0"), [false, false]);
        assert_eq!(remarks(r"a = b \quad \text{by Lemma 2}"), [false, true]);
        assert_eq!(remarks(r"a = b \quad for \ c > 0"), [false, false]);
        assert_eq!(remarks(r"a = b \quad \text{if } c > 0"), [false, false]);
        assert_eq!(remarks(r"a = b \quad c = d"), [false, false]);
    }

    #[test]
    fn a_row_that_begins_with_a_relation_continues_the_row_before() {
        let left = printed::read("a").expect("lexes").rows.remove(0);
        assert!(statement("= b").continues());
        assert_eq!(
            statement("= b").continuing(&left).parts[0].chain.as_ref().map(|c| c.pairs().count()),
            Some(1)
        );
        assert!(!statement("a = b").continues());
        assert!(continues_a_sum(&printed::read("+ b = c").expect("lexes").rows[0]));
        assert!(!continues_a_sum(&printed::read("- b = c").expect("lexes").rows[0]));
    }
}
