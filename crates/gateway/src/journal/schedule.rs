//! A scheduled act as the API shows it: what waits, or what became of it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, PrincipalId, RecordKind, Refused, Schedule, ScheduleId, ScheduleState};
use yulin_persistence::{PersistenceError, Registry, Snapshot, Versioned};

use crate::codes::Chosen;
use crate::disclosure::{Reading, reading_of};
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::mutation::ActRefused;
use crate::request::{Viewer, registry, snapshot, viewer};
use crate::scalars::{AsOfInput, Seq, Timestamp, read_id, write_id};
use crate::schema::{Cut, Item, Listed};

/// A scheduled act.
#[derive(Clone)]
pub struct ScheduleObject(pub Arc<Versioned<Schedule>>);

impl Item for ScheduleObject {
    type Place = ScheduleId;
    type Question = (ScheduleState, Option<PrincipalId>);

    fn place(&self) -> Self::Place {
        self.0.state.id
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_schedules(snapshot, *question).await
    }
}

/// An act that was handed in to begin later (预约登记).
#[Object(name = "Schedule")]
impl ScheduleObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.0.state.id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.0.version)
    }

    /// Who handed it in; it begins on his behalf (预约人).
    async fn author(&self) -> ID {
        write_id(self.0.state.author)
    }

    /// In which role (角色).
    async fn role(&self) -> Chosen<Role> {
        self.0.state.role.into()
    }

    /// Who approved it, where it was proposed (复核人).
    async fn approved_by(&self) -> Option<ID> {
        self.0.state.approved_by.map(write_id)
    }

    /// When it begins; of a proposal, when it was made (预约生效时间).
    async fn begins_at(&self) -> Timestamp {
        self.0.state.begins_at.into()
    }

    /// What it does, leg by leg (登记行为类型).
    async fn kinds(&self) -> Vec<Chosen<ActKind>> {
        self.0.state.legs.iter().map(|leg| leg.kind().into()).collect()
    }

    /// What became of it (状态).
    async fn state(&self) -> Chosen<ScheduleState> {
        self.0.state.outcome.state().into()
    }

    /// Why it was refused when its time had come; null unless it was (不予登记的原因).
    async fn refusal(&self) -> Option<ActRefused> {
        self.0.state.outcome.refusal().cloned().map(ActRefused)
    }
}

/// Reading scheduled acts.
#[derive(Debug, Default)]
pub struct ScheduleQuery;

/// Scheduled acts (预约登记查询).
#[Object]
impl ScheduleQuery {
    /// One scheduled act; null where there is none (按标识查预约登记).
    async fn schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the scheduled act, `schedule:uuid` (预约登记标识)")] id: ID,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<ScheduleObject> {
        or_null(async {
            let schedule = read_id(RecordKind::Schedule, &id, "id").map_err(|refused| refused_error(&refused))?;
            Ok(schedules_by_ids(ctx, snapshot(ctx, as_of).await?, &[schedule]).await?.pop())
        })
        .await
    }

    /// Scheduled and proposed acts of one state, in order of id: what waits for approval, where no state is named. Officers
    /// see all, others what they handed in (预约与待复核登记).
    async fn schedules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In this state (状态)", default_with = "Chosen(ScheduleState::Proposed)")] state: Chosen<
            ScheduleState,
        >,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Listed<ScheduleObject>, Error> {
        let question = (state.0, author_to_read(&viewer(ctx))?);
        let cut =
            Cut::read(ctx, &("schedules", question, &as_of), (first, after), snapshot(ctx, as_of.clone())).await?;
        let found = registry(ctx).schedules(&cut.snapshot, question, cut.after, cut.limit()).await;
        let found = found.map_err(|why| fault(&why))?.into_iter();
        let found = found.map(|schedule| ScheduleObject(Arc::new(schedule))).collect();
        Ok(Listed::of(ctx, &cut, cut.shown(found), Some(question)))
    }
}

/// Whose acts alone a viewer reads; none: everybody's.
fn author_to_read(viewer: &Viewer) -> Result<Option<PrincipalId>, Error> {
    let forbidden = || refused_error(&Refused::new(ErrorCode::Forbidden).at("schedule"));
    match reading_of(viewer, "Query", "schedule") {
        Reading::Yes => Ok(None),
        Reading::OwnOnly => viewer.identity.as_ref().map(|own| Some(own.principal)).ok_or_else(forbidden),
        Reading::No => Err(forbidden()),
    }
}

/// Scheduled acts in no particular order, where the viewer may read them.
pub(crate) async fn schedules_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    ids: &[ScheduleId],
) -> Result<Vec<ScheduleObject>, Error> {
    let author = author_to_read(&viewer(ctx))?;
    let found = registry(ctx).schedules_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
    let read = found.into_iter().filter(|schedule| author.is_none_or(|author| schedule.state.author == author));
    Ok(read.map(|schedule| ScheduleObject(Arc::new(schedule))).collect())
}
