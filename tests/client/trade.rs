//! A trade: two orders, one act that settles both, and whatever was not traded set free.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::books::{Books, Trade};
use crate::line::{Account, Act, Effect, Outcome, Step, Terms};

/// How often a release is tried, each time as a new act. What is then still set aside becomes free when its time is over,
/// and the feed tells of it.
const RELEASES_MAX: usize = 3;
/// Until when orders stand. A venue takes its own closing time.
const STANDS_UNTIL: &str = "2035-01-01T00:00:00Z";
const OFFERED_MAX: i64 = 4_000;
const PRICE_MAX: i64 = 90;

/// What two customers agree on; here by chance, and in turn the one way and the other.
pub fn agreed(books: &Books) -> Terms {
    let seller = books.trades().len() % 2;
    let offered = any(OFFERED_MAX);
    Terms { seller, buyer: 1 - seller, offered, traded: any(offered), price: any(PRICE_MAX) }
}

/// From 1 to a number.
fn any(most: i64) -> i64 {
    1 + i64::from(Uuid::new_v4().as_fields().0) % most
}

/// The next act of a trade, which is not sent yet; none when the trade is over.
pub fn next(trade: &Trade) -> Option<Act> {
    match (trade.outcome(Step::Sell), trade.outcome(Step::Buy), trade.outcome(Step::Settle)) {
        (None, ..) => Some(trade.sell()),
        (Some(Outcome::Refused { .. }), ..) => None,
        (Some(Outcome::Done { .. }), None, _) => Some(trade.buy()),
        (Some(Outcome::Done { .. }), Some(Outcome::Refused { .. }), _) => trade.release_units(),
        (Some(Outcome::Done { .. }), Some(Outcome::Done { .. }), None) => trade.settle(),
        (Some(Outcome::Done { .. }), Some(Outcome::Done { .. }), Some(Outcome::Refused { .. })) => {
            trade.release_units().or_else(|| trade.release_money())
        }
        (Some(Outcome::Done { .. }), Some(Outcome::Done { .. }), Some(Outcome::Done { .. })) => trade.release_units(),
    }
}

impl Trade {
    fn units(&self, firm: usize) -> &Account {
        &self.accounts[2 * firm]
    }

    fn money(&self, firm: usize) -> &Account {
        &self.accounts[2 * firm + 1]
    }

    /// What the buyer sets aside: enough for all that is offered.
    const fn money_offered(&self) -> i64 {
        self.terms.offered * self.terms.price
    }

    const fn money_traded(&self) -> i64 {
        self.terms.traded * self.terms.price
    }

    fn sell(&self) -> Act {
        order(Step::Sell, self.units(self.terms.seller), self.terms.offered)
    }

    fn buy(&self) -> Act {
        order(Step::Buy, self.money(self.terms.buyer), self.money_offered())
    }

    /// Delivery versus payment: units one way and money the other, in one act; the rest of the money is free at once.
    /// Whether what both receive waits for an outside register is known from the reply (`Books::with_what_waits`).
    fn settle(&self) -> Option<Act> {
        let Terms { seller, buyer, traded, .. } = self.terms;
        let (units, money) = (self.hold(Step::Sell)?, self.hold(Step::Buy)?);
        let legs = json!([
            { "hold": units, "to": self.units(buyer).id, "amount": traded.to_string(), "remainder": "KEEP" },
            { "hold": money, "to": self.money(seller).id, "amount": self.money_traded().to_string(),
              "remainder": "RELEASE" },
        ]);
        let effects = vec![
            effect(self.units(seller), -traded, -traded),
            effect(self.units(buyer), traded, 0),
            effect(self.money(buyer), -self.money_traded(), -self.money_offered()),
            effect(self.money(seller), self.money_traded(), 0),
        ];
        Some(act(Step::Settle, json!({ "legs": legs }), effects))
    }

    /// The units that were not traded are set free.
    fn release_units(&self) -> Option<Act> {
        let is_settled = matches!(self.outcome(Step::Settle), Some(Outcome::Done { .. }));
        let traded = if is_settled { self.terms.traded } else { 0 };
        self.release(
            Step::ReleaseUnits,
            self.hold(Step::Sell)?,
            effect(self.units(self.terms.seller), 0, traded - self.terms.offered),
        )
    }

    /// The money of a trade that was not settled is set free.
    fn release_money(&self) -> Option<Act> {
        let all = effect(self.money(self.terms.buyer), 0, -self.money_offered());
        self.release(Step::ReleaseMoney, self.hold(Step::Buy)?, all)
    }

    /// None where nothing is left to be set free, or it was tried often enough.
    fn release(&self, step: Step, hold: &str, effect: Effect) -> Option<Act> {
        let is_over = matches!(self.outcome(step), Some(Outcome::Done { .. })) || self.tries(step) >= RELEASES_MAX;
        let is_wanted = effect.held != 0 && !is_over;
        is_wanted.then(|| act(step, json!({ "hold": hold }), vec![effect]))
    }

    fn hold(&self, step: Step) -> Option<&str> {
        match self.outcome(step) {
            Some(Outcome::Done { hold, .. }) => hold.as_deref(),
            Some(Outcome::Refused { .. }) | None => None,
        }
    }
}

fn order(step: Step, account: &Account, amount: i64) -> Act {
    let input =
        json!({ "account": account.id, "amount": amount.to_string(), "kind": "ORDER", "expiresAt": STANDS_UNTIL });
    act(step, input, vec![effect(account, 0, amount)])
}

fn effect(account: &Account, posted: i64, held: i64) -> Effect {
    Effect { account: account.id.clone(), posted, held }
}

fn act(step: Step, input: Value, effects: Vec<Effect>) -> Act {
    Act { id: Uuid::now_v7(), step, input, effects }
}
