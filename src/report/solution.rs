//! A solved game, as a table for people and as JSON, schema 1.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::audit::solution::GameSolution;
use crate::expr::fraction::fractions;
use crate::solve::Solution;

use super::card::wrap_line;

/// The solved game as one JSON object.
pub fn json(game: &GameSolution) -> Value {
    let parameters: Map<String, Value> =
        game.parameters.iter().map(|(s, v)| (s.typed(), json!(v.to_string()))).collect();
    let solved = game.solved.solutions.iter().map(|s| solution(game, s));
    let missing = game.solved.failures.iter().map(|(name, why)| missing(name, &why.to_string()));
    let solutions: Vec<Value> = solved.chain(missing).collect();
    let failures: Vec<Value> = game
        .solved
        .failures
        .iter()
        .map(|(name, why)| json!({ "name": name, "reason": why.to_string() }))
        .collect();
    let mut object = json!({ "schema": 1, "parameters": parameters, "solutions": solutions });
    let map = object.as_object_mut().expect("an object was built");
    match &game.solved.pareto {
        Ok(intervals) => {
            let pairs: Vec<Value> =
                intervals.iter().map(|(a, b)| json!([a.decimals(), b.decimals()])).collect();
            map.insert("pareto".into(), json!(pairs));
        }
        Err(why) => {
            map.insert("pareto".into(), Value::Null);
            map.insert("pareto_reason".into(), json!(why.to_string()));
        }
    }
    map.insert("unsolved".into(), json!(failures));
    object
}

/// A solution without a certified answer: there may be none.
fn missing(name: &str, reason: &str) -> Value {
    json!({ "name": name, "delta": null, "utilities": null, "closed_form": null, "reason": reason })
}

fn solution(game: &GameSolution, s: &Solution) -> Value {
    let utilities: Map<String, Value> =
        s.utilities.iter().map(|(p, u)| (p.typed(), json!(u.decimals()))).collect();
    let closed = game.closed_forms.get(&s.name);
    json!({
        "name": s.name,
        "delta": s.share.decimals(),
        "utilities": utilities,
        "performance": s.performance.as_ref().map(|p| p.decimals()),
        "closed_form": closed.map(|c| crate::tex::latex(&fractions(c))),
        "unique": !s.ties,
        "note": s.note,
    })
}

/// The solved game as aligned text, its lines broken so that they fit `width` columns.
pub fn text(game: &GameSolution, width: Option<usize>) -> String {
    let whole = aligned(game);
    let Some(width) = width else { return whole };
    let mut out = String::new();
    whole.lines().for_each(|line| wrap_line(&mut out, line, width, COLUMN));
    out
}

fn aligned(game: &GameSolution) -> String {
    let mut out = String::new();
    let at: Vec<String> =
        game.parameters.iter().map(|(s, v)| format!("{} = {v}", crate::tex::plain_symbol(s))).collect();
    let _ = writeln!(out, "{}\n", at.join(", "));
    let share = crate::tex::plain_symbol(&game.share);
    for s in &game.solved.solutions {
        let _ = writeln!(out, "{}", s.name);
        row(&mut out, &share, s.share.decimals());
        for (player, u) in &s.utilities {
            row(&mut out, &format!("payoff of {}", crate::tex::plain_symbol(player)), u.decimals());
        }
        if let Some(p) = &s.performance {
            row(&mut out, "performance", p.decimals());
        }
        if let Some(c) = game.closed_forms.get(&s.name) {
            row(&mut out, "closed form", &crate::tex::plain(&fractions(c)));
        }
        if let Some(note) = &s.note {
            row(&mut out, "note", note);
        }
        out.push('\n');
    }
    for (name, why) in &game.solved.failures {
        let _ = writeln!(out, "{name}\n  not solved: {why}\n");
    }
    out.push_str("pareto-optimal agreements\n");
    match &game.solved.pareto {
        Ok(intervals) if intervals.is_empty() => out.push_str("  none\n"),
        Ok(intervals) => {
            for (a, b) in intervals {
                let _ = writeln!(out, "  from {}\n  to   {}", a.decimals(), b.decimals());
            }
        }
        Err(why) => {
            let _ = writeln!(out, "  {why}");
        }
    }
    out
}

/// The column at which values start.
const COLUMN: usize = 16;

fn row(out: &mut String, label: &str, value: &str) {
    let padding = " ".repeat(COLUMN.saturating_sub(label.width()));
    let _ = writeln!(out, "  {label}{padding}{value}");
}
