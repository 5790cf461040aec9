//! The lines of the books: all that the client ever needs to know again.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Line {
    /// What lay on the accounts as of an entry of the journal, when the books were opened.
    Opened { seq: i64, accounts: Vec<Account> },
    /// Two customers have agreed.
    Trade(Terms),
    /// An act that is about to be sent.
    Act(Act),
    /// What became of it.
    Outcome { act: Uuid, outcome: Outcome },
    /// What the feed told, in its order.
    Told { place: Place, events: Vec<Event> },
}

/// What an event is to these books.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// An act of our own.
    Ours(Uuid),
    /// What others did to an account of ours.
    Theirs(Effect),
}

/// An account, and what lies on it by these books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: String,
    pub code: String,
    pub posted: i64,
    pub held: i64,
}

/// What the customers agreed: `seller` and `buyer` are the first or the second firm; amounts are base units, fen a unit.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Terms {
    pub seller: usize,
    pub buyer: usize,
    pub offered: i64,
    pub traded: i64,
    pub price: i64,
}

/// A step of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    Sell,
    Buy,
    Settle,
    ReleaseUnits,
    ReleaseMoney,
}

/// An act, with all that is needed to send it again, and what it does to the books if it is done, as far as that is known
/// beforehand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Act {
    pub id: Uuid,
    pub step: Step,
    pub input: Value,
    pub effects: Vec<Effect>,
}

/// How an act changes an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Effect {
    pub account: String,
    pub posted: i64,
    pub held: i64,
}

/// What lay on an account after an act, by the reply.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Balance {
    pub account: String,
    pub posted: i64,
    pub held: i64,
}

/// What became of an act.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is an entry; where it set something aside, under this id; what lay on each account it touched.
    Done {
        seq: i64,
        hold: Option<String>,
        balances: Vec<Balance>,
    },
    Refused {
        code: String,
    },
}

/// How far the feed was followed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub feed: Option<String>,
    pub complete_to: i64,
    /// The newest event taken.
    pub last: Option<i64>,
}
