//! What a batch loads where books are compared: accounts as they lay as of entries, what a venue had set aside on them,
//! and what is booked at a bank on its days.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use yulin_domain::factor::Balance;
use yulin_domain::journal::{AccountId, LedgerNeeds, PrincipalId, Record, RecordKey, TransferId};
use yulin_domain::quantity::Units;

use super::load::{OPEN, present};
use super::row::id_of;
use crate::dialect::{among, holds, rows_of, statement, texts};
use crate::error::PersistenceError;
use crate::record::{Loader, state_of};

/// Deposits and payouts that one statement of a bank is held against.
const BOOKED_MAX: usize = 20_000;

impl<C: ConnectionTrait> Loader<'_, C> {
    /// The accounts of books that are compared, and as of which entries what lay on them matters.
    pub(super) async fn books(
        &mut self,
        needs: &LedgerNeeds,
        accounts: &mut BTreeSet<AccountId>,
    ) -> Result<BTreeSet<(AccountId, i64)>, PersistenceError> {
        let mut past = BTreeSet::new();
        for book in &needs.books {
            let mut compared: BTreeSet<_> = book.accounts.iter().copied().collect();
            if let Some(venue) = book.of_venue {
                let opened = self.opened(venue, book.as_of.unwrap_or(OPEN - 1)).await?;
                compared.extend(&opened);
                if let Some(seq) = book.as_of {
                    self.set.load_opened(venue, seq, opened);
                    if book.with_holds {
                        self.open_holds_as_of(venue, seq, &compared).await?;
                    }
                }
            }
            if let Some(booked) = book.booked {
                self.booked(booked).await?;
            }
            // Whoever else something was booked to is concerned too.
            let named = book.names.iter().flat_map(|name| self.set.claimants(name));
            let booked = book.booked.iter().flat_map(|(bank, ..)| self.set.booked(*bank)).map(RecordKey::from);
            for key in named.chain(booked).collect::<Vec<_>>() {
                let Some(Record::Transfer(transfer)) = present(&self.set, key) else { continue };
                accounts.extend(transfer.movements.iter().flat_map(|movement| [movement.from, movement.to]));
            }
            past.extend(book.as_of.iter().flat_map(|seq| compared.iter().map(|account| (*account, *seq))));
            accounts.extend(compared);
        }
        Ok(past)
    }

    /// The accounts that were open to a venue as of an entry.
    async fn opened(&self, venue: PrincipalId, seq: i64) -> Result<BTreeSet<AccountId>, PersistenceError> {
        let sql = format!(
            "SELECT id FROM account_index WHERE recorded_to > $2 AND recorded_from <= $2 AND {}",
            holds(self.connection, "venues", 1)
        );
        Ok(self.ids(sql, vec![venue.to_string().into(), seq.into()]).await?.into_iter().collect())
    }

    /// What a venue had set aside on accounts as of an entry.
    async fn open_holds_as_of(
        &mut self,
        venue: PrincipalId,
        seq: i64,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<(), PersistenceError> {
        let sql = format!(
            "SELECT r.row_id, r.state FROM hold_index h JOIN record_version r ON r.kind = 'hold' AND r.id = h.id \
             AND r.recorded_from = h.recorded_from WHERE {} AND h.state = 'OPEN' AND h.kind = 'ORDER' AND h.placed_by = $2 \
             AND h.recorded_from <= $3 AND h.recorded_to > $3",
            among(self.connection, "h.account", 1)
        );
        let values = vec![texts(accounts), venue.to_string().into(), seq.into()];
        for row in self.connection.query_all_raw(statement(self.connection, sql, values)).await? {
            let (row_id, state): (i64, Vec<u8>) = (row.try_get("", "row_id")?, row.try_get("", "state")?);
            if let Record::Hold(hold) = state_of(row_id, &state)? {
                self.set.load_open_hold(venue, seq, &hold);
            }
        }
        Ok(())
    }

    /// Deposits and payouts that count at a bank on some days, whose records are loaded.
    async fn booked(&mut self, (bank, from, to): (AccountId, Date, Date)) -> Result<(), PersistenceError> {
        // A day begins and ends within a day of the same in UTC.
        let micros = |date: Date| date.to_zoned(jiff::tz::TimeZone::UTC).map(|day| day.timestamp().as_microsecond());
        let (begins, ends) = (micros(from).unwrap_or(i64::MIN), micros(to).unwrap_or(i64::MAX));
        let day = 24 * 3_600 * 1_000_000;
        let sql = format!(
            "SELECT DISTINCT e.transfer FROM ledger_entry e JOIN journal j ON j.seq = e.seq WHERE e.account = $1 \
             AND e.movement IN ('DEPOSIT', 'PAYOUT') AND (e.value_date BETWEEN $2 AND $3 \
             OR (e.value_date IS NULL AND j.recorded_at BETWEEN $4 AND $5)) LIMIT {BOOKED_MAX}"
        );
        let values = vec![
            bank.to_string().into(),
            from.to_string().into(),
            to.to_string().into(),
            begins.saturating_sub(day).into(),
            ends.saturating_add(2 * day).into(),
        ];
        let rows = self.connection.query_all_raw(statement(self.connection, sql, values)).await?;
        let ids: Vec<TransferId> =
            rows.iter().map(|row| id_of(row, "transfer", "ledger_entry")).collect::<Result<_, _>>()?;
        let keys: Vec<_> = ids.iter().map(|id| RecordKey::from(*id)).collect();
        self.by_keys(&keys).await?;
        self.set.load_booked(bank, ids);
        Ok(())
    }

    /// What lay on accounts as of entries; nothing is told as of an entry that is not yet recorded.
    pub(super) async fn balances_as_of(&mut self, asked: &BTreeSet<(AccountId, i64)>) -> Result<(), PersistenceError> {
        if asked.is_empty() {
            return Ok(());
        }
        let told = asked.iter().map(|(account, seq)| serde_json::json!({"account": account, "seq": seq}));
        let list = told.collect::<serde_json::Value>().to_string();
        let sql = format!(
            "{} SELECT n.account, n.seq, e.posted, e.held FROM n LEFT JOIN ledger_entry e ON e.row_id = \
             (SELECT x.row_id FROM ledger_entry x WHERE x.account = n.account AND x.seq <= n.seq \
             ORDER BY x.seq DESC, x.place DESC LIMIT 1) WHERE n.seq <= (SELECT seq FROM journal_head)",
            rows_of(self.connection, "n", 1, &[("account", "text"), ("seq", "bigint")])
        );
        for row in self.connection.query_all_raw(statement(self.connection, sql, vec![list.into()])).await? {
            let account: AccountId = id_of(&row, "account", "ledger_entry")?;
            let (posted, held): (Option<i64>, Option<i64>) = (row.try_get("", "posted")?, row.try_get("", "held")?);
            let balance =
                Balance { posted: Units::of(posted.unwrap_or_default()), held: Units::of(held.unwrap_or_default()) };
            self.set.load_balance_as_of(account, row.try_get("", "seq")?, balance);
        }
        Ok(())
    }
}
