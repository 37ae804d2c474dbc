//! The `[indices]` table: `i = '1, \ldots, n'`.

use crate::expr::{Expr, Formula, Kind, Relation, Scope, Symbol};
use crate::tex;

use super::diagnostic::Problem;
use super::fields::{Context, Fields};
use super::source::Located;

const HELP: &str = "write the range as '1, \\ldots, n', with `n` declared as 'integer, \\ge 1'";

/// Declares the index letters of a file, and every member of the families that they make of the
/// declared symbols.
pub(super) fn read(fields: &Fields, scope: &mut Scope) {
    for (letter, item) in fields.entries("indices") {
        let cx = fields.cx;
        let Some(text) = cx.latex(&letter.value, item) else { continue };
        if !letter.value.chars().all(|c| c.is_ascii_alphabetic()) || letter.value.len() != 1 {
            let problem = Problem::BadSymbol(letter.value.clone());
            cx.report(letter.span.clone(), problem, "an index is a single letter");
            continue;
        }
        let letter = letter.with(Symbol::new(&letter.value));
        if scope.entry(&letter.value).is_some() || scope.range_of(&letter.value).is_some() {
            let problem = Problem::DuplicateSymbol(letter.value.to_string());
            cx.report(letter.span.clone(), problem, "an index letter stands for nothing else");
            continue;
        }
        let Some(upper) = upper(cx, &text, scope) else { continue };
        scope.add_index(letter.value, upper);
    }
    scope.spread();
}

/// The upper end of a range that begins at one: a natural number, or an integer symbol that is at
/// least one.
fn upper(cx: Context, text: &Located<String>, scope: &Scope) -> Option<Expr> {
    let wrong = |found: String| {
        cx.report(text.span.clone(), Problem::BadDomain(found), HELP);
        None
    };
    let dots = ["\\ldots", "\\dots", "\\cdots"];
    let mut parts = text.value.split(',').map(str::trim);
    let (Some("1"), Some(middle), Some(last), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return wrong(text.value.clone());
    };
    if !dots.contains(&middle) {
        return wrong(text.value.clone());
    }
    let piece = cx.locate(last.to_owned(), text.span.clone());
    let end = cx.read(&piece, |src| tex::parse_expr(src, scope))?.value;
    if end.as_int().is_some_and(|n| n >= 1) {
        return Some(end);
    }
    let Some(entry) = end.as_sym().and_then(|s| scope.entry(s)) else { return wrong(text.value.clone()) };
    let integer = scope.integers().any(|s| *s == entry.symbol);
    let positive = entry.domain.iter().any(|f| match f {
        Formula::Rel(_, Relation::Ge | Relation::Gt, b) => b.as_int().is_some_and(|b| b >= 1),
        _ => false,
    });
    if entry.kind == Kind::Variable && integer && positive { Some(end) } else { wrong(text.value.clone()) }
}
