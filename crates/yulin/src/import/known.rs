//! What the registry knows of the features of a chunk, loaded in a few statements.

use std::collections::{HashMap, HashSet};

use yulin_domain::district::District;
use yulin_domain::journal::{ParcelId, PartyId, PersonalFields, PersonalId, Refused};
use yulin_domain::land::{Feature, Parcel, Right, Zone};
use yulin_domain::party::{ExternalRef, Party};
use yulin_exchange::import::{
    Existing, Mapping, PartyKey, Plan, Row, Setting, holders_of, party_key, plan_attributes, plan_feature, plan_parcel,
    plan_party, plan_right, plan_zone, right_differs,
};
use yulin_persistence::{PersistenceError, Registry, Rehearsal, Snapshot, Versioned};

use super::args::What;
use super::chunk::{Item, NamedBy};

/// Records by the code that the file names them by.
type ByCode<T> = HashMap<String, Versioned<T>>;

/// What is known, by what is imported.
#[derive(Debug)]
pub enum Known {
    Parcels {
        by_code: ByCode<Parcel>,
        /// By lot number: those that are planned, and those that once were.
        by_lot: ByCode<Parcel>,
    },
    Attributes(ByCode<Parcel>),
    Zones(ByCode<Zone>),
    Features(ByCode<Feature>),
    Parties {
        parties: HashMap<PartyKey, Versioned<Party>>,
        personal: HashMap<PersonalId, PersonalFields>,
    },
    Rights {
        parcels: ByCode<Parcel>,
        rights: HashMap<ParcelId, Vec<Right>>,
        parties: HashMap<PartyKey, PartyId>,
    },
}

/// Loads what is known of the items of a chunk.
pub async fn load(
    registry: &Registry,
    snapshot: &Snapshot,
    what: What,
    district: &District,
    (items, mapping): (&[Item], &Mapping),
) -> Result<Known, PersistenceError> {
    let rows =
        || items.iter().filter(|item| item.refused.is_none()).map(|item| Row { mapping, feature: &item.feature });
    Ok(match what {
        What::Parcels => {
            let by_code = parcels(registry, snapshot, district, items).await?;
            let by_lot = lots(registry, snapshot, district, (items, mapping), &by_code).await?;
            Known::Parcels { by_code, by_lot }
        }
        What::Attributes => Known::Attributes(parcels(registry, snapshot, district, items).await?),
        What::Zones => {
            let zones = registry.zones(snapshot, Some(district.id), &[]).await?;
            Known::Zones(zones.into_iter().map(|zone| (zone.state.code.clone(), zone)).collect())
        }
        What::Features => {
            let features = registry.features(snapshot, Some(district.id), &[]).await?;
            Known::Features(features.into_iter().map(|feature| (feature.state.code.clone(), feature)).collect())
        }
        What::Parties => {
            let keys = rows().filter_map(|row| party_key(&row).ok().flatten());
            let parties = parties(registry, snapshot, keys).await?;
            let sealed: Vec<_> = parties.values().filter_map(|party| party.state.personal).collect();
            let ids: Vec<_> = sealed.iter().map(|sealed| sealed.personal).collect();
            Known::Parties { parties, personal: registry.personal(&ids).await? }
        }
        What::Rights => {
            let parcels = parcels(registry, snapshot, district, items).await?;
            let ids: Vec<_> = parcels.values().map(|parcel| parcel.state.id).collect();
            let rights = registry.rights_on(snapshot, &ids).await?.into_iter();
            let plain = |rights: Vec<Versioned<Right>>| rights.into_iter().map(|right| right.state).collect();
            let rights = rights.map(|(parcel, rights)| (parcel, plain(rights))).collect();
            let rows = items.iter().flat_map(|item| item.rows(mapping));
            let keys = rows.filter_map(|row| holders_of(&row).ok()).flatten().map(|holder| holder.party);
            let parties = parties(registry, snapshot, keys).await?;
            let parties = parties.into_iter().map(|(key, party)| (key, party.state.id)).collect();
            Known::Rights { parcels, rights, parties }
        }
    })
}

async fn parcels(
    registry: &Registry,
    snapshot: &Snapshot,
    district: &District,
    items: &[Item],
) -> Result<ByCode<Parcel>, PersistenceError> {
    let codes: Vec<String> = items.iter().filter_map(|item| item.code.clone()).collect();
    let parcels = registry.parcels_by_codes(snapshot, district.id, &codes).await?;
    Ok(parcels.into_iter().filter_map(|parcel| Some((parcel.state.code.clone()?, parcel))).collect())
}

/// Lots by their number: of rows that plan one, and of rows whose code is new and may be that of a planned lot.
async fn lots(
    registry: &Registry,
    snapshot: &Snapshot,
    district: &District,
    (items, mapping): (&[Item], &Mapping),
    by_code: &ByCode<Parcel>,
) -> Result<ByCode<Parcel>, PersistenceError> {
    let unknown = |item: &&Item| match item.named_by {
        NamedBy::Lot => true,
        NamedBy::Code => item.code.as_ref().is_some_and(|code| !by_code.contains_key(code)),
    };
    let lot_of = |item: &Item| Row { mapping, feature: &item.feature }.text("lotNumber");
    let numbers: Vec<String> = items.iter().filter(unknown).filter_map(lot_of).collect();
    if numbers.is_empty() {
        return Ok(ByCode::new());
    }
    let planned = registry.planned_lots(snapshot, district.id, &numbers).await?;
    let by_number = |lot: Versioned<Parcel>| Some((lot.state.lot_number.clone()?, lot));
    let mut found: ByCode<Parcel> = planned.into_iter().filter_map(by_number).collect();
    let lot_rows = items.iter().filter(|item| item.named_by == NamedBy::Lot);
    let others: Vec<String> =
        lot_rows.filter_map(|item| item.code.clone()).filter(|lot| !found.contains_key(lot)).collect();
    let once_planned = registry.registered_lots(snapshot, district.id, &others).await?;
    found.extend(once_planned.into_iter().filter_map(by_number));
    Ok(found)
}

async fn parties(
    registry: &Registry,
    snapshot: &Snapshot,
    keys: impl Iterator<Item = PartyKey>,
) -> Result<HashMap<PartyKey, Versioned<Party>>, PersistenceError> {
    let keys: HashSet<PartyKey> = keys.collect();
    let (mut credit_codes, mut externals) = (Vec::new(), Vec::new());
    for key in &keys {
        match key {
            PartyKey::CreditCode(code) => credit_codes.push(code.clone()),
            PartyKey::External(name) => externals.push(name.clone()),
        }
    }
    let mut found = HashMap::new();
    for party in registry.parties_by_keys(snapshot, &credit_codes, &externals).await? {
        let credit = party.state.credit_code.iter().map(|code| PartyKey::CreditCode(code.as_str().to_owned()));
        let external = |one: &ExternalRef| PartyKey::External(format!("{}/{}", one.system, one.external_id));
        for key in credit.chain(party.state.external.iter().map(external)).filter(|key| keys.contains(key)) {
            found.insert(key, party.clone());
        }
    }
    Ok(found)
}

impl Known {
    /// As the acts tried before would have left it.
    pub fn after(&mut self, rehearsal: &Rehearsal) {
        match self {
            Self::Rights { parcels, rights, parties: _ } => {
                for parcel in parcels.values_mut() {
                    if let Some((state, seq)) = rehearsal.parcel(parcel.state.id) {
                        (parcel.state, parcel.version) = (state.clone(), seq);
                    }
                    let standing = rights.entry(parcel.state.id).or_default();
                    for tried in rehearsal.rights_on(parcel.state.id) {
                        standing.retain(|right| right.id != tried.id);
                        standing.push(tried.clone());
                    }
                }
            }
            // Each of these is spoken of once in a file.
            Self::Parcels { .. } | Self::Attributes(_) | Self::Zones(_) | Self::Features(_) | Self::Parties { .. } => {}
        }
    }

    /// What is to be done about an item.
    pub fn plan(&self, item: &Item, mapping: &Mapping, setting: &Setting<'_>) -> Result<Plan, Refused> {
        if let Some(refused) = &item.refused {
            return Err(refused.clone());
        }
        let row = Row { mapping, feature: &item.feature };
        let code = item.code.as_deref().unwrap_or_default();
        match self {
            Self::Parcels { by_code, by_lot } => {
                let known = match item.named_by {
                    NamedBy::Code => by_code.get(code).or_else(|| by_lot.get(&row.text("lotNumber")?)),
                    NamedBy::Lot => by_lot.get(code),
                };
                plan_parcel(&row, setting, known.map(existing))
            }
            Self::Attributes(known) => plan_attributes(&row, setting, known.get(code).map(existing)),
            Self::Zones(known) => plan_zone(&row, setting, known.get(code).map(existing)),
            Self::Features(known) => plan_feature(&row, setting, known.get(code).map(existing)),
            Self::Parties { parties, personal } => {
                let party = party_key(&row)?.and_then(|key| parties.get(&key));
                let sealed = party.and_then(|party| party.state.personal);
                plan_party(&row, party.map(existing), sealed.and_then(|sealed| personal.get(&sealed.personal)))
            }
            Self::Rights { parcels, rights, parties } => {
                let parcel = parcels.get(code);
                let others: Vec<Row<'_>> = item.rows(mapping).skip(1).collect();
                plan_right(&row, &others, parcel.map(existing), &standing_on(parcel, rights), parties)
            }
        }
    }

    /// What an item says of a right otherwise than the right of its type that stands; nothing of other kinds.
    pub fn differs(&self, item: &Item, mapping: &Mapping) -> Vec<&'static str> {
        match self {
            Self::Rights { parcels, rights, parties } => {
                let row = Row { mapping, feature: &item.feature };
                let standing = standing_on(item.code.as_ref().and_then(|code| parcels.get(code)), rights);
                let others: Vec<Row<'_>> = item.rows(mapping).skip(1).collect();
                right_differs(&row, &others, &standing, parties).unwrap_or_default()
            }
            Self::Parcels { .. } | Self::Attributes(_) | Self::Zones(_) | Self::Features(_) | Self::Parties { .. } => {
                Vec::new()
            }
        }
    }

    /// The parcel an item speaks of, where it is registered.
    pub fn parcel(&self, item: &Item) -> Option<&Parcel> {
        let code = item.code.as_deref()?;
        match self {
            Self::Parcels { by_code, by_lot } => match item.named_by {
                NamedBy::Code => by_code.get(code).map(|parcel| &parcel.state),
                NamedBy::Lot => by_lot.get(code).map(|lot| &lot.state),
            },
            Self::Attributes(known) => known.get(code).map(|parcel| &parcel.state),
            Self::Rights { .. } | Self::Zones(_) | Self::Features(_) | Self::Parties { .. } => None,
        }
    }

    /// Whether the code of an item is borne by something that stands in the registry.
    pub fn stands(&self, item: &Item) -> bool {
        let Some(code) = item.code.as_deref() else { return false };
        match self {
            Self::Parcels { .. } | Self::Attributes(_) => self.parcel(item).is_some_and(Parcel::is_registered),
            Self::Zones(known) => known.contains_key(code),
            Self::Features(known) => known.contains_key(code),
            Self::Parties { .. } | Self::Rights { .. } => false,
        }
    }
}

/// The rights on a parcel, where it is registered.
fn standing_on<'a>(parcel: Option<&Versioned<Parcel>>, rights: &'a HashMap<ParcelId, Vec<Right>>) -> Vec<&'a Right> {
    parcel.and_then(|parcel| rights.get(&parcel.state.id)).into_iter().flatten().collect()
}

fn existing<T>(known: &Versioned<T>) -> Existing<'_, T> {
    Existing { state: &known.state, seq: known.version }
}
