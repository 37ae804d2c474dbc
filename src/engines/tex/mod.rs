//! The strict reader of LaTeX mathematics, and the printers.
//!
//! * **Takes** a formula, a statement, a derivation, a domain or a head as a paper prints it, and
//!   the [`Scope`] of declared names.
//! * **Gives** terms and statements, or a [`TexError`] with its place, what was expected and what
//!   to do. Nothing is dropped and nothing is guessed: an unknown command, a word that is not
//!   understood and a text with two readings are errors.
//! * **May call** `expr`.
//!
//! The method is recursive descent over TeX's tokens (D. E. Knuth, *The TeXbook*, ch. 7 and 20).
//! At a given nesting the readers are linear in the length (index letters over players read a body once
//! a player; an evaluation bar looks at the factors before it); length and nesting are limited.
//!
//! # How ambiguous notation is read
//!
//! * Names: the longest declared name wins; its subscript is never left over, and a superscript
//!   that belongs to no name is a power. `x^{Large} G` is the name `x^{Large\ G}` where that is
//!   declared and `x^{Large}` is not. `c_10` prints, and is, `c_1` followed by 0: an error.
//! * A length or a gradient is a name of its own, with everything between its bars or up to its end: `\|x - y\|`,
//!   `\nabla f^T(x - y)`. Of it no more is known than of any other symbol; a factor or a power directly behind a
//!   gradient is an error.
//! * A function before round brackets is applied; a variable is multiplied. `f^2(x)` is an error.
//! * `\frac{1}{2}x` is a product; `a/b c` and `a/b \cdot c` are errors, and so are two signs in a
//!   row, a number directly behind a factor (`x 2`), a power on a fraction, and a product across
//!   `\quad`.
//! * `\ln 2x` takes the adjacent numeral, names and powers; before a bracket or a fraction that
//!   follows it is an error. `\log` is natural; `\log_b x` is `\ln x / \ln b`.
//! * `\frac{\partial}{\partial x}` takes the bracket behind it, where nothing multiplies that
//!   bracket; without a bracket, the product up to the next sign or relation.
//!   `\frac{\partial f}{\partial x}(a)` is the derivative of the function `f` at `a`; behind a
//!   quantity, `(c)` with another declared variable says that the derivative is seen as a
//!   function of `c`, and leaves the term as it is.
//! * `… |_{x=a}` evaluates the factor before it; an error where factors or terms further left may
//!   depend on `x`. `\left. … \right|_{x=a}` evaluates what it encloses.
//! * `\lim_{x \to a}` takes the product behind it; a sum behind that product is an error.
//! * `\sum` takes the product behind it. `\sum_i` runs from 1 to `n` where `n` is declared.
//! * `\arg\max_x` takes the whole sum behind it if the later terms may depend on `x`, and is an
//!   error if they cannot; `\max_x` takes the sum if later terms mention `x`, leaves them where
//!   they cannot depend on `x`, and is an error where that is not visible.
//! * `\min_{P \in \{G, D\}} u_P` over declared players is the minimum of `u_G` and `u_D`.
//! * `p, q` and `p \cap q` between statements are conjunctions; beside an *or* they are errors.
//!   `x, y > 0` says both. `p \Rightarrow q, r` is an error. `\mathbb{R}^+` are the positive reals.
//! * `\pm` stands in a candidate set (all its signs in one candidate are taken together) or in
//!   `x = a \pm b`, which says that `x` is one of both values; in a lone term and in a continued
//!   chain it stays as it is.
//! * `0 < x, y < 1` is an error: each half may be meant for both.
//! * A step's label over a relation, `\stackrel{(iii)}{\le}`, leaves the relation as it is; of other marks only a
//!   question mark, an exclamation mark and `def` are read, over an equality sign.
//! * A line that begins with `+`, or with `-` and has no relation, continues the line before it.

mod cases;
mod derivatives;
mod enclosed;
mod error;
mod expression;
mod extrema;
mod formula;
pub mod lexer;
mod lines;
mod names;
mod operators;
mod parser;
mod plain;
mod print;
mod sets;
mod structure;
mod words;

#[cfg(test)]
mod paper_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod roundtrip_tests;
#[cfg(test)]
mod suite_tests;

pub use error::{TexError, TexErrorKind};
pub use formula::Connective;
pub use lines::{Body, Line};
pub use plain::{plain, plain_formula};
pub use print::{latex, latex_formula};
pub use words::Remark;

use crate::expr::{Expr, Formula, Scope, Set, Symbol};
use lexer::Tok;
use parser::Parser;
use structure::Source;

/// What a definition defines: a name and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub name: Symbol,
    pub parameters: Vec<Symbol>,
}

fn source(src: &str) -> Result<Source<'_>, TexError> {
    structure::structure(src, lexer::lex(src)?)
}

/// Whether a text can be taken apart as LaTeX at all: it holds something, its commands are complete
/// and its braces have their partners. Nothing is said of what it means.
pub fn well_formed(src: &str) -> Result<(), TexError> {
    let tokens = lexer::lex(src)?;
    if tokens.is_empty() {
        return Err(TexError::new(TexErrorKind::Syntax, 0..src.len(), "an empty formula"));
    }
    let mut open: Vec<std::ops::Range<usize>> = vec![];
    for t in tokens {
        match t.tok {
            Tok::LBrace => open.push(t.span),
            Tok::RBrace if open.pop().is_none() => {
                return Err(TexError::new(TexErrorKind::Structure, t.span, "`}` was never opened"));
            }
            _ => {}
        }
    }
    match open.pop() {
        Some(span) => Err(TexError::new(TexErrorKind::Structure, span, "`{` is never closed")),
        None => Ok(()),
    }
}

/// Drops the line breaks at the end of a text that is one formula.
fn one_line(mut source: Source<'_>) -> Source<'_> {
    while matches!(source.toks.last().map(|t| t.tok), Some(Tok::Newline)) {
        source.toks.pop();
        source.partner.pop();
    }
    source
}

/// Reads a term. Punctuation may follow it.
pub fn parse_expr(src: &str, scope: &Scope) -> Result<Expr, TexError> {
    parse_expr_with(src, scope, &[])
}

/// Reads a term, with index letters as in [`parse_formula_with`].
pub fn parse_expr_with(src: &str, scope: &Scope, alias: &[(&str, &str)]) -> Result<Expr, TexError> {
    let source = one_line(source(src)?);
    let mut parser = Parser::new(&source, scope, alias);
    let value = parser.sum()?;
    parser.punctuation();
    parser.expect_end("an operator, or the end of the term")?;
    Ok(value)
}

/// Reads a set of numbers: an interval, a list of members, `\{x : P\}`, unions of these.
pub fn parse_set(src: &str, scope: &Scope) -> Result<Set, TexError> {
    let source = one_line(source(src)?);
    let mut parser = Parser::new(&source, scope, &[]);
    let value = parser.set()?;
    parser.punctuation();
    parser.expect_end("`\\cup`, `\\cap`, or the end of the set")?;
    Ok(value)
}

/// Reads a statement. Punctuation, `\tag` and `\label` may follow it.
pub fn parse_formula(src: &str, scope: &Scope) -> Result<Formula, TexError> {
    parse_formula_with(src, scope, &[])
}

/// Reads a statement with index letters standing for concrete values inside names: with
/// `("P", "G")`, `u_P` is the name `u_G`.
pub fn parse_formula_with(src: &str, scope: &Scope, alias: &[(&str, &str)]) -> Result<Formula, TexError> {
    let source = one_line(source(src)?);
    let mut parser = Parser::new(&source, scope, alias);
    let value = parser.formula()?;
    parser.punctuation();
    // The number under which the formula is displayed says nothing about it.
    while parser.label()?.is_some() {
        parser.punctuation();
    }
    parser.expect_end("an operator, a relation, a connective, or the end of the statement")?;
    Ok(value)
}

/// Reads a derivation: lines separated by `\\`, with arrows, continued chains, remarks and labels.
pub fn parse_lines(src: &str, scope: &Scope) -> Result<Vec<Line>, TexError> {
    parse_lines_with(src, scope, &[])
}

/// Like [`parse_lines`], with index letters as in [`parse_formula_with`].
pub fn parse_lines_with(src: &str, scope: &Scope, alias: &[(&str, &str)]) -> Result<Vec<Line>, TexError> {
    let mut source = source(src)?;
    let joined = lines::continuations(&source)?;
    if !joined.is_empty() {
        source = source.without(&joined)?;
    }
    Parser::new(&source, scope, alias).lines()
}

/// Reads a domain as statements about `symbol`: `> 0`, `\in [0,1]`, `> 0, < 5`.
pub fn parse_domain(symbol: &Symbol, src: &str, scope: &Scope) -> Result<Vec<Formula>, TexError> {
    let source = one_line(source(src)?);
    let mut parser = Parser::new(&source, scope, &[]);
    let mut out = vec![];
    loop {
        let subject = Expr::Sym(symbol.clone());
        if parser.eat_command("\\in") {
            out.push(Formula::In(subject, parser.set()?));
        } else {
            let Some(relation) = parser.relation()? else {
                return parser.unexpected("`\\in` or a relation, as in `> 0` or `\\in [0,1]`");
            };
            let bound = parser.sum()?;
            parser.refuse_two_values(&bound)?;
            out.push(Formula::Rel(subject, relation, bound));
        }
        if !parser.eat(Tok::Char(',')) {
            parser.expect_end("`,` or the end of the domain")?;
            return Ok(out);
        }
    }
}

/// Reads the left side of a definition: `u(x; y)` is the name `u` with the parameters `x`, `y`.
pub fn parse_head(src: &str) -> Result<Head, TexError> {
    let source = one_line(source(src)?);
    let scope = Scope::new();
    let mut parser = Parser::new(&source, &scope, &[]);
    let name = parser.new_name()?;
    let mut parameters = vec![];
    if parser.at_open(lexer::Delim::Paren) {
        if name.key().ends_with('\'') {
            let message = format!("`{name}` with parameters may be a derivative");
            return Err(TexError::new(TexErrorKind::Ambiguous, 0..src.len(), message)
                .help("give the function a name without primes"));
        }
        parameters = parser.within("`,`, `;` or `)`", |p| {
            let mut out = vec![p.new_name()?];
            while p.eat(Tok::Char(',')) || p.eat(Tok::Char(';')) {
                out.push(p.new_name()?);
            }
            Ok(out)
        })?;
    }
    parser.expect_end("`(` and parameters, or the end of the head")?;
    if let Some(twice) = parameters.iter().enumerate().find(|(i, s)| parameters[..*i].contains(s)) {
        let message = format!("the parameter `{}` occurs twice", twice.1);
        return Err(TexError::new(TexErrorKind::Syntax, 0..src.len(), message));
    }
    Ok(Head { name, parameters })
}

/// A symbol as plain text.
pub fn plain_symbol(symbol: &Symbol) -> String {
    plain(&Expr::Sym(symbol.clone()))
}

/// A line of a derivation as plain text, its arrow and continued relation included.
pub fn plain_line(line: &Line) -> String {
    let arrow = match line.connective {
        Some(Connective::Implies) => "⇒ ",
        Some(Connective::Iff) => "⇔ ",
        None => "",
    };
    let body = match &line.body {
        Body::Statement(f) => plain_formula(f),
        Body::Term(e) => plain(e),
        Body::Continues(relation, first, rest) => {
            let mut links = vec![(*relation, first.clone())];
            links.extend(rest.iter().cloned());
            // The chain without the term that stands on the line before.
            let chain = plain_formula(&Formula::Chain(Expr::int(0), links));
            chain.strip_prefix("0 ").unwrap_or(&chain).to_owned()
        }
    };
    format!("{arrow}{body}")
}
