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
    pub params: Vec<Symbol>,
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

fn stub<T>(src: &str) -> Result<T, TexError> {
    Err(TexError { span: 0..src.len(), message: "stub".into(), expected: None, help: None })
}

pub fn parse_expr(src: &str, _: &Scope) -> Result<Expr, TexError> {
    stub(src)
}
pub fn parse_formula(src: &str, _: &Scope) -> Result<Formula, TexError> {
    stub(src)
}
pub fn parse_formula_with(src: &str, _: &Scope, _: &[(String, String)]) -> Result<Formula, TexError> {
    stub(src)
}
pub fn parse_lines(src: &str, _: &Scope) -> Result<Vec<Line>, TexError> {
    stub(src)
}
pub fn parse_domain(_: &Symbol, src: &str, _: &Scope) -> Result<Vec<Formula>, TexError> {
    stub(src)
}
pub fn parse_head(src: &str) -> Result<Head, TexError> {
    stub(src)
}
