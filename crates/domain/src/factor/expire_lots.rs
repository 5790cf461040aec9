//! What becomes of units that lapse: they go out of use, from whatever account. The registry alone does this.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::complete::{begun, complete};
use super::pick::Selection;
use super::{Hold, Issuance, UnitRange};
use crate::codes::{HoldKind, HoldState, MoveKind};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, ActKind, Body, Context, Decision, HoldId, IssuanceId, Needs, PrincipalId, Record, Refused,
};
use crate::quantity::{Instant, Units};

/// Lots that one entry takes out of use; what is left follows in the next.
pub const LAPSED_MAX: usize = 500;
/// How soon units are looked at again that an outside register has not yet confirmed.
const AGAIN_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// Takes what is left of an issuance out of use after its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpireLots {
    pub issuance: IssuanceId,
    /// Where they go: the retirement account that the issuance names.
    pub retirement: AccountId,
}

impl Body for ExpireLots {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.issuances.push(self.issuance);
        needs.ledger.accounts.push(self.retirement);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if context.principal() != PrincipalId::SYSTEM {
            return Err(Refused::new(ErrorCode::Forbidden).told("act", ActKind::ExpireLots));
        }
        let Some(Record::Issuance(issuance)) = context.set.state(self.issuance, context.now) else {
            return Err(Refused::new(ErrorCode::NotFound).at("issuance").told("issuance", self.issuance));
        };
        if issuance.due_at().is_none_or(|at| at > context.now) {
            return Err(Refused::new(ErrorCode::State).at("issuance").with("state", "NOT_DUE"));
        }
        let mut book = Book::open(context);
        let (lapsing, locked) = lapsing(&book, issuance);
        let told = begun(&book);
        let (mut movements, mut frozen) = (Vec::new(), BTreeSet::new());
        for ((from, hold), units) in &lapsing {
            let amount = units.iter().fold(0, |sum, range| sum + range.units().count());
            let (amount, kind) = (Units::of(amount), MoveKind::Expire);
            let selection = Selection::Numbers { units: units.clone() };
            let source = hold.map_or(Source::Free(&selection), |hold| Source::HeldNumbers(hold, units));
            let carry = Carry { kind, from: *from, to: self.retirement, amount, source, transfer: told.id };
            movements.push(book.carry(&carry)?);
            if let Some(hold) = hold
                && shrunk(&mut book, *hold, amount)?.kind.is_freeze()
            {
                frozen.insert(*from);
            }
        }
        // Once all of it is gone: of what else is there the strongest freeze has the first.
        frozen.into_iter().try_for_each(|account| book.serve_from_free(account))?;
        let taken: usize = lapsing.values().map(Vec::len).sum();
        if !movements.is_empty() {
            complete(&mut book, movements, told)?;
        }
        let issuance = after(issuance, taken, locked, context.now);
        book.put(issuance.id, issuance.id, issuance);
        Ok(book.close().into())
    }
}

/// Lots by the account they lie on and what they are set aside for.
type Lapsing = BTreeMap<(AccountId, Option<HoldId>), Vec<UnitRange>>;

/// The lots that lapse now, and whether there are some that must wait for the outside register.
fn lapsing(book: &Book<'_>, issuance: &Issuance) -> (Lapsing, bool) {
    let (mut found, mut locked) = (Lapsing::new(), false);
    let mut taken = 0;
    for lot in book.lots_in_use(issuance.id) {
        // What lies beyond what was looked up waits with what is locked.
        let may_lapse = match lot.held_by.map(|hold| book.hold(hold, "issuance")) {
            None => true,
            Some(Ok(hold)) => hold.kind != HoldKind::Registry,
            Some(Err(_)) => false,
        };
        if !may_lapse {
            locked = true;
            continue;
        }
        if taken < LAPSED_MAX {
            found.entry((lot.account, lot.held_by)).or_default().push(lot.units);
            taken += 1;
        }
    }
    (found, locked)
}

/// A hold of which a part has lapsed. A freeze stands and lacks it.
fn shrunk(book: &mut Book<'_>, hold: HoldId, amount: Units) -> Result<Hold, Refused> {
    let hold = book.hold(hold, "hold")?;
    let open = hold.open.less(amount).unwrap_or_default();
    let shrunk = if hold.kind.is_freeze() {
        Hold { open, shortfall: hold.shortfall.plus(amount).unwrap_or(hold.shortfall), ..hold }
    } else {
        let state = if open.is_positive() { hold.state } else { HoldState::Expired };
        Hold { state, open, ..hold }
    };
    book.put_hold(shrunk.clone());
    Ok(shrunk)
}

fn after(issuance: &Issuance, taken: usize, locked: bool, now: Instant) -> Issuance {
    if taken >= LAPSED_MAX {
        return Issuance { lapse_round: issuance.lapse_round.saturating_add(1), ..issuance.clone() };
    }
    if locked {
        let again = Instant::from_micros(now.micros().saturating_add(AGAIN_MICROS));
        return Issuance { lapses_at: Some(again), lapse_round: 0, ..issuance.clone() };
    }
    Issuance { lapsed: true, ..issuance.clone() }
}
