//! The normal form in which printed formulas are compared: tokens without what no reader sees.
//!
//! Taken away are spaces, the sizes of brackets, alignment marks, labels, environments that only lay
//! lines out, and braces around a single token. What stays is compared token by token.

use std::ops::Range;

use crate::tex::TexError;
use crate::tex::lexer::{self, Delim, Gap, Tok, Token};

/// A token of the normal form.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What is compared.
    pub key: String,
    /// Its bytes in the formula, with the braces that were taken away around it.
    pub span: Range<usize>,
    /// How many brackets, groups and environments are open around it.
    pub depth: u32,
    /// Those of them that a line break cannot reach through: all but brackets of fixed size.
    hard: u32,
    /// The space in front of it.
    pub gap: Gap,
}

/// Separates the tokens of a key; it occurs in no token.
pub const SEPARATOR: char = '\u{1f}';

/// Environments that only lay lines out.
const LAYOUT: [&str; 16] = [
    "split",
    "aligned",
    "alignedat",
    "gathered",
    "multlined",
    "equation",
    "equation*",
    "align",
    "align*",
    "alignat",
    "alignat*",
    "gather",
    "gather*",
    "multline",
    "multline*",
    "displaymath",
];

/// Commands that set words.
pub const TEXT: [&str; 10] = [
    "\\text",
    "\\textit",
    "\\textrm",
    "\\textbf",
    "\\textsf",
    "\\textnormal",
    "\\emph",
    "\\mbox",
    "\\hbox",
    "\\intertext",
];

/// Two spellings of one command, or sizes of one sign; the second is the one compared.
const SAME: [(&str, &str); 22] = [
    ("\\leq", "\\le"),
    ("\\geq", "\\ge"),
    ("\\neq", "\\ne"),
    ("\\lt", "<"),
    ("\\gt", ">"),
    ("\\coloneqq", "="),
    ("\\dfrac", "\\frac"),
    ("\\tfrac", "\\frac"),
    ("\\land", "\\wedge"),
    ("\\lor", "\\vee"),
    ("\\lnot", "\\neg"),
    ("\\gets", "\\leftarrow"),
    ("\\to", "\\rightarrow"),
    ("\\owns", "\\ni"),
    ("\\implies", "\\Rightarrow"),
    ("\\Longrightarrow", "\\Rightarrow"),
    ("\\iff", "\\Leftrightarrow"),
    ("\\Longleftrightarrow", "\\Leftrightarrow"),
    ("\\dots", "\\ldots"),
    ("\\lVert", "\\|"),
    ("\\rVert", "\\|"),
    ("\\Vert", "\\|"),
];

/// A formula in normal form.
pub struct Printed {
    /// Its rows, as they are broken by `\\` outside of groups and inner environments.
    pub rows: Vec<Vec<Piece>>,
    /// The numbers under which it is displayed.
    pub tags: Vec<String>,
}

/// Brings a formula to normal form; linear in its length. Errors: those of the lexer.
pub fn read(latex: &str) -> Result<Printed, TexError> {
    let mut tokens: Vec<Token> = lexer::lex(latex)?;
    tokens
        .retain(|t| !matches!(t.tok, Tok::Command("\\[" | "\\]" | "\\(" | "\\)" | "\\nonumber" | "\\notag")));
    strip_dollars(&mut tokens);
    let mut tags = strip_labels(latex, &mut tokens);
    tags.extend(strip_number(latex, &mut tokens));
    while strip_layout(&mut tokens) {}
    strip_single_groups(&mut tokens);
    let mut rows: Vec<Vec<Piece>> = vec![vec![]];
    for piece in pieces(&tokens) {
        if piece.key == "\\\\" && piece.hard == 0 {
            rows.push(vec![]);
        } else if piece.key != "&" || piece.hard > 0 {
            rows.last_mut().expect("there is a first row").push(piece);
        }
    }
    rows.retain(|row| !row.is_empty());
    Ok(Printed { rows, tags })
}

/// The key of a run of tokens.
pub fn key(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for p in pieces {
        out.push_str(&p.key);
        out.push(SEPARATOR);
    }
    out
}

fn strip_dollars(tokens: &mut Vec<Token>) {
    let dollar = |t: Option<&Token>| t.is_some_and(|t| t.tok == Tok::Char('$'));
    while tokens.len() >= 2 && dollar(tokens.first()) && dollar(tokens.last()) {
        tokens.pop();
        tokens.remove(0);
    }
}

/// The place of the brace that closes the one at `open`.
fn closing_brace(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, t) in tokens.iter().enumerate().skip(open) {
        match t.tok {
            Tok::LBrace => depth += 1,
            Tok::RBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
    }
    None
}

/// Takes `\tag{…}` and `\label{…}` away, and gives the tags.
fn strip_labels(latex: &str, tokens: &mut Vec<Token>) -> Vec<String> {
    let mut tags = vec![];
    let mut at = 0;
    while at < tokens.len() {
        let tag = tokens[at].tok == Tok::Command("\\tag");
        if !tag && tokens[at].tok != Tok::Command("\\label") {
            at += 1;
            continue;
        }
        let star = usize::from(tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Char('*')));
        let open = at + 1 + star;
        let braced = tokens.get(open).is_some_and(|t| t.tok == Tok::LBrace);
        let Some(close) = braced.then(|| closing_brace(tokens, open)).flatten() else {
            at += 1;
            continue;
        };
        if tag {
            tags.push(latex[tokens[open].span.end..tokens[close].span.start].trim().to_owned());
        }
        tokens.drain(at..=close);
    }
    tags
}

/// Takes away the number of the formula where it is written out at its end, as in `x = 1 \quad (7)`: the
/// wide space tells it from a factor. Gives the number.
fn strip_number(latex: &str, tokens: &mut Vec<Token>) -> Option<String> {
    let is = |t: &Token, c: Tok| t.tok == c;
    let close = tokens.last().filter(|t| is(t, Tok::Close(Delim::Paren, false)))?.span.start;
    let open = tokens.iter().rposition(|t| is(t, Tok::Open(Delim::Paren, false)) && t.gap == Gap::Wide)?;
    let inside = &tokens[open + 1..tokens.len() - 1];
    let number = |t: &Token| matches!(t.tok, Tok::Digit(_) | Tok::Letter(_) | Tok::Char('.'));
    let starts = matches!(inside.first().map(|t| &t.tok), Some(Tok::Digit(_)));
    if open == 0 || !starts || !inside.iter().all(|t| number(t) && t.gap == Gap::None) {
        return None;
    }
    let number = latex[tokens[open].span.end..close].trim().to_owned();
    tokens.truncate(open);
    Some(number)
}

/// The name of the environment whose `\begin` or `\end` stands at `at`, and the place behind it.
fn environment(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let open = tokens.get(at + 1).filter(|t| t.tok == Tok::LBrace).map(|_| at + 1)?;
    let close = closing_brace(tokens, open)?;
    let name = tokens[open + 1..close].iter().filter_map(|t| match t.tok {
        Tok::Letter(c) | Tok::Digit(c) | Tok::Char(c) => Some(c),
        _ => None,
    });
    Some((name.collect(), close + 1))
}

/// Takes the layout environment away that encloses everything but punctuation.
fn strip_layout(tokens: &mut Vec<Token>) -> bool {
    let first = tokens.iter().take_while(|t| t.tok == Tok::Amp).count();
    if tokens.get(first).is_none_or(|t| t.tok != Tok::Command("\\begin")) {
        return false;
    }
    let Some((name, mut inner)) = environment(tokens, first) else { return false };
    if !LAYOUT.contains(&name.as_str()) {
        return false;
    }
    let mut depth = 0_usize;
    let end = (first..tokens.len()).find(|i| {
        match tokens[*i].tok {
            Tok::Command("\\begin") => depth += 1,
            Tok::Command("\\end") => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && tokens[*i].tok == Tok::Command("\\end")
    });
    let Some((end, (_, behind))) = end.and_then(|e| environment(tokens, e).map(|x| (e, x))) else {
        return false;
    };
    if !tokens[behind..].iter().all(|t| matches!(t.tok, Tok::Char('.' | ',' | ';'))) {
        return false;
    }
    // `[t]`, and the number of columns.
    let position = matches!(tokens.get(inner).map(|t| t.tok), Some(Tok::Open(Delim::Bracket, false)));
    if position && matches!(tokens.get(inner + 2).map(|t| t.tok), Some(Tok::Close(Delim::Bracket, false))) {
        inner += 3;
    }
    if name.starts_with("aligned") && name != "aligned" || name.starts_with("alignat") {
        let braced = tokens.get(inner).is_some_and(|t| t.tok == Tok::LBrace);
        inner = braced.then(|| closing_brace(tokens, inner)).flatten().map_or(inner, |close| close + 1);
    }
    if inner > end {
        return false;
    }
    tokens.drain(end..behind);
    tokens.drain(..inner);
    true
}

/// Takes the braces around single tokens away: `{x}` prints as `x`.
fn strip_single_groups(tokens: &mut Vec<Token>) {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for t in tokens.drain(..) {
        let n = out.len();
        let single = t.tok == Tok::RBrace
            && n >= 2
            && out[n - 2].tok == Tok::LBrace
            && matches!(
                out[n - 1].tok,
                Tok::Letter(_) | Tok::Digit(_) | Tok::Command(_) | Tok::Prime | Tok::Char(_)
            )
            && !matches!(out.get(n.wrapping_sub(3)).map(|t| t.tok), Some(Tok::Command("\\begin" | "\\end")));
        if single {
            let mut inner = out.pop().expect("there are two tokens");
            let open = out.pop().expect("there are two tokens");
            inner.span = open.span.start..t.span.end;
            inner.gap = open.gap;
            out.push(inner);
        } else {
            out.push(t);
        }
    }
    *tokens = out;
}

fn pieces(tokens: &[Token]) -> Vec<Piece> {
    let mut out: Vec<Piece> = vec![];
    let (mut depth, mut hard) = (0_u32, 0_u32);
    // The brace that ends the words being set.
    let mut words_end = 0;
    for (i, t) in tokens.iter().enumerate() {
        let (opens, closes, is_hard) = match t.tok {
            Tok::LBrace => (true, false, true),
            Tok::RBrace => (false, true, true),
            Tok::Open(_, fixed) => (true, false, fixed),
            Tok::Close(_, fixed) => (false, true, fixed),
            Tok::Command("\\begin") => (true, false, true),
            Tok::Command("\\end") => (false, true, true),
            _ => (false, false, false),
        };
        if closes {
            depth = depth.saturating_sub(1);
            hard = hard.saturating_sub(u32::from(is_hard));
        }
        let in_words = i < words_end;
        let spaced = in_words && t.gap != Gap::None && t.tok != Tok::RBrace && i > 0;
        let first = in_words && tokens[i - 1].tok == Tok::LBrace;
        let mut key = name(t.tok);
        if spaced && !first {
            key.insert(0, ' ');
        }
        out.push(Piece { key, span: t.span.clone(), depth, hard, gap: t.gap });
        if opens {
            depth += 1;
            hard += u32::from(is_hard);
        }
        if let Tok::Command(c) = t.tok
            && TEXT.contains(&c)
            && tokens.get(i + 1).is_some_and(|t| t.tok == Tok::LBrace)
        {
            words_end = words_end.max(closing_brace(tokens, i + 1).unwrap_or(i));
        }
    }
    out
}

fn name(tok: Tok) -> String {
    let bracket = |d: Delim, open: bool| match (d, open) {
        (Delim::Paren, true) => "(",
        (Delim::Paren, false) => ")",
        (Delim::Bracket, true) => "[",
        (Delim::Bracket, false) => "]",
        (Delim::Brace, true) => "\\{",
        (Delim::Brace, false) => "\\}",
        (Delim::Bar, _) => "|",
        (Delim::Dot, true) => "\\left.",
        (Delim::Dot, false) => "\\right.",
    };
    match tok {
        Tok::Letter(c) | Tok::Digit(c) | Tok::Char(c) => c.to_string(),
        Tok::Command(c) => SAME.iter().find(|(a, _)| *a == c).map_or(c, |(_, b)| b).to_owned(),
        Tok::Open(d, _) => bracket(d, true).to_owned(),
        Tok::Close(d, _) => bracket(d, false).to_owned(),
        Tok::Bar => "|".to_owned(),
        Tok::LBrace => "{".to_owned(),
        Tok::RBrace => "}".to_owned(),
        Tok::Sup => "^".to_owned(),
        Tok::Sub => "_".to_owned(),
        Tok::Amp => "&".to_owned(),
        Tok::Newline => "\\\\".to_owned(),
        Tok::Prime => "'".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let rows = |s: &str| read(s).expect("lexes").rows.iter().map(|r| key(r)).collect::<Vec<_>>();
        rows(a) == rows(b)
    }

    #[test]
    fn what_no_reader_sees_makes_no_difference() {
        for (a, b) in [
            (r"a+b", r" a \, + \quad b"),
            (r"\left( x \right)", r"\bigl(x\bigr)"),
            (r"x_{1}^{2}", r"x_1^2"),
            (r"x_{{i}}", r"x_i"),
            (r"\dfrac{a}{b}", r"\frac ab"),
            (r"a &\leq b \tag{3}", r"a \le b"),
            (r"a = b \label{eq:x}", r"a = b"),
            (r"a = b, \quad (12)", r"a = b,"),
            (r"a = b \qquad (3.1a)", r"a = b"),
            (r"\begin{split} a &= b \\ &= c \end{split}", r"a = b \\ = c"),
            (r"\begin{alignedat}{2} a &= b \end{alignedat}", r"a = b"),
            (r"\begin{aligned}[t] a &= b \end{aligned}", r"a = b"),
            (r"\text{for } x", r"\text{for} x"),
            ("a % remark\n b", "a b"),
        ] {
            assert!(same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn what_a_reader_sees_makes_a_difference() {
        for (a, b) in [
            (r"a+b", r"a-b"),
            (r"x_{12}", r"x_12"),
            (r"{}^k\sqrt{x}", r"^k\sqrt{x}"),
            (r"\text{a b}", r"\text{ab}"),
            (r"(x)", r"[x]"),
            (r"a = b \, (2)", r"a = b"),
            (r"a = b \quad (x)", r"a = b"),
            (r"a = b \quad (1 2)", r"a = b"),
            (r"a < b", r"a \le b"),
            (r"x^{a+b}", r"x^a+b"),
            (r"\left. f \right|_{x=a}", r"f \big|_{x=a}"),
            (r"\begin{cases} a & b \end{cases}", r"\begin{cases} a b \end{cases}"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn rows_are_broken_outside_of_groups_and_inner_environments_only() {
        let rows = |s: &str| read(s).expect("lexes").rows.len();
        assert_eq!(rows(r"a = b \\ c = d \\[2pt] e = f \\"), 3);
        assert_eq!(rows(r"a = \begin{cases} 1 \\ 2 \end{cases}"), 1);
        assert_eq!(rows(r"a = \left\{ \begin{aligned} 1 \\ 2 \end{aligned} \right."), 1);
        assert_eq!(rows(r"\sum_{\substack{i \\ j}} a_i \\ b"), 2);
        assert_eq!(rows(r"\begin{gathered} a \\ b \end{gathered}."), 2);
    }
}
