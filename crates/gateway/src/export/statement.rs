//! The statement of one day as a file: of every account that the viewer sees, what lay there before, each entry, and what
//! lay there afterwards.

use std::collections::HashMap;

use async_graphql::InputObject;
use jiff::civil::Date;
use serde_json::Value;
use yulin_domain::codes::Labelled;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Balance, Factor, Transfer};
use yulin_domain::journal::{AccountId, FactorId, RecordKey, Refused, TransferId};
use yulin_domain::quantity::{Instant, Units};
use yulin_exchange::format::{
    AttributeValue, FieldKind, FieldSpec, FileFormat, GeometryColumn, Sink, SinkOptions, SinkTarget,
};
use yulin_persistence::{AccountFilter, AsOf, EntryLine, RecordedAt, Registry, Snapshot, SnapshotRefused, Versioned};

use super::course::{Exported, blocking};
use super::error::ExportError;
use super::input::read_input;
use crate::disclosure::{Reading, reading};
use crate::district::DistrictBook;
use crate::errors::{fault, snapshot_error};
use crate::factor::{narrowed, read_after, reads_references};
use crate::request::Viewer;
use crate::scalars::LocalDate;

/// Accounts, and entries of one account, that are read at once.
const PAGE: u64 = 500;

/// The members of a question as JSON.
#[derive(Debug, InputObject)]
struct StatementInput {
    /// The day, by the clock of each account's district.
    date: LocalDate,
}

/// Reads `{"date": "2026-11-25"}`.
pub fn read_day(members: Value) -> Result<Date, Refused> {
    let StatementInput { date } = read_input(members)?;
    date.date("date")
}

/// A day in one time zone: the last entry before it, its last, and whether it is over.
#[derive(Debug, Clone, Copy)]
struct Day {
    opening: Snapshot,
    closing: Snapshot,
    is_over: bool,
}

/// What is read of many accounts at once.
struct Page {
    /// What lay on them as of entries.
    balances: HashMap<(AccountId, i64), Balance>,
    /// The entries after which the viewer reads what happened on them.
    read_after: HashMap<AccountId, i64>,
}

impl Page {
    fn lying(&self, account: AccountId, seq: i64) -> Balance {
        self.balances.get(&(account, seq)).copied().unwrap_or_default()
    }

    /// The entry after which the viewer reads of a day: none of it, where that is its last.
    fn opening(&self, account: AccountId, day: &Day) -> i64 {
        day.opening.seq.max(self.read_after.get(&account).copied().unwrap_or_default())
    }
}

/// The statement of a day for one viewer.
pub struct DayStatement {
    registry: Registry,
    viewer: Viewer,
    date: Date,
    factors: HashMap<FactorId, Factor>,
    now: Snapshot,
    districts: std::sync::Arc<DistrictBook>,
    days: HashMap<String, Day>,
}

impl DayStatement {
    /// Settles who asks and what.
    pub async fn begin(
        registry: &Registry,
        viewer: Viewer,
        at_least: Option<i64>,
        date: Date,
    ) -> Result<Self, ExportError> {
        if reading(viewer.role, "Query", "statement") == Reading::No {
            return Err(Refused::new(ErrorCode::Forbidden).at("statement").into());
        }
        let now = registry.snapshot(AsOf::default(), at_least).await.map_err(|refused| snapshot_error(&refused))?;
        let districts = DistrictBook::load(registry, now).await?;
        let factors = registry.factors(&now).await.map_err(|why| fault(&why))?;
        let factors = factors.into_iter().map(|factor| (factor.state.id, factor.state)).collect();
        Ok(Self { registry: registry.clone(), viewer, date, factors, now, districts, days: HashMap::new() })
    }

    /// Writes the file; more lines than `most` are refused.
    pub async fn write(mut self, format: FileFormat, most: u64) -> Result<Exported, ExportError> {
        let options = SinkOptions {
            layer: format!("statement {}", self.date),
            fields: fields(),
            geometry_column: GeometryColumn::Absent,
            ..SinkOptions::default()
        };
        let mut sink = blocking(move || Sink::create(SinkTarget::Unnamed, format, &options)).await?;
        let mut written = 0;
        let mut after = None;
        while let Some(filter) = narrowed(&self.viewer, AccountFilter::default()) {
            let ids = self.registry.account_ids(&self.now, &filter, after.take(), PAGE).await;
            let ids = ids.map_err(|why| fault(&why))?;
            let mut accounts = self.registry.accounts_by_ids(&self.now, &ids).await.map_err(|why| fault(&why))?;
            accounts.sort_by(|one, other| one.state.code.cmp(&other.state.code));
            let Some(last) = accounts.last() else { break };
            after = Some((last.state.code.clone(), last.state.id));
            let page = self.page(&accounts).await?;
            for account in accounts {
                let rows = self.rows(&account, &page, most.saturating_sub(written)).await?;
                written += rows.len() as u64;
                if written > most {
                    return Err(too_long(most));
                }
                sink = blocking(move || {
                    let mut sink = sink;
                    rows.iter().try_for_each(|row| sink.write(row, None))?;
                    Ok(sink)
                })
                .await?;
            }
        }
        let written = blocking(move || sink.finish()).await?;
        let seq = self.days.values().map(|day| day.closing.seq).max().unwrap_or(self.now.seq);
        Ok(Exported { features: written.features, seq, crs: None, withheld: Vec::new(), file: written.file })
    }

    /// What lay on the accounts of a page before the day and at its end.
    async fn page(&mut self, accounts: &[Versioned<Account>]) -> Result<Page, ExportError> {
        let ids: Vec<_> = accounts.iter().map(|account| account.state.id).collect();
        let read_after = read_after(&self.registry, &self.now, &self.viewer, &ids).await?;
        let mut page = Page { balances: HashMap::new(), read_after };
        let mut asked: HashMap<i64, Vec<AccountId>> = HashMap::new();
        for account in accounts {
            let day = self.day_of(&account.state).await?;
            for seq in [page.opening(account.state.id, &day), day.closing.seq] {
                asked.entry(seq).or_default().push(account.state.id);
            }
        }
        for (seq, accounts) in asked {
            let read = self.registry.balances(&Snapshot { seq, ..self.now }, &accounts).await;
            let read = read.map_err(|why| fault(&why))?;
            page.balances.extend(read.into_iter().map(|(account, balance)| ((account, seq), balance)));
        }
        Ok(page)
    }

    /// The rows of one account, in order.
    async fn rows(&mut self, account: &Versioned<Account>, page: &Page, most: u64) -> Result<Vec<Row>, ExportError> {
        let Versioned { state: account, version, .. } = account;
        let day = self.day_of(account).await?;
        let (opening, Day { closing, is_over, .. }) = (page.opening(account.id, &day), day);
        if opening > closing.seq {
            return Ok(Vec::new());
        }
        let mut rows = vec![self.row(account, "OPENING", page.lying(account.id, opening))];
        let mut after = None;
        loop {
            // Nothing has happened on most accounts since.
            if *version <= opening {
                break;
            }
            let read = self.registry.entries_of(&closing, account.id, (opening + 1, after), PAGE).await;
            let lines = read.map_err(|why| fault(&why))?;
            let Some(last) = lines.last() else { break };
            after = Some((last.seq, last.place));
            let transfers = self.transfers(&closing, &lines).await?;
            for line in lines {
                let transfer = line.posting.transfer.and_then(|id| transfers.get(&id));
                rows.push(self.entry(account, &line, transfer));
            }
            if rows.len() as u64 > most {
                return Err(too_long(most));
            }
        }
        rows.push(self.row(account, if is_over { "CLOSING" } else { "SO_FAR" }, page.lying(account.id, closing.seq)));
        Ok(rows)
    }

    /// The day by the clock of the account's district.
    async fn day_of(&mut self, account: &Account) -> Result<Day, ExportError> {
        let zone = self.districts.district(account.district).map_or("UTC", |known| &known.time_zone).to_owned();
        if let Some(day) = self.days.get(&zone) {
            return Ok(*day);
        }
        let far = || Refused::new(ErrorCode::DateInvalid).at("date");
        let start = Instant::start_of(self.date, &zone).map_err(|why| far().told("problem", why))?;
        let next = self.date.tomorrow().map_err(|why| far().told("problem", why))?;
        let end = Instant::start_of(next, &zone).map_err(|why| far().told("problem", why))?;
        let clock = Instant::from_micros(jiff::Timestamp::now().as_microsecond());
        if start > clock {
            return Err(Refused::new(ErrorCode::AsOfBeyondHead).at("date").told("now", clock).into());
        }
        let before = |instant: Instant| Instant::from_micros(instant.micros().saturating_sub(1));
        let (opening, closing) = (self.last_by(before(start)).await?, self.last_by(before(end)).await?);
        let day = Day { opening, closing, is_over: end <= clock };
        self.days.insert(zone, day);
        Ok(day)
    }

    async fn last_by(&self, instant: Instant) -> Result<Snapshot, ExportError> {
        if instant >= self.now.recorded_at {
            return Ok(self.now);
        }
        let as_of = AsOf { valid: None, recorded: Some(RecordedAt::At(instant)) };
        match self.registry.snapshot(as_of, None).await {
            Ok(snapshot) => Ok(snapshot),
            Err(SnapshotRefused::BeforeBeginning(_)) => Ok(Snapshot { seq: 0, ..self.now }),
            Err(refused) => Err(snapshot_error(&refused).into()),
        }
    }

    /// The transfers of entries of which the viewer reads what others call them.
    async fn transfers(
        &self,
        snapshot: &Snapshot,
        lines: &[EntryLine],
    ) -> Result<HashMap<TransferId, Transfer>, ExportError> {
        let ids: Vec<_> = lines.iter().filter_map(|line| line.posting.transfer).collect();
        let found = self.registry.transfers_by_ids(snapshot, &ids).await.map_err(|why| fault(&why))?;
        let read = found.into_iter().filter(|transfer| reads_references(&self.viewer, &transfer.state));
        Ok(read.map(|transfer| (transfer.state.id, transfer.state)).collect())
    }

    /// What lies on an account, before or after the day.
    fn row(&self, account: &Account, what: &str, balance: Balance) -> Row {
        let mut row = vec![None; COLUMNS.len()];
        let factor = self.factors.get(&account.factor);
        let told = [
            text(what),
            text(&account.code),
            text(RecordKey::from(account.id)),
            factor.and_then(|factor| text(&factor.code)),
            factor.and_then(|factor| text(&factor.base_unit)),
            amount(balance.posted),
            amount(balance.held),
        ];
        row.iter_mut().zip(told).for_each(|(cell, value)| *cell = value);
        row
    }

    fn entry(&self, account: &Account, line: &EntryLine, transfer: Option<&Transfer>) -> Row {
        let posting = &line.posting;
        let mut row = self.row(account, "ENTRY", posting.after);
        let units = posting.units.iter().map(|range| format!("{}-{}", range.from, range.to - 1));
        let units: Vec<_> = units.collect();
        let told = [
            Some(AttributeValue::Integer(line.seq)),
            Some(AttributeValue::Date(line.recorded_at.to_string())),
            posting.value_date.map(|date| AttributeValue::Date(date.to_string())),
            text(posting.kind.code()),
            posting.movement.and_then(|movement| text(movement.code())),
            amount(posting.amount),
            posting.transfer.and_then(|id| text(RecordKey::from(id))),
            posting.other.and_then(|id| text(RecordKey::from(id))),
            posting.hold.and_then(|id| text(RecordKey::from(id))),
            text(units.join(" ")).filter(|_| !units.is_empty()),
            transfer.and_then(|transfer| transfer.reference.as_deref()).and_then(text),
            transfer.and_then(|transfer| transfer.bank_reference.as_deref()).and_then(text),
        ];
        row.iter_mut().skip(BALANCE_COLUMNS).zip(told).for_each(|(cell, value)| *cell = value);
        row
    }
}

fn too_long(most: u64) -> ExportError {
    Refused::new(ErrorCode::LimitExceeded).at("date").with("most", most).into()
}

type Row = Vec<Option<AttributeValue>>;

/// Columns that every row has: which account, and what lies there.
const BALANCE_COLUMNS: usize = 7;

/// All columns; amounts are whole base units of the factor.
const COLUMNS: [(&str, FieldKind); 19] = [
    ("row", FieldKind::Text),
    ("account_code", FieldKind::Text),
    ("account", FieldKind::Text),
    ("factor", FieldKind::Text),
    ("base_unit", FieldKind::Text),
    ("posted_after", FieldKind::Integer),
    ("held_after", FieldKind::Integer),
    ("seq", FieldKind::Integer),
    ("recorded_at", FieldKind::Date),
    ("value_date", FieldKind::Date),
    ("kind", FieldKind::Text),
    ("movement", FieldKind::Text),
    ("amount", FieldKind::Integer),
    ("transfer", FieldKind::Text),
    ("other", FieldKind::Text),
    ("hold", FieldKind::Text),
    ("units", FieldKind::Text),
    ("reference", FieldKind::Text),
    ("bank_reference", FieldKind::Text),
];

fn fields() -> Vec<FieldSpec> {
    COLUMNS.iter().map(|(name, kind)| FieldSpec { name: (*name).to_owned(), kind: *kind }).collect()
}

#[allow(clippy::unnecessary_wraps)]
fn text(value: impl std::fmt::Display) -> Option<AttributeValue> {
    Some(AttributeValue::Text(value.to_string()))
}

#[allow(clippy::unnecessary_wraps)]
const fn amount(units: Units) -> Option<AttributeValue> {
    Some(AttributeValue::Integer(units.count()))
}
