//! Derivation lines of small papers: what follows, what is only true, what states nothing.

#[allow(dead_code, reason = "other tests use the rest of it")]
mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use tempfile::TempDir;

const SYMBOLS: &str = r"
[symbols]
'a' = '> 0'
'k' = '> 1'
'x' = '\in [0,1]'
'x^*' = 'name'
";

/// What the audit says of a paper with these entries.
fn audited(entries: &str) -> Vec<Entry> {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("claims.toml"), format!("{SYMBOLS}{entries}")).expect("a file");
    support::audit(&support::papers(dir.path())).entries
}

fn verdicts(entries: &[Entry], of: &str) -> Vec<Verdict> {
    entries.iter().filter(|e| e.id.contains(of)).map(|e| e.verdict).collect()
}

/// A chain about the place at which `x - x^2` is largest, which is 1/2.
fn chain(lines: &str) -> Vec<Entry> {
    audited(&format!(
        r"
[[claim]]
id = 'largest'
prints = 'x^* = \frac{{1}}{{2}}'
means = '\arg\max_{{x \in [0,1]}} (x - x^2)'

[[derivation]]
id = 'proof'
steps = '''
x^* = \arg\max_x (x - x^2) \\
{lines}
'''
"
    ))
}

#[test]
fn a_maximiser_and_its_variable_are_one_unknown() {
    let lines = r"\Rightarrow \frac{\partial}{\partial x} (x - x^2) \Big|_{x = x^*} = 0 \\
\Rightarrow 1 - 2x = 0 \\
\Rightarrow x^* = \frac{1}{2}";
    assert_eq!(verdicts(&chain(lines), "proof"), [Verdict::Proved; 4]);
}

#[test]
fn a_true_line_behind_a_premise_that_excludes_it_is_a_gap() {
    let entries = chain(r"\Rightarrow x = 0 \\ \Rightarrow x = \frac{1}{2}");
    assert_eq!(verdicts(&entries, "proof"), [Verdict::Proved, Verdict::Refuted, Verdict::Gap]);
}

#[test]
fn a_term_that_no_line_continues_states_nothing() {
    let entries = chain(r"\Rightarrow 1 - 2x \\ \Rightarrow x = \frac{1}{2}");
    assert_eq!(verdicts(&entries, "proof"), [Verdict::Proved, Verdict::Undecided, Verdict::Proved]);
    let entries = audited("[[derivation]]\nid = 'proof'\nsteps = '''\na + a \\\\\n= 2a\n'''\n");
    assert_eq!(verdicts(&entries, "proof"), [Verdict::Proved]);
}

#[test]
fn a_product_of_powers_has_its_derivative_at_zero() {
    let prints = r"\frac{\partial}{\partial x} \left(x \cdot x^{\frac{1}{k - 1}}\right) \Big|_{x = 0} = 0";
    let entries = audited(&format!("[[claim]]\nid = 'border'\nprints = '{prints}'\n"));
    assert_eq!(verdicts(&entries, "border"), [Verdict::Proved]);
    let prints = r"\frac{\partial}{\partial x} x^{\frac{1}{k}} \Big|_{x = 0} = 0";
    let entries = audited(&format!("[[claim]]\nid = 'border'\nprints = '{prints}'\n"));
    assert_ne!(verdicts(&entries, "border"), [Verdict::Proved]);
}

#[test]
fn an_optimum_is_said_to_be_right_only_where_it_is() {
    let claim = r"
[[claim]]
id = 'largest'
prints = 'x^* = \frac{a}{a + 1}'
means = '\arg\max_{x \in [0,1]} (x - x^2)'
";
    let entries = audited(claim);
    assert_eq!(verdicts(&entries, "largest"), [Verdict::Refuted]);
    let story = entries[0].story.join(" ");
    assert!(!story.contains("does hold at") || story.contains("a = 1"), "{story}");
}

#[test]
fn a_maximiser_has_no_value_where_it_is_tied() {
    let entries = audited(
        r"
[[claim]]
id = 'largest'
defines = 'x^*'
prints = 'x^* = \arg\max_{x \in [0,1]} (a - 1) x'

[[derivation]]
id = 'strict'
steps = 'a > 1 \Rightarrow x^* = 1'

[[derivation]]
id = 'weak'
steps = 'a \ge 1 \Rightarrow x^* = 1'

[[derivation]]
id = 'again'
steps = 'x^* = \arg\max_{x \in [0,1]} (a - 1) x'

[[derivation]]
id = 'wrong'
steps = 'a > 1 \Rightarrow x^* = 0'
",
    );
    assert_eq!(verdicts(&entries, "strict"), [Verdict::Proved]);
    assert_eq!(verdicts(&entries, "weak"), [Verdict::Conditional]);
    assert_eq!(verdicts(&entries, "again"), [Verdict::Conditional]);
    assert_eq!(verdicts(&entries, "wrong"), [Verdict::Refuted]);
}

/// A family of numbers `y_i`, each of which one member chooses.
const FAMILY: &str = r"
'n' = 'integer, \ge 1'
'y_i' = '\ge 0'
'y_i^*' = 'name'
'D_i' = 'player'
'V_i' = 'function'

[indices]
i = '1, \ldots, n'
j = '1, \ldots, n'
";

#[test]
fn a_sum_changes_with_each_of_its_members() {
    let entries = audited(&format!(
        r"{FAMILY}
[[derivation]]
id = 'right'
steps = '\frac{{\partial}}{{\partial y_i}} \left[\left(\sum_j y_j\right)^2\right] = 2 \sum_j y_j'

[[derivation]]
id = 'square'
steps = '\frac{{\partial}}{{\partial y_i}} \left[\sum_j y_j^2\right] = 2 y_i'

[[derivation]]
id = 'wrong'
steps = '\frac{{\partial}}{{\partial y_i}} \left[\sum_j y_j^2\right] = 0'
"
    ));
    assert_eq!(verdicts(&entries, "right"), [Verdict::Proved]);
    assert_eq!(verdicts(&entries, "square"), [Verdict::Proved]);
    assert_ne!(verdicts(&entries, "wrong"), [Verdict::Proved]);
    assert_eq!(verdicts(&entries, "wrong").len(), 1);
}

#[test]
fn members_whose_payoff_takes_the_sum_of_all_choices_are_not_solved_one_by_one() {
    // Each by itself would choose (a - sum of the others)/2; the sum does not stand still.
    let entries = audited(&format!(
        r"{FAMILY}
[game.market]
disagreement = {{ D_i = '0' }}
stages = [{{ player = 'D_i', chooses = 'y_i', from = 'y_i \ge 0', optimal = 'y_i^*' }}]
[game.market.payoffs]
D_i = 'V_i := y_i (a - \sum_j y_j)'

[[claim]]
id = 'alone'
game = 'market'
prints = 'y_i^* = \frac{{a}}{{2}}'
means = 'equilibrium'

[[claim]]
id = 'fixed-sum'
game = 'market'
prints = 'y_i^* = a - \sum_j y_j^*'
means = 'equilibrium'
"
    ));
    for entry in entries {
        assert_eq!(entry.verdict, Verdict::Undecided, "{entry:?}");
    }
}

#[test]
fn a_line_that_is_false_by_its_numbers_has_both_values() {
    let entries = audited("[[derivation]]\nid = 'numbers'\nsteps = '2 + 2 < 3, \\quad a > 0'\n");
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(entry.verdict, Verdict::Refuted);
    let found = entry.counterexample.as_ref().expect("a counterexample");
    assert_eq!(found.values(), "4 < 3 does not hold");
}
