//! What waits for somebody, in order of id: acts to be approved, transfers to be confirmed outside.

use std::collections::BTreeSet;

use sea_orm::Value;
use yulin_domain::factor::Transfer;
use yulin_domain::journal::{FactorId, PrincipalId, Schedule, ScheduleId, ScheduleState, TransferId};

use super::read::pick;
use super::snapshot::{Snapshot, Versioned};
use crate::dialect::{member, some_member, texts};
use crate::error::PersistenceError;
use crate::registry::Registry;

type Read<T> = Result<Vec<Versioned<T>>, PersistenceError>;
/// A condition on records with its values.
type Asked = (String, Vec<Value>);

impl Registry {
    /// Scheduled and proposed acts of a state, after one of them, at most `limit`; those of one author, where he is named.
    pub async fn schedules(
        &self,
        snapshot: &Snapshot,
        (state, author): (ScheduleState, Option<PrincipalId>),
        after: Option<ScheduleId>,
        limit: u64,
    ) -> Read<Schedule> {
        let (condition, values) = self.schedules_asked(state, author, after);
        self.read(snapshot, (&condition, &format!("r.id LIMIT {limit}")), values, pick!(Schedule)).await
    }

    /// How many of them there are.
    pub async fn count_schedules(
        &self,
        snapshot: &Snapshot,
        (state, author): (ScheduleState, Option<PrincipalId>),
    ) -> Result<u64, PersistenceError> {
        self.count_records(snapshot, self.schedules_asked(state, author, None)).await
    }

    fn schedules_asked(&self, state: ScheduleState, author: Option<PrincipalId>, after: Option<ScheduleId>) -> Asked {
        let outcome = member(self.reader(), "schedule.outcome");
        let is_in_state = match state {
            // What was refused says why.
            ScheduleState::Refused => format!("{outcome} LIKE '{{\"REFUSED\"%'"),
            word => format!("{outcome} = '{}'", word.name()),
        };
        let mut values: Vec<Value> = vec![after.map_or_else(String::new, |id| id.to_string()).into()];
        let mut condition = format!("r.kind = 'schedule' AND {is_in_state} AND r.id > $1");
        if let Some(author) = author {
            values.push(author.to_string().into());
            condition = format!("{condition} AND {} = $2", member(self.reader(), "schedule.author"));
        }
        (condition, values)
    }

    /// Transfers that an outside register has yet to confirm, after one of them, at most `limit`; of some factors, where
    /// they are named.
    pub async fn awaiting_transfers(
        &self,
        snapshot: &Snapshot,
        within: Option<&BTreeSet<FactorId>>,
        after: Option<TransferId>,
        limit: u64,
    ) -> Read<Transfer> {
        let (condition, values) = self.awaiting_asked(within, after);
        self.read(snapshot, (&condition, &format!("r.id LIMIT {limit}")), values, pick!(Transfer)).await
    }

    /// How many of them there are.
    pub async fn count_awaiting_transfers(
        &self,
        snapshot: &Snapshot,
        within: Option<&BTreeSet<FactorId>>,
    ) -> Result<u64, PersistenceError> {
        self.count_records(snapshot, self.awaiting_asked(within, None)).await
    }

    fn awaiting_asked(&self, within: Option<&BTreeSet<FactorId>>, after: Option<TransferId>) -> Asked {
        let mut condition = format!(
            "r.kind = 'transfer' AND {} = 'AWAITING_REGISTRY' AND r.id > $1",
            member(self.reader(), "transfer.state")
        );
        let mut values: Vec<Value> = vec![after.map_or_else(String::new, |id| id.to_string()).into()];
        if let Some(factors) = within {
            values.push(texts(factors));
            let moved = some_member(self.reader(), ("transfer.movements", "factor"), 2);
            condition = format!("{condition} AND {moved}");
        }
        (condition, values)
    }
}
