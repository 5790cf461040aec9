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
    /// What a freeze was ordered for beyond what was there.
    lacks: i64,
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
        self.check(asked)?;
        match asked {
            Asked::Issue { amount } => {
                self.units.extend((0..amount).map(|_| Unit { owner: POOL, hold: None }));
                self.told(&[POOL])
            }
            Asked::Transfer { from, to, amount } => self.carry(from, to, amount),
            Asked::Retire { from, amount } => self.carry(from, RETIRED, amount),
            Asked::Hold { account, amount } => self.hold(account, amount),
            Asked::Settle { hold, to, amount } => self.settle(hold, to, amount, false),
            Asked::SettleAll { hold, to, amount } => self.settle(hold, to, amount, true),
            Asked::Release { hold, amount } => self.release(hold, amount),
            Asked::Expire { hold } => self.release(hold, self.open(hold)),
            Asked::Freeze { account, amount } => self.freeze(account, amount),
        }
    }

    /// Why it would not do what is asked, as things stand; none where it would.
    pub fn refusal(&self, asked: Asked) -> Option<ErrorCode> {
        self.check(asked).err()
    }

    fn check(&self, asked: Asked) -> Result<(), ErrorCode> {
        match asked {
            Asked::Issue { amount } => {
                positive(amount)?;
                allowed(self.units.len() as i64 + amount <= self.cap, ErrorCode::CapExceeded)
            }
            Asked::Transfer { from, to, amount } => {
                positive(amount)?;
                allowed(from != to, ErrorCode::SameAccount)?;
                allowed(from != RETIRED && to != RETIRED, ErrorCode::MoveNotAllowed)?;
                self.enough(from, amount)
            }
            Asked::Retire { from, amount } => {
                positive(amount)?;
                allowed(from != RETIRED, ErrorCode::SameAccount)?;
                allowed(from != POOL, ErrorCode::MoveNotAllowed)?;
                self.enough(from, amount)
            }
            Asked::Hold { account, amount } => {
                positive(amount)?;
                allowed(account != RETIRED, ErrorCode::MoveNotAllowed)?;
                self.enough(account, amount)
            }
            Asked::Freeze { account, amount } => {
                positive(amount)?;
                allowed(account != RETIRED, ErrorCode::MoveNotAllowed)
            }
            Asked::Settle { hold, to, amount } | Asked::SettleAll { hold, to, amount } => {
                let held = self.to_settle(hold)?;
                allowed(amount <= held.open, ErrorCode::HoldExceeded)?;
                positive(amount)?;
                allowed(to != held.account, ErrorCode::SameAccount)?;
                allowed(to != RETIRED, ErrorCode::MoveNotAllowed)
            }
            Asked::Release { hold, amount } => {
                let held = self.to_settle(hold)?;
                positive(amount)?;
                allowed(amount <= held.open, ErrorCode::HoldExceeded)
            }
            // Whoever asks has let its deadline pass.
            Asked::Expire { hold } => allowed(!self.still_open(hold)?.is_freeze, ErrorCode::State),
        }
    }

    fn enough(&self, account: usize, amount: i64) -> Result<(), ErrorCode> {
        let (posted, held) = self.lying(account);
        allowed(amount <= posted - held, ErrorCode::Insufficient)
    }

    fn still_open(&self, hold: usize) -> Result<&Held, ErrorCode> {
        let held = self.holds.get(hold).ok_or(ErrorCode::NotFound)?;
        if held.is_open { Ok(held) } else { Err(ErrorCode::HoldResolved) }
    }

    fn to_settle(&self, hold: usize) -> Result<&Held, ErrorCode> {
        let held = self.still_open(hold)?;
        if held.is_freeze { Err(ErrorCode::MoveNotAllowed) } else { Ok(held) }
    }

    fn told(&self, accounts: &[usize]) -> Predicted {
        Ok(accounts.iter().map(|account| (*account, self.lying(*account))).collect())
    }

    /// The first units of an account that are free, or set aside under a hold: as many of them as are asked for.
    fn first(&mut self, account: usize, hold: Option<usize>, amount: i64) -> impl Iterator<Item = &mut Unit> {
        let wanted = usize::try_from(amount).unwrap_or_default();
        self.units.iter_mut().filter(move |unit| unit.owner == account && unit.hold == hold).take(wanted)
    }

    fn carry(&mut self, from: usize, to: usize, amount: i64) -> Predicted {
        self.first(from, None, amount).for_each(|unit| unit.owner = to);
        self.told(&[from, to])
    }

    fn hold(&mut self, account: usize, amount: i64) -> Predicted {
        self.set_aside(account, amount, false);
        self.told(&[account])
    }

    /// Takes what is there; what is not is named elsewhere.
    fn freeze(&mut self, account: usize, amount: i64) -> Predicted {
        let (posted, held) = self.lying(account);
        let taken = amount.min(posted - held);
        self.set_aside(account, taken, true);
        if let Some(held) = self.holds.last_mut() {
            held.lacks = amount - taken;
        }
        if taken == 0 { Ok(BTreeMap::new()) } else { self.told(&[account]) }
    }

    fn set_aside(&mut self, account: usize, amount: i64, is_freeze: bool) {
        let id = self.holds.len();
        self.first(account, None, amount).for_each(|unit| unit.hold = Some(id));
        self.holds.push(Held { account, open: amount, is_open: true, is_freeze, lacks: 0 });
    }

    fn settle(&mut self, hold: usize, to: usize, amount: i64, frees_rest: bool) -> Predicted {
        let held = self.holds[hold];
        self.first(held.account, Some(hold), amount).for_each(|unit| *unit = Unit { owner: to, hold: None });
        let left = held.open - amount;
        if frees_rest {
            self.free(hold, left);
        }
        let open = if frees_rest { 0 } else { left };
        self.holds[hold] = Held { open, is_open: open > 0, ..held };
        self.told(&[held.account, to])
    }

    /// What comes free falls to the freezes that lack it, the earliest first.
    fn free(&mut self, hold: usize, amount: i64) {
        let account = self.holds[hold].account;
        let lacking: Vec<_> = (0..self.holds.len()).filter(|id| self.holds[*id].account == account).collect();
        let mut freed = amount;
        for freeze in lacking {
            let taken = self.holds[freeze].lacks.min(freed);
            self.first(account, Some(hold), taken).for_each(|unit| unit.hold = Some(freeze));
            let held = self.holds[freeze];
            self.holds[freeze] = Held { open: held.open + taken, lacks: held.lacks - taken, ..held };
            freed -= taken;
        }
        self.first(account, Some(hold), freed).for_each(|unit| unit.hold = None);
    }

    fn release(&mut self, hold: usize, amount: i64) -> Predicted {
        self.free(hold, amount);
        let held = self.holds[hold];
        let open = held.open - amount;
        self.holds[hold] = Held { open, is_open: open > 0, ..held };
        self.told(&[held.account])
    }
}

fn allowed(is_so: bool, else_code: ErrorCode) -> Result<(), ErrorCode> {
    if is_so { Ok(()) } else { Err(else_code) }
}

fn positive(amount: i64) -> Result<(), ErrorCode> {
    allowed(amount > 0, ErrorCode::UnitsInvalid)
}
