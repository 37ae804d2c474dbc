//! Scripts: commands and declarations. Terms are in [`elaborate`].

mod elaborate;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Instant;

use super::error::{Clock, Error, Fault};
use super::sexpr::{Forest, Kind, Node};
use super::term::{Id, Sort, Term, Terms};

/// A command that says something or asks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Assert(Id),
    CheckSat,
    GetModel,
}

/// A script that was read.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub terms: Terms,
    /// The names of the declared constants, all of sort `Real`.
    pub constants: Vec<String>,
    /// The commands before `exit`.
    pub commands: Vec<Command>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
enum Meaning {
    Value(Id),
    Macro { parameters: Vec<Sort>, body: Id },
}

struct Reader<'f> {
    forest: &'f Forest,
    clock: Clock,
    script: Script,
    names: BTreeMap<String, Meaning>,
    /// What the names bound by `let` and the parameters of a definition stand for, innermost last.
    bound: BTreeMap<String, Vec<Id>>,
    applied: BTreeMap<(Id, Vec<Id>), Id>,
}

/// What is supported, for the help line of commands.
const COMMANDS: &str = "supported commands: set-logic, set-info, set-option, declare-const, declare-fun, \
     define-fun, define-const, assert, check-sat, get-model, exit";
/// Logics whose scripts are in the fragment.
const LOGICS: [&str; 3] = ["QF_NRA", "QF_LRA", "QF_RDL"];
/// Names with a meaning of their own.
const RESERVED: [&str; 29] = [
    "true", "false", "not", "=>", "and", "or", "xor", "=", "distinct", "ite", "let", "forall", "exists",
    "match", "!", "_", "as", "par", "+", "-", "*", "/", "^", "<", "<=", ">", ">=", "Real", "Bool",
];

/// Reads a script. Cost: linear in the text, but for definitions, whose bodies are gone through at
/// each new call.
pub fn read(text: &str, deadline: Option<Instant>) -> Result<Script, Error> {
    let mut clock = Clock::new(deadline);
    let forest = Forest::read(text, &mut clock).map_err(|f| f.locate(text))?;
    let mut reader = Reader {
        forest: &forest,
        clock,
        script: Script::default(),
        names: BTreeMap::new(),
        bound: BTreeMap::new(),
        applied: BTreeMap::new(),
    };
    for root in &forest.roots {
        if reader.command(*root).map_err(|f| f.locate(text))? {
            break;
        }
    }
    Ok(reader.script)
}

impl Reader<'_> {
    /// Reads a command; whether it ends the script.
    fn command(&mut self, node: Node) -> Result<bool, Fault> {
        let parts = self.forest.list(node).unwrap_or(&[]);
        let Some(name) = parts.first().and_then(|n| self.forest.symbol(*n)) else {
            let message = format!("{} is not a command", self.forest.shown(node));
            return Err(self.fault(node, message, COMMANDS));
        };
        let arguments = &parts[1..];
        match name {
            "set-info" | "set-option" => {}
            "set-logic" => self.set_logic(node, arguments)?,
            "declare-const" => self.declare_const(node, arguments)?,
            "declare-fun" => self.declare_fun(node, arguments)?,
            "define-const" => self.define_const(node, arguments)?,
            "define-fun" => self.define_fun(node, arguments)?,
            "assert" => {
                let [term] = self.exactly(node, arguments, "(assert TERM)")?;
                let id = self.term_of(term, Sort::Bool)?;
                self.script.commands.push(Command::Assert(id));
            }
            "check-sat" | "get-model" | "exit" => {
                let [] = self.exactly(node, arguments, &format!("({name})"))?;
                match name {
                    "check-sat" => self.script.commands.push(Command::CheckSat),
                    "get-model" => self.script.commands.push(Command::GetModel),
                    _ => return Ok(true),
                }
            }
            "push" | "pop" => {
                let help = "assertions are not taken back: write one script for each set of assertions";
                return Err(self.fault(node, format!("`{name}` is not supported"), help));
            }
            _ => return Err(self.fault(node, format!("the command `{name}` is not supported"), COMMANDS)),
        }
        Ok(false)
    }

    fn fault(&self, node: Node, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault::at(self.forest.place(node), message, help)
    }

    fn exactly<const N: usize>(
        &self,
        node: Node,
        arguments: &[Node],
        form: &str,
    ) -> Result<[Node; N], Fault> {
        arguments.try_into().map_err(|_| {
            let message = format!("{} has {} arguments", self.forest.shown(node), arguments.len());
            self.fault(node, message, format!("expected {form}"))
        })
    }

    fn set_logic(&self, node: Node, arguments: &[Node]) -> Result<(), Fault> {
        let [logic] = self.exactly(node, arguments, "(set-logic QF_NRA)")?;
        match self.forest.symbol(logic) {
            Some(name) if LOGICS.contains(&name) => Ok(()),
            _ => {
                let message = format!("the logic {} is not supported", self.forest.shown(logic));
                Err(self.fault(logic, message, format!("supported logics: {}", LOGICS.join(", "))))
            }
        }
    }

    /// A name that may be declared or bound.
    fn fresh_name(&self, node: Node) -> Result<String, Fault> {
        let Some(name) = self.forest.symbol(node) else {
            let message = format!("{} is not a name", self.forest.shown(node));
            return Err(self.fault(node, message, "expected a symbol"));
        };
        if RESERVED.contains(&name) {
            let message = format!("`{name}` has a meaning of its own");
            return Err(self.fault(node, message, "choose another name"));
        }
        Ok(name.to_owned())
    }

    fn global_name(&self, node: Node) -> Result<String, Fault> {
        let name = self.fresh_name(node)?;
        if self.names.contains_key(&name) {
            let message = format!("`{name}` is declared twice");
            return Err(self.fault(node, message, "choose another name"));
        }
        Ok(name)
    }

    fn sort(&self, node: Node) -> Result<Sort, Fault> {
        match self.forest.symbol(node) {
            Some("Real") => Ok(Sort::Real),
            Some("Bool") => Ok(Sort::Bool),
            _ => {
                let message = format!("the sort {} is not supported", self.forest.shown(node));
                Err(self.fault(node, message, "supported sorts: Real; Bool for parameters and definitions"))
            }
        }
    }

    fn declare_const(&mut self, node: Node, arguments: &[Node]) -> Result<(), Fault> {
        let [name, sort] = self.exactly(node, arguments, "(declare-const NAME Real)")?;
        self.declare(name, sort)
    }

    fn declare_fun(&mut self, node: Node, arguments: &[Node]) -> Result<(), Fault> {
        let [name, parameters, sort] = self.exactly(node, arguments, "(declare-fun NAME () Real)")?;
        match self.forest.list(parameters) {
            Some([]) => self.declare(name, sort),
            _ => {
                let message = format!("{} declares a function with arguments", self.forest.shown(node));
                let help = "supported: constants, as (declare-fun x () Real), and functions that are defined";
                Err(self.fault(parameters, message, help))
            }
        }
    }

    fn declare(&mut self, name: Node, sort: Node) -> Result<(), Fault> {
        if self.sort(sort)? != Sort::Real {
            let message = "constants of sort `Bool` are not supported";
            return Err(self.fault(sort, message, "declare constants of sort Real"));
        }
        let name = self.global_name(name)?;
        let id = self.add(Term::Constant(self.script.constants.len() as u32))?;
        self.script.constants.push(name.clone());
        self.names.insert(name, Meaning::Value(id));
        Ok(())
    }

    fn define_const(&mut self, node: Node, arguments: &[Node]) -> Result<(), Fault> {
        let [name, sort, body] = self.exactly(node, arguments, "(define-const NAME SORT TERM)")?;
        let (name, sort) = (self.global_name(name)?, self.sort(sort)?);
        let value = self.term_of(body, sort)?;
        self.names.insert(name, Meaning::Value(value));
        Ok(())
    }

    fn define_fun(&mut self, node: Node, arguments: &[Node]) -> Result<(), Fault> {
        let form = "(define-fun NAME ((PARAMETER SORT) …) SORT TERM)";
        let [name, list, sort, body] = self.exactly(node, arguments, form)?;
        let (name, sort) = (self.global_name(name)?, self.sort(sort)?);
        let Some(list) = self.forest.list(list) else {
            let message = format!("{} is not a list of parameters", self.forest.shown(list));
            return Err(self.fault(list, message, format!("expected {form}")));
        };
        let (mut names, mut parameters) = (vec![], vec![]);
        for p in list {
            let parts = self.forest.list(*p).unwrap_or(&[]);
            let [n, s] = self.exactly(*p, parts, "(PARAMETER SORT)")?;
            let (n, s) = (self.fresh_name(n)?, self.sort(s)?);
            if names.contains(&n) {
                let message = format!("the parameter `{n}` is declared twice");
                return Err(self.fault(*p, message, "choose another name"));
            }
            let id = self.add(Term::Parameter(parameters.len() as u32, s))?;
            self.bound.insert(n.clone(), vec![id]);
            names.push(n);
            parameters.push(s);
        }
        let body = self.term_of(body, sort)?;
        self.bound.clear();
        let meaning =
            if parameters.is_empty() { Meaning::Value(body) } else { Meaning::Macro { parameters, body } };
        self.names.insert(name, meaning);
        Ok(())
    }

    fn add(&mut self, term: Term) -> Result<Id, Fault> {
        self.clock.tick()?;
        self.script.terms.add(term)
    }
}
