//! The `[functions]` table: functions without a formula, and what is known of them.

use toml_edit::Item;

use crate::expr::{Entry, Expr, Formula, Kind, Scope, Set, Symbol};
use crate::functions::{AnyFunction, Property};
use crate::tex;

use super::diagnostic::{Problem, nearest};
use super::fields::{Context, Fields};
use super::source::Located;
use super::symbols::imply;

const KEYS: [&str; 4] = ["on", "is", "with", "omits"];
const EXAMPLE: &str = "write 'f(x)' = { on = 'x \\ge 0', is = ['non-decreasing'] }";

/// A function as it is declared: `'f(x)' = { on = 'x \ge 0', is = ['concave'] }`.
struct Raw<'a> {
    head: Located<tex::Head>,
    fields: Fields<'a>,
}

/// Reads the table, and declares its functions in `scope`, which holds the file's symbols. What is
/// known of a function may mention all of them. Members of families are declared at every letter.
pub(super) fn read(fields: &Fields, scope: &mut Scope, known: &mut Vec<AnyFunction>) {
    let mut raws = vec![];
    for (left, item) in fields.entries("functions") {
        let Some(raw) = raw(fields.cx, &left, item) else { continue };
        let name = raw.head.value.name.clone();
        if known.iter().any(|f| f.name == name) || raws.iter().any(|r: &Raw| r.head.value.name == name) {
            fields.cx.report(left.span, Problem::DuplicateSymbol(left.value), "one declaration is enough");
            continue;
        }
        imply(fields.cx, scope, Entry { symbol: name, kind: Kind::Function, domain: vec![] }, &left);
        raws.push(raw);
    }
    scope.spread();
    let mut read: Vec<AnyFunction> = raws.iter().filter_map(|r| function(r, scope)).collect();
    for range in scope.indices() {
        for f in read.clone() {
            let Some(from) = range.letter_in(&f.name) else { continue };
            for to in range.all_letters().iter().filter(|to| **to != from) {
                read.push(member(&f, &from, to));
            }
        }
    }
    known.extend(read);
}

/// The member of a family at another letter.
fn member(f: &AnyFunction, from: &Symbol, to: &Symbol) -> AnyFunction {
    let at = |s: &Symbol| s.reindexed(from, to).unwrap_or_else(|| s.clone());
    AnyFunction {
        name: at(&f.name),
        parameters: f.parameters.iter().map(at).collect(),
        domain: f.domain.iter().map(|d| d.reindexed(from, to)).collect(),
        known: f.known.iter().map(|k| k.reindexed(from, to)).collect(),
        ..f.clone()
    }
}

fn raw<'a>(cx: Context<'a>, left: &Located<String>, item: &'a Item) -> Option<Raw<'a>> {
    let head = cx.read(left, tex::parse_head)?;
    let Some(table) = item.as_table_like() else {
        cx.wrong_type(&left.value, item, "a table, `{ on = …, is = … }`,");
        return None;
    };
    let fields = Fields::new(cx, table, left.span.clone(), &format!("the function `{}`", left.value), &KEYS);
    if head.value.parameters.is_empty() {
        let problem = Problem::Incomplete(format!("the function `{}` has no parameter", left.value));
        cx.report(left.span.clone(), problem, EXAMPLE);
        return None;
    }
    if fields.get("on").is_none() {
        fields.missing("on", "say where it is defined, an interval of its first parameter: on = 'x \\ge 0'");
        return None;
    }
    Some(Raw { head, fields })
}

fn function(raw: &Raw, scope: &Scope) -> Option<AnyFunction> {
    let tex::Head { name, parameters } = raw.head.value.clone();
    let mut inner = scope.clone();
    for p in parameters.iter().filter(|p| scope.entry(p).is_none()) {
        inner.variable(p.clone(), vec![]);
    }
    let statements = |key: &str| -> Option<Vec<Located<Formula>>> {
        let texts = raw.fields.latex_list(key);
        texts.iter().map(|t| super::frame::formula(raw.fields.cx, t, &inner, &[])).collect()
    };
    let domain = statements("on")?;
    let (own, _): (Vec<Formula>, Vec<Formula>) =
        domain.iter().map(|d| d.value.clone()).partition(|d| d.free().contains(&parameters[0]));
    let interval = own.iter().all(|d| !matches!(d, Formula::In(Expr::Sym(_), Set::Reals)))
        && Set::between_bounds(&parameters[0], &own).is_none();
    if interval && !own.iter().all(|d| matches!(d, Formula::In(Expr::Sym(_), Set::Interval { .. }))) {
        let problem = Problem::Incomplete(format!("the domain is no interval of `{}`", parameters[0]));
        raw.fields.cx.report(raw.fields.key_span("on"), problem, "bound it by terms: on = 'x \\ge 0'");
        return None;
    }
    let properties = properties(&raw.fields)?;
    Some(AnyFunction {
        name,
        omitted: omitted(&raw.fields, &parameters)?,
        parameters,
        domain: domain.into_iter().map(|d| d.value.unchained()).collect(),
        properties,
        known: statements("with")?.into_iter().map(|k| k.value).collect(),
    })
}

/// The words under `is`, which must not contradict each other.
fn properties(fields: &Fields) -> Option<std::collections::BTreeSet<Property>> {
    let mut out: Vec<Property> = vec![];
    for item in fields.list("is") {
        let word = fields.cx.prose("is", &item)?;
        let Some(property) = Property::ALL.into_iter().find(|p| p.word() == word.value) else {
            let words = Property::ALL.map(Property::word);
            let help = match nearest(&word.value, words) {
                Some(w) => format!("did you mean `{w}`?"),
                None => format!("the properties are {}", words.join(", ")),
            };
            let problem = Problem::Incomplete(format!("`{}` is no property of a function", word.value));
            fields.cx.report(word.span, problem, help);
            return None;
        };
        if let Some(other) = out.iter().find(|p| p.contradicts(property)) {
            let problem =
                Problem::Incomplete(format!("`{}` contradicts `{}`", property.word(), other.word()));
            fields.cx.report(word.span, problem, "no function has both: keep one of them");
            return None;
        }
        out.push(property);
    }
    Some(out.into_iter().collect())
}

/// How many parameters may be left out: those under `omits`, which are the last ones.
fn omitted(fields: &Fields, parameters: &[Symbol]) -> Option<usize> {
    let names = fields.latex_list("omits");
    let given: Vec<Symbol> = names.iter().map(|n| Symbol::new(&n.value)).collect();
    if given.len() < parameters.len() && parameters.ends_with(&given) {
        return Some(given.len());
    }
    let problem = Problem::Incomplete("what is left out is not at the end of the parameters".to_owned());
    fields.cx.report(fields.key_span("omits"), problem, "name the last parameters, and not the first");
    None
}
