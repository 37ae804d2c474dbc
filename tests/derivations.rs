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
