//! The bracket structure of a token list: partners, invisible groups, wrappers.
//!
//! A brace group that is neither an argument nor a script is invisible in print, so its braces
//! are dropped: `{a+b}c` prints as, and is, `a+bc`. Where a script follows such a group the
//! print is misleading, and the group must hold a single name or a bracket.

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Gap, Tok, Token};

/// The deepest nesting of brackets, groups and environments.
pub(super) const DEEPEST: u32 = 200;

/// The longest name of an environment, in tokens.
const LONGEST_ENVIRONMENT: usize = 32;

/// Tokens with, for each opening token, the place of its closing one (and the other way round).
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub src: &'a str,
    pub toks: Vec<Token<'a>>,
    /// `partner[i]` is `i` itself for tokens that are no brackets.
    pub partner: Vec<usize>,
}

impl Source<'_> {
    /// The same text without the tokens at the sorted `places` (which are no brackets).
    pub fn without(self, places: &[usize]) -> Result<Self, TexError> {
        let toks: Vec<_> = self
            .toks
            .into_iter()
            .enumerate()
            .filter(|(i, _)| places.binary_search(i).is_err())
            .map(|(_, t)| t)
            .collect();
        let partner = pair(self.src, &toks)?;
        Ok(Source { src: self.src, toks, partner })
    }
}

/// Environments that only lay lines out.
const WRAPPERS: [&str; 13] = [
    "align",
    "align*",
    "aligned",
    "split",
    "gather",
    "gather*",
    "gathered",
    "equation",
    "equation*",
    "eqnarray",
    "eqnarray*",
    "displaymath",
    "math",
];

/// Commands that set their argument as (part of) a name or as text.
pub(super) const STYLES: [&str; 24] = [
    "\\text",
    "\\textit",
    "\\textrm",
    "\\textbf",
    "\\textnormal",
    "\\mbox",
    "\\mathrm",
    "\\mathit",
    "\\mathbf",
    "\\mathsf",
    "\\mathtt",
    "\\mathcal",
    "\\mathfrak",
    "\\boldsymbol",
    "\\operatorname",
    "\\operatorname*",
    "\\hat",
    "\\widehat",
    "\\bar",
    "\\tilde",
    "\\widetilde",
    "\\vec",
    "\\dot",
    "\\underline",
];

/// How many arguments a command takes.
fn arity(command: &str) -> u32 {
    match command {
        "\\frac" | "\\dfrac" | "\\tfrac" | "\\cfrac" | "\\stackrel" | "\\overset" | "\\underset"
        | "\\binom" => 2,
        "\\sqrt" | "\\mathbb" | "\\tag" | "\\label" | "\\begin" | "\\end" | "\\overline" | "\\ddot"
        | "\\check" | "\\breve" => 1,
        c if STYLES.contains(&c) => 1,
        _ => 0,
    }
}

/// Checks and pairs the brackets of `toks` and takes invisible groups, layout environments,
/// dollar signs and alignment marks away. Linear in the number of tokens.
pub(super) fn structure<'a>(src: &'a str, toks: Vec<Token<'a>>) -> Result<Source<'a>, TexError> {
    let toks = strip_dollars(toks)?;
    let toks = strip_groups(src, toks)?;
    let toks = strip_layout(src, toks)?;
    let partner = pair(src, &toks)?;
    Ok(Source { src, toks, partner })
}

/// Takes one pair of `$…$`, `$$…$$`, `\[…\]` or `\(…\)` from around everything.
fn strip_dollars(mut toks: Vec<Token<'_>>) -> Result<Vec<Token<'_>>, TexError> {
    let opening = |t: &Tok| matches!(t, Tok::Char('$') | Tok::Command("\\[" | "\\("));
    let closing = |t: &Tok| matches!(t, Tok::Char('$') | Tok::Command("\\]" | "\\)"));
    let front = toks.iter().take_while(|t| opening(&t.tok)).count().min(2);
    if front == 0 {
        return Ok(toks);
    }
    let back = toks.iter().rev().take_while(|t| closing(&t.tok)).count().min(2);
    let matching = match toks[0].tok {
        Tok::Char('$') => front == back && toks.len() >= 2 * front && all_dollars(&toks, front),
        Tok::Command("\\[") => matches!(toks.last().map(|t| t.tok), Some(Tok::Command("\\]"))),
        _ => matches!(toks.last().map(|t| t.tok), Some(Tok::Command("\\)"))),
    };
    if !matching {
        let message = "mathematics is opened here and not closed at the end";
        return Err(TexError::new(TexErrorKind::Structure, toks[0].span.clone(), message));
    }
    let width = if toks[0].tok == Tok::Char('$') { front } else { 1 };
    toks.truncate(toks.len() - width);
    toks.drain(..width);
    Ok(toks)
}

fn all_dollars(toks: &[Token<'_>], n: usize) -> bool {
    toks[..n].iter().chain(&toks[toks.len() - n..]).all(|t| t.tok == Tok::Char('$'))
}

struct Group {
    open: usize,
    kept: bool,
    /// Whether it is the `[…]` of a root.
    optional: bool,
    /// Arguments that the command outside still expects behind this group.
    pending: u32,
}

/// Drops the braces of groups that are no arguments.
fn strip_groups<'a>(src: &str, toks: Vec<Token<'a>>) -> Result<Vec<Token<'a>>, TexError> {
    let mut keep = vec![true; toks.len()];
    let mut stack: Vec<Group> = vec![];
    let mut pending = 0u32;
    for i in 0..toks.len() {
        match toks[i].tok {
            Tok::LBrace => {
                check_depth(stack.len(), &toks[i])?;
                let empty = toks.get(i + 1).is_some_and(|t| t.tok == Tok::RBrace);
                let carries_script = empty && toks.get(i + 2).is_some_and(|t| t.tok == Tok::Sup);
                let kept = pending > 0 || carries_script;
                stack.push(Group { open: i, kept, optional: false, pending: pending.saturating_sub(1) });
                pending = 0;
            }
            Tok::RBrace => {
                let Some(group) = stack.pop().filter(|g| !g.optional) else {
                    let span = toks[i].span.clone();
                    return Err(TexError::new(TexErrorKind::Structure, span, "`}` closes nothing")
                        .help("remove it, or open the group with `{`"));
                };
                pending = group.pending;
                if !group.kept {
                    check_invisible(&toks, group.open, i)?;
                    keep[group.open] = false;
                    keep[i] = false;
                }
            }
            Tok::Open(Delim::Bracket, false) if i > 0 && toks[i - 1].tok == Tok::Command("\\sqrt") => {
                stack.push(Group { open: i, kept: true, optional: true, pending });
                pending = 0;
            }
            Tok::Close(Delim::Bracket, false) if stack.last().is_some_and(|g| g.optional) => {
                pending = stack.pop().map_or(0, |g| g.pending);
            }
            Tok::Sup | Tok::Sub => pending = 1,
            Tok::Command("\\begin") if opens_array(src, &toks, i) => pending = 2,
            Tok::Command(c) if arity(c) > 0 => pending = arity(c) + pending.saturating_sub(1),
            _ => pending = pending.saturating_sub(1),
        }
    }
    if let Some(group) = stack.last() {
        let span = toks[group.open].span.clone();
        let (open, close) = if group.optional { ("[", "]") } else { ("{", "}") };
        let message = format!("`{open}` is never closed");
        return Err(TexError::new(TexErrorKind::Structure, span, message).expecting(format!("`{close}`")));
    }
    let mut out: Vec<Token<'_>> = vec![];
    let mut carried = Gap::None;
    for (mut token, kept) in toks.into_iter().zip(keep) {
        carried = carried.max(token.gap);
        if kept {
            token.gap = carried;
            carried = Gap::None;
            out.push(token);
        }
    }
    Ok(out)
}

fn check_depth(depth: usize, token: &Token<'_>) -> Result<(), TexError> {
    if depth >= DEEPEST as usize {
        let message = format!("more than {DEEPEST} brackets inside one another");
        return Err(TexError::new(TexErrorKind::Limit, token.span.clone(), message));
    }
    Ok(())
}

/// Refuses invisible groups whose braces would change what a reader sees.
fn check_invisible(toks: &[Token<'_>], open: usize, close: usize) -> Result<(), TexError> {
    let span = toks[open].span.start..toks[close].span.end;
    let inner = &toks[open + 1..close];
    if inner.len() == 1 && matches!(inner[0].tok, Tok::Char(',' | '.' | ';')) {
        let message = "a number with its digits grouped";
        return Err(TexError::new(TexErrorKind::Ambiguous, span, message).help("write it without separators"));
    }
    let script = toks.get(close + 1).is_some_and(|t| matches!(t.tok, Tok::Sup | Tok::Sub | Tok::Prime));
    let name = |t: &Tok| matches!(t, Tok::Letter(_) | Tok::Command(_));
    let solid = match inner {
        [] => false,
        [one] => name(&one.tok) || matches!(one.tok, Tok::Digit(_)),
        [first, second, rest @ ..] => {
            let simple_script = rest.len() == 1 || rest.first().is_some_and(|t| t.tok == Tok::LBrace);
            let one_group = rest.iter().filter(|t| t.tok == Tok::LBrace).count() <= 1;
            let ends = rest.len() == 1 || rest.last().is_some_and(|t| t.tok == Tok::RBrace);
            name(&first.tok) && second.tok == Tok::Sub && simple_script && one_group && ends
        }
    };
    if script && !solid {
        let message = "a script on a group whose braces do not print";
        return Err(TexError::new(TexErrorKind::Ambiguous, span, message)
            .help("put visible brackets round the group: `\\left(…\\right)`"));
    }
    Ok(())
}

/// Whether the `\begin` at `at` opens an `array`, which has an argument of its own.
fn opens_array(src: &str, toks: &[Token<'_>], at: usize) -> bool {
    let name = (at + 2..toks.len()).take(LONGEST_ENVIRONMENT).find(|&i| toks[i].tok == Tok::RBrace);
    name.is_some_and(|close| src[toks[at + 1].span.end..toks[close].span.start].trim() == "array")
}

/// The name in the braces behind the `\begin` or `\end` at `at`, and the place behind it.
pub(super) fn environment<'a>(
    src: &'a str,
    toks: &[Token<'a>],
    at: usize,
) -> Result<(&'a str, usize), TexError> {
    let missing = || {
        TexError::new(TexErrorKind::Structure, toks[at].span.clone(), "an environment without a name")
            .expecting("`{cases}` or the name of another environment")
    };
    if toks.get(at + 1).map(|t| t.tok) != Some(Tok::LBrace) {
        return Err(missing());
    }
    let mut name = (at + 2..toks.len()).take(LONGEST_ENVIRONMENT);
    let close = name.find(|&i| toks[i].tok == Tok::RBrace).ok_or_else(missing)?;
    Ok((src[toks[at + 1].span.end..toks[close].span.start].trim(), close + 1))
}

/// Takes wrappers such as `\begin{align}` and alignment marks away. A wrapper must enclose the
/// whole text; full stops, commas, tags and labels may follow it.
fn strip_layout<'a>(src: &'a str, toks: Vec<Token<'a>>) -> Result<Vec<Token<'a>>, TexError> {
    let mut out: Vec<Token<'a>> = vec![];
    // For each open environment, whether its `&` separate columns that have a meaning.
    let mut columns: Vec<bool> = vec![];
    let mut closed = false;
    let mut gap = Gap::None;
    let mut i = 0;
    while i < toks.len() {
        let mut token = toks[i].clone();
        token.gap = token.gap.max(gap);
        match token.tok {
            Tok::Command("\\begin") => {
                let (name, next) = environment(src, &toks, i)?;
                let lines = name == "array" && out.is_empty();
                columns.push(!lines && !WRAPPERS.contains(&name));
                if columns.last() == Some(&false) {
                    if !out.is_empty() {
                        return Err(inner_wrapper(&token, name));
                    }
                    i = if lines { behind_group(&toks, next) } else { next };
                    continue;
                }
            }
            Tok::Command("\\end") if columns.pop() == Some(false) => {
                i = environment(src, &toks, i)?.1;
                closed = true;
                continue;
            }
            Tok::Amp if !columns.last().copied().unwrap_or(false) => {
                gap = Gap::Wide;
                i += 1;
                continue;
            }
            _ => {}
        }
        let mark = matches!(token.tok, Tok::Char('.' | ',' | ';') | Tok::Command("\\tag" | "\\label"));
        if mark && closed {
            out.extend(toks[i..].iter().cloned());
            return Ok(out);
        }
        if closed {
            return Err(inner_wrapper(&token, "the wrapper").expecting("the end of the text"));
        }
        gap = Gap::None;
        out.push(token);
        i += 1;
    }
    Ok(out)
}

fn inner_wrapper(token: &Token<'_>, name: &str) -> TexError {
    let message = format!("`{name}` does not enclose the whole formula");
    TexError::new(TexErrorKind::Unsupported, token.span.clone(), message)
        .help("let one environment enclose the whole derivation, and nothing stand outside it")
}

/// The place behind the group at `at`, if one stands there.
fn behind_group(toks: &[Token<'_>], at: usize) -> usize {
    if toks.get(at).map(|t| t.tok) != Some(Tok::LBrace) {
        return at;
    }
    let close = (at..toks.len()).find(|&i| toks[i].tok == Tok::RBrace);
    close.map_or(at, |i| i + 1)
}

/// Pairs braces, brackets and environments. Round and square brackets pair with each other, for
/// half-open intervals; whether a pair is one, the parser decides.
fn pair(src: &str, toks: &[Token<'_>]) -> Result<Vec<usize>, TexError> {
    let mut partner: Vec<usize> = (0..toks.len()).collect();
    let mut stack: Vec<usize> = vec![];
    for (i, token) in toks.iter().enumerate() {
        let opens = matches!(token.tok, Tok::LBrace | Tok::Open(..) | Tok::Command("\\begin"));
        let closes = matches!(token.tok, Tok::RBrace | Tok::Close(..) | Tok::Command("\\end"));
        if opens {
            check_depth(stack.len(), token)?;
            stack.push(i);
        } else if closes {
            let open = stack.pop().filter(|&o| fits(src, toks, o, i));
            let Some(open) = open else {
                // A `|` of any size may be one of the bars of an evaluation: no partner.
                let text = &src[token.span.clone()];
                let message = format!("`{text}` closes nothing that is open here");
                return Err(TexError::new(TexErrorKind::Structure, token.span.clone(), message)
                    .expecting("the bracket that matches the last open one"));
            };
            partner[open] = i;
            partner[i] = open;
        }
    }
    if let Some(&open) = stack.last() {
        let text = &src[toks[open].span.clone()];
        let message = format!("`{text}` is never closed");
        return Err(TexError::new(TexErrorKind::Structure, toks[open].span.clone(), message));
    }
    Ok(partner)
}

fn fits(src: &str, toks: &[Token<'_>], open: usize, close: usize) -> bool {
    match (toks[open].tok, toks[close].tok) {
        (Tok::LBrace, Tok::RBrace) => true,
        (Tok::Open(a, f), Tok::Close(b, g)) if f == g => {
            let straight = |d| matches!(d, Delim::Paren | Delim::Bracket);
            a == b || (straight(a) && straight(b)) || a == Delim::Dot || b == Delim::Dot
        }
        (Tok::Command("\\begin"), Tok::Command("\\end")) => {
            let name = |at| environment(src, toks, at).map(|(name, _)| name).ok();
            name(open) == name(close)
        }
        _ => false,
    }
}
