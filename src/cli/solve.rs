//! `proofread solve`: a game at given parameters.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rug::Rational;

use crate::audit::Symbolic;
use crate::audit::solution::{SolutionError, SolvedGame, parameters_of};
use crate::document::{Paper, PaperGame, number};
use crate::expr::Symbol;
use crate::game::Game;
use crate::game::extremum::Tools;
use crate::prove::Engines;
use crate::prove::evaluate::Point;
use crate::report::{solution, table};

use super::CLEAN;
use super::args::{SolveArgs, SolveFormat};
use super::audits::say_that_we_wait;
use super::grid::Grid;
use super::output::{CommandError, write};
use super::papers::load;

/// Seconds that a request to the symbolic layer may take.
const REQUEST: Duration = Duration::from_secs(20);

/// Steps of the engines for one question of the search for closed forms: the certified digits do
/// not depend on it. With high roots more of them were not seen to find more.
const CLOSED_ORDER_STEPS: u64 = 2_000_000;
const CLOSED_RULE_STEPS: u64 = 2_000_000;
/// Points that are tried there for one question, and goals that one proof may attempt.
const CLOSED_TRIES: usize = 100;
const CLOSED_GOALS: usize = 8;

/// Solves and prints.
pub fn run(args: &SolveArgs) -> Result<u8, CommandError> {
    let (path, name) = match (args.paper.rsplit_once("::"), args.game.as_deref()) {
        (Some((_, other)), Some(name)) if other != name => {
            let message = format!("two games are named, `{other}` and `{name}`");
            return Err(CommandError::call(message, "name one of them"));
        }
        (Some((path, name)), _) => (path, Some(name)),
        (None, name) => (args.paper.as_str(), name),
    };
    let papers = load(&[PathBuf::from(path)])?;
    let parameters = args.set.iter().map(|s| setting(s)).collect::<Result<Vec<_>, _>>()?;
    let mut at = Point::new();
    for (symbol, value) in parameters {
        if at.insert(symbol.clone(), value).is_some() {
            let message = format!("`{symbol}` is set twice");
            return Err(CommandError::call(message, "give each parameter one value"));
        }
    }
    let grid = Grid::read(&args.grid, &at)?;
    let first = grid.first(&at);
    let (paper, game) = choose(&papers, name, &first)?;
    let algebra = Symbolic::new(super::own_program()?, REQUEST, say_that_we_wait);
    let engines = Engines::default();
    let tools = Tools { judge: &engines, algebra: &algebra };
    let solved = SolvedGame::new(paper, game, &first, tools).map_err(|e| explained(&e))?;
    if grid.is_a_point() {
        let found = solved.at(&at, args.digits).map_err(|e| explained(&e))?;
        let quick = quick_engines();
        let closed = |found| solved.with_closed_forms(found, Tools { judge: &quick, algebra: &algebra });
        let text = match args.format.unwrap_or(SolveFormat::Text) {
            SolveFormat::Text => solution::text(&closed(found), super::output::width()),
            SolveFormat::Json => format!("{}\n", solution::json(&closed(found))),
            SolveFormat::Csv => [table::header(&found, &[]), table::rows(&found, &[])].concat(),
        };
        write(&text)?;
    } else {
        let as_json = match args.format {
            Some(SolveFormat::Text) => {
                let help = "write --format csv or --format json";
                return Err(CommandError::call("a grid is not written as a text", help));
            }
            format => format == Some(SolveFormat::Json),
        };
        grid.run(&at, &|p| solved.at(p, args.digits).map_err(|e| explained(&e)), as_json)?;
    }
    if let Some(trouble) = algebra.trouble() {
        super::output::say(&format!("note: {trouble}\n"));
    }
    Ok(CLEAN)
}

/// The engines that look for closed forms.
fn quick_engines() -> Engines {
    Engines {
        order_steps: CLOSED_ORDER_STEPS,
        rule_steps: CLOSED_RULE_STEPS,
        witness_tries: CLOSED_TRIES,
        calculus_goals: CLOSED_GOALS,
        ..Engines::default()
    }
}

/// The games of the papers; one that several of them share is listed once.
fn games(papers: &[Paper]) -> Vec<(&Paper, &PaperGame)> {
    let mut seen = BTreeSet::new();
    let place = |paper: &Paper, game: &PaperGame| {
        let path = paper.file(game.name.file).source.path();
        (fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()), game.game.name.clone())
    };
    let all = papers.iter().flat_map(|p| p.games.values().map(move |g| (p, g)));
    all.filter(|(p, g)| seen.insert(place(p, g))).collect()
}

/// Whether payoffs are written with a function that has no formula: no parameters solve such a game.
fn has_any_function(paper: &Paper, game: &Game) -> bool {
    let has_formula = |name: &Symbol| game.functions.iter().any(|f| f.name == *name);
    let any = paper.functions.iter().filter(|f| !has_formula(&f.name));
    any.into_iter().any(|f| game.payoffs.iter().any(|p| p.body.applies(&f.name)))
}

/// How many of the values given are of no parameter of a game, and how many it lacks.
fn misfit(game: &Game, at: &Point) -> (usize, usize) {
    let own = parameters_of(game);
    let foreign = at.keys().filter(|s| !own.contains(s)).count();
    (foreign, own.iter().filter(|s| !at.contains_key(s)).count())
}

/// The game that is named. Where none is, how many members there are tells a game with families
/// from one without, and the parameters given tell which of those it is; a game that cannot be
/// solved is not meant.
fn choose<'a>(
    papers: &'a [Paper],
    name: Option<&str>,
    at: &Point,
) -> Result<(&'a Paper, &'a PaperGame), CommandError> {
    let games = games(papers);
    let can_be_meant = games.iter().filter(|(p, g)| !has_any_function(p, &g.game)).count();
    let counted = |g: &Game| g.size_symbol().filter(|_| g.has_families()).cloned();
    let is_counted = |g: &Game| counted(g).is_some_and(|n| at.contains_key(&n));
    let with_members = games.iter().any(|(_, g)| is_counted(&g.game));
    let is_meant = |paper: &Paper, g: &Game| match name {
        Some(name) => g.name == name,
        None if games.len() == 1 => true,
        None => {
            let fits = is_counted(g) == with_members && counted(g).is_some() == with_members;
            !has_any_function(paper, g) && (fits || can_be_meant == 1)
        }
    };
    let mut matching: Vec<&(&Paper, &PaperGame)> =
        games.iter().filter(|(p, g)| is_meant(p, &g.game)).collect();
    if name.is_none() {
        let least = matching.iter().map(|(_, g)| misfit(&g.game, at)).min();
        matching.retain(|(_, g)| Some(misfit(&g.game, at)) == least);
    }
    let names: Vec<&str> = games.iter().map(|(_, g)| g.game.name.as_str()).collect();
    match (matching.as_slice(), name) {
        ([one], _) => Ok(**one),
        ([], _) if games.is_empty() => {
            Err(CommandError::call("there is no game here", "name a paper that has one"))
        }
        ([], Some(n)) => {
            let message = format!("there is no game `{n}`");
            Err(CommandError::call(message, format!("the games are {}", names.join(", "))))
        }
        _ => Err(CommandError::call(
            "there are several games here",
            format!("name one with --game; the games are {}", names.join(", ")),
        )),
    }
}

/// `c_0=3/2`: a parameter and its exact value.
fn setting(text: &str) -> Result<(Symbol, Rational), CommandError> {
    let wrong = || {
        let help = "write --set c_0=1, --set c_1=3/2 or --set k_0=2.5";
        CommandError::call(format!("`{text}` does not set a parameter"), help)
    };
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    if name.trim().is_empty() {
        return Err(wrong());
    }
    Ok((Symbol::new(name), number(value.trim()).ok_or_else(wrong)?))
}

fn explained(error: &SolutionError) -> CommandError {
    let list = |symbols: &[Symbol]| symbols.iter().map(|s| format!("`{s}`")).collect::<Vec<_>>().join(", ");
    let help = match error {
        SolutionError::NoParameter(_, known) => format!("the parameters are {}", list(known)),
        SolutionError::Missing(s) => format!("give it one: --set {}=1", s.typed()),
        SolutionError::Domain { .. } | SolutionError::Size { .. } => {
            "choose a value inside its domain".to_owned()
        }
        SolutionError::Many { symbol, most, .. } => {
            format!("choose {most} members at most: --set {}={most}", symbol.typed())
        }
        SolutionError::Member { counted, .. } => {
            format!("leave it out, or set `{counted}` to the number of members")
        }
        SolutionError::NoShare | SolutionError::NoAgreement => {
            "say under `bargain` and `subject-to` what can be agreed on".to_owned()
        }
        _ => {
            "only games with solved best responses and bounded ranges of what is bargained over can be solved"
                .to_owned()
        }
    };
    CommandError::call(error.to_string(), help)
}
