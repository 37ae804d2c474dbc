//! Names as the paper writes them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A name: `c_0`, `\delta`, `\delta^{\text{Powerful } G}`.
///
/// Two spellings of one name are one symbol: identity, order and hash come from [`Symbol::key`],
/// the LaTeX with spaces, braces and text commands taken out; [`Symbol::latex`] keeps the
/// spelling for printing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Symbol(Arc<Spelling>);

#[derive(Debug)]
struct Spelling {
    key: String,
    latex: String,
}

/// The bars of a length, but for `||`.
const NORM_BARS: [&str; 4] = ["\\|", "\\lVert", "\\rVert", "\\Vert"];

/// Commands that set a name in type without changing which name it is.
const TYPESETTING: [&str; 11] = [
    "\\text",
    "\\textit",
    "\\textrm",
    "\\mathrm",
    "\\mathit",
    "\\operatorname",
    "\\mbox",
    "\\quad",
    "\\left",
    "\\right",
    "\\mathbf",
];

impl Symbol {
    /// The symbol spelled `latex`.
    pub fn new(latex: &str) -> Self {
        let latex = latex.trim().to_owned();
        Symbol(Arc::new(Spelling { key: key_of(&latex), latex }))
    }

    /// The canonical name: equal for all spellings of one name.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The spelling with numbers in subscripts unbraced, as one types it: `D_10` for `D_{10}`.
    pub fn typed(&self) -> String {
        let mut out = String::new();
        let mut rest = self.latex();
        while let Some(at) = rest.find("_{") {
            let inside = &rest[at + 2..];
            let end = inside.find('}').unwrap_or(inside.len());
            if end < inside.len() && end > 0 && inside[..end].bytes().all(|b| b.is_ascii_digit()) {
                out.push_str(&rest[..=at]);
                out.push_str(&inside[..end]);
                rest = &inside[end + 1..];
            } else {
                out.push_str(&rest[..at + 2]);
                rest = inside;
            }
        }
        out + rest
    }

    /// The spelling with which the symbol was first written.
    pub fn latex(&self) -> &str {
        &self.0.latex
    }
}

/// The canonical form of a name: typesetting commands, braces and blanks removed. A command
/// keeps one blank behind it where a letter follows, so that `\delta x` is not `\deltax`, and
/// `\hat{q}` is `\hat q`. The bars of a length are `\|` however they are written.
pub fn key_of(latex: &str) -> String {
    let mut key = String::with_capacity(latex.len());
    let mut rest = latex;
    let mut behind_command = false;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let letters = rest[1..].chars().take_while(char::is_ascii_alphabetic).count();
            // A control symbol such as `\ ` or `\,` is one character long: spacing in a name.
            let symbol = rest[1..].chars().next().map_or(0, char::len_utf8);
            let end = 1 + if letters > 0 { letters } else { symbol };
            let command = &rest[..end];
            rest = &rest[end..];
            if NORM_BARS.contains(&command) {
                key.push_str("\\|");
                behind_command = false;
            } else if letters > 0 && !TYPESETTING.contains(&command) {
                key.push_str(command);
                behind_command = true;
            }
        } else if rest.starts_with("||") {
            key.push_str("\\|");
            rest = &rest[2..];
            behind_command = false;
        } else {
            if !c.is_whitespace() && c != '{' && c != '}' {
                if behind_command && c.is_ascii_alphabetic() {
                    key.push(' ');
                }
                key.push(c);
                behind_command = false;
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    key
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}
impl Eq for Symbol {}
impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}
impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.key.cmp(&other.0.key)
    }
}
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.latex)
    }
}
impl From<String> for Symbol {
    fn from(latex: String) -> Self {
        Symbol::new(&latex)
    }
}
impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.latex().to_owned()
    }
}
impl From<&str> for Symbol {
    fn from(latex: &str) -> Self {
        Symbol::new(latex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_another_symbol_than_what_it_is_the_length_of() {
        assert_ne!(Symbol::new(r"\|x\|"), Symbol::new("x"));
        for other in [r"\lVert x \rVert", r"\Vert{x}\Vert", "||x||", r"\| x \|"] {
            assert_eq!(Symbol::new(r"\|x\|"), Symbol::new(other), "{other}");
        }
    }

    #[test]
    fn spellings_of_one_name_are_one_symbol() {
        for other in [
            r"\delta^{Powerful\ G}",
            r"\delta^{Powerful \ G}",
            r"\delta^{\textit{Powerful } G}",
            r"\delta ^ {\operatorname{Powerful}\ G}",
        ] {
            assert_eq!(Symbol::new(r"\delta^{\text{Powerful } G}"), Symbol::new(other), "{other}");
        }
        assert_ne!(Symbol::new(r"\delta^{Powerful\ G}"), Symbol::new(r"\delta^{Powerful\ D}"));
        assert_ne!(Symbol::new(r"\delta x"), Symbol::new(r"\deltax"));
        assert_eq!(Symbol::new(r"\hat q"), Symbol::new(r"\hat{q}"));
    }
}
