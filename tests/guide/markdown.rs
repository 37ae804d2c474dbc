//! As much Markdown as the pages of this project use: paragraphs, headings, fenced blocks and inline
//! links. What it does not know (fences of tildes or with an indent, links by reference) is refused, so
//! that nothing of a page is overlooked.

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands behind the opening fence.
    pub info: String,
    pub text: String,
    /// The number of the line of the opening fence, from 1.
    pub line: usize,
}

/// A page, taken apart.
#[derive(Debug, Default)]
pub struct Page {
    pub blocks: Vec<Block>,
    /// Headings without their marks.
    pub headings: Vec<String>,
    /// Blocks of prose between empty lines, a line of a table or of a list being one of its own.
    pub paragraphs: Vec<String>,
}

/// Reads a page; `Err` says what is not understood, and in which line.
pub fn read(text: &str) -> Result<Page, String> {
    let mut page = Page::default();
    let mut lines = text.lines().enumerate();
    let mut paragraph = String::new();
    while let Some((at, line)) = lines.next() {
        if line.trim_start().starts_with("~~~")
            || line.starts_with(' ') && line.trim_start().starts_with("```")
        {
            return Err(format!("line {}: a fence is three backticks at the start of a line", at + 1));
        }
        if line.starts_with('[') && line.contains("]: ") {
            return Err(format!("line {}: a link stands where it is used", at + 1));
        }
        let is_item = line.starts_with('|') || line.trim_start().starts_with("* ") || line.starts_with("- ");
        if line.is_empty() || is_item || line.starts_with("```") || line.starts_with('#') {
            page.paragraphs.extend(Some(std::mem::take(&mut paragraph)).filter(|p| !p.is_empty()));
        }
        if let Some(info) = line.strip_prefix("```") {
            let mut block = Block { info: info.to_owned(), text: String::new(), line: at + 1 };
            loop {
                let (_, line) = lines.next().ok_or(format!("line {}: the block has no end", at + 1))?;
                if line == "```" {
                    break;
                }
                block.text += line;
                block.text.push('\n');
            }
            page.blocks.push(block);
        } else if line.starts_with('#') {
            page.headings.push(line.trim_start_matches('#').trim().to_owned());
        } else if !line.is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph += line.trim();
        }
    }
    page.paragraphs.extend(Some(paragraph).filter(|p| !p.is_empty()));
    Ok(page)
}

impl Page {
    /// The targets of the links in prose, those in code left out.
    pub fn links(&self) -> Vec<String> {
        let prose = self.paragraphs.iter().map(|p| outside_of_code(p)).collect::<Vec<_>>().join("\n");
        let targets = prose.split("](").skip(1);
        targets.map(|rest| rest.split(')').next().unwrap_or_default().to_owned()).collect()
    }

    /// What stands between backticks in prose.
    pub fn code(&self) -> Vec<&str> {
        self.paragraphs.iter().flat_map(|p| p.split('`').skip(1).step_by(2)).collect()
    }

    /// Whether a link can point at a heading by this name: small letters, hyphens for spaces, no marks.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        let slug = |heading: &String| -> String {
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        };
        self.headings.iter().map(slug).any(|s| s == anchor)
    }
}

fn outside_of_code(paragraph: &str) -> String {
    paragraph.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[test]
fn a_page_is_taken_apart_and_code_is_no_link() {
    let text =
        "# A?\n\nYes [b](c.md#d) `[e](f)`.\nMore.\n\n```toml p/x.toml\n# no heading\n```\n* one\n* two\n";
    let page = read(text).expect("it is understood");
    assert_eq!(page.headings, ["A?"]);
    assert_eq!(page.paragraphs, ["Yes [b](c.md#d) `[e](f)`. More.", "* one", "* two"]);
    assert_eq!(page.links(), ["c.md#d"]);
    assert_eq!(page.code(), ["[e](f)"]);
    let block = Block { info: "toml p/x.toml".into(), text: "# no heading\n".into(), line: 6 };
    assert_eq!(page.blocks, [block]);
    assert!(page.has_anchor("a") && !page.has_anchor("A?"));
}

#[test]
fn what_the_reader_does_not_know_is_refused() {
    for text in ["~~~\na\n~~~\n", "  ```\na\n", "```\na\n", "[a]: b.md\n"] {
        assert!(read(text).is_err(), "{text}");
    }
}
