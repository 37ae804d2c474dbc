//! Where things stand in a text: its sections, and the numbered statements in them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::Source;

use super::scan::Form;

/// A section of a text.
#[derive(Clone, Debug)]
pub struct Section {
    /// `3.2`, if it has a number.
    pub number: Option<String>,
    pub title: String,
    /// The line, from 1, of its heading.
    pub line: usize,
    /// The bytes from its heading to the next one, of whatever rank.
    pub span: Range<usize>,
}

/// The sections of a text and what is numbered in it.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// In the order of the text; what stands before the first heading has no section.
    pub sections: Vec<Section>,
    /// `("Theorem", "3.1")` to the places at which such a line begins.
    numbered: BTreeMap<(String, String), Vec<usize>>,
}

/// The longest line that is taken for a heading.
const LONGEST_HEADING: usize = 120;
/// What a number at the end of a line may belong to, if not to a heading.
const NUMBERED: [&str; 12] = [
    "Table",
    "Figure",
    "Theorem",
    "Lemma",
    "Proposition",
    "Corollary",
    "Definition",
    "Observation",
    "Equation",
    "Example",
    "Section",
    "Version",
];
/// The commands of LaTeX that open a section, by rank.
const COMMANDS: [&str; 4] = ["\\chapter", "\\section", "\\subsection", "\\subsubsection"];

impl Section {
    /// For people: the number and the title.
    pub fn name(&self) -> String {
        match &self.number {
            Some(number) => format!("{number} {}", self.title),
            None => self.title.clone(),
        }
    }
    /// Whether the section is the numbered one or lies in it.
    fn is_within(&self, number: &str) -> bool {
        self.number.as_deref().is_some_and(|n| {
            n.strip_prefix(number).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
    /// The number with those of the sections around it.
    pub fn numbers(&self) -> Vec<&str> {
        let Some(number) = self.number.as_deref() else { return vec![] };
        let ends = number.match_indices('.').map(|(i, _)| i).chain([number.len()]);
        ends.map(|end| &number[..end]).collect()
    }
}

impl Outline {
    /// The outline of a text; linear in its length.
    pub fn of(source: &Source, form: Form) -> Outline {
        let mut out = Outline::default();
        let mut counters = Counters::default();
        let text = source.text();
        let mut at = 0;
        let mut before_is_blank = true;
        let mut fenced = false;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for (i, line) in lines.iter().enumerate() {
            let blank_behind = lines.get(i + 1).is_none_or(|l| l.trim().is_empty());
            fenced ^= form == Form::Markdown && (line.starts_with("```") || line.starts_with("~~~"));
            let heading = match form {
                _ if fenced => None,
                Form::Markdown => markdown_heading(line, before_is_blank && blank_behind),
                Form::Tex => counters.heading(line),
            };
            if let Some((number, title)) = heading {
                let line = source.line_of(at);
                out.sections.push(Section { number, title, line, span: at..text.len() });
            } else if let Some(name) = numbered(line) {
                out.numbered.entry(name).or_default().push(at);
            }
            before_is_blank = line.trim().is_empty();
            at += line.len();
        }
        for i in 1..out.sections.len() {
            out.sections[i - 1].span.end = out.sections[i].span.start;
        }
        out
    }

    /// The section in which a byte of the text stands.
    pub fn section_of(&self, offset: usize) -> Option<usize> {
        self.sections.partition_point(|s| s.span.start <= offset).checked_sub(1)
    }

    /// Notes that a formula at this place has this number.
    pub fn tag(&mut self, tag: &str, offset: usize) {
        self.numbered.entry(("Equation".to_owned(), tag.to_owned())).or_default().push(offset);
    }

    /// The parts of the text that a place such as `Section 8.3, Lemma 8.1` names. A numbered statement
    /// names the section that it stands in. `None` if nothing of the place is found in the text.
    pub fn resolve(&self, place: &str) -> Option<Vec<Range<usize>>> {
        let mut out: Vec<Range<usize>> = vec![];
        let title = |s: &&Section| s.title.eq_ignore_ascii_case(place.trim()) || s.name() == place.trim();
        out.extend(self.sections.iter().filter(title).map(|s| s.span.clone()));
        for (kind, number) in references(place) {
            if ["Section", "Appendix", "Chapter"].contains(&kind.as_str()) {
                let within = self.sections.iter().filter(|s| s.is_within(&number));
                out.extend(within.map(|s| s.span.clone()));
            } else {
                let places = self.numbered.get(&(kind, number)).into_iter().flatten();
                out.extend(places.filter_map(|p| self.section_of(*p)).map(|s| self.sections[s].span.clone()));
            }
        }
        (!out.is_empty()).then_some(out)
    }
}

/// The kinds and numbers in `Sections 2 and 3, Lemma 8.1`.
fn references(place: &str) -> Vec<(String, String)> {
    let mut out = vec![];
    let mut kind = String::new();
    let spaced = place.replace('§', " Section ");
    for word in spaced.split(|c: char| c.is_whitespace() || ",;()".contains(c)) {
        let word = word.trim_end_matches(['.', ':']);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit()) || is_appendix(word);
        if is_number && !kind.is_empty() {
            out.push((kind.clone(), word.to_owned()));
        } else if word.starts_with(|c: char| c.is_uppercase()) {
            kind = word.strip_suffix('s').unwrap_or(word).to_owned();
            if kind == "Appendice" {
                kind = "Appendix".to_owned();
            }
            if kind == "Eq" {
                kind = "Equation".to_owned();
            }
        }
    }
    out
}

/// `A` and `B.2`, as appendices are numbered.
fn is_appendix(word: &str) -> bool {
    let mut parts = word.split('.');
    parts.next().is_some_and(|p| p.len() == 1 && p.starts_with(|c: char| c.is_ascii_uppercase()))
        && parts.all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

/// `Theorem 3.1. For all …`, marks of emphasis aside.
fn numbered(line: &str) -> Option<(String, String)> {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "*_#>".contains(c));
    let (word, rest) = bare.split_once(' ')?;
    if !word.starts_with(|c: char| c.is_uppercase()) || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let behind = rest[number.len()..].chars().next();
    // In the middle of a sentence a number is followed by a word.
    let ends = number.ends_with('.') || behind.is_none_or(|c| ":(*_\n\r".contains(c));
    let bracketed = rest[number.len()..].trim_start().starts_with('(');
    let number = number.trim_end_matches('.');
    (!number.is_empty() && (ends || bracketed)).then(|| (word.to_owned(), number.to_owned()))
}

/// A heading with `#`, or a line by itself with the number of a section at one of its ends.
fn markdown_heading(line: &str, alone: bool) -> Option<(Option<String>, String)> {
    let bare = line.trim();
    let marks = bare.len() - bare.trim_start_matches('#').len();
    if (1..=6).contains(&marks) && bare[marks..].starts_with([' ', '\t']) {
        let title = bare[marks..].trim().trim_end_matches('#').trim().trim_matches(['*', '_']);
        let (number, rest) = leading_number(title);
        return Some((number, rest.to_owned()));
    }
    let bare = bare.trim_matches('*');
    if !alone || bare.len() > LONGEST_HEADING || bare.ends_with(['.', ':', ',', ';', '$']) {
        return None;
    }
    if let (Some(number), rest) = leading_number(bare)
        && !bare[number.len()..].starts_with('.')
        && rest.starts_with(char::is_uppercase)
    {
        return Some((Some(number), rest.to_owned()));
    }
    // Where a scan has put the number behind the title.
    let (title, number) = bare.rsplit_once(' ')?;
    let dotted = number.contains('.') && leading_number(number).0.as_deref() == Some(number);
    let is_title = title.starts_with(char::is_uppercase) && !title.contains(['$', '=', '.']);
    let is_title = is_title && title.rsplit(' ').next().is_some_and(|w| !NUMBERED.contains(&w));
    (dotted && is_title).then(|| (Some(number.to_owned()), title.to_owned()))
}

/// The number with which a heading begins, `3`, `3.2` or `A.1`, and the title behind it.
fn leading_number(text: &str) -> (Option<String>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let digits = text[..end].trim_end_matches('.');
    if text.starts_with(|c: char| c.is_ascii_digit()) && !digits.contains("..") {
        return (Some(digits.to_owned()), text[end..].trim_start());
    }
    let word = text.split(' ').next().unwrap_or_default();
    if word.contains('.') && is_appendix(word.trim_end_matches('.')) {
        return (Some(word.trim_end_matches('.').to_owned()), text[word.len()..].trim_start());
    }
    (None, text)
}

/// The numbers that LaTeX gives to sections.
#[derive(Default)]
struct Counters {
    numbers: [usize; 4],
    appendix: bool,
    chapters: bool,
}

impl Counters {
    fn heading(&mut self, line: &str) -> Option<(Option<String>, String)> {
        let bare = line.trim_start();
        if bare.starts_with("\\appendix") {
            self.appendix = true;
            self.numbers = [0; 4];
            return None;
        }
        let (rank, rest) = COMMANDS.iter().enumerate().find_map(|(i, c)| Some((i, bare.strip_prefix(c)?)))?;
        let (starred, rest) = match rest.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let open = rest.find('{')?;
        if !(open == 0 || rest.starts_with('[')) {
            return None;
        }
        let title = rest[open + 1..].split('}').next().unwrap_or_default().to_owned();
        if starred {
            return Some((None, title));
        }
        self.chapters |= rank == 0;
        self.numbers[rank] += 1;
        self.numbers[rank + 1..].fill(0);
        let top = usize::from(!self.chapters);
        let number = |(i, n): (usize, &usize)| match u8::try_from(*n) {
            Ok(n @ 1..=26) if self.appendix && i == 0 => char::from(b'A' + n - 1).to_string(),
            _ => n.to_string(),
        };
        let numbers = self.numbers[top.min(rank)..=rank].iter().enumerate().map(number);
        Some((Some(numbers.collect::<Vec<_>>().join(".")), title))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn outline(text: &str, form: Form) -> Outline {
        Outline::of(&Source::new(Path::new("x"), text.to_owned()), form)
    }

    fn names(text: &str, form: Form) -> Vec<String> {
        outline(text, form).sections.iter().map(Section::name).collect()
    }

    #[test]
    fn headings_are_found_with_and_without_marks() {
        let text =
            "# Title\n\n## 2.1 Part\n\n3 The Model\n\nwords\n\n3.1Glued\n\nTrailing 3.2\n\n4 not one\n";
        let expected = ["Title", "2.1 Part", "3 The Model", "3.1 Glued", "3.2 Trailing"];
        assert_eq!(names(text, Form::Markdown), expected);
        assert_eq!(names("1. An item\n\nSee Table 2.1\n\n```\n# code\n```\n", Form::Markdown), [""; 0]);
    }

    #[test]
    fn the_sections_of_latex_are_counted() {
        let text = "\\section{A}\n\\subsection{B}\n\\section*{C}\n\\section{D}\n\\appendix\n\\section{E}\n\\subsection{F}\n";
        assert_eq!(names(text, Form::Tex), ["1 A", "1.1 B", "C", "2 D", "A E", "A.1 F"]);
    }

    #[test]
    fn a_place_names_its_sections() {
        let text = "1 One\n\nTheorem 1.1. It holds.\n\n1.1 Inner\n\n2 Two\n\nProof of Theorem 1.1. So.\n";
        let mut o = outline(text, Form::Markdown);
        let lengths = |o: &Outline, place: &str| o.resolve(place).map(|r| r.len());
        assert_eq!(lengths(&o, "Section 1"), Some(2));
        assert_eq!(lengths(&o, "§1.1"), Some(1));
        assert_eq!(lengths(&o, "Sections 1 and 2"), Some(3));
        assert_eq!(lengths(&o, "Theorem 1.1"), Some(1));
        assert_eq!(lengths(&o, "Theorem 1.2"), None);
        assert_eq!(lengths(&o, "Two"), Some(1));
        assert_eq!(lengths(&o, "Equation 7"), None);
        o.tag("7", text.len() - 1);
        assert_eq!(lengths(&o, "Equation 7"), Some(1));
    }
}
