//! What is asked of the ledger: accounts, what lies on them, their entries, lots, holds and transfers, as of a snapshot.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Value};
use serde_json::json;
use yulin_domain::codes::{AccountPurpose, HoldKind, HoldState, Labelled};
use yulin_domain::factor::{Balance, Cap, Factor, Hold, Lot, Posting};
use yulin_domain::journal::{AccountId, FactorId, HoldId, ParcelId, PartyId, PrincipalId, Record};
use yulin_domain::quantity::{Instant, Units};

use super::row::{id_of, open_lot};
use crate::dialect::{among, holds, last_entries, listed, member, newest_entries, rows_of, statement, texts};
use crate::entity::{ledger_entry, lot_version};
use crate::error::PersistenceError;
use crate::record::{Snapshot, Versioned, pick};
use crate::registry::Registry;

/// Which lots of accounts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lots {
    All,
    /// Neither set aside nor out of use.
    Free,
}

/// Which accounts are asked for; all conditions must be met.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    pub code: Option<String>,
    pub factor: Option<FactorId>,
    pub purpose: Option<AccountPurpose>,
    pub holder: Option<PartyId>,
    pub parcel: Option<ParcelId>,
    /// Open to this venue.
    pub venue: Option<PrincipalId>,
    /// Whether some book differs about it.
    pub blocked: Option<bool>,
    /// Of these factors alone; none: of all.
    pub within: Option<BTreeSet<FactorId>>,
}

/// Which holds are asked for; all conditions must be met.
#[derive(Debug, Clone, Default)]
pub struct HoldFilter {
    pub account: Option<AccountId>,
    pub state: Option<HoldState>,
    pub kind: Option<HoldKind>,
    pub placed_by: Option<PrincipalId>,
    pub reference: Option<String>,
    /// Of these factors alone; none: of all.
    pub within: Option<BTreeSet<FactorId>>,
}

/// One entry on an account, and in which entry of the journal it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryLine {
    pub seq: i64,
    pub place: i64,
    pub recorded_at: Instant,
    pub posting: Posting,
}

/// A stage in the life of units: the lot they were in, and between which entries.
#[derive(Debug, Clone, PartialEq)]
pub struct LotLife {
    pub lot: Lot,
    pub recorded_from: i64,
    /// The entry that ended it; none where it is as it was.
    pub recorded_to: Option<i64>,
}

/// Conditions that grow with what is asked, each value a parameter.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn equal(&mut self, column: &str, wanted: Option<impl ToString>) {
        if let Some(wanted) = wanted {
            self.values.push(wanted.to_string().into());
            self.texts.push(format!("{column} = ${}", self.values.len()));
        }
    }

    fn parameter(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    /// A column is among these, where there are any.
    fn among(&mut self, connection: &impl ConnectionTrait, column: &str, members: Option<&BTreeSet<FactorId>>) {
        if let Some(members) = members {
            let members = self.parameter(texts(members));
            self.texts.push(among(connection, column, members));
        }
    }

    fn all(&self) -> String {
        self.texts.join(" AND ")
    }
}

fn entry_line(row: &QueryResult) -> Result<EntryLine, PersistenceError> {
    let recorded_at = Instant::from_micros(row.try_get("", "recorded_at")?);
    let model = ledger_entry::Model::from_query_result(row, "")?;
    let (seq, place) = (model.seq, model.place);
    Ok(EntryLine { seq, place, recorded_at, posting: super::row::posting_of(model)? })
}

impl Registry {
    /// All factors, in order of id: they are few.
    pub async fn factors(&self, snapshot: &Snapshot) -> Result<Vec<Versioned<Factor>>, PersistenceError> {
        self.read(snapshot, ("r.kind = 'factor'", "r.id"), vec![], pick!(Factor)).await
    }

    /// The caps of all factors, in order of id: a few a year.
    pub async fn caps(&self, snapshot: &Snapshot) -> Result<Vec<Versioned<Cap>>, PersistenceError> {
        self.read(snapshot, ("r.kind = 'cap'", "r.id"), vec![], pick!(Cap)).await
    }

    /// The ids of accounts in order of code and id, after an account, at most `limit`.
    pub async fn account_ids(
        &self,
        snapshot: &Snapshot,
        filter: &AccountFilter,
        after: Option<(String, AccountId)>,
        limit: u64,
    ) -> Result<Vec<AccountId>, PersistenceError> {
        let mut asked = self.asked_of_accounts(snapshot, filter);
        let code = crate::dialect::text_order(self.reader(), "a.code");
        if let Some((last, id)) = after {
            let (last, id) = (asked.parameter(last), asked.parameter(id.to_string()));
            asked.texts.push(format!("({code} > ${last} OR (a.code = ${last} AND a.id > ${id}))"));
        }
        let sql = format!("SELECT a.id FROM account_index a WHERE {} ORDER BY {code}, a.id LIMIT {limit}", asked.all());
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, asked.values)).await?;
        rows.iter().map(|row| id_of(row, "id", "account_index")).collect()
    }

    /// How many accounts there are.
    pub async fn count_accounts(&self, snapshot: &Snapshot, filter: &AccountFilter) -> Result<u64, PersistenceError> {
        let asked = self.asked_of_accounts(snapshot, filter);
        let sql = format!("SELECT count(*) AS n FROM account_index a WHERE {}", asked.all());
        self.counted(sql, asked.values).await
    }

    fn asked_of_accounts(&self, snapshot: &Snapshot, filter: &AccountFilter) -> Conditions {
        let AccountFilter { code, factor, purpose, holder, parcel, venue, blocked, within } = filter;
        let mut asked = Conditions::default();
        let seq = asked.parameter(snapshot.seq);
        asked.texts.push(format!("a.recorded_from <= ${seq} AND a.recorded_to > ${seq}"));
        asked.equal("a.code", code.clone());
        asked.equal("a.factor", *factor);
        asked.equal("a.purpose", purpose.map(Labelled::code));
        asked.equal("a.holder", *holder);
        asked.equal("a.parcel", *parcel);
        asked.among(self.reader(), "a.factor", within.as_ref());
        if let Some(venue) = venue {
            let venue = asked.parameter(venue.to_string());
            asked.texts.push(holds(self.reader(), "a.venues", venue));
        }
        if let Some(blocked) = blocked {
            let among = if *blocked { "IN" } else { "NOT IN" };
            // The words of the index, which SQLite looks up by equality alone.
            let source = member(self.reader(), "account.blocks.0.source");
            asked.texts.push(format!(
                "a.id {among} (SELECT r.id FROM record_version r WHERE r.kind = 'account' AND ({source} IS NOT NULL) = TRUE \
                 AND r.recorded_from <= ${seq} AND r.recorded_to > ${seq})"
            ));
        }
        asked
    }

    /// The entries by which accounts that are open to a venue as of a snapshot were opened to it.
    pub async fn opened_to_venue(
        &self,
        snapshot: &Snapshot,
        accounts: &[AccountId],
        venue: PrincipalId,
    ) -> Result<HashMap<AccountId, i64>, PersistenceError> {
        let sql = format!(
            "SELECT a.id, max(a.recorded_to) AS opened FROM account_index a WHERE {} AND a.recorded_to <= $2 \
             AND NOT {} GROUP BY a.id",
            among(self.reader(), "a.id", 1),
            holds(self.reader(), "a.venues", 3)
        );
        let values = vec![texts(accounts), snapshot.seq.into(), venue.to_string().into()];
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, values)).await?;
        let opened = |row| Ok((id_of(row, "id", "account_index")?, row.try_get("", "opened")?));
        rows.iter().map(opened).collect()
    }

    /// What lies on accounts, and is set aside of it: both from the same entry.
    pub async fn balances(
        &self,
        snapshot: &Snapshot,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Balance>, PersistenceError> {
        let sql = format!(
            "SELECT e.account, e.posted, e.held FROM {} {}",
            listed(self.reader(), "a", 1),
            last_entries(self.reader(), "a.value", Some("$2"))
        );
        let values = vec![texts(accounts), snapshot.seq.into()];
        let mut found = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, values)).await? {
            let (posted, held): (i64, i64) = (row.try_get("", "posted")?, row.try_get("", "held")?);
            let balance = Balance { posted: Units::of(posted), held: Units::of(held) };
            found.insert(id_of(&row, "account", "ledger_entry")?, balance);
        }
        Ok(found)
    }

    /// Entries on an account up to a snapshot, oldest first, after one of them, at most `limit`.
    pub async fn entries_of(
        &self,
        snapshot: &Snapshot,
        account: AccountId,
        (from_seq, after): (i64, Option<(i64, i64)>),
        limit: u64,
    ) -> Result<Vec<EntryLine>, PersistenceError> {
        let (seq, place) = after.unwrap_or((0, 0));
        let sql = format!(
            "SELECT e.*, j.recorded_at FROM ledger_entry e JOIN journal j ON j.seq = e.seq WHERE e.account = $1 \
             AND e.seq <= $2 AND e.seq >= $3 AND (e.seq > $4 OR (e.seq = $4 AND e.place > $5)) \
             ORDER BY e.seq, e.place LIMIT {limit}"
        );
        let values = vec![account.to_string().into(), snapshot.seq.into(), from_seq.into(), seq.into(), place.into()];
        self.entry_lines(sql, values).await
    }

    /// The newest entries on accounts, of each up to a sequence, at most `limit`, oldest first; where there are none nothing
    /// is told.
    pub async fn latest_entries(
        &self,
        asked: &[(AccountId, i64)],
        limit: u64,
    ) -> Result<HashMap<(AccountId, i64), Vec<EntryLine>>, PersistenceError> {
        let sql = format!(
            "{} SELECT a.seq AS up_to, j.recorded_at, e.* FROM a {} JOIN journal j ON j.seq = e.seq \
             ORDER BY e.seq, e.place",
            rows_of(self.reader(), "a", 1, &[("account", "text"), ("seq", "bigint")]),
            newest_entries(self.reader(), "a.account", "a.seq", limit)
        );
        let asked: Vec<_> =
            asked.iter().map(|(account, seq)| json!({ "account": account.to_string(), "seq": seq })).collect();
        let asked = serde_json::Value::from(asked).to_string();
        let mut lines: HashMap<_, Vec<EntryLine>> = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, vec![asked.into()])).await? {
            let line = entry_line(&row)?;
            lines.entry((line.posting.account, row.try_get("", "up_to")?)).or_default().push(line);
        }
        Ok(lines)
    }

    async fn entry_lines(&self, sql: String, values: Vec<Value>) -> Result<Vec<EntryLine>, PersistenceError> {
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, values)).await?;
        rows.iter().map(entry_line).collect()
    }

    /// The holds of accounts that are open, in order of id.
    pub async fn open_holds_of(
        &self,
        snapshot: &Snapshot,
        accounts: &[AccountId],
    ) -> Result<Vec<Versioned<Hold>>, PersistenceError> {
        let condition = format!(
            "r.kind = 'hold' AND r.id IN (SELECT h.id FROM hold_index h WHERE {} AND h.state = 'OPEN' \
             AND h.recorded_from <= $2 AND h.recorded_to > $2)",
            among(self.reader(), "h.account", 1)
        );
        self.read(snapshot, (&condition, "r.id"), vec![texts(accounts)], pick!(Hold)).await
    }

    /// The lots of accounts, in the order in which they are taken.
    pub async fn lots_of(&self, snapshot: &Snapshot, accounts: &[AccountId]) -> Result<Vec<Lot>, PersistenceError> {
        self.lots_that(snapshot, accounts, "").await
    }

    /// Lots of accounts, in the order in which they are taken; nothing where they are more than so many.
    pub async fn few_lots_of(
        &self,
        snapshot: &Snapshot,
        accounts: &[AccountId],
        (which, most): (Lots, usize),
    ) -> Result<Option<Vec<Lot>>, PersistenceError> {
        let free = match which {
            Lots::All => "",
            Lots::Free => "AND v.held_by IS NULL AND v.retired_as IS NULL",
        };
        let lots = self.lots_that(snapshot, accounts, &format!("{free} LIMIT {}", most.saturating_add(1))).await?;
        Ok((lots.len() <= most).then_some(lots))
    }

    async fn lots_that(
        &self,
        snapshot: &Snapshot,
        accounts: &[AccountId],
        further: &str,
    ) -> Result<Vec<Lot>, PersistenceError> {
        let sql = format!(
            "SELECT * FROM lot_version v WHERE {} AND v.recorded_from <= $2 AND v.recorded_to > $2 {further}",
            among(self.reader(), "v.account", 1)
        );
        let lives = self.life(sql, vec![texts(accounts), snapshot.seq.into()]).await?;
        let mut lots: Vec<_> = lives.into_iter().map(|life| life.lot).collect();
        lots.sort_by_key(|lot| (lot.account, lot.order()));
        Ok(lots)
    }

    /// The life of units of a factor from issue on: every lot that ever held some of these numbers, oldest first.
    pub async fn life_of_units(
        &self,
        snapshot: &Snapshot,
        factor: FactorId,
        (from, to): (i64, i64),
        limit: u64,
    ) -> Result<Vec<LotLife>, PersistenceError> {
        let sql = format!(
            "SELECT * FROM lot_version v WHERE v.factor = $1 AND v.unit_from < $2 AND v.unit_to > $3 \
             AND v.recorded_from <= $4 ORDER BY v.recorded_from, v.unit_from LIMIT {limit}"
        );
        let values = vec![factor.to_string().into(), to.into(), from.into(), snapshot.seq.into()];
        let mut lives = self.life(sql, values).await?;
        for life in &mut lives {
            life.recorded_to = life.recorded_to.filter(|seq| *seq <= snapshot.seq);
        }
        Ok(lives)
    }

    async fn life(&self, sql: String, values: Vec<Value>) -> Result<Vec<LotLife>, PersistenceError> {
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, values)).await?;
        let mut lives = Vec::with_capacity(rows.len());
        for row in rows {
            let model = lot_version::Model::from_query_result(&row, "")?;
            let (_, row) = open_lot(&model)?;
            let recorded_to = Some(model.recorded_to).filter(|seq| *seq < i64::MAX);
            if let Record::Lot(lot) = &*row.state {
                lives.push(LotLife { lot: (**lot).clone(), recorded_from: model.recorded_from, recorded_to });
            }
        }
        Ok(lives)
    }

    /// The ids of holds, newest last, after a hold, at most `limit`.
    pub async fn hold_ids(
        &self,
        snapshot: &Snapshot,
        filter: &HoldFilter,
        after: Option<HoldId>,
        limit: u64,
    ) -> Result<Vec<HoldId>, PersistenceError> {
        let mut asked = self.asked_of_holds(snapshot, filter);
        if let Some(after) = after {
            let after = asked.parameter(after.to_string());
            asked.texts.push(format!("h.id > ${after}"));
        }
        let sql = format!("SELECT h.id FROM hold_index h WHERE {} ORDER BY h.id LIMIT {limit}", asked.all());
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, asked.values)).await?;
        rows.iter().map(|row| id_of(row, "id", "hold_index")).collect()
    }

    /// How many holds there are.
    pub async fn count_holds(&self, snapshot: &Snapshot, filter: &HoldFilter) -> Result<u64, PersistenceError> {
        let asked = self.asked_of_holds(snapshot, filter);
        let sql = format!("SELECT count(*) AS n FROM hold_index h WHERE {}", asked.all());
        self.counted(sql, asked.values).await
    }

    fn asked_of_holds(&self, snapshot: &Snapshot, filter: &HoldFilter) -> Conditions {
        let HoldFilter { account, state, kind, placed_by, reference, within } = filter;
        let mut asked = Conditions::default();
        let seq = asked.parameter(snapshot.seq);
        asked.texts.push(format!("h.recorded_from <= ${seq} AND h.recorded_to > ${seq}"));
        asked.equal("h.account", *account);
        asked.equal("h.state", state.map(Labelled::code));
        asked.equal("h.kind", kind.map(Labelled::code));
        asked.equal("h.placed_by", *placed_by);
        asked.equal("h.reference", reference.clone());
        asked.among(self.reader(), "h.factor", within.as_ref());
        asked
    }
}
