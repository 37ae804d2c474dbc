//! A solved game, as a table for people and as JSON, schema 1.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::audit::solution::GameSolution;
use crate::expr::Symbol;
use crate::expr::fraction::fractions;
use crate::solve::{Enclosure, Solution};

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
    let several = game.shares.len() > 1;
    let map = object.as_object_mut().expect("an object was built");
    match &game.solved.pareto {
        Ok(intervals) => {
            let pairs: Vec<Value> =
                intervals.iter().map(|(a, b)| json!([a.decimals(), b.decimals()])).collect();
            map.insert("pareto".into(), json!(pairs));
            if several {
                let with =
                    game.fixed.iter().map(|(x, e)| (x.typed(), json!(crate::tex::latex(&fractions(e)))));
                map.insert("pareto_along".into(), json!(game.along().map(Symbol::typed)));
                map.insert("pareto_with".into(), with.collect::<Map<String, Value>>().into());
            }
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
    let mut object = json!({
        "name": s.name,
        "delta": (game.shares.len() == 1).then(|| s.share().decimals()),
        "utilities": utilities,
        "performance": s.performance.as_ref().map(|p| p.decimals()),
        "closed_form": closed.map(|c| crate::tex::latex(&fractions(c))),
        "unique": unique(game, s),
        "note": s.note,
    });
    let map = object.as_object_mut().expect("an object was built");
    let values = |all: &[(Symbol, Enclosure)]| -> Map<String, Value> {
        all.iter().map(|(x, e)| (x.typed(), json!(e.decimals()))).collect()
    };
    if game.shares.len() > 1 {
        map.insert("agreement".into(), values(&s.agreement).into());
    }
    if !game.reported.is_empty() {
        let value = |e: &Option<Enclosure>| json!(e.as_ref().map(Enclosure::decimals));
        let all: Map<String, Value> = s.reported.iter().map(|(x, e)| (x.typed(), value(e))).collect();
        map.insert("reported".into(), all.into());
    }
    object
}

/// Whether a solution is the only one; `None` if that was not shown.
pub(super) fn unique(game: &GameSolution, s: &Solution) -> Option<bool> {
    (s.ties || !game.others_possible.contains(&s.name)).then_some(!s.ties)
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
    for s in &game.solved.solutions {
        let _ = writeln!(out, "{}", s.name);
        for (x, value) in &s.agreement {
            row(&mut out, &crate::tex::plain_symbol(x), value.decimals());
        }
        for (player, u) in &s.utilities {
            row(&mut out, &format!("payoff of {}", crate::tex::plain_symbol(player)), u.decimals());
        }
        if let Some(p) = &s.performance {
            row(&mut out, "performance", p.decimals());
        }
        for (name, value) in &s.reported {
            let shown = value.as_ref().map_or("not defined, or without certain digits", Enclosure::decimals);
            row(&mut out, &crate::tex::plain_symbol(name), shown);
        }
        if let Some(c) = game.closed_forms.get(&s.name) {
            row(&mut out, "closed form", &crate::tex::plain(&fractions(c)));
        }
        if let Some(note) = &s.note {
            row(&mut out, "note", note);
        }
        if unique(game, s).is_none() {
            row(&mut out, "note", "not shown to be the only one");
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
            for (x, value) in &game.fixed {
                row(&mut out, &crate::tex::plain_symbol(x), &crate::tex::plain(&fractions(value)));
            }
            if let Some(x) = game.along().filter(|_| game.shares.len() > 1) {
                let _ = writeln!(out, "  {}", crate::tex::plain_symbol(x));
            }
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
