//! Terms of a script, sorted and with definitions and `let`s replaced by what they stand for.
//!
//! A machine with a stack of its own, so that the nesting of the text costs no stack of ours.

use super::*;
use crate::expr::Relation;

/// What a list applies to its elements.
#[derive(Clone, Debug)]
enum Operator {
    And,
    Or,
    Not,
    Implies,
    Xor,
    Equal,
    Distinct,
    Ite,
    Order(Relation),
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Defined { parameters: Vec<Sort>, body: Id },
}

/// Work that waits for the value of a term.
enum Frame<'f> {
    /// A list whose arguments are being read.
    Apply { node: Node, operator: Operator, arguments: &'f [Node], values: Vec<Id> },
    /// A `let` whose bindings are being read, all outside its scope.
    Bind { bindings: Vec<(String, Node)>, values: Vec<Id>, body: Node },
    /// A `let` whose body is being read.
    Unbind { names: Vec<String> },
}

/// What is supported, for the help line of terms.
const TERMS: &str = "supported: let, ite, and, or, not, =>, xor, =, distinct, <, <=, >, >=, +, -, *, /, \
     ^ with a literal natural exponent, and what was declared or defined";

impl<'f> Reader<'f> {
    /// Reads a term of the sort.
    pub(super) fn term_of(&mut self, node: Node, sort: Sort) -> Result<Id, Fault> {
        let id = self.term(node)?;
        let found = self.script.terms.sort(id);
        if found == sort {
            return Ok(id);
        }
        let message = format!("{} is of sort {}", self.forest.shown(node), found.name());
        Err(self.fault(node, message, format!("expected a term of sort {}", sort.name())))
    }

    fn term(&mut self, node: Node) -> Result<Id, Fault> {
        let mut stack: Vec<Frame<'f>> = vec![];
        let mut next = Some(node);
        loop {
            self.clock.tick()?;
            let value = match next.take() {
                Some(node) => self.open(node, &mut stack)?,
                None => self.close(&mut stack, &mut next)?,
            };
            if let Some(value) = value
                && self.deliver(&mut stack, value)
            {
                return Ok(value);
            }
            next = next.or_else(|| Self::waiting_for(&stack));
        }
    }

    /// Hands a value to what waits for it, through the `let`s that it is the body of; whether
    /// nothing waits.
    fn deliver(&mut self, stack: &mut Vec<Frame<'f>>, value: Id) -> bool {
        loop {
            match stack.last_mut() {
                None => return true,
                Some(Frame::Apply { values, .. } | Frame::Bind { values, .. }) => {
                    values.push(value);
                    return false;
                }
                Some(Frame::Unbind { names }) => {
                    for name in std::mem::take(names) {
                        self.bound.get_mut(&name).map(Vec::pop);
                    }
                    stack.pop();
                }
            }
        }
    }

    /// The next s-expression that the innermost frame needs the value of; none if it has all.
    fn waiting_for(stack: &[Frame<'f>]) -> Option<Node> {
        match stack.last()? {
            Frame::Apply { arguments, values, .. } => arguments.get(values.len()).copied(),
            Frame::Bind { bindings, values, .. } => bindings.get(values.len()).map(|b| b.1),
            Frame::Unbind { .. } => None,
        }
    }

    /// The value of an atom; for a list, a new frame.
    fn open(&mut self, node: Node, stack: &mut Vec<Frame<'f>>) -> Result<Option<Id>, Fault> {
        let list = match self.forest.kind(node) {
            Kind::Number(value) => return self.add(Term::Num(value.clone())).map(Some),
            Kind::Symbol(name) => return self.name(node, name).map(Some),
            Kind::Keyword(_) | Kind::Other(_) => {
                let message = format!("{} is not a term of this fragment", self.forest.shown(node));
                return Err(self.fault(node, message, TERMS));
            }
            Kind::List(list) => list,
        };
        let Some(head) = list.first().and_then(|h| self.forest.symbol(*h)) else {
            let message = format!("{} is not a term of this fragment", self.forest.shown(node));
            return Err(self.fault(node, message, TERMS));
        };
        if head == "let" {
            stack.push(self.open_let(node, &list[1..])?);
            return Ok(None);
        }
        let operator = self.operator(node, head)?;
        stack.push(Frame::Apply { node, operator, arguments: &list[1..], values: vec![] });
        Ok(None)
    }

    fn open_let(&self, node: Node, arguments: &[Node]) -> Result<Frame<'f>, Fault> {
        let form = "(let ((NAME TERM) …) TERM)";
        let [list, body] = self.exactly(node, arguments, form)?;
        let Some(list) = self.forest.list(list).filter(|l| !l.is_empty()) else {
            let message = format!("{} is not a list of bindings", self.forest.shown(list));
            return Err(self.fault(list, message, format!("expected {form}")));
        };
        let mut bindings: Vec<(String, Node)> = vec![];
        let mut seen = std::collections::BTreeSet::new();
        for b in list {
            let parts = self.forest.list(*b).unwrap_or(&[]);
            let [name, value] = self.exactly(*b, parts, "(NAME TERM)")?;
            let name = self.fresh_name(name)?;
            if !seen.insert(name.clone()) {
                let message = format!("`{name}` is bound twice by one `let`");
                return Err(self.fault(*b, message, "choose another name"));
            }
            bindings.push((name, value));
        }
        Ok(Frame::Bind { bindings, values: vec![], body })
    }

    fn name(&mut self, node: Node, name: &str) -> Result<Id, Fault> {
        if let Some(id) = self.bound.get(name).and_then(|ids| ids.last()) {
            return Ok(*id);
        }
        match (self.names.get(name), name) {
            (Some(Meaning::Value(id)), _) => Ok(*id),
            (Some(Meaning::Macro { parameters, .. }), _) => {
                let message = format!("`{name}` stands without its {} arguments", parameters.len());
                Err(self.fault(node, message, format!("expected ({name} …)")))
            }
            (None, "true") => self.add(Term::Truth(true)),
            (None, "false") => self.add(Term::Truth(false)),
            (None, _) => {
                let negative =
                    name.strip_prefix('-').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
                let help = match negative {
                    true => format!("write (- {}) for a negative number", &name[1..]),
                    false => format!("declare it before: (declare-const {name} Real)"),
                };
                Err(self.fault(node, format!("`{name}` is not declared"), help))
            }
        }
    }

    fn operator(&self, node: Node, head: &str) -> Result<Operator, Fault> {
        if self.bound.get(head).is_some_and(|ids| !ids.is_empty()) {
            return Err(self.fault(node, format!("`{head}` is not a function"), TERMS));
        }
        Ok(match head {
            "and" => Operator::And,
            "or" => Operator::Or,
            "not" => Operator::Not,
            "=>" => Operator::Implies,
            "xor" => Operator::Xor,
            "=" => Operator::Equal,
            "distinct" => Operator::Distinct,
            "ite" => Operator::Ite,
            "<" => Operator::Order(Relation::Lt),
            "<=" => Operator::Order(Relation::Le),
            ">" => Operator::Order(Relation::Gt),
            ">=" => Operator::Order(Relation::Ge),
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "^" => Operator::Power,
            _ => match self.names.get(head) {
                Some(Meaning::Macro { parameters, body }) => {
                    Operator::Defined { parameters: parameters.clone(), body: *body }
                }
                Some(Meaning::Value(_)) => {
                    return Err(self.fault(node, format!("`{head}` is not a function"), TERMS));
                }
                None => {
                    let message = format!("`{head}` is not a function of this fragment");
                    return Err(self.fault(node, message, TERMS));
                }
            },
        })
    }

    /// What the innermost frame, all of whose parts have values, stands for; for a `let`, its body
    /// is next.
    fn close(&mut self, stack: &mut Vec<Frame<'f>>, next: &mut Option<Node>) -> Result<Option<Id>, Fault> {
        match stack.pop().expect("something waits for a value") {
            Frame::Apply { node, operator, arguments, values } => {
                self.apply(node, operator, arguments, values).map(Some)
            }
            Frame::Bind { bindings, values, body } => {
                let names: Vec<String> = bindings.into_iter().map(|b| b.0).collect();
                for (name, value) in names.iter().zip(values) {
                    self.bound.entry(name.clone()).or_default().push(value);
                }
                stack.push(Frame::Unbind { names });
                *next = Some(body);
                Ok(None)
            }
            Frame::Unbind { .. } => unreachable!("the body of a `let` delivers its value at once"),
        }
    }

    fn apply(
        &mut self,
        node: Node,
        operator: Operator,
        arguments: &[Node],
        values: Vec<Id>,
    ) -> Result<Id, Fault> {
        let least = match operator {
            Operator::And | Operator::Or | Operator::Add | Operator::Multiply | Operator::Subtract => 1,
            Operator::Not => 1,
            Operator::Ite => 3,
            Operator::Defined { .. } => 0,
            _ => 2,
        };
        let most = match operator {
            Operator::Not => 1,
            Operator::Ite => 3,
            Operator::Power => 2,
            _ => usize::MAX,
        };
        if values.len() < least || values.len() > most {
            let message = format!("{} has {} arguments", self.forest.shown(node), values.len());
            let expected = if least == most {
                format!("expected {least}")
            } else {
                format!("expected at least {least}")
            };
            return Err(self.fault(node, message, expected));
        }
        match operator {
            Operator::And | Operator::Or | Operator::Not | Operator::Implies | Operator::Xor => {
                self.expect_sorts(arguments, &values, |_| Sort::Bool)?;
                self.connective(&operator, values)
            }
            Operator::Equal | Operator::Distinct => {
                let sort = self.script.terms.sort(values[0]);
                self.expect_sorts(arguments, &values, |_| sort)?;
                self.equality(&operator, sort, values)
            }
            Operator::Ite => {
                let sort = self.script.terms.sort(values[1]);
                self.expect_sorts(arguments, &values, |i| if i == 0 { Sort::Bool } else { sort })?;
                self.add(Term::Ite(values[0], values[1], values[2]))
            }
            Operator::Order(r) => {
                self.expect_sorts(arguments, &values, |_| Sort::Real)?;
                self.chain(values, |me, a, b| me.add(Term::Rel(r, a, b)))
            }
            Operator::Power => self.power(arguments, &values),
            Operator::Defined { parameters, body } => self.call(node, arguments, &parameters, body, values),
            _ => {
                self.expect_sorts(arguments, &values, |_| Sort::Real)?;
                self.arithmetic(&operator, values)
            }
        }
    }

    fn expect_sorts(
        &self,
        arguments: &[Node],
        values: &[Id],
        expected: impl Fn(usize) -> Sort,
    ) -> Result<(), Fault> {
        for (i, (node, value)) in arguments.iter().zip(values).enumerate() {
            let found = self.script.terms.sort(*value);
            if found != expected(i) {
                let message = format!("{} is of sort {}", self.forest.shown(*node), found.name());
                let help = format!("expected a term of sort {}", expected(i).name());
                return Err(self.fault(*node, message, help));
            }
        }
        Ok(())
    }

    fn connective(&mut self, operator: &Operator, values: Vec<Id>) -> Result<Id, Fault> {
        match operator {
            Operator::And => self.add(Term::And(values)),
            Operator::Or => self.add(Term::Or(values)),
            Operator::Not => self.add(Term::Not(values[0])),
            // To the right: a => b => c is a => (b => c), that is, not a or not b or c.
            Operator::Implies => {
                let (last, premises) = values.split_last().expect("two arguments at least");
                let mut parts = vec![];
                for p in premises {
                    parts.push(self.add(Term::Not(*p))?);
                }
                parts.push(*last);
                self.add(Term::Or(parts))
            }
            _ => {
                let mut out = values[0];
                for v in &values[1..] {
                    let same = self.add(Term::Iff(out, *v))?;
                    out = self.add(Term::Not(same))?;
                }
                Ok(out)
            }
        }
    }

    fn equality(&mut self, operator: &Operator, sort: Sort, values: Vec<Id>) -> Result<Id, Fault> {
        match (operator, sort) {
            (Operator::Equal, Sort::Bool) => self.chain(values, |me, a, b| me.add(Term::Iff(a, b))),
            (Operator::Equal, Sort::Real) => {
                self.chain(values, |me, a, b| me.add(Term::Rel(Relation::Eq, a, b)))
            }
            (_, Sort::Real) => self.add(Term::Distinct(values)),
            // There are two truth values.
            (_, Sort::Bool) if values.len() > 2 => self.add(Term::Truth(false)),
            (_, Sort::Bool) => {
                let same = self.add(Term::Iff(values[0], values[1]))?;
                self.add(Term::Not(same))
            }
        }
    }

    fn chain(
        &mut self,
        values: Vec<Id>,
        link: impl Fn(&mut Self, Id, Id) -> Result<Id, Fault>,
    ) -> Result<Id, Fault> {
        let mut links = vec![];
        for pair in values.windows(2) {
            links.push(link(self, pair[0], pair[1])?);
        }
        if links.len() == 1 { Ok(links[0]) } else { self.add(Term::And(links)) }
    }

    fn arithmetic(&mut self, operator: &Operator, values: Vec<Id>) -> Result<Id, Fault> {
        match operator {
            Operator::Add => self.add(Term::Add(values)),
            Operator::Multiply => self.add(Term::Mul(values)),
            // To the left: a / b / c is (a / b) / c.
            Operator::Divide => {
                let mut out = values[0];
                for v in &values[1..] {
                    out = self.add(Term::Div(out, *v))?;
                }
                Ok(out)
            }
            _ => {
                let minus_one = self.add(Term::Num((-1).into()))?;
                if let [only] = values.as_slice() {
                    return self.add(Term::Mul(vec![minus_one, *only]));
                }
                let mut parts = vec![values[0]];
                for v in &values[1..] {
                    parts.push(self.add(Term::Mul(vec![minus_one, *v]))?);
                }
                self.add(Term::Add(parts))
            }
        }
    }

    fn power(&mut self, arguments: &[Node], values: &[Id]) -> Result<Id, Fault> {
        self.expect_sorts(arguments, values, |_| Sort::Real)?;
        let exponent = match self.script.terms.get(values[1]) {
            Term::Num(n) if *n.denom() == 1 && *n >= 0 => n.numer().clone(),
            _ => {
                let message = format!("the exponent {} is not supported", self.forest.shown(arguments[1]));
                return Err(self.fault(arguments[1], message, "expected a natural number, as in (^ x 3)"));
            }
        };
        let exponent = exponent.to_u32().ok_or(Fault::TooLarge)?;
        self.add(Term::Pow(values[0], exponent))
    }

    fn call(
        &mut self,
        node: Node,
        arguments: &[Node],
        parameters: &[Sort],
        body: Id,
        values: Vec<Id>,
    ) -> Result<Id, Fault> {
        if values.len() != parameters.len() {
            let message = format!("{} has {} arguments", self.forest.shown(node), values.len());
            return Err(self.fault(node, message, format!("expected {}", parameters.len())));
        }
        self.expect_sorts(arguments, &values, |i| parameters[i])?;
        let key = (body, values);
        if let Some(known) = self.applied.get(&key) {
            return Ok(*known);
        }
        let id = self.script.terms.instantiate(body, &key.1)?;
        self.applied.insert(key, id);
        Ok(id)
    }
}
