//! Names that stay: an entry's anchor, a paper's file.

use std::fmt::Write as _;

/// The id of an entry's element: the entry's id without the paper's name, other characters than letters,
/// digits and `. - _ /` as `~` and the hexadecimal digits of their bytes. Two entries of a paper never
/// share one, and the page's own ids (`~` and a small letter) are none.
pub fn of(id: &str) -> String {
    let short = id.split_once('/').map_or(id, |(_, rest)| rest);
    kept(short, |b| b.is_ascii_alphanumeric() || b".-_/".contains(&b))
}

/// A paper's name as a file's, without what any file system or address minds.
pub fn file_stem(paper: &str) -> String {
    let stem = kept(paper, |b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
    if stem.starts_with('.') { format!("_{stem}") } else { stem }
}

fn kept(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        if keep(b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "~{b:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_the_id_without_the_paper_and_two_ids_never_share_one() {
        assert_eq!(of("paper/lemma-2/10"), "lemma-2/10");
        assert_eq!(of("paper/a b"), "a~20b");
        assert_ne!(of("paper/a~20b"), of("paper/a b"));
        assert_eq!(of("paper/\"<é"), "~22~3C~C3~A9");
    }
}
