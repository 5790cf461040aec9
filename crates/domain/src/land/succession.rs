//! What becomes of rights and restrictions when parcels give way to others: each is carried or ended.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::restriction::{Particulars, Restriction};
use super::right::Right;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Change, Context, ParcelId, Record, RecordKey, RecordKind, Refused, RestrictionId, RightId};

/// Rights and restrictions that one act makes on new parcels; a right counts as often as it has holders.
const CARRIED_MAX: usize = 20_000;

/// What becomes of one right or restriction of a parcel that gives way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// It goes on, on these new parcels (places in the act's list).
    Carried { record: RecordKey, onto: Vec<usize> },
    /// It ends with the parcel.
    Ended { record: RecordKey },
}

impl Disposition {
    const fn record(&self) -> RecordKey {
        match self {
            Self::Carried { record, .. } | Self::Ended { record } => *record,
        }
    }
}

/// Every right and restriction that stands on the parcels stands there to the end of what is known, and has exactly one
/// disposition, which names new parcels that exist, each once.
pub(super) fn no_rights_left(
    context: &Context<'_>,
    parcels: &[ParcelId],
    dispositions: &[Disposition],
    children: usize,
) -> Result<(), Refused> {
    let mut told: BTreeMap<RecordKey, usize> = BTreeMap::new();
    for (place, disposition) in dispositions.iter().enumerate() {
        *told.entry(disposition.record()).or_default() += 1;
        if let Disposition::Carried { onto, .. } = disposition
            && (onto.is_empty()
                || onto.iter().any(|child| *child >= children)
                || onto.iter().collect::<BTreeSet<_>>().len() < onto.len())
        {
            let refused = Refused::new(ErrorCode::Validation).at(format!("dispositions[{place}].onto"));
            return Err(refused.with("newParcels", children));
        }
    }
    let standing: Vec<_> = parcels.iter().flat_map(|parcel| on(context, *parcel)).collect();
    for key in &standing {
        context.nothing_later(*key, "dispositions")?;
        context.lasting(*key, "dispositions")?;
    }
    let left: Vec<_> = standing.iter().filter(|key| !told.contains_key(key)).map(ToString::to_string).collect();
    if !left.is_empty() {
        return Err(Refused::new(ErrorCode::RightsNotCarried).at("dispositions").with("left", left));
    }
    let strange = told.iter().find(|(key, times)| **times > 1 || !standing.contains(key));
    strange.map_or(Ok(()), |(key, times)| {
        let refused = Refused::new(ErrorCode::Validation).at("dispositions").told("record", key);
        Err(refused.with("times", *times))
    })
}

/// The rights and restrictions that stand on a parcel at the act's effect or later.
fn on(context: &Context<'_>, parcel: ParcelId) -> Vec<RecordKey> {
    let kinds = [RecordKind::Right, RecordKind::Restriction];
    let all = kinds.into_iter().flat_map(|kind| context.set.on_parcel(parcel, kind));
    let standing = all.filter(|(_, timeline)| timeline.last().is_some_and(|row| row.valid.to > context.effective));
    standing.map(|(key, _)| key).collect()
}

/// Everything that stands on a parcel ends with it.
pub(super) fn released(context: &Context<'_>, parcel: ParcelId) -> Vec<Change> {
    on(context, parcel).into_iter().map(|key| Change::void(parcel.into(), key, context.span())).collect()
}

/// The rights and restrictions that go on, each on its new parcels under a new id.
pub(super) fn carried(
    context: &Context<'_>,
    dispositions: &[Disposition],
    children: &[ParcelId],
) -> Result<Vec<Change>, Refused> {
    check_weight(context, dispositions)?;
    let mut changes = Vec::new();
    // Rights first: a restriction follows the right it weighs on.
    let mut heirs: BTreeMap<(RightId, ParcelId), RightId> = BTreeMap::new();
    for (place, disposition) in dispositions.iter().enumerate() {
        let Disposition::Carried { record, onto } = disposition else { continue };
        let Some(Record::Right(right)) = context.set.state(*record, context.effective) else { continue };
        for (child, parcel) in chosen(onto, children) {
            let id = RightId::made_by(context.envelope.id, context.leg, place * children.len() + child);
            heirs.insert((right.id, parcel), id);
            let heir = Right { id, parcel, carried_from: Some(right.id), ..(**right).clone() };
            changes.push(Change::put(parcel.into(), id.into(), context.span(), heir));
        }
    }
    for (place, disposition) in dispositions.iter().enumerate() {
        let Disposition::Carried { record, onto } = disposition else { continue };
        let Some(Record::Restriction(old)) = context.set.state(*record, context.effective) else { continue };
        for (child, parcel) in chosen(onto, children) {
            let id = RestrictionId::made_by(context.envelope.id, context.leg, place * children.len() + child);
            let heir = inherited(old, id, parcel, &heirs)?;
            changes.push(Change::put(parcel.into(), id.into(), context.span(), heir));
        }
    }
    Ok(changes)
}

fn check_weight(context: &Context<'_>, dispositions: &[Disposition]) -> Result<(), Refused> {
    let weight = dispositions.iter().map(|disposition| match disposition {
        Disposition::Ended { .. } => 0,
        Disposition::Carried { record, onto } => match context.set.state(*record, context.effective) {
            Some(Record::Right(right)) => onto.len().saturating_mul(right.holders.len().max(1)),
            _ => onto.len(),
        },
    });
    let weight = weight.fold(0, usize::saturating_add);
    if weight > CARRIED_MAX {
        return Err(Refused::new(ErrorCode::TooLarge)
            .at("dispositions")
            .with("carried", weight)
            .with("most", CARRIED_MAX));
    }
    Ok(())
}

/// A restriction on a new parcel, weighing on the heir of the right it weighed on.
fn inherited(
    old: &Restriction,
    id: RestrictionId,
    parcel: ParcelId,
    heirs: &BTreeMap<(RightId, ParcelId), RightId>,
) -> Result<Restriction, Refused> {
    let right = match old.particulars.right {
        None => None,
        Some(right) => Some(*heirs.get(&(right, parcel)).ok_or_else(|| {
            let refused = Refused::new(ErrorCode::RightsNotCarried).at("dispositions");
            refused.told("restriction", old.id).told("right", right)
        })?),
    };
    let particulars = Particulars { right, ..old.particulars.clone() };
    Ok(Restriction { id, parcel, particulars, carried_from: Some(old.id), due_at: old.due_at })
}

fn chosen<'a>(onto: &'a [usize], children: &'a [ParcelId]) -> impl Iterator<Item = (usize, ParcelId)> + 'a {
    onto.iter().filter_map(|child| children.get(*child).map(|parcel| (*child, *parcel)))
}
