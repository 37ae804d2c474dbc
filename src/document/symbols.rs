//! The `[symbols]` table: names, their kinds and domains.

use crate::expr::{Entry, Kind, Scope, Symbol};
use crate::tex;

use super::diagnostic::{Problem, nearest};
use super::fields::{Context, Fields};
use super::source::Located;

const KINDS: [&str; 6] = ["name", "function", "player", "integer", "real", "constant"];

/// What declares an unspecified quantity: `'[const]' = 'constant in x'`.
const CONSTANT_IN: &str = "constant in ";

const KINDS_HELP: &str = "write a domain such as '> 0', '\\in [0,1]' or 'integer, \\ge 1', or one of the \
                          words 'real', 'name', 'function' and 'player'";

/// Declares the symbols of a file in `scope`, which holds those of earlier files. Domains may
/// mention every symbol of the file, whatever their order.
pub(super) fn read(fields: &Fields, scope: &mut Scope) {
    let mut domains = vec![];
    for (key, item) in fields.entries("symbols") {
        let Some(symbol) = symbol(fields.cx, &key) else { continue };
        let text = fields.cx.latex(&key.text, item);
        if let Some(of) = text.as_ref().and_then(|t| t.value.strip_prefix(CONSTANT_IN)) {
            constant(fields.cx, scope, &key, symbol, of);
            continue;
        }
        let declared = text.and_then(|text| kind(fields.cx, &text));
        // A symbol with a mistake in its domain is a symbol all the same: its uses are no mistakes.
        let unknown = (Declared { kind: Kind::Variable, integer: false }, None);
        let (kind, domain) = declared.unwrap_or(unknown);
        let entry = Entry { symbol: symbol.clone(), kind: kind.kind, domain: vec![] };
        if let Err(earlier) = scope.declare(entry) {
            let help =
                format!("it is declared before, spelled `{}`: one declaration is enough", earlier.symbol);
            fields.cx.report(key.span, Problem::DuplicateSymbol(key.value), help);
            continue;
        }
        if kind.integer {
            scope.mark_integer(symbol.clone());
        }
        domains.extend(domain.map(|d| (symbol, d)));
    }
    let mut read = vec![];
    for (symbol, text) in domains {
        if let Some(domain) = fields.cx.read(&text, |src| tex::parse_domain(&symbol, src, scope)) {
            read.push((symbol, domain.value));
        }
    }
    for (symbol, domain) in read {
        scope.variable(symbol, domain);
    }
}

/// Declares a variable for a quantity that is left unspecified but for what it does not depend on.
fn constant(cx: Context, scope: &mut Scope, key: &Located<String>, symbol: Symbol, of: &str) {
    let entry = Entry { symbol: symbol.clone(), kind: Kind::Variable, domain: vec![] };
    match scope.declare(entry) {
        Ok(()) => scope.mark_constant(symbol, Symbol::new(of)),
        Err(_) => {
            let problem = Problem::DuplicateSymbol(key.value.clone());
            cx.report(key.span.clone(), problem, "one declaration is enough");
        }
    }
}

/// The symbol that a key spells.
pub(super) fn symbol(cx: Context, key: &Located<String>) -> Option<Symbol> {
    let symbol = Symbol::new(&key.value);
    let wrong = if key.value.chars().any(char::is_control) {
        "a name holds no control characters"
    } else if symbol.key().is_empty() {
        "write the name in LaTeX, in single quotes"
    } else if !balanced(&key.value) {
        "every `{` in a name needs its `}`"
    } else {
        return Some(symbol);
    };
    cx.report(key.span.clone(), Problem::BadSymbol(key.value.escape_debug().to_string()), wrong);
    None
}

struct Declared {
    kind: Kind,
    integer: bool,
}

/// The kind that a declaration gives, and the piece of it that is a domain.
fn kind(cx: Context, text: &Located<String>) -> Option<(Declared, Option<Located<String>>)> {
    let plain = |kind| Some((Declared { kind, integer: false }, None));
    let (word, rest) = match text.value.split_once(',') {
        Some((word, rest)) => (word.trim(), Some(rest)),
        None => (text.value.trim(), None),
    };
    match (word, rest) {
        ("name", None) => plain(Kind::Name),
        ("function", None) => plain(Kind::Function),
        ("player", None) => plain(Kind::Player),
        ("real", None) => plain(Kind::Variable),
        ("integer", rest) => {
            let domain = rest.map(|rest| {
                let start = text.text.len() - rest.len();
                cx.locate(rest.to_owned(), text.part(start..text.text.len()))
            });
            Some((Declared { kind: Kind::Variable, integer: true }, domain))
        }
        (word, _) if word.chars().all(|c| c.is_ascii_alphabetic()) => {
            let help = nearest(word, KINDS).map_or(KINDS_HELP.to_owned(), |k| format!("did you mean `{k}`?"));
            cx.report(text.span.clone(), Problem::BadDomain(text.value.clone()), help);
            None
        }
        _ => Some((Declared { kind: Kind::Variable, integer: false }, Some(text.clone()))),
    }
}

/// Whether every brace has its partner.
fn balanced(latex: &str) -> bool {
    let mut depth = 0_i64;
    let mut escaped = false;
    for c in latex.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// What a kind is called in messages.
pub(super) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Variable => "a variable",
        Kind::Name => "a name",
        Kind::Function => "a function",
        Kind::Player => "a player",
    }
}

/// Declares what a game or a definition brings along, unless the paper declared it already; an
/// earlier declaration as something else is reported at `at`.
pub(super) fn imply(cx: Context, scope: &mut Scope, entry: Entry, at: &Located<String>) {
    let (symbol, kind) = (entry.symbol.clone(), entry.kind.clone());
    let Err(earlier) = scope.declare(entry) else { return };
    // A definition without parameters may give a value to a declared variable.
    let compatible = earlier.kind == kind || (kind == Kind::Name && earlier.kind == Kind::Variable);
    if !compatible {
        let problem = Problem::Clash {
            symbol: symbol.to_string(),
            declared: kind_name(&earlier.kind).to_owned(),
            used: kind_name(&kind).to_owned(),
        };
        cx.report(at.span.clone(), problem, "give one of the two another name");
    }
}
