//! The statement of one day as a file: of every account that the viewer sees, what lay there before, each entry, and what
//! lay there afterwards.

use std::collections::HashMap;

use async_graphql::InputObject;
use jiff::civil::Date;
use serde_json::Value;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Balance, Transfer};
use yulin_domain::journal::{AccountId, Refused, TransferId};
use yulin_domain::quantity::Instant;
use yulin_exchange::format::{FileFormat, GeometryColumn, Sink, SinkOptions, SinkTarget};
use yulin_persistence::{AccountFilter, AsOf, EntryLine, RecordedAt, Registry, Snapshot, SnapshotRefused, Versioned};

use super::course::{Exported, blocking};
use super::error::ExportError;
use super::input::read_input;
use super::statement_rows::{Row, StatementRows, fields, written_in};
use crate::disclosure::{Reading, reading_of};
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
    /// Accounts of this factor only, by its code.
    factor: Option<String>,
    /// Accounts on which something happened that day only.
    moved: Option<bool>,
}

/// What is asked: a day, and of which accounts.
#[derive(Debug)]
pub struct DayQuestion {
    date: Date,
    factor: Option<String>,
    only_moved: bool,
}

impl DayQuestion {
    /// Reads `{"date": "2026-11-25", "factor": "COD", "moved": true}`, of which the day alone must be given.
    pub fn read(members: Value) -> Result<Self, Refused> {
        let StatementInput { date, factor, moved } = read_input(members)?;
        Ok(Self { date: date.date("date")?, factor, only_moved: moved.unwrap_or_default() })
    }
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
    asked: DayQuestion,
    /// The accounts that are asked for.
    filter: AccountFilter,
    rows: StatementRows,
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
        asked: DayQuestion,
    ) -> Result<Self, ExportError> {
        if reading_of(&viewer, "Query", "statement") == Reading::No {
            return Err(Refused::new(ErrorCode::Forbidden).at("statement").into());
        }
        let now = registry.snapshot(AsOf::default(), at_least).await.map_err(|refused| snapshot_error(&refused))?;
        let districts = DistrictBook::load(registry, now).await?;
        let factors = registry.factors(&now).await.map_err(|why| fault(&why))?;
        let mut filter = AccountFilter::default();
        if let Some(code) = &asked.factor {
            let found = factors.iter().find(|factor| factor.state.code == *code);
            let unknown = || Refused::new(ErrorCode::FactorUnknown).at("factor").told("code", code);
            filter.factor = Some(found.ok_or_else(unknown)?.state.id);
        }
        let rows = StatementRows(factors.into_iter().map(|factor| (factor.state.id, factor.state)).collect());
        let (registry, days) = (registry.clone(), HashMap::new());
        Ok(Self { registry, viewer, asked, filter, rows, now, districts, days })
    }

    /// Writes the file; more lines than `most` are refused.
    pub async fn write(mut self, format: FileFormat, most: u64) -> Result<Exported, ExportError> {
        let options = SinkOptions {
            layer: format!("statement {}", self.asked.date),
            fields: fields(),
            geometry_column: GeometryColumn::Absent,
            ..SinkOptions::default()
        };
        let mut sink = blocking(move || Sink::create(SinkTarget::Unnamed, format, &options)).await?;
        let mut written = 0;
        let mut after = None;
        while let Some(filter) = narrowed(&self.viewer, self.filter.clone()) {
            let ids = self.registry.account_ids(&self.now, &filter, after.take(), PAGE).await;
            let ids = ids.map_err(|why| fault(&why))?;
            let mut accounts = self.registry.accounts_by_ids(&self.now, &ids).await.map_err(|why| fault(&why))?;
            accounts.sort_by(|one, other| one.state.code.cmp(&other.state.code));
            let Some(last) = accounts.last() else { break };
            after = Some((last.state.code.clone(), last.state.id));
            let page = self.page(&accounts).await?;
            for account in accounts {
                let rows = self.of_account(&account, &page, most.saturating_sub(written)).await?;
                written += rows.len() as u64;
                if written > most {
                    return Err(too_long(most));
                }
                let rows = written_in(format, rows);
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
    async fn of_account(
        &mut self,
        account: &Versioned<Account>,
        page: &Page,
        most: u64,
    ) -> Result<Vec<Row>, ExportError> {
        let Versioned { state: account, version, .. } = account;
        let day = self.day_of(account).await?;
        let (opening, Day { closing, is_over, .. }) = (page.opening(account.id, &day), day);
        if opening > closing.seq {
            return Ok(Vec::new());
        }
        let mut rows = vec![self.rows.row(account, "OPENING", page.lying(account.id, opening))];
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
                rows.push(self.rows.entry(account, &line, transfer));
            }
            if rows.len() as u64 > most {
                return Err(too_long(most));
            }
        }
        if self.asked.only_moved && rows.len() == 1 {
            return Ok(Vec::new());
        }
        rows.push(self.rows.row(
            account,
            if is_over { "CLOSING" } else { "SO_FAR" },
            page.lying(account.id, closing.seq),
        ));
        Ok(rows)
    }

    /// The day by the clock of the account's district.
    async fn day_of(&mut self, account: &Account) -> Result<Day, ExportError> {
        let zone = self.districts.district(account.district).map_or("UTC", |known| &known.time_zone).to_owned();
        if let Some(day) = self.days.get(&zone) {
            return Ok(*day);
        }
        let far = || Refused::new(ErrorCode::DateInvalid).at("date");
        let start = Instant::start_of(self.asked.date, &zone).map_err(|why| far().told("problem", why))?;
        let next = self.asked.date.tomorrow().map_err(|why| far().told("problem", why))?;
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
}

fn too_long(most: u64) -> ExportError {
    Refused::new(ErrorCode::LimitExceeded).at("date").with("most", most).into()
}
