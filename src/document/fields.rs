//! Typed access to the tables of a TOML file; whatever is wrong is reported where it stands.

use std::cell::RefCell;
use std::ops::Range;

use toml_edit::{Item, Table, TableLike, Value};

use super::diagnostic::{Diagnostic, Problem, suggest};
use super::source::{FileId, Located, Source};
use crate::tex::TexError;

const SINGLE_QUOTES: &str = "use single quotes ('…' or '''…'''): LaTeX needs no escaping there";

/// The file that is being read, and where its problems go.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub source: &'a Source,
    pub file: FileId,
    pub problems: &'a RefCell<Vec<Diagnostic>>,
}

impl<'a> Context<'a> {
    /// Reports a problem at a range of bytes of the file.
    pub fn report(&self, span: Range<usize>, problem: Problem, help: impl Into<String>) {
        let diagnostic = Diagnostic::at(self.source, span, problem, Some(help.into()));
        self.problems.borrow_mut().push(diagnostic);
    }

    /// The piece of the file at `span`, read as `value`.
    pub fn locate<T>(&self, value: T, span: Range<usize>) -> Located<T> {
        let span = self.source.clamp(span);
        let text = self.source.text()[span.clone()].to_owned();
        Located { value, text, file: self.file, line: self.source.line_of(span.start), span }
    }

    /// Reads the LaTeX of `piece` with `read`; an error is reported at its place in the file.
    pub fn read<T>(
        &self,
        piece: &Located<String>,
        read: impl FnOnce(&str) -> Result<T, TexError>,
    ) -> Option<Located<T>> {
        match read(&piece.value) {
            Ok(value) => Some(piece.with(value)),
            Err(e) => {
                self.report_latex(piece, e);
                None
            }
        }
    }

    fn report_latex(&self, piece: &Located<String>, e: TexError) {
        let help =
            e.help.unwrap_or_else(|| "nothing is skipped or guessed: write it as it can be read".to_owned());
        let mut d = Diagnostic::at(self.source, piece.part(e.span), Problem::Latex(e.message), Some(help));
        if let (Some(place), Some(expected)) = (&mut d.place, e.expected) {
            place.label = Some(format!("expected {expected}"));
        }
        self.problems.borrow_mut().push(d);
    }

    /// The text of a string that holds LaTeX, byte for byte as it stands in the file.
    pub fn latex(&self, key: &str, item: &Item) -> Option<Located<String>> {
        let span = self.string(key, item)?;
        let raw = &self.source.text()[span.clone()];
        let inner = content(raw);
        if raw.starts_with('"') && raw[inner.clone()].contains('\\') {
            self.report(span, Problem::Escaped, SINGLE_QUOTES);
            return None;
        }
        let inner = span.start + inner.start..span.start + inner.end;
        let piece = self.locate((), inner);
        Some(piece.with(piece.text.clone()))
    }

    /// The value of a string that holds words.
    pub fn prose(&self, key: &str, item: &Item) -> Option<Located<String>> {
        let span = self.string(key, item)?;
        let inner = content(&self.source.text()[span.clone()]);
        let value = item.as_str().unwrap_or_default().to_owned();
        Some(self.locate(value, span.start + inner.start..span.start + inner.end))
    }

    fn string(&self, key: &str, item: &Item) -> Option<Range<usize>> {
        if item.is_str() {
            return item.span();
        }
        self.wrong_type(key, item, "a string");
        None
    }

    /// Reports that `item` is not what was expected.
    pub fn wrong_type(&self, key: &str, item: &Item, expected: &str) {
        let problem = Problem::WrongType {
            key: key.to_owned(),
            found: with_article(item.type_name()),
            expected: expected.to_owned(),
        };
        self.report(item.span().unwrap_or_default(), problem, format!("write {expected} here"));
    }
}

/// The range of a string's text inside its quotes; `raw` is the string as TOML writes it.
fn content(raw: &str) -> Range<usize> {
    for quote in ["'''", "\"\"\""] {
        if raw.len() >= 6 && raw.starts_with(quote) {
            let inner = &raw[3..raw.len() - 3];
            let newline = if inner.starts_with("\r\n") { 2 } else { usize::from(inner.starts_with('\n')) };
            return 3 + newline..raw.len() - 3;
        }
    }
    if raw.len() >= 2 && raw.starts_with(['\'', '"']) { 1..raw.len() - 1 } else { 0..raw.len() }
}

fn with_article(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}

/// A table with a fixed set of keys.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    pub cx: Context<'a>,
    table: &'a dyn TableLike,
    /// What the table is called in messages: `a claim`.
    name: String,
    /// Where a key that is missing is reported.
    pub place: Range<usize>,
}

impl<'a> Fields<'a> {
    /// The table `name`, of which only the keys in `known` may occur; others are reported.
    pub fn new(
        cx: Context<'a>,
        table: &'a dyn TableLike,
        place: Range<usize>,
        name: &str,
        known: &[&str],
    ) -> Fields<'a> {
        let fields = Fields { cx, table, name: name.to_owned(), place };
        for (key, _) in table.iter().filter(|(key, _)| !known.contains(key)) {
            let problem = Problem::UnknownKey { key: key.to_owned(), table: name.to_owned() };
            cx.report(fields.key_span(key), problem, suggest(key, "known keys", known));
        }
        fields
    }

    /// The place of a key; of the table if the key is not in it.
    pub fn key_span(&self, key: &str) -> Range<usize> {
        let found = self.table.get_key_value(key).and_then(|(k, _)| k.span());
        found.unwrap_or_else(|| self.place.clone())
    }

    /// Reports that a key is missing.
    pub fn missing(&self, key: &str, help: &str) {
        let problem = Problem::MissingKey { key: key.to_owned(), table: self.name.clone() };
        self.cx.report(self.place.clone(), problem, help);
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    /// A string of words.
    pub fn prose(&self, key: &str) -> Option<Located<String>> {
        self.cx.prose(key, self.get(key)?)
    }

    /// A string of LaTeX.
    pub fn latex(&self, key: &str) -> Option<Located<String>> {
        self.cx.latex(key, self.get(key)?)
    }

    /// A string of words that has to be there.
    pub fn required_prose(&self, key: &str, help: &str) -> Option<Located<String>> {
        match self.get(key) {
            Some(item) => self.cx.prose(key, item),
            None => {
                self.missing(key, help);
                None
            }
        }
    }

    /// A string of LaTeX that has to be there.
    pub fn required_latex(&self, key: &str, help: &str) -> Option<Located<String>> {
        match self.get(key) {
            Some(item) => self.cx.latex(key, item),
            None => {
                self.missing(key, help);
                None
            }
        }
    }

    /// Yes or no; no if the key is missing.
    pub fn flag(&self, key: &str) -> bool {
        let Some(item) = self.get(key) else { return false };
        item.as_bool().unwrap_or_else(|| {
            self.cx.wrong_type(key, item, "`true` or `false`");
            false
        })
    }

    /// The elements of a list; one value alone is a list of one.
    pub fn list(&self, key: &str) -> Vec<Item> {
        self.get(key).map(list_of).unwrap_or_default()
    }

    /// A list of strings of LaTeX; one string alone is a list of one.
    pub fn latex_list(&self, key: &str) -> Vec<Located<String>> {
        self.list(key).iter().filter_map(|item| self.cx.latex(key, item)).collect()
    }

    /// The keys and values of a table, in the order of the file.
    pub fn entries(&self, key: &str) -> Vec<(Located<String>, &'a Item)> {
        let Some(item) = self.get(key) else { return vec![] };
        match item.as_table_like() {
            Some(table) => entries(self.cx, table),
            None => {
                self.cx.wrong_type(key, item, "a table");
                vec![]
            }
        }
    }

    /// The tables of a list of tables, each with the place of its header.
    pub fn tables(&self, key: &str) -> Vec<(&'a dyn TableLike, Range<usize>)> {
        match self.get(key) {
            None => vec![],
            Some(Item::ArrayOfTables(tables)) => tables.iter().map(|t| (t as _, header(t))).collect(),
            Some(Item::Value(Value::Array(values))) if values.iter().all(Value::is_inline_table) => values
                .iter()
                .filter_map(Value::as_inline_table)
                .map(|t| (t as _, t.span().unwrap_or_default()))
                .collect(),
            Some(item) => {
                self.cx.wrong_type(key, item, &format!("a list of tables, `[[{key}]]`,"));
                vec![]
            }
        }
    }
}

/// The elements of a list; one value alone is a list of one.
pub(super) fn list_of(item: &Item) -> Vec<Item> {
    match item {
        Item::Value(Value::Array(values)) => values.iter().cloned().map(Item::Value).collect(),
        item => vec![item.clone()],
    }
}

/// The place of a table's header.
pub(super) fn header(table: &Table) -> Range<usize> {
    table.span().unwrap_or_default()
}

/// The keys and values of a table, in the order of the file. A key's place excludes its quotes; keys in
/// double quotes that need unescaping are reported and left out.
pub(super) fn entries<'a>(cx: Context<'a>, table: &'a dyn TableLike) -> Vec<(Located<String>, &'a Item)> {
    let mut out = vec![];
    for (key, item) in table.iter() {
        let span = table.get_key_value(key).and_then(|(k, _)| k.span()).unwrap_or_default();
        let inner = content(&cx.source.text()[span.clone()]);
        let piece = cx.locate(key.to_owned(), span.start + inner.start..span.start + inner.end);
        if piece.text == key {
            out.push((piece, item));
        } else {
            cx.report(span, Problem::Escaped, SINGLE_QUOTES);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::content;

    #[test]
    fn the_content_of_a_string_excludes_its_quotes_and_a_first_line_break() {
        for (raw, expected) in [
            ("'a'", "a"),
            ("\"a\"", "a"),
            ("''", ""),
            ("'''a'''", "a"),
            ("'''\na\n'''", "a\n"),
            ("'''\r\na'''", "a"),
            ("''''a''''", "'a'"),
            ("bare", "bare"),
        ] {
            assert_eq!(&raw[content(raw)], expected, "{raw}");
        }
    }
}
