//! Names: which declared name stands at the cursor.
//!
//! A name is a letter, a command, a styled word or a run of letters, with its subscript and, if
//! a declared name has it, its superscript and primes. The longest declared name wins; a
//! subscript is never left over, a superscript that belongs to no name is a power.

use std::ops::Range;

use super::error::{TexError, TexErrorKind};
use super::lexer::{Delim, Gap, Tok};
use super::parser::{Parser, Read};
use super::structure::STYLES;
use crate::expr::symbol::key_of;
use crate::expr::{Kind, Symbol};

/// Words of at least this many letters in a superscript are words, not products.
const WORD: usize = 3;
/// How alike two names must be for one to be proposed for the other.
const LIKENESS: f64 = 0.6;

/// A name as it stands in the text.
pub(super) struct Nucleus {
    pub start: usize,
    /// Every possible end of the base, longest first; scripts follow only the longest.
    bases: Vec<usize>,
    sub: Option<Range<usize>>,
    sup: Option<Range<usize>>,
    pub primes: u32,
    pub end: usize,
}

/// A declared name that was found.
pub(super) struct Found {
    pub symbol: Symbol,
    pub kind: Kind,
    /// Tokens of a superscript that is not part of the name.
    pub power: Option<Range<usize>>,
    pub primes: u32,
    pub span: Range<usize>,
}

/// Commands that name something by themselves; others are reported as unknown commands.
const LETTERS: [&str; 44] = [
    "\\alpha",
    "\\beta",
    "\\gamma",
    "\\delta",
    "\\epsilon",
    "\\varepsilon",
    "\\zeta",
    "\\eta",
    "\\theta",
    "\\vartheta",
    "\\iota",
    "\\kappa",
    "\\lambda",
    "\\mu",
    "\\nu",
    "\\xi",
    "\\pi",
    "\\varpi",
    "\\rho",
    "\\varrho",
    "\\sigma",
    "\\varsigma",
    "\\tau",
    "\\upsilon",
    "\\phi",
    "\\varphi",
    "\\chi",
    "\\psi",
    "\\omega",
    "\\Gamma",
    "\\Delta",
    "\\Theta",
    "\\Lambda",
    "\\Xi",
    "\\Pi",
    "\\Sigma",
    "\\Upsilon",
    "\\Phi",
    "\\Psi",
    "\\Omega",
    "\\ell",
    "\\hbar",
    "\\imath",
    "\\jmath",
];

/// Whether a command is a letter or styles one.
pub(super) fn is_letter_command(c: &str) -> bool {
    LETTERS.contains(&c) || STYLES.contains(&c) || c == "\\overline"
}

impl<'a> Parser<'a, '_> {
    /// Whether a name can begin at the cursor.
    pub fn at_name(&self) -> bool {
        match self.peek() {
            Some(Tok::Letter(_)) => true,
            Some(Tok::Command(c)) => is_letter_command(c),
            _ => false,
        }
    }

    /// The name at the cursor with all its scripts; moves behind it.
    pub fn nucleus(&mut self) -> Read<Nucleus> {
        let start = self.pos;
        let mut bases = vec![];
        match self.peek() {
            Some(Tok::Letter(_)) => {
                let run = self.letters().len();
                bases.push(start + run);
                bases.extend((1..run).rev().filter(|&n| n <= self.longest_word).map(|n| start + n));
                self.pos = start + run;
            }
            Some(Tok::Command(c)) if is_letter_command(c) => {
                self.pos += 1;
                if !LETTERS.contains(&c) {
                    self.argument(&format!("the argument of `{c}`"))?;
                }
                bases.push(self.pos);
            }
            _ => return self.unexpected("a name"),
        }
        let mut nucleus = Nucleus { start, bases, sub: None, sup: None, primes: 0, end: self.pos };
        self.scripts(&mut nucleus)?;
        Ok(nucleus)
    }

    fn scripts(&mut self, nucleus: &mut Nucleus) -> Read<()> {
        loop {
            let at = self.pos;
            match self.peek() {
                Some(Tok::Prime) => {
                    nucleus.primes += 1;
                    self.pos += 1;
                }
                Some(Tok::Sub) if nucleus.sub.is_none() => {
                    self.pos += 1;
                    nucleus.sub = Some(self.argument("a subscript")?);
                }
                Some(Tok::Sup) if nucleus.sup.is_none() => {
                    self.pos += 1;
                    let range = self.argument("a superscript")?;
                    if range.clone().all(|i| self.source.toks[i].tok == Tok::Command("\\prime")) {
                        nucleus.primes += range.len() as u32;
                    } else {
                        nucleus.sup = Some(range);
                    }
                }
                Some(Tok::Sub | Tok::Sup) => {
                    let which = if self.peek() == Some(Tok::Sub) { "subscript" } else { "superscript" };
                    let message = format!("a second {which} on one symbol");
                    return Err(TexError::new(TexErrorKind::Ambiguous, self.span(at, at + 1), message)
                        .help("put the inner power in brackets"));
                }
                _ => {
                    nucleus.end = self.pos;
                    return Ok(());
                }
            }
        }
    }

    /// The text of tokens, with index letters replaced by what stands for them.
    fn spelled(&self, range: Range<usize>, aliased: bool) -> String {
        let mut out = String::new();
        for at in range.clone() {
            let token = &self.source.toks[at];
            let text = &self.source.src[token.span.clone()];
            let letter = |i: usize| i < self.end && matches!(self.source.toks[i].tok, Tok::Letter(_));
            let joined = (at > range.start && letter(at - 1) && token.gap == Gap::None)
                || (at + 1 < range.end && letter(at + 1) && self.source.toks[at + 1].gap == Gap::None);
            let value = self.alias.iter().rev().find(|(name, _)| aliased && !joined && name == text);
            out.push_str(value.map_or(text, |(_, value)| value.as_str()));
            if matches!(token.tok, Tok::Command(_)) {
                out.push(' ');
            }
        }
        out
    }

    /// The canonical names under which a base with these scripts may be declared.
    fn keys(
        &self,
        base: Range<usize>,
        sub: &Option<Range<usize>>,
        sup: Option<&Range<usize>>,
        primes: u32,
    ) -> Vec<String> {
        let base = self.spelled(base, false);
        let sub = sub.as_ref().map_or(String::new(), |r| format!("_{}", self.spelled(r.clone(), true)));
        let sup = sup.map_or(String::new(), |r| format!("^{}", self.spelled(r.clone(), true)));
        let primes = "'".repeat(primes as usize);
        let orders = [
            format!("{base}{sub}{sup}{primes}"),
            format!("{base}{sup}{sub}{primes}"),
            format!("{base}{primes}{sub}{sup}"),
            format!("{base}{sub}{primes}{sup}"),
        ];
        let mut keys: Vec<String> = orders.iter().map(|text| key_of(text)).collect();
        keys.dedup();
        keys
    }

    fn declared(&self, keys: &[String]) -> Option<(Symbol, Kind)> {
        keys.iter().find_map(|key| {
            let local = self.locals.iter().find(|s| s.key() == key);
            local
                .map(|s| (s.clone(), Kind::Variable))
                .or_else(|| self.scope.get(key).map(|entry| (entry.symbol.clone(), entry.kind.clone())))
        })
    }

    /// The declared name at the cursor; moves behind what belongs to it (and behind a
    /// superscript that is a power, which [`Found::power`] gives).
    pub fn name(&mut self) -> Read<Found> {
        self.refuse_spelled_word()?;
        let nucleus = self.nucleus()?;
        if let Some(found) = self.name_with_word(&nucleus)? {
            return Ok(found);
        }
        for (i, &base_end) in nucleus.bases.iter().enumerate() {
            let base = nucleus.start..base_end;
            let letters = matches!(self.source.toks[nucleus.start].tok, Tok::Letter(_));
            if letters && base.len() > self.longest_word {
                continue;
            }
            if i > 0 {
                if let Some((symbol, kind)) = self.declared(&self.keys(base, &None, None, 0)) {
                    self.pos = base_end;
                    let span = self.span(nucleus.start, base_end);
                    return Ok(Found { symbol, kind, power: None, primes: 0, span });
                }
                continue;
            }
            let sup = nucleus.sup.as_ref();
            let tries = [(sup, nucleus.primes), (sup, 0), (None, nucleus.primes), (None, 0)];
            for (used, primes) in tries {
                let keys = self.keys(base.clone(), &nucleus.sub, used, primes);
                if let Some((symbol, kind)) = self.declared(&keys) {
                    let power = nucleus.sup.clone().filter(|_| used.is_none());
                    let primes = nucleus.primes - primes;
                    let span = self.span(nucleus.start, nucleus.end);
                    let found = Found { symbol, kind, power, primes, span };
                    return self.checked(found);
                }
            }
        }
        Err(self.undeclared(&nucleus))
    }

    /// Refuses superscripts and primes that can be neither a power nor a derivative.
    fn checked(&self, found: Found) -> Read<Found> {
        if found.primes > 0 && found.kind != Kind::Function {
            let text = &self.source.src[found.span.clone()];
            let message = format!("undeclared symbol `{text}`");
            return Err(TexError::new(TexErrorKind::Undeclared, found.span.clone(), message).help(format!(
                "`{}` is no function, so a prime on it is part of a name: declare that name",
                found.symbol
            )));
        }
        let Some(power) = found.power.clone() else { return Ok(found) };
        let decoration = self.is_decoration(power);
        if decoration {
            let text = &self.source.src[found.span.clone()];
            let message = format!("undeclared symbol `{text}`");
            let error = TexError::new(TexErrorKind::Undeclared, found.span.clone(), message);
            return Err(self.proposing(error, text));
        }
        Ok(found)
    }

    /// Whether a superscript holds marks or words that no declared name spells. Three letters
    /// without a gap count as a word.
    fn is_decoration(&self, power: Range<usize>) -> bool {
        let mut probe = Parser::new(self.source, self.scope, &[]);
        probe.alias = self.alias.clone();
        let mut at = power.start;
        if self.source.toks[power.clone()].iter().all(|t| matches!(t.tok, Tok::Char(_))) {
            return true;
        }
        while at < power.end {
            if let Tok::Letter(_) = self.source.toks[at].tok {
                (probe.pos, probe.end) = (at, power.end);
                let run = probe.letters();
                if run.len() >= WORD && self.scope.get(&run).is_none() {
                    return true;
                }
                at += run.len();
                continue;
            }
            let mark = match self.source.toks[at].tok {
                Tok::Char(c) => !"+-*/.,:;=<>!".contains(c),
                Tok::Command(c) if c.starts_with("\\text") || c == "\\mbox" => {
                    (probe.pos, probe.end) = (at, power.end);
                    probe.name().is_err()
                }
                _ => false,
            };
            if mark {
                return true;
            }
            at = at.max(self.source.partner[at]) + 1;
        }
        false
    }

    /// A declared name whose last word stands behind its superscript (`x^{Large} G` for
    /// `x^{Large\ G}`), as machine-read texts print it.
    fn name_with_word(&mut self, nucleus: &Nucleus) -> Read<Option<Found>> {
        let Some(sup) = nucleus.sup.clone() else { return Ok(None) };
        let words = self.longest_word(sup.clone()) >= WORD;
        if !words || !matches!(self.peek(), Some(Tok::Letter(_))) || self.gap() == Gap::Wide {
            return Ok(None);
        }
        let behind = self.pos;
        let word = self.nucleus()?;
        let end = self.pos;
        self.pos = behind;
        let base = nucleus.start..nucleus.bases[0];
        let short = self.keys(base, &nucleus.sub, Some(&sup), nucleus.primes);
        let tail = key_of(&self.spelled(word.start..word.end, true));
        let long: Vec<String> = short.iter().map(|key| format!("{key}{tail}")).collect();
        let Some((symbol, kind)) = self.declared(&long) else { return Ok(None) };
        let span = self.span(nucleus.start, end);
        if self.declared(&short).is_some() {
            let text = self.source.src[span.clone()].to_owned();
            let message = format!("`{text}` may be one name or a product");
            return self.ambiguous(span, &message, "write the whole name in the superscript");
        }
        self.pos = end;
        Ok(Some(Found { symbol, kind, power: None, primes: 0, span }))
    }

    fn longest_word(&self, range: Range<usize>) -> usize {
        let (mut longest, mut run) = (0, 0);
        for at in range {
            let token = &self.source.toks[at];
            run = match token.tok {
                Tok::Letter(_) if token.gap == Gap::None => run + 1,
                Tok::Letter(_) => 1,
                _ => 0,
            };
            longest = longest.max(run);
        }
        longest
    }

    fn undeclared(&self, nucleus: &Nucleus) -> TexError {
        let first = nucleus.bases.last().copied().unwrap_or(nucleus.start + 1);
        let single = nucleus.bases.len() > 1 && nucleus.sub.is_none() && nucleus.sup.is_none();
        let end = if single { self.word_end(nucleus, first) } else { self.end_without_power(nucleus) };
        let span = self.span(nucleus.start, end);
        let text = &self.source.src[span.clone()];
        let mut message = format!("undeclared symbol `{text}`");
        let spelled = key_of(&self.spelled(nucleus.start..end, true));
        if !self.alias.is_empty() && spelled != key_of(text) {
            message = format!("undeclared symbol `{text}` (here `{spelled}`)");
        }
        self.proposing(TexError::new(TexErrorKind::Undeclared, span, message), &spelled)
    }

    /// The end of the name without a superscript that can only be a power.
    fn end_without_power(&self, nucleus: &Nucleus) -> usize {
        let Some(sup) = nucleus.sup.clone() else { return nucleus.end };
        let last = sup.end + 1 >= nucleus.end;
        if !last || nucleus.primes > 0 || self.is_decoration(sup.clone()) {
            return nucleus.end;
        }
        let braced = self.source.toks[sup.start - 1].tok == Tok::LBrace;
        sup.start - if braced { 2 } else { 1 }
    }

    /// A run of letters is one word in a message where no part of it is declared.
    fn word_end(&self, nucleus: &Nucleus, first: usize) -> usize {
        let known = |at: usize| self.declared(&self.keys(at..at + 1, &None, None, 0)).is_some();
        if (nucleus.start + 1..nucleus.end).any(known) { first } else { nucleus.end }
    }

    fn proposing(&self, error: TexError, text: &str) -> TexError {
        let key = key_of(text);
        let alike = |other: &str| strsim::normalized_damerau_levenshtein(&key, other);
        let best =
            self.scope.entries().map(|e| (alike(e.symbol.key()), e)).max_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((score, entry)) if score >= LIKENESS => {
                error.help(format!("did you mean `{}`? otherwise declare the symbol", entry.symbol))
            }
            _ => error.help("declare the symbol"),
        }
        .expecting("a declared name")
    }

    /// A name that need not be declared, with all its scripts.
    pub fn new_name(&mut self) -> Read<Symbol> {
        let nucleus = self.nucleus()?;
        let text = self.text(nucleus.start..nucleus.end);
        let one = nucleus.bases.len() == 1 || (nucleus.sub.is_none() && nucleus.sup.is_none());
        if !one {
            let message = format!("`{text}` is not one name");
            return Err(TexError::new(TexErrorKind::Syntax, self.span(nucleus.start, nucleus.end), message)
                .expecting("a letter, a command or a word, with its scripts"));
        }
        Ok(Symbol::new(text))
    }

    /// A name in square brackets at the cursor, such as `[\operatorname{const}]`, if declared.
    pub fn bracketed_name(&mut self) -> Option<Symbol> {
        if !self.at_open(Delim::Bracket) {
            return None;
        }
        let close = self.source.partner[self.pos];
        let text: String = (self.pos..=close)
            .map(|at| {
                let token = &self.source.toks[at];
                format!("{} ", &self.source.src[token.span.clone()])
            })
            .collect();
        let (symbol, kind) = self.declared(&[key_of(&text)])?;
        if !matches!(kind, Kind::Name | Kind::Variable) {
            return None;
        }
        self.pos = close + 1;
        Some(symbol)
    }

    /// Whether what stands at the cursor begins a length or a gradient.
    pub fn at_whole_name(&self) -> bool {
        match self.peek() {
            Some(Tok::Command("\\|" | "\\lVert" | "\\Vert" | "\\nabla")) => true,
            Some(Tok::Bar) => {
                self.tok_at(self.pos + 1) == Some(Tok::Bar) && self.source.toks[self.pos + 1].gap == Gap::None
            }
            _ => false,
        }
    }

    /// A length or a gradient that is declared as a whole, such as `\|x - y\|` or `\nabla f^T(x - y)`: the
    /// longest such name at the cursor. What it is made of is not looked at.
    pub fn whole_name(&mut self) -> Read<Option<Symbol>> {
        if !self.at_whole_name() {
            return Ok(None);
        }
        let start = self.pos;
        let mut found = None;
        let mut closed = start;
        for at in start..self.end {
            closed = closed.max(self.source.partner[at]);
            let key = key_of(&self.spelled(start..at + 1, true));
            if key.len() > self.longest_whole {
                break;
            }
            if let Some((symbol, Kind::Variable)) = self.declared(&[key])
                && at >= closed
            {
                found = Some((symbol, at + 1));
            }
        }
        let Some((symbol, end)) = found else { return Ok(None) };
        self.pos = end;
        if self.source.toks[start].tok == Tok::Command("\\nabla") && self.at_factor() {
            let message = format!("how much of `{}` the gradient is part of is not visible", symbol);
            let help = "declare the whole product as one symbol, or write `\\cdot` behind the gradient";
            return self.ambiguous(self.span(start, end + 1), &message, help);
        }
        Ok(Some(symbol))
    }
}
