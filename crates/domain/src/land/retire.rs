//! How a parcel leaves the register without successors.

use serde::{Deserialize, Serialize};

use super::parcel::Parcel;
use super::succession::{Disposition, no_rights_left, released};
use crate::codes::ParcelState;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Change, Context, Decision, Needs, ParcelId, RecordKind, Refused, Seen};

/// Retires a parcel; the rights and restrictions on it end in the same act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireParcel {
    pub parcel: Seen<ParcelId>,
    /// Every right and restriction on the parcel, ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Disposition>,
}

impl Body for RetireParcel {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
        needs.ledger.bound_to.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parcel = context.parcel(self.parcel, "parcel")?;
        context.reasoned()?;
        leaving(context, parcel)?;
        nothing_bound(context, parcel.id)?;
        no_rights_left(context, &[parcel.id], &self.dispositions, 0)?;
        let mut changes = released(context, parcel.id);
        changes.push(retired(context, parcel, Vec::new()));
        Ok(changes.into())
    }
}

/// Quotas bound to a parcel go elsewhere before it leaves without successors.
fn nothing_bound(context: &Context<'_>, parcel: ParcelId) -> Result<(), Refused> {
    let bound = context.set.on_parcel(parcel, RecordKind::Account).map(|(key, _)| AccountId(key.id));
    let mut left = bound.filter(|account| context.set.balance(*account).posted.is_positive());
    left.next().map_or(Ok(()), |account| {
        let posted = context.set.balance(account).posted.count();
        Err(Refused::new(ErrorCode::AccountNotEmpty).at("parcel").told("account", account).with("balance", posted))
    })
}

/// Whether a parcel may leave the register now.
pub(super) fn leaving(context: &Context<'_>, parcel: &Parcel) -> Result<(), Refused> {
    if parcel.state == ParcelState::Retired {
        return Err(Refused::new(ErrorCode::Retired).at("parcel").told("parcel", parcel.id));
    }
    context.not_frozen(parcel.id)?;
    context.nothing_later(parcel.id, "parcel")
}

/// The parcel as retired, with what came of it.
pub(super) fn retired(context: &Context<'_>, parcel: &Parcel, successors: Vec<ParcelId>) -> Change {
    let retired = Parcel { state: ParcelState::Retired, successors, ..parcel.clone() };
    Change::put(parcel.id.into(), parcel.id.into(), context.span(), retired)
}
