//! How shares of a right pass from holder to holder.

use serde::{Deserialize, Serialize};

use super::right::{HolderShare, check_shares, put_right, standing};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Context, Decision, Needs, ParcelId, PartyId, RecordKey, Refused, RightId, Seen};
use crate::party::ExternalRef;
use crate::quantity::Share;

/// A share that passes from one party to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub from: PartyId,
    pub to: PartyId,
    /// Of the whole right, not of the giver's share.
    pub share: Share,
}

/// Records that shares of a right are transferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRight {
    pub parcel: Seen<ParcelId>,
    pub right: RightId,
    pub moves: Vec<Move>,
    /// The certificate issued to the new holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

impl Body for TransferRight {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
        needs.records.extend(self.moves.iter().map(|moved| RecordKey::from(moved.to)));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let (parcel, right) = standing(context, self.parcel, self.right)?;
        context.not_frozen(parcel)?;
        context.nothing_later(self.right, "right")?;
        self.check_moves(context)?;
        let mut after = right.clone();
        for (place, moved) in self.moves.iter().enumerate() {
            pass(&mut after.holders, *moved).ok_or_else(|| {
                let held = after.holders.iter().find(|holder| holder.party == moved.from);
                Refused::new(ErrorCode::ShareNotHeld)
                    .at(format!("moves[{place}].share"))
                    .told("share", moved.share)
                    .told("held", held.map_or_else(|| "0".to_owned(), |holder| holder.share.to_string()))
            })?;
        }
        check_shares(&after.holders)?;
        after.certificate = self.certificate.clone().or(after.certificate);
        after.external = self.external.clone().or(after.external);
        if after == *right {
            return Ok(Decision::default());
        }
        Ok(vec![put_right(context, after)].into())
    }
}

impl TransferRight {
    /// Something moves, to parties that are known and not the givers. Who holds already was known when he came to hold.
    fn check_moves(&self, context: &Context<'_>) -> Result<(), Refused> {
        if self.moves.is_empty() {
            return Err(Refused::new(ErrorCode::ListEmpty).at("moves"));
        }
        for (place, moved) in self.moves.iter().enumerate() {
            let at = |code| Refused::new(code).at(format!("moves[{place}].to")).told("party", moved.to);
            if context.set.timeline(moved.to).is_none() {
                return Err(at(ErrorCode::PartyUnknown));
            }
            if moved.to == moved.from {
                return Err(at(ErrorCode::HolderDuplicate));
            }
        }
        ExternalRef::check(self.external.as_ref())?;
        check_given(self.certificate.as_deref(), "certificate")
    }
}

/// Moves a share; none where the giver does not hold as much.
fn pass(holders: &mut Vec<HolderShare>, moved: Move) -> Option<()> {
    let giver = holders.iter().position(|holder| holder.party == moved.from)?;
    let held = holders.get(giver)?.share;
    if held == moved.share {
        holders.remove(giver);
    } else {
        holders.get_mut(giver)?.share = held.checked_sub(moved.share)?;
    }
    match holders.iter_mut().find(|holder| holder.party == moved.to) {
        Some(taker) => taker.share = taker.share.checked_add(moved.share)?,
        None => holders.push(HolderShare { party: moved.to, share: moved.share }),
    }
    Some(())
}
