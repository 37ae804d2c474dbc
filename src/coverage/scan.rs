//! Finding the displayed formulas of a text.

use std::ops::Range;

use crate::document::{Diagnostic, Problem, Source};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Markdown,
    Tex,
}

/// How a formula stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Displayed,
    /// Inside a line of words.
    Inline,
}

/// A formula of a text.
#[derive(Clone, Debug)]
pub struct Found {
    pub standing: Standing,
    /// The bytes of the text between the delimiters.
    pub span: Range<usize>,
    /// These bytes, with the marks of a quotation blanked out.
    pub latex: String,
}

/// Environments that display what they hold, with or without a star.
const DISPLAYS: [&str; 10] = [
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "alignat",
    "xalignat",
    "displaymath",
    "dmath",
];

/// Environments of LaTeX that are not read.
const VERBATIM: [&str; 5] = ["verbatim", "verbatim*", "lstlisting", "minted", "comment"];

/// The formulas of a text in their order, linear in its length. Code and comments are passed over.
/// Errors: a formula that is never closed, or closed twice, with its place.
pub fn scan(source: &Source, form: Form) -> Result<Vec<Found>, Vec<Diagnostic>> {
    let mut scanner = Scanner { source, text: source.text(), form, pos: 0, found: vec![], problems: vec![] };
    let end = scanner.body();
    while scanner.pos < end {
        scanner.step();
    }
    if scanner.problems.is_empty() { Ok(scanner.found) } else { Err(scanner.problems) }
}

struct Scanner<'a> {
    source: &'a Source,
    text: &'a str,
    form: Form,
    pos: usize,
    found: Vec<Found>,
    problems: Vec<Diagnostic>,
}

impl<'a> Scanner<'a> {
    /// Goes to where the text begins, and gives where it ends: LaTeX has a preamble.
    fn body(&mut self) -> usize {
        if self.form == Form::Tex
            && let Some(at) = self.text.find("\\begin{document}")
        {
            self.pos = at + "\\begin{document}".len();
            return self.text[self.pos..].find("\\end{document}").map_or(self.text.len(), |i| self.pos + i);
        }
        self.text.len()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    fn at_line_start(&self) -> bool {
        self.pos == 0 || self.text[..self.pos].ends_with('\n')
    }

    fn step(&mut self) {
        let markdown = self.form == Form::Markdown;
        if self.at_line_start() && ((markdown && self.fence()) || self.own_line()) {
            return;
        }
        let rest = self.rest();
        if markdown && rest.starts_with("<!--") {
            self.pos += rest.find("-->").map_or(rest.len(), |i| i + 3);
        } else if markdown && rest.starts_with('`') {
            self.code_span();
        } else if !markdown && rest.starts_with('%') {
            self.pos += rest.find('\n').map_or(rest.len(), |i| i + 1);
        } else if rest.starts_with("$$") {
            self.display(2, "$$", "$$");
        } else if rest.starts_with('$') {
            self.inline_dollar();
        } else if rest.starts_with('\\') {
            self.command();
        } else {
            self.pos += rest.chars().next().map_or(1, char::len_utf8);
        }
    }

    /// A fenced block of code is passed over, to the end of the text if it is never closed.
    fn fence(&mut self) -> bool {
        let rest = self.rest();
        let line = rest.lines().next().unwrap_or_default();
        let indented = line.len() - line.trim_start_matches(' ').len();
        let Some(mark) = line[indented..].chars().next().filter(|c| "`~".contains(*c)) else { return false };
        let width = line[indented..].chars().take_while(|c| *c == mark).count();
        let info = &line[indented + width..];
        if indented > 3 || width < 3 || (mark == '`' && info.contains('`')) {
            return false;
        }
        let closes = |line: &str| {
            let line = line.trim();
            line.len() >= width && line.chars().all(|c| c == mark)
        };
        let mut passed = 0;
        for (i, line) in rest.split_inclusive('\n').enumerate() {
            passed += line.len();
            if i > 0 && closes(line) {
                break;
            }
        }
        self.pos += passed;
        true
    }

    /// A line that is one formula in single dollars, punctuation aside.
    fn own_line(&mut self) -> bool {
        let line = self.rest().lines().next().unwrap_or_default();
        let bare = line.trim().trim_end_matches(['.', ',', ';']).trim_end();
        let Some(inner) = bare.strip_prefix('$').and_then(|b| b.strip_suffix('$')) else { return false };
        if inner.trim().is_empty() || inner.ends_with('\\') || dollars(inner) > 0 {
            return false;
        }
        let start = self.pos + line.find('$').unwrap_or(0) + 1;
        self.push(Standing::Displayed, start..start + inner.len());
        self.pos += line.len();
        true
    }

    /// Code in backticks; backticks without partners in their paragraph are characters.
    fn code_span(&mut self) {
        let rest = self.rest();
        let width = rest.bytes().take_while(|b| *b == b'`').count();
        let paragraph = &rest[..blank_line(rest).unwrap_or(rest.len())];
        let mut at = width;
        while let Some(i) = paragraph[at..].find('`') {
            let run = paragraph[at + i..].bytes().take_while(|b| *b == b'`').count();
            at += i + run;
            if run == width {
                self.pos += at;
                return;
            }
        }
        self.pos += width;
    }

    fn inline_dollar(&mut self) {
        let rest = &self.rest()[1..];
        let paragraph = &rest[..blank_line(rest).unwrap_or(rest.len())];
        let end = closing(paragraph, "$");
        let is_price = |inner: &str, end: usize| {
            let follows = rest[end + 1..].starts_with(|c: char| c.is_ascii_digit());
            inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace) || follows
        };
        match end {
            Some(end) if self.form == Form::Tex || !is_price(&rest[..end], end) => {
                self.push(Standing::Inline, self.pos + 1..self.pos + 1 + end);
                self.pos += end + 2;
            }
            None if self.form == Form::Tex => {
                self.unclosed(self.pos..self.pos + 1, "$", "$");
                self.pos += 1;
            }
            _ => self.pos += 1,
        }
    }

    fn command(&mut self) {
        let rest = self.rest();
        // In Markdown a bracket inside of a link's text is escaped as well: `[\[7\]](#seven)`.
        let in_link = self.form == Form::Markdown && self.text[..self.pos].ends_with('[');
        if rest.starts_with("\\[") && !in_link {
            self.display(2, "\\[", "\\]");
        } else if let Some(inner) = rest.strip_prefix("\\(") {
            match closing(&inner[..blank_line(inner).unwrap_or(inner.len())], "\\)") {
                Some(end) => {
                    self.push(Standing::Inline, self.pos + 2..self.pos + 2 + end);
                    self.pos += end + 4;
                }
                None => self.pos += 2,
            }
        } else if rest.starts_with("\\]") && self.form == Form::Tex {
            self.stray(2, "\\]");
        } else if let Some(name) = environment(rest, "\\begin{") {
            self.begin(name.to_owned());
        } else if let Some(name) = environment(rest, "\\end{").filter(|n| displays(n)) {
            let mark = format!("\\end{{{name}}}");
            self.stray(mark.len(), &mark);
        } else {
            let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
            self.pos += 1 + escaped;
        }
    }

    fn begin(&mut self, name: String) {
        let (open, close) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        if displays(&name) {
            self.display(open.len(), &open, &close);
        } else if self.form == Form::Tex && VERBATIM.contains(&name.as_str()) {
            let rest = self.rest();
            self.pos += rest.find(&close).map_or(rest.len(), |i| i + close.len());
        } else {
            self.pos += open.len();
        }
    }

    /// A displayed formula whose opening mark, `skip` bytes, stands at the cursor. TeX allows no blank
    /// line in one, so that a mark without a partner is found where it stands.
    fn display(&mut self, skip: usize, open: &str, close: &str) {
        let start = self.pos + skip;
        let rest = &self.text[start..];
        let limit = blank_line(rest).unwrap_or(rest.len());
        match closing(&rest[..limit], close) {
            Some(end) => {
                if !rest[..end].trim().is_empty() {
                    self.push(Standing::Displayed, start..start + end);
                }
                self.pos = start + end + close.len();
            }
            None => {
                self.unclosed(self.pos..start, open, close);
                self.pos = start + limit;
            }
        }
    }

    fn push(&mut self, standing: Standing, span: Range<usize>) {
        let line = self.text[..span.start].rfind('\n').map_or(0, |i| i + 1);
        let quoted = self.form == Form::Markdown && self.text[line..span.start].trim_start().starts_with('>');
        let latex = &self.text[span.clone()];
        let latex = if quoted { without_quotation(latex) } else { latex.to_owned() };
        self.found.push(Found { standing, span, latex });
    }

    fn unclosed(&mut self, span: Range<usize>, open: &str, close: &str) {
        let problem = Problem::Display(format!("`{open}` is never closed"));
        let help = format!("close it with `{close}`; a displayed formula holds no blank line");
        self.problems.push(Diagnostic::at(self.source, span, problem, Some(help)));
    }

    fn stray(&mut self, length: usize, mark: &str) {
        let problem = Problem::Display(format!("`{mark}` closes nothing"));
        let help = "open the formula, or take the mark away".to_owned();
        self.problems.push(Diagnostic::at(self.source, self.pos..self.pos + length, problem, Some(help)));
        self.pos += length;
    }
}

fn displays(name: &str) -> bool {
    DISPLAYS.contains(&name.strip_suffix('*').unwrap_or(name))
}

/// The name of the environment that is opened or closed here.
fn environment<'a>(rest: &'a str, mark: &str) -> Option<&'a str> {
    let name = rest.strip_prefix(mark)?;
    name.find('}').map(|end| &name[..end]).filter(|n| n.len() < 40 && !n.contains('\n'))
}

/// Where the first blank line begins.
fn blank_line(text: &str) -> Option<usize> {
    let mut at = 0;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        // A quotation's empty line is blank as well.
        if i > 0 && line.ends_with('\n') && line.trim().trim_start_matches('>').is_empty() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// Where `mark` stands, escaped characters and comments passed over.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(mark) {
            return Some(at);
        }
        at += match rest.as_bytes()[0] {
            b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            b'%' => rest.find('\n').map_or(rest.len(), |i| i + 1),
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    None
}

/// How many dollars are not escaped.
fn dollars(text: &str) -> usize {
    let mut escaped = false;
    text.chars()
        .filter(|c| {
            let counts = *c == '$' && !escaped;
            escaped = *c == '\\' && !escaped;
            counts
        })
        .count()
}

/// The same text, byte for byte, with the `>` at the beginnings of its lines blanked out.
fn without_quotation(latex: &str) -> String {
    let mut first = true;
    let mut out = String::with_capacity(latex.len());
    for line in latex.split_inclusive('\n') {
        let mark = if first { None } else { line.find(|c: char| !c.is_whitespace()) };
        match mark.filter(|i| line[*i..].starts_with('>')) {
            Some(i) => out.extend([&line[..i], " ", &line[i + 1..]]),
            None => out.push_str(line),
        }
        first = false;
    }
    out
}
