//! LaTeX source to tokens, each with its place.

use std::ops::Range;

use super::error::{TexError, TexErrorKind};

/// The longest source that is read, in bytes.
const LONGEST_SOURCE: usize = 1 << 20;

/// Which bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delim {
    Paren,
    Bracket,
    Brace,
    Bar,
    /// The invisible delimiter of `\left.` and `\right.`.
    Dot,
}

/// A token. `fixed` brackets come from `\left` and `\right` and pair only with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tok<'a> {
    Letter(char),
    Digit(char),
    /// A control sequence, with its backslash.
    Command(&'a str),
    Open(Delim, bool),
    Close(Delim, bool),
    /// `|`, of any size.
    Bar,
    LBrace,
    RBrace,
    Sup,
    Sub,
    Amp,
    Newline,
    Prime,
    /// Any other visible character.
    Char(char),
}

/// The widest space in front of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    None,
    Blank,
    /// `\,`, `\ `, `~` and their like.
    Thin,
    /// `\quad`, `\qquad`, and alignment marks: what separates columns and remarks.
    Wide,
}

#[derive(Clone, Debug)]
pub struct Token<'a> {
    pub tok: Tok<'a>,
    pub span: Range<usize>,
    pub gap: Gap,
}

const THIN: [&str; 21] = [
    "\\,",
    "\\;",
    "\\:",
    "\\!",
    "\\ ",
    "\\>",
    "\\/",
    "\\\n",
    "\\\t",
    "\\thinspace",
    "\\medspace",
    "\\thickspace",
    "\\negthinspace",
    "\\negmedspace",
    "\\negthickspace",
    "\\enspace",
    "\\displaystyle",
    "\\textstyle",
    "\\scriptstyle",
    "\\limits",
    "\\nolimits",
];
const PRESENTATION: [&str; 5] = ["\\nonumber", "\\notag", "\\strut", "\\mathstrut", "\\allowbreak"];
const PHANTOM: [&str; 4] = ["\\hspace", "\\vspace", "\\vphantom", "\\hphantom"];
const SIZES: [&str; 4] = ["\\big", "\\Big", "\\bigg", "\\Bigg"];

const DELIMITERS: [(&str, Delim); 15] = [
    ("\\{", Delim::Brace),
    ("\\}", Delim::Brace),
    ("\\lbrace", Delim::Brace),
    ("\\rbrace", Delim::Brace),
    ("\\lvert", Delim::Bar),
    ("\\rvert", Delim::Bar),
    ("\\vert", Delim::Bar),
    ("\\lbrack", Delim::Bracket),
    ("\\rbrack", Delim::Bracket),
    ("(", Delim::Paren),
    (")", Delim::Paren),
    ("[", Delim::Bracket),
    ("]", Delim::Bracket),
    ("|", Delim::Bar),
    (".", Delim::Dot),
];

/// Splits `src` into tokens. Spaces become the gap of the token behind them; comments vanish as
/// in TeX. Errors: a source too long, a lone backslash, a delimiter missing behind `\left`.
pub fn lex(src: &str) -> Result<Vec<Token<'_>>, TexError> {
    if src.len() > LONGEST_SOURCE {
        return Err(TexError::new(
            TexErrorKind::Limit,
            LONGEST_SOURCE..LONGEST_SOURCE,
            format!("the formula is longer than {LONGEST_SOURCE} bytes"),
        ));
    }
    let mut lexer = Lexer { src, pos: 0, gap: Gap::None, out: vec![] };
    while lexer.pos < src.len() {
        lexer.step()?;
    }
    Ok(lexer.out)
}

struct Lexer<'a> {
    src: &'a str,
    pos: usize,
    gap: Gap,
    out: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn push(&mut self, tok: Tok<'a>, start: usize) {
        self.out.push(Token { tok, span: start..self.pos, gap: self.gap });
        self.gap = Gap::None;
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn peek(&self) -> Option<char> {
        self.src[self.pos..].chars().next()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.pos += self.peek().map_or(0, char::len_utf8);
        }
    }

    fn step(&mut self) -> Result<(), TexError> {
        let start = self.pos;
        let Some(c) = self.peek() else { return Ok(()) };
        if c == '\\' {
            return self.command(start);
        }
        self.pos += c.len_utf8();
        let tok = match c {
            c if c.is_whitespace() => {
                self.widen(Gap::Blank);
                return Ok(());
            }
            '~' => {
                self.widen(Gap::Thin);
                return Ok(());
            }
            '%' => {
                let rest = &self.src[self.pos..];
                self.pos += rest.find('\n').map_or(rest.len(), |i| i + 1);
                return Ok(());
            }
            '{' => Tok::LBrace,
            '}' => Tok::RBrace,
            '^' => Tok::Sup,
            '_' => Tok::Sub,
            '&' => Tok::Amp,
            '\'' => Tok::Prime,
            '|' => Tok::Bar,
            '(' => Tok::Open(Delim::Paren, false),
            ')' => Tok::Close(Delim::Paren, false),
            '[' => Tok::Open(Delim::Bracket, false),
            ']' => Tok::Close(Delim::Bracket, false),
            c if c.is_ascii_alphabetic() => Tok::Letter(c),
            c if c.is_ascii_digit() => Tok::Digit(c),
            c => Tok::Char(c),
        };
        self.push(tok, start);
        Ok(())
    }

    /// The control sequence at the cursor, as a slice with its backslash.
    fn control_sequence(&mut self) -> Result<&'a str, TexError> {
        let start = self.pos;
        let rest = &self.src[start + 1..];
        let letters = rest.chars().take_while(char::is_ascii_alphabetic).count();
        let Some(first) = rest.chars().next() else {
            return Err(TexError::new(
                TexErrorKind::Structure,
                start..start + 1,
                "a backslash at the end of the formula",
            )
            .expecting("a command"));
        };
        self.pos += 1 + if letters > 0 { letters } else { first.len_utf8() };
        let starred = letters > 0 && self.src[self.pos..].starts_with('*');
        let name = &self.src[start..self.pos];
        if starred && matches!(name, "\\operatorname" | "\\hspace" | "\\vspace") {
            self.pos += 1;
        }
        Ok(name)
    }

    fn command(&mut self, start: usize) -> Result<(), TexError> {
        let name = self.control_sequence()?;
        if THIN.contains(&name) {
            self.widen(Gap::Thin);
        } else if PRESENTATION.contains(&name) {
            self.widen(Gap::Blank);
        } else if name == "\\quad" || name == "\\qquad" {
            self.widen(Gap::Wide);
        } else if PHANTOM.contains(&name) {
            self.skip_group(start, name)?;
            self.widen(Gap::Thin);
        } else if name == "\\\\" || name == "\\cr" {
            self.line_spacing();
            self.push(Tok::Newline, start);
        } else if name == "\\left" || name == "\\right" {
            let (_, delim) = self.delimiter(start, name)?;
            let tok = if name == "\\left" { Tok::Open(delim, true) } else { Tok::Close(delim, true) };
            self.push(tok, start);
        } else if SIZES.iter().any(|size| is_size(name, size)) {
            self.sized(start, name)?;
        } else {
            let tok = match name {
                "\\{" | "\\lbrace" => Tok::Open(Delim::Brace, false),
                "\\}" | "\\rbrace" => Tok::Close(Delim::Brace, false),
                "\\lvert" => Tok::Open(Delim::Bar, false),
                "\\rvert" => Tok::Close(Delim::Bar, false),
                "\\lbrack" => Tok::Open(Delim::Bracket, false),
                "\\rbrack" => Tok::Close(Delim::Bracket, false),
                "\\lparen" => Tok::Open(Delim::Paren, false),
                "\\rparen" => Tok::Close(Delim::Paren, false),
                "\\vert" => Tok::Bar,
                other => Tok::Command(other),
            };
            self.push(tok, start);
        }
        Ok(())
    }

    /// The bracket behind `\big` and its like.
    fn sized(&mut self, start: usize, name: &str) -> Result<(), TexError> {
        let (text, delim) = self.delimiter(start, name)?;
        let tok = match (delim, text) {
            (Delim::Dot, _) => return Err(missing_delimiter(start..self.pos, name)),
            (Delim::Bar, "\\lvert") => Tok::Open(delim, false),
            (Delim::Bar, "\\rvert") => Tok::Close(delim, false),
            (Delim::Bar, _) => Tok::Bar,
            (_, "(" | "[" | "\\{" | "\\lbrace" | "\\lbrack") => Tok::Open(delim, false),
            _ => Tok::Close(delim, false),
        };
        self.push(tok, start);
        Ok(())
    }

    fn delimiter(&mut self, start: usize, name: &str) -> Result<(&'static str, Delim), TexError> {
        self.skip_blanks();
        let rest = &self.src[self.pos..];
        let found = DELIMITERS.iter().find(|(text, _)| rest.starts_with(text));
        let &(text, delim) = found.ok_or_else(|| missing_delimiter(start..self.pos, name))?;
        self.pos += text.len();
        Ok((text, delim))
    }

    /// The star and the length behind `\\`, as in `\\[2pt]`; `[x]` is left alone.
    fn line_spacing(&mut self) {
        if self.src[self.pos..].starts_with('*') {
            self.pos += 1;
        }
        let rest = &self.src[self.pos..];
        if rest.starts_with('[')
            && let Some(end) = rest.find(']')
            && is_length(&rest[1..end])
        {
            self.pos += end + 1;
        }
    }

    fn skip_group(&mut self, start: usize, name: &str) -> Result<(), TexError> {
        self.skip_blanks();
        let mut depth = 0usize;
        for (i, c) in self.src[self.pos..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                if c != '}' {
                    break;
                }
                self.pos += i + 1;
                return Ok(());
            }
        }
        let message = format!("`{name}` without its argument");
        Err(TexError::new(TexErrorKind::Structure, start..self.pos, message).expecting("`{…}`"))
    }
}

fn is_size(name: &str, size: &str) -> bool {
    name.strip_prefix(size).is_some_and(|side| matches!(side, "" | "l" | "r" | "m"))
}

fn is_length(text: &str) -> bool {
    let text = text.trim();
    let digits = text.trim_start_matches('-').trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    digits.len() < text.len() && ["pt", "em", "ex", "mm", "cm", "in", "mu"].contains(&digits.trim())
}

fn missing_delimiter(span: Range<usize>, name: &str) -> TexError {
    TexError::new(TexErrorKind::Structure, span, format!("no bracket behind `{name}`"))
        .expecting("one of ( ) [ ] \\{ \\} | or a full stop")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_ends_with_its_line() {
        let toks: Vec<_> = lex("a % b\n c").expect("lexes").into_iter().map(|t| t.tok).collect();
        assert_eq!(toks, [Tok::Letter('a'), Tok::Letter('c')]);
    }

    #[test]
    fn the_spacing_of_a_line_break_is_not_a_bracket() {
        let count = |s: &str| lex(s).expect("lexes").len();
        assert_eq!(count(r"a \\[2pt] b"), 3);
        assert_eq!(count(r"a \\[x] b"), 6);
    }

    #[test]
    fn a_lone_backslash_is_refused_with_its_place() {
        assert_eq!(lex("a \\").expect_err("refused").span, 2..3);
    }
}
