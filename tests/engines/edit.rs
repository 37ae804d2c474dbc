//! Certificates with one number, relation, name or flag changed.

use proofread::expr::Formula;
use proofread::prove::evidence::{Certified, Proof};
use proofread::prove::recheck::{Recheck, replay};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::decide::points;
use crate::evaluate::{Kleene, truth};

/// The evidence with one leaf of its certificate changed, and where.
pub fn edited(evidence: &Value, rng: &mut ChaCha8Rng) -> Option<(Value, String)> {
    let mut leaves = vec![];
    collect(evidence.get("certificate")?, "/certificate".to_owned(), &mut leaves);
    let place = leaves.choose(rng)?.clone();
    let mut changed = evidence.clone();
    let leaf = changed.pointer_mut(&place)?;
    let before = leaf.clone();
    match leaf {
        Value::Bool(b) => *b = !*b,
        Value::Number(n) => *leaf = Value::from(n.as_i64()? + *[-1, 1, 2].choose(rng)?),
        Value::String(s) => *s = other(s, rng),
        Value::Array(xs) if !xs.is_empty() => {
            xs.remove(rng.random_range(0..xs.len()));
        }
        _ => return None,
    }
    (*leaf != before).then_some((changed, place))
}

fn other(s: &str, rng: &mut ChaCha8Rng) -> String {
    let relations = ["Eq", "Ne", "Lt", "Le", "Gt", "Ge"];
    if relations.contains(&s) {
        return (*relations.choose(rng).expect("six")).to_owned();
    }
    match s.parse::<i64>() {
        Ok(n) => (n + [-2, -1, 1, 3][rng.random_range(0..4)]).to_string(),
        Err(_) if ["x", "y", "z", "k"].contains(&s) => ["x", "y", "k"][rng.random_range(0..3)].to_owned(),
        Err(_) => format!("{s}1"),
    }
}

/// Leaves and arrays, by their pointer.
fn collect(v: &Value, at: String, out: &mut Vec<String>) {
    match v {
        Value::Array(xs) => {
            out.push(at.clone());
            xs.iter().enumerate().for_each(|(i, x)| collect(x, format!("{at}/{i}"), out));
        }
        Value::Object(m) => m.iter().for_each(|(k, x)| collect(x, format!("{at}/{k}"), out)),
        Value::Null => {}
        _ => out.push(at),
    }
}

/// What became of an edit: refused; accepted with the same claim (another proof of it); accepted
/// with another claim, against which nothing was found. `Err` if its claim is seen to be false.
pub fn judge(plain: &Value, edited: &Value, seed: u64) -> Result<&'static str, String> {
    if replay(edited) != Recheck::Accepted {
        return Ok("refused");
    }
    let read =
        |v: &Value| serde_json::from_value::<Certified>(v["certificate"].clone()).expect("it was accepted");
    let (before, after) = (read(plain), read(edited));
    if setting_print() {
        println!("survivor, seed {seed}: {}", difference(plain, edited));
    }
    let same = before.hypotheses == after.hypotheses && before.statement == after.statement;
    contradicted(&after, seed)?;
    Ok(if same { "accepted, the claim unchanged" } else { "accepted, another true claim" })
}

fn setting_print() -> bool {
    crate::setting("PROOFREAD_ENGINE_SURVIVORS", 0) > 0
}

/// The first place where two values differ.
fn difference(a: &Value, b: &Value) -> String {
    let (mut left, mut right) = (vec![], vec![]);
    collect(a, String::new(), &mut left);
    collect(b, String::new(), &mut right);
    let place =
        left.iter().find(|p| a.pointer(p) != b.pointer(p) && !matches!(a.pointer(p), Some(Value::Array(_))));
    let place = place.or_else(|| left.iter().rfind(|p| a.pointer(p) != b.pointer(p)));
    place.map_or_else(String::new, |p| {
        let cut = |v: Option<&Value>| v.map_or("-".to_owned(), |v| v.to_string().chars().take(160).collect());
        format!("{p}: {} -> {}", cut(a.pointer(p)), cut(b.pointer(p)))
    })
}

/// Whether a sample contradicts what a certificate says.
fn contradicted(c: &Certified, seed: u64) -> Result<(), String> {
    let given = Formula::and(c.hypotheses.clone());
    let symbols: Vec<_> = Formula::and(vec![given.clone(), c.statement.clone()]).free().into_iter().collect();
    let exceptions = match &c.proof {
        Proof::Identity { exceptions, .. } => exceptions.clone(),
        _ => vec![],
    };
    for at in points(&symbols, seed, 800) {
        if truth(&given, &at) != Some(Kleene::True) {
            continue;
        }
        let held = truth(&c.statement, &at);
        match &c.proof {
            Proof::Contradiction(_) => return Err(format!("the hypotheses are met at {at:?}")),
            Proof::Witness { .. } => {}
            _ => {
                let outside = exceptions.iter().all(|e| matches!(truth(e, &at), Some(Kleene::False)));
                if outside && matches!(held, Some(k) if k != Kleene::True) {
                    return Err(format!("it fails at {at:?}"));
                }
            }
        }
    }
    match &c.proof {
        Proof::Witness { at } if truth(&c.statement, at) == Some(Kleene::True) => {
            Err("it holds there".into())
        }
        Proof::Witness { at } if matches!(truth(&given, at), Some(k) if k != Kleene::True) => {
            Err("the hypotheses are not met there".into())
        }
        _ => Ok(()),
    }
}
