//! The paper under other names: symbols, players, ids, files and their order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names and what they are called in the copy; longer ones before those they begin with. The
/// order of the new names is not that of the old ones.
const SYMBOLS: [(&str, &str); 13] = [
    // Two names without a blank between them.
    ("+lr", "+lw"),
    ("c_{0}", r"\nu "),
    ("c_0", r"\nu "),
    // The members of a family have its name.
    ("c_", r"\mu_"),
    ("k_{0}", r"\kappa "),
    ("k_0", r"\kappa "),
    ("k_", r"\eta_"),
    (r"\alpha", r"\xi"),
    (r"\delta", r"\sigma"),
    (r"\phi", r"\psi"),
    ("U_", "V_"),
    ("Powerful", "Strong"),
    ("-specialist", "-relay"),
];

/// Letters that are names where no letter stands beside them.
const LETTERS: [(char, &str); 5] = [('G', "W"), ('D', "E"), ('r', "w"), ('i', "g"), ('j', "h")];

/// What the ids of the paper are called in the copy.
pub struct Ids(Vec<(String, String)>);

impl Ids {
    /// The new id of an entry: of a claim, of an instance of one, of a line.
    pub fn of(&self, id: &str) -> String {
        let (old, new) = self
            .0
            .iter()
            .filter(|(old, _)| id == old || id.strip_prefix(old.as_str()).is_some_and(|r| r.starts_with('/')))
            .max_by_key(|(old, _)| old.len())
            .unwrap_or_else(|| panic!("`{id}` is not an id of the paper"));
        format!("{new}{}", letters(&id[old.len()..]))
    }
}

/// Copies a paper's files with `change` applied to their texts.
pub fn copy_text(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).expect("the copy's folder");
    for file in fs::read_dir(from).expect("the paper's folder") {
        let path = file.expect("an entry of the folder").path();
        let text = fs::read_to_string(&path).expect("a text");
        fs::write(to.join(path.file_name().expect("a file")), change(&text)).expect("a file of the copy");
    }
}

/// Copies a paper under other names, with what its files hold in another order.
pub fn copy(from: &Path, to: &Path) -> Ids {
    fs::create_dir_all(to).expect("the copy's folder");
    let mut ids = vec![];
    let files = fs::read_dir(from).expect("the paper's folder").map(|f| f.expect("an entry").path());
    // In the order in which the paper is read: a file uses what those before it declare.
    let files: BTreeSet<PathBuf> = files.collect();
    for (n, path) in files.iter().enumerate() {
        let text = fs::read_to_string(path).expect("a text");
        if path.ends_with("paper.toml") {
            fs::write(to.join("paper.toml"), text).expect("a file of the copy");
            continue;
        }
        let (head, mut items) = items(&text);
        for item in &mut items {
            *item = with_new_id(item, &mut ids);
        }
        for item in &mut items {
            for (old, new) in &ids {
                *item = item.replace(&format!("of = '{old}'"), &format!("of = '{new}'"));
            }
        }
        let (derivations, mut claims): (Vec<String>, Vec<String>) =
            items.into_iter().partition(|i| i.starts_with("[[derivation]]"));
        claims.reverse();
        fs::write(to.join(format!("{n}a.toml")), symbols(&head)).expect("a file of the copy");
        fs::write(to.join(format!("{n}b.toml")), symbols(&derivations.concat())).expect("a file of the copy");
        fs::write(to.join(format!("{n}c.toml")), symbols(&claims.concat())).expect("a file of the copy");
    }
    Ids(ids)
}

/// What stands before the first item of a file, and the items; what is drawn has no part in a verdict and is
/// left out.
fn items(text: &str) -> (String, Vec<String>) {
    let (mut head, mut items) = (String::new(), Vec::<String>::new());
    for line in text.split_inclusive('\n') {
        let starts = ["[[claim]]", "[[derivation]]", "[[equation]]", "[[theorem]]", "[[figure]]"];
        if starts.contains(&line.trim()) {
            items.push(String::new());
        }
        items.last_mut().unwrap_or(&mut head).push_str(line);
    }
    items.retain(|item| !item.starts_with("[[figure]]"));
    (head, items)
}

fn with_new_id(item: &str, ids: &mut Vec<(String, String)>) -> String {
    let rest = item.split_once("\nid = '").expect("an item has an id").1;
    let old = rest.split_once('\'').expect("the id ends").0.to_owned();
    let new = format!("x.{}", 1000 - ids.len());
    let item = item.replacen(&format!("\nid = '{old}'"), &format!("\nid = '{new}'"), 1);
    ids.push((old, new));
    item
}

fn symbols(text: &str) -> String {
    let renamed = SYMBOLS.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new));
    letters(&renamed)
}

fn letters(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let alone = |i: usize| {
        let before = i.checked_sub(1).and_then(|j| chars.get(j));
        let letter = |c: &char| c.is_ascii_alphabetic();
        !before.is_some_and(|c| letter(c) || *c == '\\') && !chars.get(i + 1).is_some_and(letter)
    };
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        match LETTERS.iter().find(|(old, _)| old == c).filter(|_| alone(i)) {
            Some((_, new)) => out.push_str(new),
            None => out.push(*c),
        }
    }
    out
}
