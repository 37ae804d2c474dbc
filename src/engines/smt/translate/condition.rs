//! Conditions with bounds on their size.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::exact::Poly;
use crate::prove::order::Tree;
use crate::smt::ratio::Stop;

/// The largest number of nodes and the largest depth of a condition.
const LARGEST_TREE: u64 = 200_000;
const DEEPEST_TREE: u64 = 20_000;

/// A condition with bounds on its size.
#[derive(Clone, Debug)]
pub(super) struct Sized {
    pub(super) tree: Tree,
    size: u64,
    depth: u64,
}

impl Sized {
    pub(super) fn leaf(tree: Tree) -> Sized {
        Sized { tree, size: 1, depth: 1 }
    }

    pub(super) fn of(tree: Tree) -> Sized {
        let (size, depth) = extent(&tree);
        Sized { tree, size, depth }
    }
}

fn extent(tree: &Tree) -> (u64, u64) {
    match tree {
        Tree::True | Tree::False | Tree::Atom(_) => (1, 1),
        Tree::And(ps) | Tree::Or(ps) => {
            ps.iter().map(extent).fold((1, 1), |(size, depth), (s, d)| (size + s, depth.max(d + 1)))
        }
    }
}

/// The conjunction (`all`) or disjunction.
pub(super) fn joined(parts: impl IntoIterator<Item = Sized>, all: bool) -> Result<Sized, Stop> {
    let (mut size, mut depth, mut trees) = (1, 1, vec![]);
    for p in parts {
        size += p.size;
        depth = depth.max(p.depth + 1);
        if size > LARGEST_TREE || depth > DEEPEST_TREE {
            return Err(Stop::TooLarge);
        }
        trees.push(p.tree);
    }
    let tree = if all { Tree::and(trees) } else { Tree::or(trees) };
    Ok(match tree {
        Tree::True | Tree::False | Tree::Atom(_) => Sized::leaf(tree),
        tree => Sized { tree, size, depth },
    })
}

/// The conjunction; false where two conjuncts on one polynomial exclude each other.
pub(super) fn conjunction(a: &Tree, b: &Tree) -> Tree {
    let both = Tree::and(vec![a.clone(), b.clone()]);
    let mut possible: BTreeMap<&Poly, u8> = BTreeMap::new();
    for atom in both.facts() {
        let signs = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let allowed = (0..3).filter(|i| atom.relation.holds(signs[*i])).fold(0, |set, i| set | 1 << i);
        *possible.entry(&atom.poly).or_insert(7) &= allowed;
    }
    if possible.values().any(|set| *set == 0) { Tree::False } else { both }
}
