//! The pieces of work: what is asked for each, one act a request or many.

use std::cell::RefCell;

use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::journal::{ActId, HoldId, RecordKey};

use crate::fill::Field;
use crate::load::Turn;
use crate::server::Server;

const ONE: &str = "__typename ... on ActDone { receipt { seq } } ... on ActRefused { code facts }";
const LIST: &str = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) {
    __typename ... on ActDone { receipt { seq } } ... on ActRefused { code facts } } }";
/// How the answer tells of an act that is recorded.
const DONE: &str = "\"ActDone\"";
const STANDS_UNTIL: &str = "2035-01-01T00:00:00Z";

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Money from one account to another.
    Transfer,
    /// Money set aside, and then settled to another account: two acts.
    HoldAndSettle,
    /// Units one way and money the other, in one entry.
    Bundle,
}

/// Between which accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Any two.
    Uniform,
    /// One account and any other, in turn the one way and the other.
    OneAccount,
}

/// A line of the table: what the clients do.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub work: Work,
    pub spread: Spread,
    pub clients: usize,
    /// Acts a request.
    pub acts: usize,
}

/// What clients need to ask.
#[derive(Debug)]
pub struct Desk<'a> {
    pub server: &'a Server,
    pub field: &'a Field,
    pub line: Line,
    /// The first failure that was met, to be shown.
    pub failure: RefCell<Option<String>>,
    chance: RefCell<SmallRng>,
}

impl Work {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::HoldAndSettle => "hold and settle",
            Self::Bundle => "bundle",
        }
    }

    /// The word for it on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::HoldAndSettle => "pair",
            Self::Bundle => "bundle",
        }
    }
}

impl<'a> Desk<'a> {
    pub fn new(server: &'a Server, field: &'a Field, line: Line) -> Self {
        let chance = RefCell::new(SmallRng::seed_from_u64(20_261_126));
        Self { server, field, line, failure: RefCell::new(None), chance }
    }

    /// One request of a client; two, where an act needs the one before it.
    pub async fn turn(&self) -> Turn {
        match (self.line.work, self.line.acts) {
            (Work::Transfer, 1) => self.one("transferUnits", "TransferUnitsInput", &self.transfer()).await,
            (Work::Bundle, 1) => self.bundle().await,
            (Work::HoldAndSettle, 1) => {
                let [(placed, hold), settle] = self.pair();
                let hold = self.sent("placeHold", "PlaceHoldInput", placed, &hold).await;
                let settle = self.sent("settleHolds", "SettleHoldsInput", settle.0, &settle.1).await;
                if hold + settle == 2 { Turn { done: 1, failed: 0 } } else { Turn { done: 0, failed: 1 } }
            }
            (Work::Transfer, acts) => {
                let transfers = (0..acts).map(|_| input(Uuid::now_v7(), "transferUnits", &self.transfer())).collect();
                self.list(transfers, 1).await
            }
            (Work::HoldAndSettle, acts) => {
                let both = |[(first, hold), (second, settle)]: [(Uuid, Value); 2]| {
                    [input(first, "placeHold", &hold), input(second, "settleHolds", &settle)]
                };
                let pairs = (0..acts / 2).flat_map(|_| both(self.pair())).collect();
                self.list(pairs, 2).await
            }
            (Work::Bundle, acts) => {
                let bundle = |_| json!({ "act": { "actId": Uuid::now_v7() }, "legs": self.legs() });
                self.list((0..acts).map(bundle).collect(), 1).await
            }
        }
    }

    async fn one(&self, mutation: &str, input: &str, body: &Value) -> Turn {
        let done = self.sent(mutation, input, Uuid::now_v7(), body).await;
        Turn { done, failed: 1 - done }
    }

    /// Sends one act; whether it was done, as a number.
    async fn sent(&self, mutation: &str, input: &str, act: Uuid, body: &Value) -> u64 {
        let query = format!(
            "mutation($act: ActEnvelopeInput!, $input: {input}!) {{ {mutation}(act: $act, input: $input) {{ {ONE} }} }}"
        );
        self.counted(&json!({ "query": query, "variables": { "act": { "actId": act }, "input": body } }), 1).await
    }

    async fn bundle(&self) -> Turn {
        let query = format!(
            "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) {{ performBundle(act: $act, legs: $legs) {{ {ONE} }} }}"
        );
        let variables = json!({ "act": { "actId": Uuid::now_v7() }, "legs": self.legs() });
        let done = self.counted(&json!({ "query": query, "variables": variables }), 1).await;
        Turn { done, failed: 1 - done }
    }

    /// Sends a list; so many acts are one piece of work.
    async fn list(&self, acts: Vec<Value>, piece: u64) -> Turn {
        let count = acts.len() as u64;
        let done = self.counted(&json!({ "query": LIST, "variables": { "acts": acts } }), count).await;
        Turn { done: done / piece, failed: (count - done).div_ceil(piece) }
    }

    /// How many acts were done of those that a request asked for.
    async fn counted(&self, body: &Value, expected: u64) -> u64 {
        let key = if self.line.work == Work::HoldAndSettle { &self.field.venue } else { &self.field.operator };
        let answer = self.server.ask(key, body).await.unwrap_or_else(|lost| lost.to_string());
        let done = answer.matches(DONE).count() as u64;
        if done < expected {
            self.failure.borrow_mut().get_or_insert(answer);
        }
        done
    }

    fn transfer(&self) -> Value {
        let (from, to) = self.two();
        json!({ "from": self.field.money[from], "to": self.field.money[to], "amount": "7" })
    }

    /// Units one way and money the other.
    fn legs(&self) -> Value {
        let (from, to) = self.two();
        let (units, money) = (&self.field.units, &self.field.money);
        json!([
            { "transferUnits": { "from": units[from], "to": units[to], "amount": "3" } },
            { "transferUnits": { "from": money[to], "to": money[from], "amount": "700" } },
        ])
    }

    /// An order, and its settlement to another account; the id of the hold follows from that of the act.
    fn pair(&self) -> [(Uuid, Value); 2] {
        let (from, to) = self.two();
        let (placed, money) = (Uuid::now_v7(), &self.field.money);
        let hold = RecordKey::from(HoldId::made_by(ActId(placed), 0, 0)).to_string();
        let order = json!({ "account": money[from], "amount": "7", "kind": "ORDER", "expiresAt": STANDS_UNTIL });
        let settle = json!({ "legs": [{ "hold": hold, "to": money[to], "amount": "7" }] });
        [(placed, order), (Uuid::now_v7(), settle)]
    }

    /// Two different accounts.
    fn two(&self) -> (usize, usize) {
        let (mut chance, count) = (self.chance.borrow_mut(), self.field.money.len());
        let first = match self.line.spread {
            Spread::Uniform => chance.random_range(0..count),
            Spread::OneAccount => 0,
        };
        let other = (first + chance.random_range(1..count)) % count;
        let swaps = self.line.spread == Spread::OneAccount && chance.random_bool(0.5);
        if swaps { (other, first) } else { (first, other) }
    }
}

/// An act of a list that is no bundle.
fn input(id: Uuid, kind: &str, body: &Value) -> Value {
    json!({ "act": { "actId": id }, "do": { kind: body } })
}
