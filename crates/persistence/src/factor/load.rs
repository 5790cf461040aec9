//! What a batch loads of the ledger: a constant number of statements whatever the number of its acts, but for books that
//! are compared and issuances that lapse, which take a few each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use yulin_domain::factor::{Balance, LAPSED_MAX, UnitRange};
use yulin_domain::journal::{
    AccountId, Claim, HoldId, IssuanceId, LedgerNeeds, Record, RecordKey, RecordKind, Take, WorkingSet,
};
use yulin_domain::quantity::{Instant, Units};

use super::row::{id_of, open_lot};
use crate::dialect::{among, last_entries, listed, rows_of, statement, texts};
use crate::entity::lot_version;
use crate::error::PersistenceError;
use crate::record::Loader;
use crate::record::claim_text;

pub(super) const OPEN: i64 = i64::MAX;

impl<C: ConnectionTrait> Loader<'_, C> {
    /// Loads what the acts of a batch need of the ledger.
    pub(crate) async fn ledger(&mut self, needs: &LedgerNeeds) -> Result<(), PersistenceError> {
        if *needs == LedgerNeeds::default() {
            return Ok(());
        }
        self.named_records(needs).await?;
        let mut accounts: BTreeSet<AccountId> = needs.accounts.iter().copied().collect();
        let mut takes = needs.takes.clone();
        let mut holds: BTreeSet<HoldId> = needs.holds.iter().copied().collect();
        self.of_transfers(needs, &mut accounts, &mut takes, &mut holds);
        self.bound(needs, &mut takes).await?;
        self.lapsing(needs, &mut accounts, &mut holds).await?;
        accounts.extend(self.issuers(needs).await?);
        let past = self.books(needs, &mut accounts).await?;
        self.holds(&mut holds, &mut accounts).await?;
        self.freezes(needs, (&accounts, &mut takes)).await?;
        accounts.extend(takes.iter().map(|take| take.account));
        let keys: Vec<_> = accounts.iter().map(|account| RecordKey::from(*account)).collect();
        self.by_keys(&keys).await?;
        // Only numbered units lie in lots.
        takes.retain(|take| self.is_numbered(take.account));
        self.balances(&accounts).await?;
        self.balances_as_of(&past).await?;
        self.free_lots(&takes).await?;
        self.numbered_lots(&takes).await?;
        self.held_lots(&holds).await?;
        self.touching_lots(&accounts).await?;
        self.issuances_of(needs, &accounts).await
    }

    fn is_numbered(&self, account: AccountId) -> bool {
        let Some(Record::Account(account)) = present(&self.set, account) else { return false };
        matches!(present(&self.set, account.factor), Some(Record::Factor(factor)) if factor.is_numbered())
    }

    async fn named_records(&mut self, needs: &LedgerNeeds) -> Result<(), PersistenceError> {
        let holds = needs.holds.iter().map(|hold| RecordKey::from(*hold));
        let transfers = needs.transfers.iter().map(|transfer| RecordKey::from(*transfer));
        let issuances = needs.issuances.iter().map(|issuance| RecordKey::from(*issuance));
        let keys: Vec<_> = holds.chain(transfers).chain(issuances).collect();
        if keys.is_empty() { Ok(()) } else { self.by_keys(&keys).await }
    }

    /// The accounts of transfers, the numbers that they moved, and the holds that lock them.
    fn of_transfers(
        &self,
        needs: &LedgerNeeds,
        accounts: &mut BTreeSet<AccountId>,
        takes: &mut Vec<Take>,
        holds: &mut BTreeSet<HoldId>,
    ) {
        for id in &needs.transfers {
            let Some(Record::Transfer(transfer)) = present(&self.set, *id) else { continue };
            holds.extend(&transfer.locks);
            for movement in &transfer.movements {
                accounts.extend([movement.from, movement.to]);
                let numbers = movement.units.clone();
                takes.push(Take { account: movement.to, first: movement.amount, numbers });
            }
        }
    }

    /// Accounts bound to parcels, with all that lies on them and what is set aside of it.
    async fn bound(&mut self, needs: &LedgerNeeds, takes: &mut Vec<Take>) -> Result<(), PersistenceError> {
        if needs.bound_to.is_empty() {
            return Ok(());
        }
        let keys = needs.bound_to.iter().flat_map(|parcel| self.set.on_parcel(*parcel, RecordKind::Account));
        let bound: Vec<_> = keys.map(|(key, _)| AccountId(key.id)).collect();
        takes.extend(bound.iter().map(|account| Take {
            account: *account,
            first: Units::of(i64::MAX),
            numbers: Vec::new(),
        }));
        if bound.is_empty() {
            return Ok(());
        }
        let codes = bound.iter().filter_map(|account| match present(&self.set, *account) {
            Some(Record::Account(account)) => Some(account.code.clone()),
            _ => None,
        });
        let heirs = |code: String| needs.heirs.iter().map(move |label| Claim::AccountCode(format!("{code}/{label}")));
        let names = codes.flat_map(heirs).map(|claim| claim_text(&claim)).collect();
        self.bearers(names).await?;
        self.open_holds(bound, "").await
    }

    /// The open holds of accounts that meet a further condition.
    async fn open_holds(
        &mut self,
        accounts: impl IntoIterator<Item = AccountId>,
        further: &str,
    ) -> Result<(), PersistenceError> {
        let condition = format!(
            "id IN (SELECT id FROM hold_index WHERE {} AND state = 'OPEN' AND recorded_to = {OPEN} {further})",
            among(self.connection, "account", 1)
        );
        self.take(&condition, vec![texts(accounts)]).await
    }

    /// Lots of issuances that are in use, so many as one act may take, with their accounts and holds.
    async fn lapsing(
        &mut self,
        needs: &LedgerNeeds,
        accounts: &mut BTreeSet<AccountId>,
        holds: &mut BTreeSet<HoldId>,
    ) -> Result<(), PersistenceError> {
        for issuance in &needs.issuances {
            let sql = format!(
                "SELECT v.* FROM lot_version v WHERE v.issuance = $1 AND v.retired_as IS NULL AND v.recorded_to = {OPEN} \
                 ORDER BY CASE WHEN EXISTS (SELECT 1 FROM hold_index h WHERE h.id = v.held_by AND h.kind = 'REGISTRY') \
                 THEN 1 ELSE 0 END, v.unit_from LIMIT {LAPSED_MAX}"
            );
            self.lots(sql, vec![issuance.to_string().into()]).await?;
            for lot in lots_of_issuance(&self.set, *issuance) {
                let Some(Record::Lot(lot)) = present(&self.set, lot) else { continue };
                accounts.insert(lot.account);
                holds.extend(lot.held_by);
            }
        }
        Ok(())
    }

    async fn issuers(&mut self, needs: &LedgerNeeds) -> Result<Vec<AccountId>, PersistenceError> {
        if needs.issuers_of.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id FROM account_index WHERE {} AND purpose = 'ISSUANCE' AND recorded_to = {OPEN}",
            among(self.connection, "factor", 1)
        );
        self.ids(sql, vec![texts(&needs.issuers_of)]).await
    }

    pub(super) async fn ids(&self, sql: String, values: Vec<Value>) -> Result<Vec<AccountId>, PersistenceError> {
        let rows = self.connection.query_all_raw(statement(self.connection, sql, values)).await?;
        rows.iter().map(|row| id_of(row, "id", "account_index")).collect()
    }

    /// Holds with the holds they suspend, and the accounts of all.
    async fn holds(
        &mut self,
        holds: &mut BTreeSet<HoldId>,
        accounts: &mut BTreeSet<AccountId>,
    ) -> Result<(), PersistenceError> {
        for _ in 0..2 {
            if holds.is_empty() {
                return Ok(());
            }
            let keys: Vec<_> = holds.iter().map(|hold| RecordKey::from(*hold)).collect();
            self.by_keys(&keys).await?;
            let known: Vec<_> = holds.iter().copied().collect();
            for id in known {
                let Some(Record::Hold(hold)) = present(&self.set, id) else { continue };
                accounts.insert(hold.account);
                accounts.extend(hold.to);
                holds.extend(hold.suspends.iter().chain(&hold.suspended_by));
            }
        }
        Ok(())
    }

    /// The freezes of accounts on which something may come free: what they lack falls to them, and what lapses they take of
    /// what else is there.
    async fn freezes(
        &mut self,
        needs: &LedgerNeeds,
        (accounts, takes): (&BTreeSet<AccountId>, &mut Vec<Take>),
    ) -> Result<(), PersistenceError> {
        let LedgerNeeds { holds, transfers, issuances, .. } = needs;
        if (holds.is_empty() && transfers.is_empty() && issuances.is_empty()) || accounts.is_empty() {
            return Ok(());
        }
        self.open_holds(accounts.iter().copied(), "AND kind IN ('COURT', 'SUPERVISION', 'CLAWBACK')").await?;
        if issuances.is_empty() {
            return Ok(());
        }
        for account in accounts {
            // Of the ledger the present is all there is in valid time: any instant will do.
            let open = self.set.open_holds(*account, Instant::from_micros(0)).filter_map(|hold| {
                match present(&self.set, hold) {
                    Some(Record::Hold(hold)) if hold.kind.is_freeze() => hold.open.plus(hold.shortfall),
                    _ => None,
                }
            });
            // What lapses itself is no other.
            let lapsing = issuances.iter().flat_map(|issuance| lots_of_issuance(&self.set, *issuance));
            let lapsing = lapsing.filter_map(|lot| match present(&self.set, lot) {
                Some(Record::Lot(lot)) if lot.account == *account && lot.is_free() => Some(lot.units.units()),
                _ => None,
            });
            let first =
                open.chain(lapsing).fold(Units::ZERO, |sum, more| sum.plus(more).unwrap_or(Units::of(i64::MAX)));
            takes.push(Take { account: *account, first, numbers: Vec::new() });
        }
        Ok(())
    }

    /// What lies on accounts: after the last entry of each.
    async fn balances(&mut self, accounts: &BTreeSet<AccountId>) -> Result<(), PersistenceError> {
        if accounts.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT e.account, e.posted, e.held FROM {} {}",
            listed(self.connection, "a", 1),
            last_entries(self.connection, "a.value", None)
        );
        for row in self.connection.query_all_raw(statement(self.connection, sql, vec![texts(accounts)])).await? {
            let account = id_of(&row, "account", "ledger_entry")?;
            let (posted, held): (i64, i64) = (row.try_get("", "posted")?, row.try_get("", "held")?);
            self.set.load_balance(account, Balance { posted: Units::of(posted), held: Units::of(held) });
        }
        Ok(())
    }

    /// The first free lots of each class of accounts, as many as may be taken.
    async fn free_lots(&mut self, takes: &[Take]) -> Result<(), PersistenceError> {
        let mut wanted: BTreeMap<AccountId, i64> = BTreeMap::new();
        for take in takes.iter().filter(|take| take.first.is_positive()) {
            let sum = wanted.entry(take.account).or_default();
            *sum = sum.saturating_add(take.first.count());
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let told = wanted.iter().map(|(account, units)| serde_json::json!({"account": account, "units": units}));
        let list = told.collect::<serde_json::Value>().to_string();
        let sql = format!(
            "{} SELECT w.* FROM (SELECT v.row_id, v.account, sum(v.unit_to - v.unit_from) OVER \
             (PARTITION BY v.account, v.class ORDER BY v.unit_from) - (v.unit_to - v.unit_from) AS before_it \
             FROM lot_version v WHERE v.recorded_to = {OPEN} AND v.held_by IS NULL AND v.retired_as IS NULL \
             AND v.account IN (SELECT account FROM n)) l JOIN n ON n.account = l.account \
             JOIN lot_version w ON w.row_id = l.row_id WHERE l.before_it < n.units",
            rows_of(self.connection, "n", 1, &[("account", "text"), ("units", "bigint")])
        );
        self.lots(sql, vec![list.into()]).await
    }

    /// The lots of accounts that hold some of the numbers named.
    async fn numbered_lots(&mut self, takes: &[Take]) -> Result<(), PersistenceError> {
        let named = takes.iter().flat_map(|take| take.numbers.iter().map(|range| (take.account, *range)));
        let told: Vec<_> = named
            .map(|(account, UnitRange { from, to })| serde_json::json!({"account": account, "lo": from, "hi": to}))
            .collect();
        if told.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "{} SELECT DISTINCT v.* FROM n JOIN lot_version v ON v.account = n.account AND v.recorded_to = {OPEN} \
             AND v.unit_from < n.hi AND v.unit_to > n.lo",
            rows_of(self.connection, "n", 1, &[("account", "text"), ("lo", "bigint"), ("hi", "bigint")])
        );
        self.lots(sql, vec![serde_json::Value::from(told).to_string().into()]).await
    }

    async fn held_lots(&mut self, holds: &BTreeSet<HoldId>) -> Result<(), PersistenceError> {
        if holds.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT * FROM lot_version WHERE {} AND recorded_to = {OPEN}",
            among(self.connection, "held_by", 1)
        );
        self.lots(sql, vec![texts(holds)]).await
    }

    /// Lots of the accounts at hand that touch the lots loaded: what is alike is joined.
    async fn touching_lots(&mut self, accounts: &BTreeSet<AccountId>) -> Result<(), PersistenceError> {
        let edges: BTreeSet<_> = accounts
            .iter()
            .flat_map(|account| self.set.lots_of(*account))
            .filter_map(|lot| match present(&self.set, lot) {
                Some(Record::Lot(lot)) => Some((lot.issuance, lot.units)),
                _ => None,
            })
            .collect();
        if edges.is_empty() {
            return Ok(());
        }
        let told = edges
            .iter()
            .map(|(issuance, units)| serde_json::json!({"issuance": issuance, "lo": units.from, "hi": units.to}));
        let list = told.collect::<serde_json::Value>().to_string();
        let columns = [("issuance", "text"), ("lo", "bigint"), ("hi", "bigint")];
        let side = |column: &str, edge: &str| {
            format!(
                "SELECT v.* FROM n CROSS JOIN lot_version v WHERE v.issuance = n.issuance AND v.{column} = n.{edge} \
                 AND v.recorded_to = {OPEN} AND {}",
                among(self.connection, "v.account", 2)
            )
        };
        let sql = format!(
            "{} {} UNION ALL {}",
            rows_of(self.connection, "n", 1, &columns),
            side("unit_from", "hi"),
            side("unit_to", "lo")
        );
        self.lots(sql, vec![list.into(), texts(accounts)]).await
    }

    /// The issuances of the lots at hand: units may come to an account by an earlier act of the batch.
    async fn issuances_of(
        &mut self,
        needs: &LedgerNeeds,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<(), PersistenceError> {
        if needs.issuances_of.is_empty() {
            return Ok(());
        }
        let lots = accounts.iter().flat_map(|account| self.set.lots_of(*account));
        let issuances = lots.filter_map(|lot| match present(&self.set, lot) {
            Some(Record::Lot(lot)) => Some(RecordKey::from(lot.issuance)),
            _ => None,
        });
        let keys: Vec<_> = issuances.collect::<BTreeSet<_>>().into_iter().collect();
        self.by_keys(&keys).await
    }

    async fn lots(&mut self, sql: String, values: Vec<Value>) -> Result<(), PersistenceError> {
        let rows = self.connection.query_all_raw(statement(self.connection, sql, values)).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let (key, row) = open_lot(&lot_version::Model::from_query_result(&row, "")?)?;
            found.insert(key, row);
        }
        for (key, row) in found {
            self.subjects.insert(key.to_string());
            if !self.set.has(key) {
                self.set.load(key, vec![row]);
            }
        }
        Ok(())
    }
}

/// The present state of a record of the ledger, which has one alone.
pub(super) fn present(set: &WorkingSet, key: impl Into<RecordKey>) -> Option<&Record> {
    set.timeline(key).and_then(yulin_domain::journal::Timeline::last).map(|row| &*row.state)
}

fn lots_of_issuance(set: &WorkingSet, issuance: IssuanceId) -> Vec<yulin_domain::journal::LotId> {
    set.lots_of_issuance(issuance).collect()
}
