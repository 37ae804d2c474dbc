//! What is read, and as what; what is refused, and where.

use super::*;
use crate::expr::{Case, Entry, Extremum, Function, Gather, Kind, Relation, Set, Toward};

pub(super) fn scope(variables: &str, functions: &str, names: &[&str]) -> Scope {
    let mut scope = Scope::new();
    let mut add = |latex: &str, kind: Kind| {
        scope.redeclare(Entry { symbol: Symbol::new(latex), kind, domain: vec![] });
    };
    variables.split_whitespace().for_each(|v| add(v, Kind::Variable));
    functions.split_whitespace().for_each(|f| add(f, Kind::Function));
    names.iter().for_each(|n| add(n, Kind::Name));
    scope
}

const NAMES: [&str; 7] = [
    "x_1^*",
    r"\delta^{\text{Large } A}",
    r"\delta^{max-x_1^*}",
    r"\delta^{Even.}",
    "S",
    r"[\operatorname{const}]",
    r"u^{\textit{Joint Owner}}",
];

fn letters() -> Scope {
    let mut scope = scope(
        r"a b c x y z n k i \delta \alpha c_0 c_1 x_0 x_1 c_{\max} \hat{q} c_i",
        r"f g u_A u_B \phi_1",
        &NAMES,
    );
    for player in ["A", "B"] {
        scope.redeclare(Entry { symbol: Symbol::new(player), kind: Kind::Player, domain: vec![] });
    }
    scope
}

fn read(src: &str) -> Expr {
    parse_expr(src, &letters()).unwrap_or_else(|e| panic!("{src}: {e:?}"))
}

fn states(src: &str) -> Formula {
    parse_formula(src, &letters()).unwrap_or_else(|e| panic!("{src}: {e:?}"))
}

fn refused(src: &str) -> TexError {
    match parse_lines(src, &letters()) {
        Ok(f) => panic!("{src} was read as {f:?}"),
        Err(e) => e,
    }
}

#[test]
fn a_length_or_a_gradient_is_the_longest_declared_name_and_never_part_of_one() {
    let scope = scope("x y \\|x\\| \\|x-y\\| \\nabla{f} \\nabla{f}^T(x-y) a", "", &[]);
    let read = |src: &str| parse_expr(src, &scope);
    let symbol = |name: &str| Expr::Sym(Symbol::new(name));
    for src in [r"\|x - y\|", r"\lVert x-y \rVert", "||x - y||"] {
        assert_eq!(read(src), Ok(symbol(r"\|x-y\|")), "{src}");
    }
    let square = |name| Expr::pow(symbol(name), Expr::int(2));
    assert_eq!(read(r"2\|x\|^2 a"), Ok(Expr::Mul(vec![Expr::int(2), square(r"\|x\|"), symbol("a")])));
    assert_eq!(read("||x|-|y|| + 1"), read(r"\left|\left|x\right|-\left|y\right|\right| + 1"));
    assert_eq!(read(r"a \nabla f^T(x-y)"), Ok(Expr::Mul(vec![symbol("a"), symbol(r"\nabla f^T(x-y)")])));
    assert_eq!(read(r"\nabla f + a"), Ok(Expr::Add(vec![symbol(r"\nabla f"), symbol("a")])));
    for src in [r"\nabla f a", r"\nabla f^2", r"\nabla f(x)", r"\|x\|_2", r"\|y\|", r"\|x", r"\nabla f^T(x"] {
        assert!(read(src).is_err(), "{src} was read as {:?}", read(src));
    }
    for name in [r"\|x-y\|", r"\nabla f^T(x-y)"] {
        for e in
            [symbol(name) * symbol("a"), square(name), symbol("a") - symbol(name), symbol(name) / symbol("x")]
        {
            assert_eq!(read(&latex(&e)), Ok(e.clone()), "{}", latex(&e));
        }
    }
    assert_eq!(plain(&symbol(r"\|\nabla f\|")), "‖∇f‖");
    assert_eq!(plain(&square(r"\|x_1 - x^*\|")), "‖x₁ - x*‖²");
    assert_eq!(plain(&square(r"\nabla_x f^T(x)")), "(∇_x f^T(x))²");
}

/// Pairs of texts that are one term.
fn same(pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert_eq!(read(a), read(b), "{a}   and   {b}");
    }
}

#[test]
fn terms_keep_the_shape_in_which_they_are_written() {
    let (a, b, c) = (Expr::sym("a"), Expr::sym("b"), Expr::sym("c"));
    let minus_product = Expr::Mul(vec![Expr::int(-1), b.clone(), c.clone()]);
    assert_eq!(read("a - b c"), Expr::Add(vec![a.clone(), minus_product]));
    assert_eq!(read("-(b c)"), Expr::Mul(vec![Expr::int(-1), Expr::Mul(vec![b.clone(), c.clone()])]));
    assert_eq!(read("-2b"), Expr::Mul(vec![Expr::int(-2), b.clone()]));
    assert_eq!(read("(a + b) + c"), (a.clone() + b.clone()) + c.clone());
    assert_eq!(read(r"\frac{a}{b}"), Expr::Mul(vec![a.clone(), Expr::recip(b.clone())]));
    assert_eq!(read(r"\frac{1}{b}"), Expr::recip(b.clone()));
    assert_eq!(read(r"\frac12"), Expr::ratio(1, 2));
    assert_eq!(read(r"\frac{3}{0}"), Expr::Mul(vec![Expr::int(3), Expr::recip(Expr::int(0))]));
    assert_eq!(read("0.75"), Expr::ratio(3, 4));
    assert_eq!(read("-2^2"), -Expr::pow(Expr::int(2), Expr::int(2)));
    assert_eq!(read(r"\sqrt[3]{a}"), Expr::pow(a.clone(), Expr::ratio(1, 3)));
    assert_eq!(read(r"{}^{b-1}\sqrt{a}"), Expr::pow(a, Expr::recip(b - Expr::int(1))));
}

#[test]
fn spellings_of_one_term_are_read_alike() {
    same(&[
        ("a b", r"a \cdot b"),
        ("a b", r"a \times b"),
        ("a b", "a*b"),
        ("a b", r"{a}\,{b}"),
        (r"\left(a+b\right)c", r"\bigl[a+b\bigr] c"),
        (r"\Big\{ a + b \Big\} c", "(a+b)c"),
        ("a/b", r"\frac{a}{b}"),
        ("a/(b c)", r"\dfrac{a}{b c}"),
        ("|a - b|", r"\left\lvert a-b \right\rvert"),
        ("|a - b|", r"\lvert a-b \rvert"),
        ("2|a|b", r"2\left|a\right| b"),
        ("x_1^2", "x^2_1"),
        ("a^b", "a^{b}"),
        (r"$a+b$", "a + % a comment\n b"),
        (r"$$a+b.$$", r"\[ a+b \]"),
        (r"\sqrt[n-1]{x}", r"{}^{n-1}\sqrt{x}"),
        (r"\log_2 x", r"\frac{\ln x}{\ln 2}"),
        (r"\ln 2x", r"\ln(2x)"),
        (r"\hat q", r"\hat{q}"),
        (r"c_{\max}", r"c_\max"),
        (r"\displaystyle a \hspace{2em} + b", "a+b"),
    ]);
}

#[test]
fn the_longest_declared_name_wins_and_other_superscripts_are_powers() {
    let large = Expr::sym(r"\delta^{Large\ A}");
    for spelling in
        [r"\delta^{Large \ A}", r"\delta^{\textit{Large } A}", r"\delta^{Large} A", r"\delta^{Large}A"]
    {
        assert_eq!(read(spelling), large, "{spelling}");
    }
    assert_eq!(read("x_1^*"), Expr::sym("x_1^*"));
    assert_eq!(read("x^*_1"), Expr::sym("x_1^*"));
    assert_eq!(read(r"\delta^{max-x_1^*} b"), Expr::sym(r"\delta^{max-x_1^*}") * Expr::sym("b"));
    assert_eq!(read("(x_1^*)^2"), Expr::pow(Expr::sym("x_1^*"), Expr::int(2)));
    assert_eq!(read(r"\delta^{k}"), Expr::pow(Expr::sym(r"\delta"), Expr::sym("k")));
    assert_eq!(read(r"u^{JointOwner}"), Expr::sym(r"u^{\text{Joint Owner}}"));
    assert_eq!(read(r"\delta a + \left[\operatorname{const}\right]"), read(r"\delta a + [\text{const}]"));
}

#[test]
fn functions_are_applied_and_variables_are_multiplied() {
    let apply = |f: &str, primes, args| Expr::Apply { function: Symbol::new(f), primes, args };
    assert_eq!(read("u_A(x)"), apply("u_A", 0, vec![Expr::sym("x")]));
    assert_eq!(read(r"\phi_1(x; y)"), apply(r"\phi_1", 0, vec![Expr::sym("x"), Expr::sym("y")]));
    assert_eq!(read("u_A"), apply("u_A", 0, vec![]));
    assert_eq!(read("f'(0)"), apply("f", 1, vec![Expr::int(0)]));
    assert_eq!(read(r"\phi_1''(a)"), apply(r"\phi_1", 2, vec![Expr::sym("a")]));
    assert_eq!(read("a(x)"), Expr::sym("a") * Expr::sym("x"));
    assert_eq!(read("f(x)^2"), Expr::pow(read("f(x)"), Expr::int(2)));
}

#[test]
fn derivatives_and_evaluations_are_read_with_their_reach() {
    let derivative = |body: &str, x: &str, order| Expr::Derivative {
        body: Box::new(read(body)),
        variable: Symbol::new(x),
        order,
    };
    assert_eq!(read(r"\frac{\partial}{\partial x}\left[a x + b\right]"), derivative("a x + b", "x", 1));
    assert_eq!(read(r"\frac{\partial^2 u_A}{\partial x^2}"), derivative("u_A", "x", 2));
    assert_eq!(read(r"\frac{d}{dx} (a x)"), derivative("a x", "x", 1));
    assert_eq!(read(r"\frac{\mathrm{d} f(x)}{\mathrm{d} x}"), derivative("f(x)", "x", 1));
    assert_eq!(read(r"\frac{\partial}{\partial x} a x + b"), derivative("a x", "x", 1) + Expr::sym("b"));
    assert_eq!(
        read(r"\frac{\partial^2 f}{\partial x \partial y}"),
        Expr::Derivative { body: Box::new(derivative("f", "y", 1)), variable: Symbol::new("x"), order: 1 }
    );
    let at = |body: Expr, x: &str, value: &str| Expr::At {
        body: Box::new(body),
        variable: Symbol::new(x),
        value: Box::new(read(value)),
    };
    let of_f = derivative("f(x)", "x", 1);
    assert_eq!(read(r"\frac{\partial}{\partial x} (f(x)) \Big|_{x = x_1^*}"), at(of_f.clone(), "x", "x_1^*"));
    assert_eq!(read(r"\frac{\partial}{\partial x} f(x) \bigg|_{x = 0}"), at(of_f, "x", "0"));
    assert_eq!(read(r"\left. x + y \right|_{x = a}"), at(read("x + y"), "x", "a"));
    assert_eq!(read(r"\frac{\partial f}{\partial x}(a)"), at(derivative("f", "x", 1), "x", "a"));
    assert_eq!(read(r"\frac{\partial x_1}{\partial \delta}(c_1)"), derivative("x_1", r"\delta", 1));
}

#[test]
fn extrema_take_the_terms_in_which_their_variable_occurs() {
    let optimum = |which, over, body: &str| Expr::Optimum {
        which,
        variable: Symbol::new(r"\delta"),
        over,
        body: Box::new(read(body)),
    };
    let unit = Some(Box::new(Set::closed(Expr::int(0), Expr::int(1))));
    let arg = optimum(Extremum::ArgMax, unit.clone(), r"u_A(\delta)");
    for spelling in [
        r"\arg\max_{\delta \in [0,1]} u_A(\delta)",
        r"\operatorname{argmax}_{\delta\in[0,1]} u_A(\delta)",
        r"\operatorname*{arg\,max}_{0 \le \delta \le 1} u_A(\delta)",
        r"argmax_{\delta \in [0,1]} u_A(\delta)",
        r"\underset{\delta \in [0,1]}{\arg \max} \, u_A(\delta)",
    ] {
        assert_eq!(read(spelling), arg, "{spelling}");
    }
    let both = optimum(Extremum::ArgMax, None, r"u_A(\delta) + u_B(\delta)");
    assert_eq!(read(r"\arg\max_{\delta} u_A(\delta) + u_B(\delta)"), both);
    let difference = Expr::Add(vec![
        optimum(Extremum::Max, None, r"u_A(\delta)"),
        Expr::Mul(vec![Expr::int(-1), optimum(Extremum::Max, None, r"u_B(\delta)")]),
    ]);
    assert_eq!(read(r"\max_{\delta} u_A(\delta) - \max_{\delta} u_B(\delta)"), difference);
    let least = |args| Expr::Fun(Function::Min, args);
    assert_eq!(read(r"\min(a, b)"), least(vec![Expr::sym("a"), Expr::sym("b")]));
    assert_eq!(read(r"\min\left\{a, b\right\}"), least(vec![Expr::sym("a"), Expr::sym("b")]));
    assert_eq!(
        read(r"min_{P\in\{A, B\}} (u_P(\delta))"),
        least(vec![read(r"u_A(\delta)"), read(r"u_B(\delta)")])
    );
}

#[test]
fn sums_take_the_product_behind_them() {
    let sum = Expr::Over {
        gather: Gather::Sum,
        index: Symbol::new("i"),
        lower: Box::new(Expr::int(1)),
        upper: Box::new(Expr::sym("n")),
        body: Box::new(read(r"\frac{1}{c_i} x")),
    };
    assert_eq!(read(r"\sum_{i=1}^n \frac{1}{c_i} x + y"), sum.clone() + Expr::sym("y"));
    assert_eq!(read(r"\sum_i \frac{1}{c_i} x"), sum);
}

#[test]
fn statements_lists_and_sets_are_read() {
    let positive = |s: &str| Formula::rel(Expr::sym(s), Relation::Gt, Expr::int(0));
    assert_eq!(states("c_1, c_0 > 0"), Formula::And(vec![positive("c_1"), positive("c_0")]));
    assert_eq!(states(r"x > 0 \text{ and } y > 0"), states(r"x > 0, \quad y > 0"));
    assert_eq!(states(r"x > 0 \lor y > 0 \land z > 0"), states(r"x > 0 \lor (y > 0 \land z > 0)"));
    assert_eq!(
        states(r"a < b \le c"),
        Formula::Chain(Expr::sym("a"), vec![(Relation::Lt, Expr::sym("b")), (Relation::Le, Expr::sym("c"))])
    );
    assert_eq!(states(r"x := a"), states("x = a"));
    assert_eq!(states(r"x \not= a"), states(r"x \ne a"));
    let unit = Formula::In(Expr::sym(r"\delta"), Set::closed(Expr::int(0), Expr::int(1)));
    assert_eq!(states(r"\delta \in [0,1] \cap a \ge b"), Formula::And(vec![unit, states(r"a \ge b")]));
    let roots = Set::Finite(vec![read(r"\frac{\sqrt{a} + b}{c}"), read(r"\frac{-\sqrt{a} + b}{c}")]);
    assert_eq!(
        states(r"x \stackrel{?}{=} \left\{\frac{\pm\sqrt{a} + b}{c}\right\}"),
        Formula::In(Expr::sym("x"), roots)
    );
    assert_eq!(states(r"x \stackrel{(iii)}{\leq} a"), states(r"x \le a"));
    assert_eq!(states(r"x \overset{(a)}{<} a \stackrel{(2)}{=} b"), states("x < a = b"));
    for mark in ["?", "def", "x", "()", "(a+b)", "\\sim"] {
        refused(&format!("x \\stackrel{{{mark}}}{{\\le}} a"));
    }
    assert_eq!(states(r"x = a \pm b"), states(r"x \in \{a + b, a - b\}"));
    assert_eq!(states(r"x \in \mathbb R^+"), states(r"x \in (0, \infty)"));
    assert_eq!(states(r"x \in (-\infty, 0] \cup \{1\}"), states(r"x \in \left(-\infty, 0\right] \cup \{1\}"));
    assert_eq!(states(r"x \in \{y \mid y > 0\} \cap S"), states(r"x \in \{y : y > 0\} \cap S"));
    assert_eq!(states(r"a > 0 \implies b > 0"), Formula::implies(positive("a"), positive("b")));
    assert_eq!(states(r"\neg (a > 0)"), !positive("a"));
}

#[test]
fn a_limit_takes_the_product_behind_it() {
    let limit = |quantity: &str, toward: Toward, body: &str| Expr::Limit {
        quantity: Box::new(read(quantity)),
        toward,
        body: Box::new(read(body)),
    };
    let zero = || Toward::Value(Box::new(Expr::int(0)));
    assert_eq!(read(r"\lim_{x \to 0} 2 f(x)"), limit("x", zero(), "2 f(x)"));
    assert_eq!(
        read(r"\lim_{\frac{a}{b} \to \infty} \left(a + b\right)"),
        limit(r"\frac{a}{b}", Toward::Infinity, "a + b")
    );
    assert_eq!(read(r"\lim_{x \rightarrow -\infty} x"), limit("x", Toward::MinusInfinity, "x"));
    assert_eq!(read(r"\lim_{x \to a - b} x"), limit("x", Toward::Value(Box::new(read("a - b"))), "x"));
    assert_eq!(
        states(r"0 < \lim_{x \to 0} x \le 1"),
        Formula::Chain(
            Expr::int(0),
            vec![(Relation::Lt, limit("x", zero(), "x")), (Relation::Le, Expr::int(1))]
        )
    );
    for (text, place) in [
        (r"\lim x = 0", "x"),
        (r"\lim_{x} x = 0", "}"),
        (r"\lim_{x \to} x = 0", "}"),
        (r"\lim_{1 \to 0} x = 0", r"\lim_{1 \to 0}"),
        (r"\lim_{x \to 0} x + a = 0", r"\lim_{x \to 0} x"),
        (r"\lim_{x \to \infty + 1} x = 0", "+"),
        (r"x \to a", r"\to"),
    ] {
        let e = refused(text);
        assert_eq!(text[e.span.clone()].trim(), place, "{text}: {e:?}");
    }
}

#[test]
fn an_index_letter_stands_for_a_player_inside_names_only() {
    let f = parse_formula_with(r"\delta^{Large\ P} = u_P(x)", &letters(), &[("P", "A")]).expect("reads");
    assert_eq!(f, Formula::eq(Expr::sym(r"\delta^{\text{Large } A}"), read("u_A(x)")));
    let unknown = parse_formula_with("u_P(x) = 0", &letters(), &[("P", "C")]).expect_err("no u_C");
    assert_eq!(unknown.kind, TexErrorKind::Undeclared);
    assert!(unknown.message.contains("u_C"), "{unknown}");
}

#[test]
fn case_distinctions_are_read_in_the_forms_in_which_they_are_printed() {
    let expected = Expr::Cases(vec![
        Case { value: Expr::int(0), condition: Some(states("a < b")) },
        Case { value: Expr::int(1), condition: None },
    ]);
    for spelling in [
        r"\begin{cases} 0 & for \ a < b, \\ 1 & else. \end{cases}",
        r"\begin{cases} 0 & \text{for } a < b, \\ 1 & \text{else.} \end{cases}",
        r"\begin{cases} 0 & \textit{if } a < b \\ 1 & \textit{otherwise}. \end{cases}",
        r"\begin{cases} 0 & a < b \\ 1 & \text{otherwise} \\ \end{cases}",
        r"\begin{cases} 0, \quad \text{if } a < b \\ 1, \quad \text{else} \end{cases}",
        r"\left\{ \begin{array}{ll} 0 & a < b \\ 1 & \text{else} \end{array} \right.",
    ] {
        assert_eq!(read(spelling), expected, "{spelling}");
    }
}

#[test]
fn a_derivation_is_read_line_by_line() {
    let text = r"\begin{align}
        \Rightarrow & a = b \quad because \ c_1, c_0 > 0. \tag{7} \\
        &= c = 0 \quad Corr. \ 3.1 \\
        & a x \\
        & + b \\
        \iff & x < y, \quad \text{for } a > 0 \\
        & x \ge y \quad (see \ Lemma \ 8.1) \\
        & y = 2 \qquad (11) \\
    \end{align}";
    let lines = parse_lines(text, &letters()).unwrap_or_else(|e| panic!("{e:?} {}", &text[e.span.clone()]));
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0].connective, Some(Connective::Implies));
    assert_eq!(lines[0].body, Body::Statement(states("a = b")));
    assert_eq!(lines[0].remark, Some(Remark::Because(states("c_1, c_0 > 0"))));
    assert_eq!(lines[0].label.as_deref(), Some("7"));
    assert_eq!(lines[1].body, Body::Continues(Relation::Eq, read("c"), vec![(Relation::Eq, Expr::int(0))]));
    assert_eq!(lines[1].remark, Some(Remark::Reference("Corr. 3.1".into())));
    assert_eq!(lines[2].body, Body::Term(read("a x + b")));
    assert_eq!(lines[3].connective, Some(Connective::Iff));
    assert_eq!(lines[3].remark, Some(Remark::Where(states("a > 0"))));
    assert_eq!(lines[4].remark, Some(Remark::Reference("see Lemma 8.1".into())));
    assert_eq!(lines[5].body, Body::Statement(states("y = 2")));
    assert_eq!(lines[5].label.as_deref(), Some("11"));
    assert!(text[lines[4].span.clone()].starts_with(r"x \ge y"));
}

#[test]
fn domains_and_heads_are_read() {
    let x = Symbol::new("x");
    let domain = |src: &str| parse_domain(&x, src, &letters()).unwrap_or_else(|e| panic!("{src}: {e:?}"));
    assert_eq!(domain("> 0, < 5"), vec![states("x > 0"), states("x < 5")]);
    assert_eq!(domain(r"\in (0,1]"), vec![states(r"x \in (0,1]")]);
    assert_eq!(domain(r"\in \mathbb{R}"), vec![states(r"x \in \mathbb R")]);
    assert_eq!(domain(r"\ge x_0"), vec![states(r"x \geq x_0")]);
    assert!(parse_domain(&x, "0", &letters()).is_err());
    let head = parse_head(r"\phi_1(x_1; x_0)").expect("a head");
    assert_eq!(head.name, Symbol::new(r"\phi_1"));
    assert_eq!(head.parameters, vec![Symbol::new("x_1"), Symbol::new("x_0")]);
    assert_eq!(parse_head("U_G").expect("a head").parameters, vec![]);
    assert_eq!(parse_head("A'").expect("a head").name, Symbol::new("A'"));
    assert!(parse_head("u'(x)").is_err());
    assert!(parse_head("u(x, x)").is_err());
    assert!(parse_head("u(x) + 1").is_err());
}

#[test]
fn what_has_two_readings_is_refused_as_ambiguous() {
    for text in [
        "a/b c",
        r"a/b \cdot c",
        "1/2 x",
        "x 2",
        "c_10",
        "a - - b",
        r"\frac{a}{b}^2",
        "f^2(x)",
        r"\ln x (y)",
        r"\ln(x)^2",
        r"{a+b}^2",
        "{-1}^2",
        r"x = 1{,}000",
        r"x^2 + x |_{x=1}",
        r"x y |_{x=1}",
        r"\arg\max_{x} f(x) + y",
        r"2 \max_{x} f(x) + g(x)",
        r"\max_{x} f(x) + u_A",
        r"\frac{\partial}{\partial x}(x + 1)(x + 2)",
        r"\frac{\partial}{\partial x}(x + 1)^2",
        r"\frac{\partial x_1}{\partial \delta}(\delta)",
        r"a > 0, b > 0 \text{ or } c > 0",
        r"a > 0 \Rightarrow b > 0 \Rightarrow c > 0",
        r"a > 0 \Rightarrow b > 0, c > 0",
        r"x < a \pm b",
        r"a = 0 (11)",
        r"x = y \\ - a = b",
        "x = a if y > 0",
        r"\ln x / y",
        r"\ln x \cdot y",
        r"\max_{x} f(x) / y",
        "2^3^4",
        r"\left. x \right|_{x=1}^{x=2}",
        r"a \times -1",
        "0 < x, y < 1",
        r"x \in [0, \pm 1]",
    ] {
        assert_eq!(refused(text).kind, TexErrorKind::Ambiguous, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_refused_at_its_place() {
    for (text, place) in [
        (r"a + \sin x", r"\sin"),
        (r"a \approx b", r"\approx"),
        ("a = b)", ")"),
        ("a = (b", "("),
        (r"a = \frac{b}{c", "{"),
        (r"a = b \quad nonsense", "nonsense"),
        (r"a x \, eq = 1", "="),
        (r"a = b \text{ obviously}", r"\text{ obviously}"),
        (r"x_2 = a", "x_2"),
        (r"x_2^{2} = a", "x_2"),
        ("x^{abc} = a", "x^{abc}"),
        (r"\delta^{Smal} = a", r"\delta^{Smal}"),
        ("A = a", "A"),
        (r"x \in \mathbb{N}", r"\mathbb{N}"),
        (r"x \in [0, \infty]", r"[0, \infty]"),
        (r"\begin{pmatrix} a \end{pmatrix} = b", r"\begin{pmatrix}"),
        (r"\int x = a", r"\int"),
        ("x! = a", "!"),
        (r"a \quad b = c", "b"),
        (r"x = \infty", r"\infty"),
        ("α = a", "α"),
        (r"\sum_{i}^{n} c_i = a", r"\sum_{i}^{n}"),
        (r"x' = a", "x'"),
        (r"a \over b", r"\over"),
        (r"\frac{d}{dx}", ""),
        (r"\begin{cases} 1 & x > 0 \\ 2 & else \\ 3 & x < 0 \end{cases}", "3 & x < 0"),
        (r"a < b \in S", r"\in"),
        (r"|x|_{x=1} = a", "_"),
        (r"a = b = ", ""),
    ] {
        let e = refused(text);
        assert_eq!(&text[e.span.clone()], place, "{text}: {e:?}");
    }
}

#[test]
fn a_misspelt_name_is_answered_with_the_nearest_declared_one() {
    let e = refused(r"\delta^{Larg\ A} = 1");
    assert_eq!(e.kind, TexErrorKind::Undeclared);
    let e = refused(r"\alpah_0 = 1");
    assert_eq!(e.kind, TexErrorKind::Unsupported);
    let e = refused(r"x_{1}^{**} = 1");
    assert!(e.help.as_deref().is_some_and(|h| h.contains("x_1^*")), "{e:?}");
}

#[test]
fn plain_text_puts_brackets_where_the_line_needs_them() {
    for (text, expected) in [
        (r"\sqrt{c_0^2 - c_0 c_1 + c_1^2}", "√(c₀² − c₀ c₁ + c₁²)"),
        (r"\frac{a}{b c}", "a/(b c)"),
        (r"\frac{a + b}{3(c_0 - c_1)}", "(a + b)/(3 (c₀ − c₁))"),
        (r"\left(\frac{a}{b}\right)^{\frac{1}{k-1}}", "(a/b)^(1/(k − 1))"),
        (r"\delta^{\text{Large } A}", "δ^(Large A)"),
        ("x_1^*", "x₁*"),
        (r"-\frac{a}{b}", "−a/b"),
        (r"-\frac{1}{2} x", "(−1/2) x"),
        (r"\frac{1}{2} x", "(1/2) x"),
        (r"a - (b - c)", "a − (b − c)"),
        (r"a^{-2}", "a^(−2)"),
        (r"(x_1^*)^2", "(x₁*)²"),
        (r"c_{\max}", "c_max"),
        ("u_A(x)", "u_A(x)"),
    ] {
        assert_eq!(plain(&read(text)), expected, "{text}");
    }
}
