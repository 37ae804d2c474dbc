//! Displayed formulas of machine-read papers, where such texts are at hand.

use std::path::PathBuf;

use super::reading_tests::scope;
use super::*;
use crate::expr::{Entry, Kind};

/// Reads a block, declaring each name that the reader asks for; what is left is an error that no
/// declaration would mend.
fn read_declaring(block: &str, scope: &mut Scope) -> Result<Vec<Line>, TexError> {
    for _ in 0..60 {
        match parse_lines(block, scope) {
            Err(e) if e.kind == TexErrorKind::Undeclared => {
                let symbol = Symbol::new(&block[e.span.clone()]);
                if scope.entry(&symbol).is_some() {
                    return Err(e);
                }
                let kind = if symbol.latex().contains('^') { Kind::Name } else { Kind::Variable };
                scope.redeclare(Entry { symbol, kind, domain: vec![] });
            }
            other => return other,
        }
    }
    parse_lines(block, scope)
}

/// Every statement of a line; a lone term as an equation with itself.
fn statements(body: Body) -> Vec<Formula> {
    match body {
        Body::Statement(f) => vec![f],
        Body::Term(e) => vec![Formula::eq(e.clone(), e)],
        Body::Continues(r, e, rest) => {
            let links = std::iter::once((r, e)).chain(rest);
            links.map(|(r, e)| Formula::rel(e.clone(), r, e)).collect()
        }
    }
}

#[test]
fn displayed_formulas_of_papers_read_back_from_their_print() {
    let root = std::env::var_os("PROOFREAD_PAPERS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/papers"),
        PathBuf::from,
    );
    let Ok(folder) = std::fs::read_dir(&root) else {
        println!("skipped: no folder {}", root.display());
        return;
    };
    let mut files: Vec<_> = folder.filter_map(|f| f.ok().map(|f| f.path())).collect();
    files.sort();
    let functions = r"U_G U_D U_{D_i} u_i u r r_i \phi_0 \phi_1 \phi_i f";
    let (mut blocks, mut read) = (0, 0);
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
        let text = std::fs::read_to_string(file).expect("a paper's text is UTF-8");
        for block in text.split("$$").skip(1).step_by(2) {
            let mut scope = scope(r"x \delta n", functions, &[]);
            blocks += 1;
            match read_declaring(block, &mut scope) {
                Ok(lines) => {
                    read += 1;
                    for f in lines.into_iter().flat_map(|l| statements(l.body)) {
                        let printed = latex_formula(&f);
                        assert_eq!(parse_formula(&printed, &scope).as_ref(), Ok(&f), "{printed}");
                        assert!(!plain_formula(&f).is_empty());
                    }
                }
                Err(e) => {
                    let place = &block[e.span.clone()];
                    println!("refused: {}\n  at `{place}`: {e} {:?} {:?}", block.trim(), e.expected, e.help);
                }
            }
        }
    }
    println!("{read} of {blocks} displayed blocks read");
    assert!(read * 4 >= blocks * 3, "{read} of {blocks} displayed blocks read");
}
