//! Formulas: printed LaTeX to MathML.

use std::cell::Cell;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use maud::{Markup, PreEscaped, html};

/// A colour that no paper uses: what is set in it is what differs. It becomes a class.
const MARK: &str = "\\color[HTML]{010FA1}";

/// What the typesetter makes of that colour.
const MARKED: &str = "style=\"color:#010FA1;\"";

/// Tags that typeset formulas consist of.
const TAGS: [&str; 21] = [
    "math",
    "mrow",
    "mi",
    "mo",
    "mn",
    "mtext",
    "mspace",
    "msub",
    "msup",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
];
/// Attributes whose value nothing follows from.
const ATTRIBUTES: [&str; 24] = [
    "display",
    "mathvariant",
    "stretchy",
    "symmetric",
    "lspace",
    "rspace",
    "form",
    "fence",
    "separator",
    "width",
    "height",
    "depth",
    "minsize",
    "maxsize",
    "movablelimits",
    "accent",
    "accentunder",
    "displaystyle",
    "scriptlevel",
    "linethickness",
    "columnalign",
    "class",
    "style",
    "largeop",
];
/// Words that stand in formulas and are not products of letters.
const WORDS: [&str; 6] = ["all", "Max", "max", "Min", "min", "VM"];

/// The most characters of a formula that fits any screen without a box that scrolls.
const SHORT: usize = 24;

/// Turns LaTeX into MathML and counts what it cannot.
pub struct Typesetter {
    converter: LatexToMathML,
    failures: Cell<usize>,
}

impl Typesetter {
    /// A typesetter that has not failed yet.
    pub fn new() -> Typesetter {
        let converter =
            LatexToMathML::new(MathCoreConfig::default()).expect("there are no macros to be wrong");
        Typesetter { converter, failures: Cell::new(0) }
    }

    /// How many formulas were shown as LaTeX.
    pub fn failures(&self) -> usize {
        self.failures.get()
    }

    /// A formula on a line of its own, in a box that scrolls if it has to; `label` says what it is.
    pub fn display(&self, latex: &str, label: &str) -> Markup {
        boxed(&self.set(latex, MathDisplay::Block), label)
    }

    /// A formula inside of a line.
    pub fn inline(&self, latex: &str) -> Markup {
        self.set(latex, MathDisplay::Inline)
    }

    /// A formula in a list of them: inside of a line if it is short, else in a box of its own.
    pub fn listed(&self, latex: &str, label: &str) -> Markup {
        let formula = self.inline(latex);
        if length(&formula.0) <= SHORT { formula } else { boxed(&formula, label) }
    }

    fn set(&self, latex: &str, display: MathDisplay) -> Markup {
        let converted = self.converter.convert_with_local_state(&prepared(latex), display);
        match converted.ok().map(|c| c.mathml).filter(|mathml| is_harmless(mathml)) {
            Some(mathml) => PreEscaped(marked(&mathml)),
            None => {
                self.failures.set(self.failures.get() + 1);
                html! { code.latex { (latex) } }
            }
        }
    }
}

/// A box that scrolls if what it holds is wide, as the keyboard can.
fn boxed(formula: &Markup, label: &str) -> Markup {
    html! { div.formula tabindex="0" role="group" aria-label=(label) { (formula) } }
}

/// How many characters of a formula are seen: those that are not in tags.
fn length(mathml: &str) -> usize {
    let texts = mathml.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.map(|text| text.chars().count()).sum()
}

/// LaTeX that is set in the colour of what differs.
pub fn mark(latex: &str) -> String {
    format!("{{{MARK} {latex}}}")
}

/// The mark's colour as a class, so that a page can show it in its own way.
fn marked(mathml: &str) -> String {
    mathml.replace(MARKED, "class=\"differs\"")
}

/// Whether a text holds nothing but known tags with known attributes. A formula may come from anywhere,
/// and LaTeX has commands for links and for styles.
fn is_harmless(mathml: &str) -> bool {
    let mut rest = mathml;
    while let Some(open) = rest.find('<') {
        let Some(length) = rest[open..].find('>') else { return false };
        if !is_known(&rest[open + 1..open + length]) {
            return false;
        }
        rest = &rest[open + length + 1..];
    }
    true
}

/// Whether the inside of a tag is a known name with known attributes.
fn is_known(tag: &str) -> bool {
    let tag = tag.trim_start_matches('/').trim_end_matches('/');
    let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    if !TAGS.contains(&name) {
        return false;
    }
    while let Some((key, value)) = attributes.trim_start().split_once("=\"") {
        let Some((value, rest)) = value.split_once('"') else { return false };
        let plain = !value.contains(['(', '\\', '@', '&']);
        if !ATTRIBUTES.contains(&key) || !plain {
            return false;
        }
        attributes = rest;
    }
    attributes.trim().is_empty()
}

/// What a paper prints as what is to be set: without what belongs to the surroundings of a formula
/// (alignment, labels, the end of a line), its number at its end, and words upright.
fn prepared(latex: &str) -> String {
    let mut out = String::new();
    let mut rest = latex.trim().trim_end_matches("\\\\").trim();
    let mut environments = 0_usize;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(MARK) {
            out.push_str(MARK);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\tag") {
            let (number, after) = group(after);
            out.push_str(&format!("\\qquad (\\text{{{number}}})"));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\label") {
            rest = group(after).1;
        } else if c == '\\' {
            let (command, after) = command(rest);
            match command {
                "\\begin" => environments += 1,
                "\\end" => environments = environments.saturating_sub(1),
                _ => {}
            }
            out.push_str(if matches!(command, "\\nonumber" | "\\notag") { "" } else { command });
            rest = after;
            // Slanted words are set as text: as a formula they would lose their spaces.
            if matches!(command, "\\textit" | "\\emph" | "\\textbf" | "\\textsl") {
                out.truncate(out.len() - command.len());
                out.push_str("\\text");
            }
            if is_wordy(command) && rest.trim_start().starts_with('{') {
                let (text, after) = group(rest);
                out.push_str(&format!("{{{text}}}"));
                rest = after;
            }
        } else if c == '&' && environments == 0 {
            rest = &rest[1..];
        } else if c.is_ascii_alphabetic() {
            let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let whole = out.ends_with('{') && rest[length..].starts_with('}');
            out.push_str(&word(&rest[..length], whole));
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Whether a command's argument is no formula.
fn is_wordy(command: &str) -> bool {
    let text =
        ["\\text", "\\emph", "\\operatorname", "\\math", "\\begin", "\\end", "\\mbox", "\\color", "\\hspace"];
    text.iter().any(|c| command.starts_with(c))
}

/// A run of letters: a word upright, letters that are multiplied as they are. `whole` says that the run
/// fills its braces.
fn word(letters: &str, whole: bool) -> String {
    let name = |w: &str| format!("\\operatorname*{{{}\\,{}}}", &w[..3], &w[3..]);
    match letters {
        "argmax" | "argmin" => name(letters),
        "else" | "otherwise" => format!("\\text{{{letters}}}"),
        "for" | "if" | "and" | "or" | "where" | "when" => {
            format!("\\text{{ {letters} }}")
        }
        _ if letters.len() >= 4 || WORDS.contains(&letters) => format!("\\mathrm{{{letters}}}"),
        _ if letters.len() >= 2
            && (whole || letters.len() > 2)
            && letters.bytes().all(|b| b.is_ascii_uppercase()) =>
        {
            format!("\\mathrm{{{letters}}}")
        }
        _ => letters.to_owned(),
    }
}

/// A command and what follows it.
fn command(text: &str) -> (&str, &str) {
    let letters = text[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len() - 1);
    let end = match letters {
        0 => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
        n => 1 + n + usize::from(text[1 + n..].starts_with('*')),
    };
    text.split_at(end)
}

/// The inside of the braces with which a text begins, and what follows them.
fn group(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let mut depth = 0_usize;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return (&text[1..i], &text[i + 1..]),
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => break,
            _ => {}
        }
    }
    ("", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_upright_and_products_of_letters_are_not() {
        assert_eq!(prepared("x = ab"), "x = ab");
        assert_eq!(prepared("x^{NBS} \\text{for now}"), "x^{\\mathrm{NBS}} \\text{for now}");
        assert_eq!(prepared("&= 1 \\quad for x\\\\"), "= 1 \\quad \\text{ for } x");
        assert_eq!(prepared("\\begin{cases} a & b \\end{cases}"), "\\begin{cases} a & b \\end{cases}");
    }

    #[test]
    fn a_link_or_an_unknown_tag_is_not_let_through() {
        assert!(is_harmless("<math display=\"block\"><mi>x</mi></math>"));
        assert!(!is_harmless("<math><mtext><a href=\"x\">y</a></mtext></math>"));
        assert!(!is_harmless("<math onclick=\"x\"></math>"));
        assert!(!is_harmless("<math style=\"background:url(x)\"></math>"));
        assert!(!is_harmless("<script>"));
    }

    #[test]
    fn what_cannot_be_typeset_is_shown_and_counted() {
        let typesetter = Typesetter::new();
        let shown = typesetter.inline("\\nosuchcommand <b>").into_string();
        assert_eq!(shown, "<code class=\"latex\">\\nosuchcommand &lt;b&gt;</code>");
        assert_eq!(typesetter.failures(), 1);
    }

    #[test]
    fn markup_inside_of_latex_is_text() {
        for latex in ["\\text{<script>alert(1)</script>}", "a < b > c", "\\href{javascript:x}{y}", "x"] {
            let shown = Typesetter::new().inline(latex).into_string();
            assert!(!shown.contains("<script") && !shown.contains("<a "), "{shown}");
        }
    }

    #[test]
    fn what_differs_has_its_class() {
        let shown = Typesetter::new().inline(&mark("x")).into_string();
        assert!(shown.contains("class=\"differs\""), "{shown}");
        assert!(!shown.to_lowercase().contains("010fa1"), "{shown}");
    }
}
