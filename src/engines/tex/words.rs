//! Words between formulas: `for`, `because`, `and`, references.

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Gap, Tok};
use super::parser::{Parser, Read};
use crate::expr::Formula;
use crate::expr::symbol::key_of;

/// What a line says beside its statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// `because c > 0`: the reason of the step.
    Because(Formula),
    /// `for a < b`, `\forall a < b`: where the statement is made.
    Where(Formula),
    /// `Theorem 3.1`, `by Lemma 2`: what the step rests on, as printed.
    Reference(String),
}

const BECAUSE: [&str; 4] = ["because", "since", "as", "because of"];
const WHERE: [&str; 10] =
    ["for", "if", "when", "whenever", "where", "for all", "for every", "for any", "with", "assuming"];
const REFERENCE: [&str; 28] = [
    "by",
    "from",
    "using",
    "see",
    "corr",
    "cor",
    "corollary",
    "theorem",
    "thm",
    "lemma",
    "prop",
    "proposition",
    "def",
    "definition",
    "eq",
    "eqs",
    "eqn",
    "equation",
    "equations",
    "section",
    "sec",
    "appendix",
    "claim",
    "observation",
    "fact",
    "assumption",
    "remark",
    "algorithm",
];
const TEXTS: [&str; 7] = ["\\text", "\\textit", "\\textrm", "\\textbf", "\\textnormal", "\\mbox", "\\mathrm"];

impl<'a> Parser<'a, '_> {
    /// The word at the cursor in small letters, and the place behind it: the contents of a
    /// `\text{…}` that is no declared name, or bare letters that no declared names spell.
    pub fn word(&self) -> Option<(String, usize)> {
        if let Some(Tok::Letter(_)) = self.peek() {
            let letters = self.letters();
            let end = self.pos + letters.len();
            return (!self.spells_names(&letters)).then(|| (letters.to_lowercase(), end));
        }
        self.word_in_text()
    }

    /// Whether the letters are a declared name or a product of declared names.
    fn spells_names(&self, letters: &str) -> bool {
        let declared = |c: char| {
            let mut text = [0; 4];
            let text: &str = c.encode_utf8(&mut text);
            self.scope.get(text).is_some() || self.locals.iter().any(|s| s.key() == text)
        };
        self.scope.get(letters).is_some() || letters.chars().all(declared)
    }

    /// Refuses a word such as `if` whose letters are all declared names.
    pub fn refuse_spelled_word(&self) -> Read<()> {
        if !matches!(self.peek(), Some(Tok::Letter(_))) {
            return Ok(());
        }
        let letters = self.letters();
        let word = ["for", "if", "when", "where", "because", "since", "else", "otherwise", "and", "or"];
        if letters.len() > 1
            && word.contains(&letters.to_lowercase().as_str())
            && self.scope.get(&letters).is_none()
            && self.spells_names(&letters)
        {
            let message = format!("`{letters}` may be a word or a product");
            let span = self.span(self.pos, self.pos + letters.len());
            return self.ambiguous(
                span,
                &message,
                "write `\\text{…}` for the word, or `\\cdot` for the product",
            );
        }
        Ok(())
    }

    /// Like [`Parser::word`], where bare letters can be nothing but a word.
    pub fn word_in_text(&self) -> Option<(String, usize)> {
        match self.peek()? {
            Tok::Letter(_) => {
                let letters = self.letters();
                Some((letters.to_lowercase(), self.pos + letters.len()))
            }
            Tok::Command(c) if TEXTS.contains(&c) && self.tok_at(self.pos + 1) == Some(Tok::LBrace) => {
                let close = self.source.partner[self.pos + 1];
                let text = self.plain_text(self.pos + 2, close);
                let named = self.scope.get(&key_of(&text)).is_some();
                let scripted = matches!(self.tok_at(close + 1), Some(Tok::Sub | Tok::Sup));
                (!named && !scripted).then(|| (text.to_lowercase(), close + 1))
            }
            _ => None,
        }
    }

    /// The tokens from `from` to `to` as running text.
    fn plain_text(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for at in from..to {
            let token = &self.source.toks[at];
            if token.gap > Gap::None {
                out.push(' ');
            }
            let text = &self.source.src[token.span.clone()];
            match token.tok {
                Tok::Command(c) if TEXTS.contains(&c) => out.push(' '),
                Tok::LBrace | Tok::RBrace => {}
                _ => out.push_str(text),
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether running text, and not mathematics, stands at the cursor.
    pub fn at_remark(&self) -> bool {
        match self.peek() {
            Some(Tok::Command("\\forall")) => true,
            Some(Tok::Command(c)) if TEXTS.contains(&c) && c != "\\mathrm" => self.word_in_text().is_some(),
            Some(Tok::Letter(_)) => self.word().is_some_and(|(word, _)| is_keyword(&word)),
            _ => false,
        }
    }

    /// The remark at the cursor: a reason, a condition or a reference. It runs to the end of the
    /// line or of its bracket, but for punctuation, tags and labels.
    pub fn remark(&mut self) -> Read<Remark> {
        if self.at_open(Delim::Paren) {
            return self.within("the closing bracket", |p| p.remark());
        }
        let start = self.pos;
        if self.eat_command("\\forall") {
            return Ok(Remark::Where(self.formula()?));
        }
        let Some((words, end)) = self.word() else {
            return self.unexpected("a remark, or the end of the line");
        };
        let words = words.trim_start_matches('(').trim_end_matches([',', ':', ' ']).to_owned();
        let first: String = words.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        if REFERENCE.contains(&first.as_str()) {
            let stop = self.reference_end();
            self.check_reference(start, stop)?;
            let text = self.plain_text(start, stop);
            self.pos = stop;
            let text = text.trim().trim_end_matches(['.', ',']);
            let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
            return Ok(Remark::Reference(text.to_owned()));
        }
        self.pos = end;
        let quantified = words == "for"
            && matches!(self.word(), Some((w, _)) if ["all", "every", "any"].contains(&w.as_str()));
        if quantified && let Some((_, end)) = self.word() {
            self.pos = end;
        }
        if BECAUSE.contains(&words.as_str()) {
            Ok(Remark::Because(self.formula()?))
        } else if WHERE.contains(&words.as_str()) {
            self.eat_command("\\forall");
            Ok(Remark::Where(self.formula()?))
        } else {
            let span = self.span(start, end);
            let error = TexError::new(TexErrorKind::Unsupported, span, "words that are not understood");
            Err(error.expecting("`because …`, `for …`, `where …`, or a reference such as `by Lemma 2`"))
        }
    }

    /// Refuses mathematics in a reference: only words and numbers belong there.
    fn check_reference(&self, from: usize, to: usize) -> Read<()> {
        let mut text_end = 0;
        for at in from..to {
            let token = &self.source.toks[at];
            let fits = match token.tok {
                Tok::Letter(_) | Tok::Digit(_) | Tok::Prime => true,
                Tok::Open(Delim::Paren, false) | Tok::Close(Delim::Paren, false) => true,
                Tok::Char(c) => ".,:;-–§&".contains(c),
                Tok::Command(c) if TEXTS.contains(&c) => {
                    text_end = self.source.partner.get(at + 1).copied().unwrap_or(at);
                    true
                }
                _ => at <= text_end,
            };
            if !fits {
                return self
                    .error(TexErrorKind::Syntax, token.span.clone(), "mathematics inside a reference")
                    .map_err(|e: TexError| e.expecting("words and numbers, or the end of the line"));
            }
        }
        Ok(())
    }

    /// Where a reference that begins at the cursor ends: before tags and labels.
    fn reference_end(&self) -> usize {
        let mark =
            |at: usize| matches!(self.source.toks[at].tok, Tok::Command("\\tag" | "\\label") | Tok::Newline);
        (self.pos..self.end).find(|&at| mark(at)).unwrap_or(self.end)
    }
}

fn is_keyword(word: &str) -> bool {
    BECAUSE.contains(&word)
        || WHERE.contains(&word)
        || REFERENCE.contains(&word)
        || ["and", "or", "else", "otherwise"].contains(&word)
}
