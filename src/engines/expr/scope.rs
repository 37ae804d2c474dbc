//! The names a text may use: their kinds and domains.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expr, Formula, IndexRange, Symbol};

/// What a declared name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A real parameter or unknown.
    Variable,
    /// A quantity or set that is defined elsewhere (`\delta^{Nash}`, `\alpha_1^*`).
    Name,
    /// A function: the name before parentheses is an application, not a product. It may also
    /// stand bare where the paper leaves the arguments out.
    Function,
    /// A player of a game; appears only as a value of an index (`P \in \{G, D\}`).
    Player,
}

/// A declared name.
#[derive(Clone, Debug)]
pub struct Entry {
    pub symbol: Symbol,
    pub kind: Kind,
    /// What is known of a variable, as statements about it: `c_0 > 0`.
    pub domain: Vec<Formula>,
}

/// The declared names of a file, with index letters standing for concrete values.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    entries: BTreeMap<String, Entry>,
    constants: BTreeMap<Symbol, Symbol>,
    integers: BTreeSet<Symbol>,
    indices: Vec<IndexRange>,
}

impl Scope {
    /// A scope with nothing declared.
    pub fn new() -> Self {
        Scope::default()
    }
    /// Declares a name; `Err` gives back the earlier entry if it was declared already.
    pub fn declare(&mut self, entry: Entry) -> Result<(), Entry> {
        let key = entry.symbol.key().to_owned();
        match self.entries.get(&key) {
            Some(earlier) => Err(earlier.clone()),
            None => {
                self.entries.insert(key, entry);
                Ok(())
            }
        }
    }
    /// Declares a name, or declares it anew.
    pub fn redeclare(&mut self, entry: Entry) {
        self.entries.insert(entry.symbol.key().to_owned(), entry);
    }
    /// Declares a variable with the given domain.
    pub fn variable(&mut self, symbol: Symbol, domain: Vec<Formula>) {
        self.redeclare(Entry { symbol, kind: Kind::Variable, domain });
    }
    /// Restricts a variable to the integers of its domain, which no [`Formula`] says.
    pub fn mark_integer(&mut self, symbol: Symbol) {
        self.integers.insert(symbol);
    }
    /// The variables that take integer values only: a counterexample must respect it, and a proof
    /// for all reals of the domain covers it.
    pub fn integers(&self) -> impl Iterator<Item = &Symbol> {
        self.integers.iter()
    }
    /// Declares that a variable stands for a quantity that the paper leaves unspecified but for not
    /// depending on `of` (`[const]` under a derivative).
    pub fn mark_constant(&mut self, symbol: Symbol, of: Symbol) {
        self.constants.insert(symbol, of);
    }
    /// The variables that stand for unspecified quantities, with what each does not depend on.
    pub fn constants(&self) -> impl Iterator<Item = (&Symbol, &Symbol)> {
        self.constants.iter()
    }
    /// Declares an index letter that runs from 1 to `upper`: every symbol with it in its subscripts
    /// is the member of a family, and its declaration is made for every letter ([`Scope::spread`]).
    pub fn add_index(&mut self, letter: Symbol, upper: Expr) {
        match self.indices.iter_mut().find(|r| r.upper == upper) {
            Some(range) => range.letters.push(letter),
            None => self.indices.push(IndexRange { letters: vec![letter], upper }),
        }
    }
    /// The ranges of index letters.
    pub fn indices(&self) -> &[IndexRange] {
        &self.indices
    }
    /// The range of an index letter.
    pub fn range_of(&self, letter: &Symbol) -> Option<&IndexRange> {
        self.indices.iter().find(|r| r.all_letters().contains(letter))
    }
    /// Declares every member of a family like the one that is declared, at every letter at which
    /// none is.
    pub fn spread(&mut self) {
        for range in self.indices.clone() {
            let letters = range.all_letters();
            for entry in self.entries.values().cloned().collect::<Vec<_>>() {
                let Some(from) = range.letter_in(&entry.symbol) else { continue };
                for to in letters.iter().filter(|to| **to != from) {
                    let symbol = entry.symbol.reindexed(&from, to).expect("the letter is in the symbol");
                    let domain = entry.domain.iter().map(|f| f.reindexed(&from, to)).collect();
                    if self.integers.contains(&entry.symbol) {
                        self.integers.insert(symbol.clone());
                    }
                    // An entry that exists was declared at this letter.
                    let _ = self.declare(Entry { symbol, kind: entry.kind.clone(), domain });
                }
            }
        }
    }
    /// What is declared here, as it is here, of the names that `other` has: all that a place of the
    /// paper knows of.
    pub fn visible_in(&self, other: &Scope) -> Scope {
        let known = |s: &Symbol| other.entry(s).is_some();
        let entries = self.entries.iter().filter(|(_, e)| known(&e.symbol));
        let constants = self.constants.iter().filter(|(s, _)| known(s));
        Scope {
            entries: entries.map(|(k, e)| (k.clone(), e.clone())).collect(),
            constants: constants.map(|(s, of)| (s.clone(), of.clone())).collect(),
            integers: self.integers.iter().filter(|s| known(s)).cloned().collect(),
            indices: other.indices.clone(),
        }
    }
    /// The entry under the canonical name `key` (see [`super::symbol::key_of`]).
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }
    /// The entry of a symbol.
    pub fn entry(&self, symbol: &Symbol) -> Option<&Entry> {
        self.entries.get(symbol.key())
    }
    /// All entries in the order of their canonical names.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }
    /// All that is known of the variables, in the order of their canonical names.
    pub fn facts(&self) -> Vec<Formula> {
        self.entries.values().flat_map(|e| e.domain.iter().cloned()).collect()
    }
}
