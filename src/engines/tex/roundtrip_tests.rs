//! Printed terms read back as themselves; damaged texts never panic.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::reading_tests::scope;
use super::*;
use crate::expr::{Case, Extremum, Function, Gather, Relation, Set, Toward};

fn letters() -> Scope {
    scope(
        r"a b c x y z n k i \delta c_0 c_1 \hat{q}",
        r"f g u_A \phi_1",
        &["x^*", r"\delta^{\text{Large } G}", "S", r"[\operatorname{const}]"],
    )
}

struct Grower {
    rng: ChaCha8Rng,
}

impl Grower {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.choose(&mut self.rng).expect("not empty")
    }

    fn symbol(&mut self) -> Symbol {
        Symbol::new(self.pick(&["a", "b", "x", "y", r"\delta", "c_0", "c_1", r"\hat{q}"]))
    }

    fn leaf(&mut self) -> Expr {
        match self.rng.random_range(0..8) {
            0 => Expr::int(self.rng.random_range(-12..40)),
            1 => Expr::ratio(self.rng.random_range(-9..10), self.rng.random_range(1..9)),
            2 => Expr::sym(self.pick(&["x^*", r"\delta^{\text{Large } G}", r"[\operatorname{const}]"])),
            3 => Expr::Apply { function: Symbol::new(self.pick(&["f", "u_A"])), primes: 0, args: vec![] },
            _ => Expr::Sym(self.symbol()),
        }
    }

    fn exprs(&mut self, depth: u32, least: usize) -> Vec<Expr> {
        let n = self.rng.random_range(least..least + 3);
        (0..n).map(|_| self.expr(depth)).collect()
    }

    /// A term in a shape that the reader builds.
    fn expr(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return self.leaf();
        }
        let d = depth - 1;
        match self.rng.random_range(0..18) {
            0 | 1 => Expr::Add(self.exprs(d, 2)),
            2 | 3 => Expr::Mul(self.exprs(d, 2)),
            4 => Expr::pow(self.expr(d), self.expr(d)),
            5 => reciprocal(self.expr(d)),
            6 => self.fraction(d),
            7 => -self.expr(d),
            8 => Expr::sqrt(self.expr(d)),
            9 => Expr::Fun(self.pick(&[Function::Ln, Function::Exp, Function::Abs]), vec![self.expr(d)]),
            10 => Expr::Fun(self.pick(&[Function::Max, Function::Min]), self.exprs(d, 1)),
            11 => self.cases(d),
            12 => {
                let primes = self.rng.random_range(0..3);
                Expr::Apply {
                    function: Symbol::new(self.pick(&["f", r"\phi_1"])),
                    primes,
                    args: self.exprs(d, 1),
                }
            }
            13 => {
                let order = self.rng.random_range(1..4);
                Expr::Derivative { body: Box::new(self.expr(d)), variable: self.symbol(), order }
            }
            14 => Expr::At {
                body: Box::new(self.expr(d)),
                variable: self.symbol(),
                value: Box::new(self.expr(d)),
            },
            15 => {
                let which = self.pick(&[Extremum::Max, Extremum::Min, Extremum::ArgMax, Extremum::ArgMin]);
                let over = self.rng.random_bool(0.5).then(|| Box::new(self.set(d)));
                Expr::Optimum { which, variable: self.symbol(), over, body: Box::new(self.expr(d)) }
            }
            16 => {
                let goals = [Toward::Infinity, Toward::MinusInfinity, Toward::Value(Box::new(self.expr(d)))];
                let quantity = Box::new(Expr::Sym(self.symbol()) / self.expr(d));
                Expr::Limit {
                    quantity,
                    toward: goals[self.rng.random_range(0..3)].clone(),
                    body: Box::new(self.expr(d)),
                }
            }
            _ => Expr::Over {
                gather: Gather::Sum,
                index: Symbol::new("i"),
                lower: Box::new(self.expr(d)),
                upper: Box::new(self.expr(d)),
                body: Box::new(self.expr(d)),
            },
        }
    }

    fn fraction(&mut self, d: u32) -> Expr {
        super::expression::divided(self.expr(d), self.expr(d))
    }

    fn cases(&mut self, d: u32) -> Expr {
        let mut out: Vec<Case> = (0..self.rng.random_range(1..3))
            .map(|_| Case { value: self.expr(d), condition: Some(self.formula(d)) })
            .collect();
        if self.rng.random_bool(0.5) {
            out.push(Case { value: self.expr(d), condition: None });
        }
        Expr::Cases(out)
    }

    fn set(&mut self, depth: u32) -> Set {
        let d = depth.saturating_sub(1);
        match self.rng.random_range(0..if depth == 0 { 4 } else { 7 }) {
            0 => Set::Reals,
            1 => Set::Named(Symbol::new("S")),
            2 => {
                let end = |g: &mut Self| g.rng.random_bool(0.8).then(|| g.expr(d));
                let (lower, upper) = (end(self), end(self));
                let lower_closed = lower.is_some() && self.rng.random_bool(0.5);
                let upper_closed = upper.is_some() && self.rng.random_bool(0.5);
                Set::Interval { lower, lower_closed, upper, upper_closed }
            }
            3 => Set::Finite(self.exprs(d, 0)),
            4 => Set::Such(self.symbol(), Box::new(self.formula(d))),
            5 => Set::Union(vec![self.set(d), self.set(d)]),
            _ => Set::Intersection(vec![self.set(d), self.set(d)]),
        }
    }

    fn relation(&mut self) -> Relation {
        self.pick(&[Relation::Eq, Relation::Ne, Relation::Lt, Relation::Le, Relation::Gt, Relation::Ge])
    }

    fn formula(&mut self, depth: u32) -> Formula {
        let d = depth.saturating_sub(1);
        match self.rng.random_range(0..if depth == 0 { 3 } else { 9 }) {
            0 | 1 => Formula::Rel(self.expr(d), self.relation(), self.expr(d)),
            2 => {
                let rest =
                    (0..self.rng.random_range(2..4)).map(|_| (self.relation(), self.expr(d))).collect();
                Formula::Chain(self.expr(d), rest)
            }
            3 => Formula::In(self.expr(d), self.set(d)),
            4 => !self.formula(d),
            5 => Formula::and(vec![self.formula(d), self.formula(d)]),
            6 => Formula::or(vec![self.formula(d), self.formula(d)]),
            7 => Formula::implies(self.formula(d), self.formula(d)),
            _ => Formula::Iff(Box::new(self.formula(d)), Box::new(self.formula(d))),
        }
    }
}

fn reciprocal(e: Expr) -> Expr {
    super::expression::divided(Expr::int(1), e)
}

#[test]
fn two_thousand_random_terms_read_back_from_their_print() {
    let scope = letters();
    let mut grower = Grower { rng: ChaCha8Rng::seed_from_u64(7) };
    for round in 0..2000 {
        let e = grower.expr(1 + round % 4);
        let printed = latex(&e);
        let again = parse_expr(&printed, &scope).unwrap_or_else(|x| panic!("{printed}\n{e:?}\n{x:?}"));
        assert_eq!(again, e, "{printed}");
        assert!(!plain(&e).is_empty());
    }
}

#[test]
fn two_thousand_random_statements_read_back_from_their_print() {
    let scope = letters();
    let mut grower = Grower { rng: ChaCha8Rng::seed_from_u64(11) };
    for round in 0..2000 {
        let f = grower.formula(1 + round % 3);
        let printed = latex_formula(&f);
        let again = parse_formula(&printed, &scope).unwrap_or_else(|x| panic!("{printed}\n{f:?}\n{x:?}"));
        assert_eq!(again, f, "{printed}");
    }
}

#[test]
fn damaged_texts_are_refused_with_a_place_inside_them_and_never_panic() {
    let scope = letters();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut grower = Grower { rng: ChaCha8Rng::seed_from_u64(5) };
    let pieces = [
        "\\",
        "{",
        "}",
        "\\left",
        "\\right",
        "(",
        ")",
        "|",
        "^",
        "_",
        "&",
        "\\\\",
        "\\frac",
        "\\sqrt[",
        "é",
        "∂",
        "$",
        "\\begin{cases}",
        "\\end{cases}",
        "\\text{",
        "%",
        "\n",
        "'",
        "\\max",
        "_{x",
        ",",
        "\\quad",
        "9",
        ".",
        "\\Big",
        "\\left.",
        "\\right|",
        "\\sum_",
        "{}^",
        "\\partial",
        "\\in",
        "\\{",
        "\\cap",
        "\\pm",
    ];
    for round in 0..4000 {
        let mut text =
            if round % 2 == 0 { latex(&grower.expr(3)) } else { latex_formula(&grower.formula(2)) };
        for _ in 0..rng.random_range(1..4) {
            let mut at = rng.random_range(0..=text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match rng.random_range(0..3) {
                0 => text.insert_str(at, pieces.choose(&mut rng).expect("not empty")),
                1 => text.truncate(at),
                _ => drop((at < text.len()).then(|| text.remove(at))),
            }
        }
        let inside = |e: TexError| {
            assert!(e.span.start <= e.span.end && e.span.end <= text.len(), "{text}: {e:?}");
            assert!(
                text.is_char_boundary(e.span.start) && text.is_char_boundary(e.span.end),
                "{text}: {e:?}"
            );
        };
        parse_expr(&text, &scope).err().map(inside);
        parse_formula(&text, &scope).err().map(inside);
        parse_lines(&text, &scope).err().map(inside);
        parse_domain(&Symbol::new("x"), &text, &scope).err().map(inside);
        parse_head(&text).err().map(inside);
    }
}

#[test]
fn the_deepest_texts_that_are_read_fit_the_stack_of_a_thread() {
    let scope = letters();
    for (open, close) in [
        ("(", ")"),
        ("\\frac{1}{", "}"),
        ("f(", ")"),
        ("\\max\\{", "\\}"),
        ("\\left. x ", "\\right|_{x=1}"),
        ("\\frac{\\partial}{\\partial x}[", "]"),
        ("\\begin{cases} ", " & x > 0 \\end{cases}"),
    ] {
        let text = |depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        let read = parse_expr(&text(60), &scope).unwrap_or_else(|e| panic!("{open}: {e:?}"));
        assert!(parse_expr(&latex(&read), &scope).is_ok_and(|again| again == read), "{open}");
        match parse_expr(&text(190), &scope) {
            Ok(read) => assert!(!latex(&read).is_empty()),
            Err(e) => assert_eq!(e.kind, TexErrorKind::Limit, "{open}: {e:?}"),
        }
    }
    for open in ["(x < 1 \\land ", "\\neg (x < 1 \\lor "] {
        let text = format!("{}x > 2{}", open.repeat(190), ")".repeat(190));
        let _either = parse_formula(&text, &scope);
    }
}

#[test]
fn deep_and_long_texts_are_refused_rather_than_overflowing() {
    let scope = letters();
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(10_000), close.repeat(10_000));
    for text in [
        deep("(", ")"),
        deep("{", "}"),
        deep("|", "|"),
        deep("x^{", "}"),
        deep("\\frac{1}{", "}"),
        deep("\\sqrt{", "}"),
        deep("\\left(", "\\right)"),
        deep("\\ln ", ""),
        deep("\\big", ""),
        deep("-", ""),
        deep("\\neg ", ""),
        deep("\\hat", ""),
        deep("\\frac", ""),
        deep("\\sum_{i=1}^{n} ", ""),
        deep("\\max_{x} ", ""),
        deep("", "|_{x=1}"),
        deep("\\frac{\\partial}{\\partial x} ", ""),
        deep("x \\in \\{", "\\}"),
        deep("(x < ", ")"),
    ] {
        assert!(parse_expr(&text, &scope).is_err(), "{}", &text[..20]);
        assert!(parse_formula(&text, &scope).is_err(), "{}", &text[..20]);
        let _either = parse_lines(&text, &scope);
    }
    for piece in [
        "x+",
        "x ",
        "(x)",
        "|x|",
        "xy",
        "x_{1}^{2}",
        "x,",
        "\\text{for}",
        "\\frac12",
        "x^",
        "\\\\",
        "&",
        "\\begin",
        "\\{x\\}",
        "(x<y)\\land ",
    ] {
        let long = piece.repeat(20_000 / piece.len());
        let _either = (
            parse_expr(&long, &scope).is_ok(),
            parse_formula(&long, &scope).is_ok(),
            parse_lines(&long, &scope).is_ok(),
        );
    }
    let long = "x+".repeat(600_000);
    assert_eq!(parse_expr(&long, &scope).expect_err("too long").kind, TexErrorKind::Limit);
}
