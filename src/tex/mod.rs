//! Stub of the reader's signatures.

use std::ops::Range;

use crate::expr::{Expr, Formula, Relation, Scope, Symbol};

#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TexError {
    pub span: Range<usize>,
    pub message: String,
    pub expected: Option<String>,
    pub help: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub name: Symbol,
    pub parameters: Vec<Symbol>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Connective {
    Implies,
    Iff,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Statement(Formula),
    Continues(Relation, Expr, Vec<(Relation, Expr)>),
    Term(Expr),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    Because(Formula),
    Where(Formula),
    Reference(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub span: Range<usize>,
    pub connective: Option<Connective>,
    pub body: Body,
    pub remark: Option<Remark>,
    pub label: Option<String>,
}

pub fn parse_expr(src: &str, _: &Scope) -> Result<Expr, TexError> {
    Ok(Expr::sym(src))
}
pub fn parse_formula(src: &str, _: &Scope) -> Result<Formula, TexError> {
    Ok(Formula::eq(Expr::sym(src), Expr::int(0)))
}
pub fn parse_formula_with(src: &str, scope: &Scope, _: &[(&str, &str)]) -> Result<Formula, TexError> {
    parse_formula(src, scope)
}
pub fn parse_lines(src: &str, scope: &Scope) -> Result<Vec<Line>, TexError> {
    let mut out = vec![];
    let mut start = 0;
    for piece in src.split(r"\\") {
        if !piece.trim().is_empty() {
            let body = Body::Statement(parse_formula(piece, scope)?);
            let span = start..start + piece.len();
            out.push(Line { span, connective: None, body, remark: None, label: None });
        }
        start += piece.len() + 2;
    }
    Ok(out)
}
pub fn parse_domain(_: &Symbol, src: &str, scope: &Scope) -> Result<Vec<Formula>, TexError> {
    Ok(vec![parse_formula(src, scope)?])
}
pub fn parse_head(src: &str) -> Result<Head, TexError> {
    match src.trim().strip_suffix(')').and_then(|s| s.split_once('(')) {
        Some((name, params)) => Ok(Head {
            name: Symbol::new(name),
            parameters: params.split([',', ';']).map(Symbol::new).collect(),
        }),
        None => Ok(Head { name: Symbol::new(src), parameters: vec![] }),
    }
}
