//! A second, simple ledger that predicts every answer of the first: a list of units, each with an owner and a hold.
//!
//! It knows nothing of lots, ranges, indexes or databases; that is its worth.

use std::collections::BTreeMap;

use yulin_domain::error_catalogue::ErrorCode;

/// What is asked of the ledger; accounts and holds by their places in the model's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Issue {
        amount: i64,
    },
    Transfer {
        from: usize,
        to: usize,
        amount: i64,
    },
    Retire {
        from: usize,
        amount: i64,
    },
    Hold {
        account: usize,
        amount: i64,
    },
    Settle {
        hold: usize,
        to: usize,
        amount: i64,
    },
    /// Settles what is named and sets the rest free.
    SettleAll {
        hold: usize,
        to: usize,
        amount: i64,
    },
    Release {
        hold: usize,
        amount: i64,
    },
    Expire {
        hold: usize,
    },
    Freeze {
        account: usize,
        amount: i64,
    },
}

/// The answer: what lies on each account touched (posted, held), or why not.
pub type Predicted = Result<BTreeMap<usize, (i64, i64)>, ErrorCode>;

/// The pool and the account of retired units, before those of holders.
pub const POOL: usize = 0;
pub const RETIRED: usize = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit {
    owner: usize,
    hold: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    account: usize,
    open: i64,
    is_open: bool,
    is_freeze: bool,
}

/// The whole ledger.
#[derive(Debug, Clone, Default)]
pub struct Model {
    units: Vec<Unit>,
    holds: Vec<Held>,
    cap: i64,
}

impl Model {
    /// An empty ledger under a cap.
    pub fn capped(cap: i64) -> Self {
        Self { units: Vec::new(), holds: Vec::new(), cap }
    }

    /// How many holds were placed.
    pub fn holds(&self) -> usize {
        self.holds.len()
    }

    /// What lies on an account and what of it is set aside.
    pub fn lying(&self, account: usize) -> (i64, i64) {
        let owned = self.units.iter().filter(|unit| unit.owner == account);
        (owned.clone().count() as i64, owned.filter(|unit| unit.hold.is_some()).count() as i64)
    }

    /// Who owns each unit, and whether it is set aside, in order of number.
    pub fn custody(&self) -> Vec<(usize, bool)> {
        self.units.iter().map(|unit| (unit.owner, unit.hold.is_some())).collect()
    }

    /// What is still set aside under a hold.
    pub fn open(&self, hold: usize) -> i64 {
        self.holds.get(hold).map_or(0, |held| held.open)
    }

    /// Answers, and does what it says.
    pub fn answer(&mut self, asked: Asked) -> Predicted {
        match asked {
            Asked::Issue { amount } => self.issue(amount),
            Asked::Transfer { from, to, amount } => self.transfer(from, to, amount),
            Asked::Retire { from, amount } => self.retire(from, amount),
            Asked::Hold { account, amount } => self.hold(account, amount),
            Asked::Settle { hold, to, amount } => self.settle(hold, to, amount, false),
            Asked::SettleAll { hold, to, amount } => self.settle(hold, to, amount, true),
            Asked::Release { hold, amount } => self.release(hold, amount),
            Asked::Expire { hold } => self.expire(hold),
            Asked::Freeze { account, amount } => self.freeze(account, amount),
        }
    }

    fn told(&self, accounts: &[usize]) -> Predicted {
        Ok(accounts.iter().map(|account| (*account, self.lying(*account))).collect())
    }

    /// The first units of an account that are free, or set aside under a hold.
    fn first(&mut self, account: usize, hold: Option<usize>, amount: i64) -> Option<Vec<&mut Unit>> {
        let wanted = usize::try_from(amount).unwrap_or(usize::MAX);
        let mut found: Vec<_> =
            self.units.iter_mut().filter(|unit| unit.owner == account && unit.hold == hold).collect();
        found.truncate(wanted);
        (found.len() == wanted).then_some(found)
    }

    fn issue(&mut self, amount: i64) -> Predicted {
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if self.units.len() as i64 + amount > self.cap {
            return Err(ErrorCode::CapExceeded);
        }
        self.units.extend((0..amount).map(|_| Unit { owner: POOL, hold: None }));
        self.told(&[POOL])
    }

    fn transfer(&mut self, from: usize, to: usize, amount: i64) -> Predicted {
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if from == to {
            return Err(ErrorCode::SameAccount);
        }
        if from == RETIRED || to == RETIRED {
            return Err(ErrorCode::MoveNotAllowed);
        }
        let units = self.first(from, None, amount).ok_or(ErrorCode::Insufficient)?;
        units.into_iter().for_each(|unit| unit.owner = to);
        self.told(&[from, to])
    }

    fn retire(&mut self, from: usize, amount: i64) -> Predicted {
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if from == RETIRED {
            return Err(ErrorCode::SameAccount);
        }
        if from == POOL {
            return Err(ErrorCode::MoveNotAllowed);
        }
        let units = self.first(from, None, amount).ok_or(ErrorCode::Insufficient)?;
        units.into_iter().for_each(|unit| unit.owner = RETIRED);
        self.told(&[from, RETIRED])
    }

    fn hold(&mut self, account: usize, amount: i64) -> Predicted {
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if account == RETIRED {
            return Err(ErrorCode::MoveNotAllowed);
        }
        let id = self.holds.len();
        let units = self.first(account, None, amount).ok_or(ErrorCode::Insufficient)?;
        units.into_iter().for_each(|unit| unit.hold = Some(id));
        self.holds.push(Held { account, open: amount, is_open: true, is_freeze: false });
        self.told(&[account])
    }

    /// Takes what is there; what is not is named elsewhere.
    fn freeze(&mut self, account: usize, amount: i64) -> Predicted {
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if account == RETIRED {
            return Err(ErrorCode::MoveNotAllowed);
        }
        let (posted, held) = self.lying(account);
        let taken = amount.min(posted - held);
        let id = self.holds.len();
        self.first(account, None, taken).into_iter().flatten().for_each(|unit| unit.hold = Some(id));
        self.holds.push(Held { account, open: taken, is_open: true, is_freeze: true });
        if taken == 0 { Ok(BTreeMap::new()) } else { self.told(&[account]) }
    }

    fn settle(&mut self, hold: usize, to: usize, amount: i64, frees_rest: bool) -> Predicted {
        let held = *self.holds.get(hold).ok_or(ErrorCode::NotFound)?;
        if !held.is_open {
            return Err(ErrorCode::HoldResolved);
        }
        if held.is_freeze {
            return Err(ErrorCode::MoveNotAllowed);
        }
        if amount > held.open {
            return Err(ErrorCode::HoldExceeded);
        }
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if to == held.account {
            return Err(ErrorCode::SameAccount);
        }
        if to == RETIRED || (held.account == POOL && to == POOL) {
            return Err(ErrorCode::MoveNotAllowed);
        }
        let units = self.first(held.account, Some(hold), amount).ok_or(ErrorCode::Insufficient)?;
        units.into_iter().for_each(|unit| *unit = Unit { owner: to, hold: None });
        let left = held.open - amount;
        if frees_rest {
            self.free(hold, left);
        }
        let open = if frees_rest { 0 } else { left };
        self.holds[hold] = Held { open, is_open: open > 0, ..held };
        self.told(&[held.account, to])
    }

    fn free(&mut self, hold: usize, amount: i64) {
        let account = self.holds[hold].account;
        let units = self.first(account, Some(hold), amount).into_iter().flatten();
        units.for_each(|unit| unit.hold = None);
    }

    fn release(&mut self, hold: usize, amount: i64) -> Predicted {
        let held = *self.holds.get(hold).ok_or(ErrorCode::NotFound)?;
        if !held.is_open {
            return Err(ErrorCode::HoldResolved);
        }
        if held.is_freeze {
            return Err(ErrorCode::MoveNotAllowed);
        }
        if amount <= 0 {
            return Err(ErrorCode::UnitsInvalid);
        }
        if amount > held.open {
            return Err(ErrorCode::HoldExceeded);
        }
        self.free(hold, amount);
        let open = held.open - amount;
        self.holds[hold] = Held { open, is_open: open > 0, ..held };
        self.told(&[held.account])
    }

    /// Whoever asks has let its deadline pass.
    fn expire(&mut self, hold: usize) -> Predicted {
        let held = *self.holds.get(hold).ok_or(ErrorCode::NotFound)?;
        if !held.is_open {
            return Err(ErrorCode::HoldResolved);
        }
        if held.is_freeze {
            return Err(ErrorCode::State);
        }
        self.free(hold, held.open);
        self.holds[hold] = Held { open: 0, is_open: false, ..held };
        self.told(&[held.account])
    }
}
