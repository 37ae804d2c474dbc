//! Tokens of SMT-LIB (section 3.1 of the standard).

use rug::ops::Pow as _;
use rug::{Integer, Rational};

use super::error::Fault;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Open,
    Close,
    /// A numeral or a decimal.
    Number(Rational),
    /// A symbol, without the bars of a quoted one.
    Symbol(String),
    Keyword(String),
    /// A string, a hexadecimal or a binary.
    Other(String),
}

/// The tokens of a text, one after the other.
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

/// Characters of simple symbols that are not letters or digits.
const SYMBOL_MARKS: &str = "~!@$%^&*_-+=<>.?/";

impl<'t> Lexer<'t> {
    /// A lexer at the beginning of the text.
    pub fn new(text: &'t str) -> Self {
        Lexer { text, at: 0 }
    }

    /// The next token and the byte where it begins; `None` at the end.
    pub fn next(&mut self) -> Result<Option<(usize, Token)>, Fault> {
        self.skip_blanks();
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let token = match first {
            '(' => self.take(1, Token::Open),
            ')' => self.take(1, Token::Close),
            '|' => self.quoted(start)?,
            '"' => self.string(start)?,
            ':' => {
                let length = 1 + symbol_length(&rest[1..]);
                self.take(length, Token::Keyword(rest[..length].to_owned()))
            }
            '#' => {
                let length = 1 + symbol_length(&rest[1..]);
                self.take(length, Token::Other(rest[..length].to_owned()))
            }
            c if c.is_ascii_digit() => self.number(start)?,
            c if is_symbol_character(c) => {
                let length = symbol_length(rest);
                self.take(length, Token::Symbol(rest[..length].to_owned()))
            }
            c => {
                let message = format!("`{}` begins no token", c.escape_default());
                return Err(Fault::at(
                    start,
                    message,
                    "names with other characters are written between bars: |x'|",
                ));
            }
        };
        Ok(Some((start, token)))
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            self.at += blank;
            let rest = &rest[blank..];
            if !rest.starts_with(';') {
                return;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn take(&mut self, length: usize, token: Token) -> Token {
        self.at += length;
        token
    }

    fn quoted(&mut self, start: usize) -> Result<Token, Fault> {
        let inside = &self.text[start + 1..];
        let end = inside.find(['|', '\\']).filter(|i| inside[*i..].starts_with('|')).ok_or_else(|| {
            Fault::at(
                start,
                "a quoted symbol that does not end",
                "end it with a bar, and use no backslash in it",
            )
        })?;
        Ok(self.take(end + 2, Token::Symbol(inside[..end].to_owned())))
    }

    fn string(&mut self, start: usize) -> Result<Token, Fault> {
        let bytes = self.text.as_bytes();
        let mut i = start + 1;
        loop {
            match bytes.get(i) {
                None => {
                    return Err(Fault::at(
                        start,
                        "a string that does not end",
                        "end it with a quotation mark",
                    ));
                }
                Some(b'"') if bytes.get(i + 1) == Some(&b'"') => i += 2,
                Some(b'"') => break,
                Some(_) => i += 1,
            }
        }
        Ok(self.take(i + 1 - start, Token::Other(self.text[start..=i].to_owned())))
    }

    fn number(&mut self, start: usize) -> Result<Token, Fault> {
        let rest = &self.text[start..];
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let written = &rest[..length];
        let wrong = || {
            let shown: String = rest.chars().take(length.min(40) + 1).collect();
            let help = "write a numeral such as 12, or a decimal such as 1.25";
            Fault::at(start, format!("`{}` is not a number", shown.trim_end()), help)
        };
        if rest[length..].chars().next().is_some_and(is_symbol_character) {
            return Err(wrong());
        }
        let (whole, part) = match written.split_once('.') {
            None => (written, ""),
            Some((whole, part)) if !part.is_empty() && !part.contains('.') => (whole, part),
            Some(_) => return Err(wrong()),
        };
        let digits: Integer = format!("{whole}{part}").parse().map_err(|_| wrong())?;
        let value = match u32::try_from(part.len()) {
            Ok(0) => Rational::from(digits),
            Ok(n) => Rational::from((digits, Integer::from(10).pow(n))),
            Err(_) => return Err(wrong()),
        };
        Ok(self.take(length, Token::Number(value)))
    }
}

fn is_symbol_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || SYMBOL_MARKS.contains(c)
}

fn symbol_length(rest: &str) -> usize {
    rest.find(|c| !is_symbol_character(c)).unwrap_or(rest.len())
}

/// Whether a name can be written without bars.
pub fn is_simple(name: &str) -> bool {
    !name.is_empty() && symbol_length(name) == name.len() && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let mut lexer = Lexer::new(text);
        let mut out = vec![];
        while let Some((_, t)) = lexer.next().expect("the text is right") {
            out.push(t);
        }
        out
    }

    #[test]
    fn decimals_are_read_exactly() {
        let value = Rational::from((1, 10));
        assert_eq!(tokens("0.1"), [Token::Number(value)]);
        let value = Rational::from(1);
        assert_eq!(tokens("1.0"), [Token::Number(value)]);
    }

    #[test]
    fn a_quoted_symbol_is_the_symbol_without_its_bars() {
        assert_eq!(tokens("|x| x"), [Token::Symbol("x".into()), Token::Symbol("x".into())]);
    }

    #[test]
    fn a_comment_ends_with_its_line_and_does_not_begin_inside_bars_or_strings() {
        assert_eq!(tokens("a ; b\nc"), [Token::Symbol("a".into()), Token::Symbol("c".into())]);
        assert_eq!(tokens("|;|"), [Token::Symbol(";".into())]);
        assert_eq!(tokens("\";\"\"x\""), [Token::Other("\";\"\"x\"".into())]);
    }

    #[test]
    fn what_begins_no_token_is_refused_with_its_place() {
        for (text, place) in
            [("a '", 2), ("1.", 0), ("1.2.3", 0), ("2x", 0), ("|a", 0), ("\"a", 0), ("a é", 2)]
        {
            let mut lexer = Lexer::new(text);
            let fault = loop {
                match lexer.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("`{text}` was read"),
                    Err(fault) => break fault,
                }
            };
            assert!(matches!(fault, Fault::At { place: p, .. } if p == place), "`{text}`: {fault:?}");
        }
    }
}
