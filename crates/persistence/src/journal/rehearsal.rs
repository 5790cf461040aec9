//! Acts decided one after another as if each were recorded, and nothing recorded.
//!
//! Decided by the same functions as in the writer, on a set that keeps what the earlier acts would have done. Ids are
//! not consumed and no lock is taken; what others record meanwhile is seen in what was not yet looked at.

use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::factor::{TradeLeg, hindrances_of_trade, needs_of_trade};
use yulin_domain::journal::{
    Act, ActId, Change, Context, Envelope, ParcelId, PrincipalId, Record, RecordKind, Refused, WorkingSet, decide_entry,
};
use yulin_domain::land::{Parcel, Right};
use yulin_domain::quantity::Instant;

use crate::dialect::{begin_reading, clock};
use crate::error::{PerformError, PersistenceError};
use crate::journal::head::{head_of, row};
use crate::keys::Identity;
use crate::record::{load, load_needs};
use crate::registry::Registry;

/// What an act would do, as of an entry.
#[derive(Debug, Clone)]
pub struct Preview {
    pub seq: i64,
    pub changes: Vec<Change>,
}

/// A run of acts that is only tried.
#[derive(Debug)]
pub struct Rehearsal {
    registry: Registry,
    set: WorkingSet,
    /// The entry that the last act taken would have been; the head where none was.
    seq: i64,
    now: Instant,
}

impl Registry {
    /// Decides an act on a read snapshot; consumes no id, takes no lock, writes nothing.
    pub async fn preview(&self, act: Act) -> Result<Preview, PerformError> {
        let mut decided = Rehearsal::of(self).decide(vec![act]).await?;
        decided.pop().unwrap_or(Err(PerformError::Busy))
    }
}

impl Registry {
    /// Every reason why a trade could not be done now by whoever asks, and as of which entry.
    pub async fn hindrances_of_trade(
        &self,
        Identity { principal, role, party: _, narrowing }: &Identity,
        legs: &[TradeLeg],
    ) -> Result<(i64, Vec<Refused>), PersistenceError> {
        let mut needs = needs_of_trade(legs);
        needs.records.push((*principal).into());
        let transaction = begin_reading(self.primary()).await?;
        let head = head_of(&row(&transaction).await?)?;
        let now = clock(&transaction).await?;
        let set = load_needs(&transaction, needs, &[]).await?;
        transaction.rollback().await?;
        let now = Instant::from_micros(now.max(head.recorded_at.micros() + 1));
        let narrowing = narrowing.as_ref().map(|narrowed| narrowed.narrowing().clone());
        let (principal, role, id) = (*principal, *role, ActId(Uuid::nil()));
        let envelope = Envelope { principal, role, narrowing, ..Envelope::by_the_registry(id) };
        Ok((head.seq, hindrances_of_trade(&Context::looking(&set, &envelope, (now, head.seq + 1)), legs)))
    }
}

impl Rehearsal {
    /// A rehearsal in which nothing has been tried yet.
    pub fn of(registry: &Registry) -> Self {
        Self { registry: registry.clone(), set: WorkingSet::default(), seq: 0, now: Instant::MIN }
    }

    /// Decides acts in their order, after those decided before.
    pub async fn decide(&mut self, acts: Vec<Act>) -> Result<Vec<Result<Preview, PerformError>>, PersistenceError> {
        let prepared = self.registry.prepared(acts).await?;
        let asked: Vec<_> = prepared.iter().flatten().map(|act| (&act.act, &act.footprints)).collect();
        let transaction = begin_reading(self.registry.primary()).await?;
        let head = head_of(&row(&transaction).await?)?;
        let now = clock(&transaction).await?;
        let loaded = load(&transaction, &asked).await?;
        transaction.rollback().await?;
        self.set.join(loaded);
        self.seq = self.seq.max(head.seq);
        self.now = self.now.max(Instant::from_micros(now.max(head.recorded_at.micros() + 1)));
        let mut decided = Vec::with_capacity(prepared.len());
        for act in prepared {
            decided.push(match act {
                Err(malformed) => Err(malformed),
                Ok(act) => {
                    let decision = decide_entry(&mut self.set, &act.act, &act.footprints, self.now, self.seq + 1);
                    self.taken(decision.map(|decided| decided.changes))
                }
            });
        }
        Ok(decided)
    }

    /// A principal of this name that is granted the role, where it is missing by an act that is only tried.
    pub async fn ensure_principal(&mut self, name: &str, role: Role) -> Result<PrincipalId, PerformError> {
        let (id, act) = self.registry.principal_or_act(name, role).await?;
        for tried in self.decide(act.into_iter().collect()).await? {
            tried?;
        }
        Ok(id)
    }

    fn taken(&mut self, decision: Result<Vec<Change>, Refused>) -> Result<Preview, PerformError> {
        let changes = decision.map_err(PerformError::Refused)?;
        self.set.keep();
        let preview = Preview { seq: self.seq, changes };
        self.seq += 1;
        Ok(preview)
    }

    /// A parcel as the acts decided so far leave it, with the entry that would have changed it last.
    pub fn parcel(&self, parcel: ParcelId) -> Option<(&Parcel, i64)> {
        match self.set.state(parcel, self.now)? {
            Record::Parcel(state) => Some((state, self.set.head(parcel)?)),
            _ => None,
        }
    }

    /// The rights on a parcel as the acts decided so far leave them.
    pub fn rights_on(&self, parcel: ParcelId) -> impl Iterator<Item = &Right> {
        let on_parcel = self.set.on_parcel(parcel, RecordKind::Right);
        on_parcel.filter_map(|(_, timeline)| match &*timeline.at(self.now)?.state {
            Record::Right(right) => Some(&**right),
            _ => None,
        })
    }
}
