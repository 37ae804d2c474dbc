//! Rows that belong together: a sum that goes on over several, a chain whose left side is the row before.

use super::printed::Piece;
use super::statement::{Statement, continues_a_sum, row_key};

/// Rows with those joined to the row before that only go on with its terms.
pub fn joined(rows: Vec<Vec<Piece>>) -> Vec<Vec<Piece>> {
    let mut out: Vec<Vec<Piece>> = vec![];
    for row in rows {
        match out.last_mut().filter(|_| continues_a_sum(&row)) {
            Some(before) => before.extend(row),
            None => out.push(row),
        }
    }
    out
}

/// A statement of the text: a row, or several that go on with one another.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The rows, each by its formula and its place in it.
    pub rows: Vec<(usize, usize)>,
    /// The bytes that the pieces' spans refer to.
    source: String,
    pieces: Vec<Piece>,
    /// What each row looks like.
    keys: Vec<String>,
    /// The entries that say what its rows should read.
    pub read_by: Vec<usize>,
    /// Once it is known what comes before.
    statement: Statement,
}

impl Unit {
    /// One row; `latex` is the formula that its spans refer to.
    pub fn new(at: (usize, usize), latex: &str, row: &[Piece]) -> Unit {
        let (source, pieces) = cut(latex, row);
        Unit {
            rows: vec![at],
            keys: vec![row_key(row)],
            read_by: vec![],
            statement: Statement::of(&pieces),
            source,
            pieces,
        }
    }

    /// The same row, which should read otherwise; none if the reading is not one row.
    pub fn reading(&self, entry: usize, latex: &str) -> Option<Unit> {
        let printed = super::printed::read(latex).ok()?;
        let [row] = printed.rows.as_slice() else { return None };
        let unit = Unit::new(self.rows[0], latex, row);
        Some(Unit { keys: self.keys.clone(), read_by: vec![entry], ..unit })
    }

    /// Adds a row that goes on with the terms of this one.
    pub fn join(&mut self, other: Unit) {
        let shift = self.source.len() + 1;
        self.rows.extend(other.rows);
        self.keys.extend(other.keys);
        self.read_by.extend(other.read_by);
        self.source = format!("{} {}", self.source, other.source);
        self.pieces.extend(other.pieces.into_iter().map(|p| shifted(p, shift)));
        self.statement = Statement::of(&self.pieces);
    }

    /// Whether its left side is the end of the row before.
    pub fn continues(&self) -> bool {
        self.statement.continues()
    }

    /// Puts the end of the row before on its left.
    pub fn follow(&mut self, before: &Unit) {
        let Some(left) = before.statement.last() else { return };
        let (source, left) = cut(&before.source, left);
        let shift = source.len() + 1;
        self.source = format!("{source} {}", self.source);
        self.pieces = self.pieces.drain(..).map(|p| shifted(p, shift)).collect();
        self.statement = Statement::of(&self.pieces).continuing(&left);
    }

    /// What each of the rows looks like by itself.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Whether it only goes on with the terms of the row before.
    pub fn is_rest_of_a_sum(&self) -> bool {
        continues_a_sum(&self.pieces)
    }

    /// The LaTeX of a run of pieces.
    pub fn latex(&self, pieces: &[Piece]) -> &str {
        match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => &self.source[first.span.start..last.span.end],
            _ => "",
        }
    }
}

/// The bytes of a run of pieces, and the pieces with their places in these.
fn cut(latex: &str, pieces: &[Piece]) -> (String, Vec<Piece>) {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return (String::new(), vec![]) };
    let start = first.span.start;
    let moved = pieces.iter().cloned().map(|mut p| {
        p.span = p.span.start - start..p.span.end - start;
        p
    });
    (latex[start..last.span.end].to_owned(), moved.collect())
}

fn shifted(mut piece: Piece, by: usize) -> Piece {
    piece.span = piece.span.start + by..piece.span.end + by;
    piece
}
