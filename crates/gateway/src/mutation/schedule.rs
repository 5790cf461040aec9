//! Mutations of scheduled acts: handed in now, begun by the registry when their time has come.

use async_graphql::InputObject;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActBody, ApproveAct, CancelSchedule, LEGS_MAX, ProposeAct, Refused, ScheduleAct};

use super::ActBodyInput;
use super::common::SeenInput;
use super::read::{Read, Under, seen};
use super::roots::mutations;
use crate::scalars::Timestamp;

/// What is to begin later, and when (预约登记).
#[derive(Debug, Clone, InputObject)]
pub struct ScheduleActInput {
    /// When it begins: with the first entry recorded from then on (预约生效时间).
    pub begins_at: Timestamp,
    /// What is done then, leg by leg, all or none. An object named with `expectedSeq` must be unchanged when the act
    /// begins; else the act is refused then, and the schedule says so (登记内容).
    pub legs: Vec<ActBodyInput>,
}

impl TryFrom<ScheduleActInput> for ScheduleAct {
    type Error = Refused;
    fn try_from(ScheduleActInput { begins_at, legs }: ScheduleActInput) -> Read<Self> {
        let legs = waiting_legs(legs)?;
        Ok(Self { begins_at: begins_at.instant("beginsAt")?, legs })
    }
}

/// What is to be done once another has approved it (提请复核).
#[derive(Debug, Clone, InputObject)]
pub struct ProposeActInput {
    /// What is done then, leg by leg, all or none (登记内容).
    pub legs: Vec<ActBodyInput>,
}

impl TryFrom<ProposeActInput> for ProposeAct {
    type Error = Refused;
    fn try_from(ProposeActInput { legs }: ProposeActInput) -> Read<Self> {
        Ok(Self { legs: waiting_legs(legs)? })
    }
}

/// A proposal to be approved by another than who made it (批准复核).
#[derive(Debug, Clone, InputObject)]
pub struct ApproveActInput {
    /// The proposed act, with the version seen (待复核登记).
    pub schedule: SeenInput,
}

impl TryFrom<ApproveActInput> for ApproveAct {
    type Error = Refused;
    fn try_from(ApproveActInput { schedule }: ApproveActInput) -> Read<Self> {
        Ok(Self { schedule: seen(&schedule, "schedule")? })
    }
}

/// Legs that are done later.
fn waiting_legs(legs: Vec<ActBodyInput>) -> Read<Vec<ActBody>> {
    if legs.is_empty() || legs.len() >= LEGS_MAX {
        let refused = Refused::new(ErrorCode::BundleInvalid).at("legs").with("length", legs.len());
        return Err(refused.with("most", LEGS_MAX - 1));
    }
    let read = |(place, leg): (usize, ActBodyInput)| {
        match leg {
            // A schedule of schedules would let a document of any depth in.
            ActBodyInput::ScheduleAct(_) | ActBodyInput::ProposeAct(_) => Err(Refused::new(ErrorCode::NotSchedulable)),
            leg => leg.read(),
        }
        .under(&format!("legs[{place}]"))
    };
    legs.into_iter().enumerate().map(read).collect()
}

/// A scheduled act to be taken back before it begins (取消预约).
#[derive(Debug, Clone, InputObject)]
pub struct CancelScheduleInput {
    /// The scheduled act, with the version seen (预约登记).
    pub schedule: SeenInput,
}

impl TryFrom<CancelScheduleInput> for CancelSchedule {
    type Error = Refused;
    fn try_from(CancelScheduleInput { schedule }: CancelScheduleInput) -> Read<Self> {
        Ok(Self { schedule: seen(&schedule, "schedule")? })
    }
}

mutations! {
    ScheduleMutations:
    /// Hands in an act that is to begin later. The registry begins it on behalf of its author; whether it did, or why
    /// not, is read from the schedule (预约登记).
    schedule_act(ScheduleActInput) = ScheduleAct;
    /// Takes back a scheduled act that has not begun; its author may, and whoever may perform what it does (取消预约).
    cancel_schedule(CancelScheduleInput) = CancelSchedule;
    /// Proposes an act that another must approve; until it has begun it can be taken back (提请复核).
    propose_act(ProposeActInput) = ProposeAct;
    /// Approves an act that someone else proposed. The registry begins it at once, or after the delay of the factor on the
    /// working calendar of the district (批准复核).
    approve_act(ApproveActInput) = ApproveAct;
}
