//! The game of the paper written down by hand, for any number of members: everybody's best response,
//! the payoffs, and the shares that have a name. One member is the game with one specialist.

use proofread::expr::{Expr, Symbol};
use rug::Float;

use crate::numbers::{No, Number, World, compared, int, pow, tiny};

/// A power in the game: of a negative number a square only, the exponent that most claims fix.
fn real_power(base: &Float, exponent: &Float) -> Number {
    if *base < 0 && !tiny(base) && *exponent != 2 { Err(No::Value) } else { pow(base, exponent) }
}

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Player {
    First,
    Member(usize),
}

impl World {
    /// The member whose number stands behind `prefix`.
    pub fn member(&self, s: &Symbol, prefix: &str) -> Option<usize> {
        let number = s.key().strip_prefix(prefix)?.parse().ok()?;
        (1..=self.members).contains(&number).then_some(number)
    }

    fn of(&self, name: &str, k: usize) -> Number {
        self.get(&format!("{name}_{k}"))
    }

    /// Without any choice that is held fixed.
    fn without_choices(&self) -> World {
        let mut world = self.clone();
        (0..=self.members).for_each(|k| {
            world.at.remove(&Symbol::new(&format!(r"\alpha_{k}")));
        });
        world
    }

    /// The choice of the first mover (0) or of a member.
    pub fn choice(&self, k: usize) -> Number {
        self.of(r"\alpha", k).or_else(|_| self.response(k))
    }

    fn response(&self, k: usize) -> Number {
        let (share, exponent, cost) = (self.get(r"\delta")?, self.of("k", k)?, self.of("c", k)?);
        let gain = if k == 0 { share * self.members as u32 } else { int(1) - share };
        let effort = pow(&(gain / (exponent.clone() * cost)), &(int(1) / (exponent - 1u32)))?;
        if k == 0 { Ok(effort) } else { Ok(self.choice(0)? + effort) }
    }

    /// What a player gets.
    pub fn payoff(&self, player: Player) -> Number {
        let (first, share) = (self.choice(0)?, self.get(r"\delta")?);
        match player {
            Player::First => {
                let all = (1..=self.members).try_fold(int(0), |sum, k| Ok(sum + self.choice(k)?))?;
                Ok(share * all - self.of("c", 0)? * real_power(&first, &self.of("k", 0)?)?)
            }
            Player::Member(k) => {
                let reached = self.choice(k)?;
                let own = real_power(&(reached.clone() - first), &self.of("k", k)?)?;
                Ok((int(1) - share) * reached - self.of("c", k)? * own)
            }
        }
    }

    /// A choice, or a name of the paper that stands for a number of the game.
    pub fn of_game(&self, s: &Symbol) -> Number {
        let is = |latex: &str| *s == Symbol::new(latex);
        // A bound letter in the name itself.
        if is(r"\delta^{max-\sum_i \alpha_i^*}") || is(r"\delta^{Max-\sum_i \alpha_i^*}") {
            return self.best_performance();
        }
        let s = &self.resolved(s);
        let key = s.key();
        if let Some(own) = key.strip_prefix(r"\alpha_") {
            if own == "0" {
                return self.choice(0);
            }
            if let Some(k) = self.member(s, r"\alpha_") {
                return self.choice(k);
            }
            let k: usize = own.strip_suffix("^*").and_then(|k| k.parse().ok()).ok_or(No::Meaning)?;
            return if k <= self.members { self.response(k) } else { Err(No::Meaning) };
        }
        let name = key.strip_prefix(r"\delta^").ok_or(No::Meaning)?;
        match name {
            "PowerfulG" | "P.G" => self.best_for_first(),
            "PowerfulD" if self.letters.is_empty() => self.best_for_member(1),
            "VM" | "V.M." | "VerticalMonopoly" => self.best_for_all(),
            "Egal." => self.egalitarian(),
            _ => {
                let k = self.member(s, r"\delta^PowerfulD_").or_else(|| self.member(s, r"\delta^P.D_"));
                self.best_for_member(k.ok_or(No::Meaning)?)
            }
        }
    }

    // -- shares, for square costs ---------------------------------------------------------------

    /// The sum of `c_0/c_i`.
    fn ratios(&self) -> Number {
        let c = self.of("c", 0)?;
        (1..=self.members).try_fold(int(0), |sum, k| Ok(sum + c.clone() / self.of("c", k)?))
    }

    /// `c_0` times the slope of the first mover's payoff is `t/2 - (t - n^2/2) x`.
    pub fn best_for_first(&self) -> Number {
        let (t, n) = (self.ratios()?, int(self.members as i32));
        let square = n.square();
        Ok(if t > square { t.clone() / (t * 2u32 - square) } else { int(1) })
    }

    /// `2 c_0` times the slope of a member's payoff is `n (1 - 2x) - m (1 - x)`.
    pub fn best_for_member(&self, k: usize) -> Number {
        let (m, n) = (self.of("c", 0)? / self.of("c", k)?, int(self.members as i32));
        Ok(if m < n { (n.clone() - &m) / (n * 2u32 - m) } else { int(0) })
    }

    /// `2 c_0` times the slope of all payoffs together is `n^2 (1 - x) - t x`.
    pub fn best_for_all(&self) -> Number {
        let square = int(self.members as i32).square();
        Ok(square.clone() / (square + self.ratios()?))
    }

    /// The performance is linear in the share; where it is level, no share is better than another.
    pub fn best_performance(&self) -> Number {
        match compared(&self.ratios()?, &int(self.members as i32).square()).ok_or(No::Meaning)? {
            std::cmp::Ordering::Less => Ok(int(1)),
            std::cmp::Ordering::Greater => Ok(int(0)),
            std::cmp::Ordering::Equal => Err(No::Meaning),
        }
    }

    /// What the least of all payoffs is largest at. Of the members, the costliest gets least; each
    /// payoff rises up to its peak. Where the poorer of two at the peak of one is that one, it is there.
    pub fn egalitarian(&self) -> Number {
        let mut costliest = 1;
        for k in 2..=self.members {
            if self.of("c", k)? > self.of("c", costliest)? {
                costliest = k;
            }
        }
        let share = Symbol::new(r"\delta");
        for (peak, player, other) in [
            (self.best_for_member(costliest)?, Player::Member(costliest), Player::First),
            (self.best_for_first()?, Player::First, Player::Member(costliest)),
        ] {
            let there = self.without_choices().with(&share, peak.clone());
            if there.payoff(player)? < there.payoff(other)? {
                return Ok(peak);
            }
        }
        self.equal_payoffs()
    }

    /// Where the first mover gets as much as the costliest member: the positive root of
    /// `(n^2 + 2n - m - 2t) x^2 + 2 (t - n + m) x - m`.
    fn equal_payoffs(&self) -> Number {
        let (t, n, c) = (self.ratios()?, int(self.members as i32), self.of("c", 0)?);
        let all =
            (1..=self.members).map(|k| Ok(c.clone() / self.of("c", k)?)).collect::<Result<Vec<_>, _>>()?;
        let m = all.into_iter().reduce(|a, b| a.min(&b)).ok_or(No::Meaning)?;
        let quadratic = n.clone().square() + n.clone() * 2u32 - &m - t.clone() * 2u32;
        let half = t - n + &m;
        let root = (half.clone().square() + quadratic * &m).sqrt();
        Ok(m / (half + root))
    }

    // -- functions ------------------------------------------------------------------------------

    pub fn application(&self, function: &Symbol, args: &[Expr]) -> Number {
        let xs = args.iter().map(|a| self.value(a)).collect::<Result<Vec<_>, _>>()?;
        let function = self.resolved(function);
        if let Some(player) = self.player(&function) {
            return self.with_arguments(args, &xs)?.payoff(player);
        }
        match (function.key(), xs.as_slice()) {
            ("r", [x]) if self.letters.is_empty() => Ok(x.clone()),
            (r"\phi_0", [x]) => Ok(self.of("c", 0)? * real_power(x, &self.of("k", 0)?)?),
            (_, [x]) if self.member(&function, "r_").is_some() => Ok(x.clone()),
            (_, [x, y]) => {
                let k = self.member(&function, r"\phi_").ok_or(No::Meaning)?;
                Ok(self.of("c", k)? * real_power(&(x.clone() - y), &self.of("k", k)?)?)
            }
            _ => Err(No::Meaning),
        }
    }

    fn player(&self, function: &Symbol) -> Option<Player> {
        match function.key() {
            "U_G" => Some(Player::First),
            "U_D" if self.letters.is_empty() => Some(Player::Member(1)),
            _ => self.member(function, "U_D_").map(Player::Member),
        }
    }

    /// The world in which what a payoff is printed with is held fixed: shares and choices by their
    /// name, other arguments in the places that are left.
    fn with_arguments(&self, args: &[Expr], xs: &[Float]) -> Result<World, No> {
        if args.is_empty() {
            return Ok(self.clone());
        }
        let mut world = self.without_choices().without(&Symbol::new(r"\delta"));
        let places: Vec<Symbol> = std::iter::once(Symbol::new(r"\delta"))
            .chain((0..=self.members).map(|k| Symbol::new(&format!(r"\alpha_{k}"))))
            .collect();
        let named = |a: &Expr| a.as_sym().map(|s| self.resolved(s)).filter(|s| places.contains(s));
        let mut open = places.iter().filter(|p| !args.iter().any(|a| named(a).as_ref() == Some(*p)));
        for (a, x) in args.iter().zip(xs) {
            let place = match named(a) {
                Some(place) => place,
                None => open.next().cloned().ok_or(No::Meaning)?,
            };
            world.at.insert(place, x.clone());
        }
        Ok(world)
    }
}
