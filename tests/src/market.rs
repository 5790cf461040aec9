//! A small market on which many clients act at random: firms with rights and money, an administrator, a venue.
//!
//! Accounts are named by their places, so that a model may follow; that is `replay`.

use std::sync::{Arc, Mutex};

use rand::Rng;
use rand::rngs::StdRng;
use yulin_domain::factor::{AuthoriseVenue, PlaceHold, RecordDeposit, ReleaseHold, VenueAccess};
use yulin_domain::journal::{AccountId, Act, ActBody, ActId, HoldId, Refused};
use yulin_domain::quantity::Instant;

use crate::TestRegistry;
use crate::acts::envelope;
use crate::ledger::{Ledger, hold_of, settle, transfer};

/// Units of rights, and fen, that all firms together have; little, so that clients are in each other's way.
pub const UNITS: i64 = 960;
/// The most that one act asks for.
const AMOUNT_MAX: i64 = 40;
/// No order expires before a test ends.
const ORDER_MICROS: i64 = 24 * 3_600_000_000;

/// Rights or money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Rights,
    Money,
}

/// An account: of what, and whose.
pub type Place = (Lane, usize);

/// So much from one firm to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    pub lane: Lane,
    pub from: usize,
    pub to: usize,
    pub amount: i64,
}

/// A hold and where it was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub hold: HoldId,
    pub at: Place,
}

/// A part of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub placed: Placed,
    pub to: usize,
    pub amount: i64,
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Transfer(Carried),
    /// Rights one way and money another, as a bundle of the administrator.
    Swap([Carried; 2]),
    Hold {
        at: Place,
        amount: i64,
    },
    /// One part, or rights and money as delivery versus payment.
    Settle(Vec<Part>),
    Release(Placed),
}

/// Between whom units go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Between,
    /// The first firm is on one side of everything.
    Through,
}

/// The firms and who acts for them.
#[derive(Debug, Clone)]
pub struct Market {
    pub ledger: Ledger,
    /// Accounts of rights and of money, by firm.
    accounts: [Vec<AccountId>; 2],
    shape: Shape,
}

impl Market {
    /// Two firms that share all there is.
    pub async fn open(t: &TestRegistry) -> Self {
        Self::of(t, 2, Shape::Between).await
    }

    /// So many firms, of which the first is on one side of everything.
    pub async fn hot(t: &TestRegistry, firms: usize) -> Self {
        Self::of(t, firms, Shape::Through).await
    }

    async fn of(t: &TestRegistry, count: usize, shape: Shape) -> Self {
        let ledger = t.ledger().await;
        let mut firms = ledger.firms.to_vec();
        for nth in firms.len()..count {
            firms.push(t.firm(&nth.to_string(), (ledger.cod, ledger.cny), ledger.district).await);
        }
        let accounts = [firms.iter().map(|firm| firm.rights).collect(), firms.iter().map(|firm| firm.money).collect()];
        let market = Self { ledger, accounts, shape };
        market.fill(t).await;
        market
    }

    /// Each has as much, and the venue may act for all.
    async fn fill(&self, t: &TestRegistry) {
        let (l, share) = (&self.ledger, share(self.firms()));
        t.done(l.issue(UNITS, None)).await;
        for nth in 0..self.firms() {
            t.done(transfer(l.pool, self.account((Lane::Rights, nth)), share)).await;
            t.done(RecordDeposit { account: self.account((Lane::Money, nth)), ..l.deposit(0, share) }).await;
        }
        let opened: Vec<_> = self.accounts.iter().flat_map(|of| &of[l.firms.len()..]).copied().collect();
        if !opened.is_empty() {
            let access = VenueAccess::Granted;
            t.done(AuthoriseVenue { venue: l.venue, accounts: opened, factors: vec![], access }).await;
        }
    }

    /// How many firms there are.
    pub fn firms(&self) -> usize {
        self.accounts[0].len()
    }

    /// An account.
    pub fn account(&self, (lane, nth): Place) -> AccountId {
        self.accounts[lane as usize][nth]
    }

    /// All accounts and their places.
    pub fn places(&self) -> Vec<Place> {
        [Lane::Rights, Lane::Money].into_iter().flat_map(|lane| (0..self.firms()).map(move |nth| (lane, nth))).collect()
    }

    /// Something to ask, given the holds that are known of.
    pub fn some_ask(&self, rng: &mut StdRng, holds: &[Placed]) -> Wanted {
        let lane = if rng.random_bool(0.6) { Lane::Rights } else { Lane::Money };
        match (rng.random_range(0..12), one_of(rng, holds, lane)) {
            (0..=1, _) | (6..=11, None) => Wanted::Transfer(self.some_carried(rng, lane)),
            (2, _) => Wanted::Swap([self.some_carried(rng, Lane::Rights), self.some_carried(rng, Lane::Money)]),
            (3..=5, _) => {
                Wanted::Hold { at: (lane, rng.random_range(0..self.firms())), amount: rng.random_range(1..=AMOUNT_MAX) }
            }
            (6..=8, Some(placed)) => {
                let other = if lane == Lane::Rights { Lane::Money } else { Lane::Rights };
                let both = [Some(placed), one_of(rng, holds, other)].into_iter().flatten();
                let part = |placed: Placed, rng: &mut StdRng| {
                    let (to, amount) = (self.other(rng, placed.at.1), rng.random_range(1..=AMOUNT_MAX / 2));
                    Part { placed, to, amount }
                };
                Wanted::Settle(both.map(|placed| part(placed, rng)).collect())
            }
            (_, Some(placed)) => Wanted::Release(placed),
            (_, None) => unreachable!("numbers below 12"),
        }
    }

    fn some_carried(&self, rng: &mut StdRng, lane: Lane) -> Carried {
        let from = rng.random_range(0..self.firms());
        Carried { lane, from, to: self.other(rng, from), amount: rng.random_range(1..=AMOUNT_MAX) }
    }

    /// A firm other than that one; where all goes through the first, the first, unless it is that one.
    fn other(&self, rng: &mut StdRng, firm: usize) -> usize {
        match self.shape {
            Shape::Through if firm != 0 => 0,
            Shape::Through | Shape::Between => (firm + rng.random_range(1..self.firms())) % self.firms(),
        }
    }

    /// The act by which it is asked, under an id of its own.
    pub fn act(&self, wanted: &Wanted) -> Act {
        let carry = |one: &Carried| -> ActBody {
            let account = |nth| self.account((one.lane, nth));
            transfer(account(one.from), account(one.to), one.amount).into()
        };
        let by_admin = |legs| Act { envelope: envelope(self.ledger.admin), legs };
        match wanted {
            Wanted::Transfer(one) => by_admin(vec![carry(one)]),
            Wanted::Swap(both) => by_admin(both.iter().map(carry).collect()),
            Wanted::Hold { at, amount } => self.ledger.by_venue(self.order(*at, *amount)),
            Wanted::Settle(parts) => {
                let to = |part: &Part| self.account((part.placed.at.0, part.to));
                let legs: Vec<_> = parts.iter().map(|part| (part.placed.hold, to(part), part.amount)).collect();
                self.ledger.by_venue(settle(&legs))
            }
            Wanted::Release(placed) => self.ledger.by_venue(ReleaseHold { hold: placed.hold, amount: None }),
        }
    }

    fn order(&self, at: Place, amount: i64) -> PlaceHold {
        let late = jiff::Timestamp::now().as_microsecond() + ORDER_MICROS;
        PlaceHold { expires_at: Some(Instant::from_micros(late)), ..self.ledger.order(self.account(at), amount) }
    }
}

fn one_of(rng: &mut StdRng, holds: &[Placed], lane: Lane) -> Option<Placed> {
    let of_lane: Vec<_> = holds.iter().filter(|placed| placed.at.0 == lane).collect();
    (!of_lane.is_empty()).then(|| *of_lane[rng.random_range(0..of_lane.len())])
}

/// The holds of which clients have not been told that they are resolved.
#[derive(Debug, Clone, Default)]
pub struct Holds(Arc<Mutex<Vec<Placed>>>);

impl Holds {
    /// Takes in what was answered to an act.
    pub fn learn<T>(&self, act: ActId, wanted: &Wanted, answer: &Result<T, Refused>) {
        let mut holds = self.0.lock().expect("no client failed");
        match (wanted, answer) {
            (Wanted::Hold { at, .. }, Ok(_)) => holds.push(Placed { hold: hold_of(act), at: *at }),
            // It is released, or somebody else came first.
            (Wanted::Release(placed), _) => holds.retain(|known| known != placed),
            (Wanted::Transfer(_) | Wanted::Swap(_) | Wanted::Hold { .. } | Wanted::Settle(_), _) => {}
        }
    }

    /// Those that are known of.
    pub fn known(&self) -> Vec<Placed> {
        self.0.lock().expect("no client failed").clone()
    }
}

/// The units, and the fen, that each of some firms begins with.
pub const fn share(firms: usize) -> i64 {
    UNITS / firms as i64
}
