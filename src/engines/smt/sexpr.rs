//! S-expressions: an arena without recursion, so that nesting costs no stack.

use rug::Rational;

use super::error::{Clock, Fault};
use super::lexer::{Lexer, Token};

/// The number of an s-expression in its [`Forest`].
pub type Node = usize;

/// What an s-expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Number(Rational),
    Symbol(String),
    Keyword(String),
    Other(String),
    List(Vec<Node>),
}

/// The s-expressions of a text.
#[derive(Debug, Default)]
pub struct Forest {
    kinds: Vec<Kind>,
    places: Vec<usize>,
    /// The outermost ones, in order.
    pub roots: Vec<Node>,
}

impl Forest {
    /// What it is.
    pub fn kind(&self, n: Node) -> &Kind {
        &self.kinds[n]
    }
    /// The byte of the text where it begins.
    pub fn place(&self, n: Node) -> usize {
        self.places[n]
    }
    /// The name, if it is a symbol.
    pub fn symbol(&self, n: Node) -> Option<&str> {
        match &self.kinds[n] {
            Kind::Symbol(s) => Some(s),
            _ => None,
        }
    }
    /// The elements, if it is a list.
    pub fn list(&self, n: Node) -> Option<&[Node]> {
        match &self.kinds[n] {
            Kind::List(xs) => Some(xs),
            _ => None,
        }
    }
    /// It in a few words, for messages.
    pub fn shown(&self, n: Node) -> String {
        match &self.kinds[n] {
            Kind::Number(value) => format!("`{value}`"),
            Kind::Symbol(s) | Kind::Keyword(s) | Kind::Other(s) => {
                let short: String = s.chars().take(40).collect();
                format!("`{short}`")
            }
            Kind::List(xs) => match xs.first().and_then(|x| self.symbol(*x)) {
                Some(head) => format!("`({head} …)`"),
                None if xs.is_empty() => "`()`".to_owned(),
                None => "`(…)`".to_owned(),
            },
        }
    }

    fn add(&mut self, place: usize, kind: Kind) -> Node {
        self.kinds.push(kind);
        self.places.push(place);
        self.kinds.len() - 1
    }

    /// Reads a text.
    pub fn read(text: &str, clock: &mut Clock) -> Result<Forest, Fault> {
        let mut lexer = Lexer::new(text);
        let mut forest = Forest::default();
        // The lists that are open, with the place of each opening parenthesis.
        let mut open: Vec<(usize, Vec<Node>)> = vec![];
        while let Some((place, token)) = lexer.next()? {
            clock.tick()?;
            let kind = match token {
                Token::Open => {
                    open.push((place, vec![]));
                    continue;
                }
                Token::Close => {
                    let Some((start, elements)) = open.pop() else {
                        let help = "take it away, or open a list before it";
                        return Err(Fault::at(place, "a `)` that closes nothing", help));
                    };
                    let node = forest.add(start, Kind::List(elements));
                    match open.last_mut() {
                        Some((_, outer)) => outer.push(node),
                        None => forest.roots.push(node),
                    }
                    continue;
                }
                Token::Number(value) => Kind::Number(value),
                Token::Symbol(s) => Kind::Symbol(s),
                Token::Keyword(s) => Kind::Keyword(s),
                Token::Other(s) => Kind::Other(s),
            };
            let node = forest.add(place, kind);
            match open.last_mut() {
                Some((_, outer)) => outer.push(node),
                None => forest.roots.push(node),
            }
        }
        match open.last() {
            Some((place, _)) => Err(Fault::at(*place, "a `(` that is not closed", "close it with `)`")),
            None => Ok(forest),
        }
    }
}
