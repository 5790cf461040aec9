//! Records by the keys that others name them by, many at once.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;
use yulin_domain::journal::{Claim, DistrictId, ParcelId, Record};
use yulin_domain::land::Parcel;
use yulin_domain::party::Party;

use super::index::{FIELDS_APART, folded};
use super::read::{as_of, as_of_values};
use super::row::{bears, claim_text};
use super::snapshot::{Snapshot, Versioned};
use crate::dialect::{statement, texts};
use crate::error::PersistenceError;
use crate::registry::Registry;

impl Registry {
    /// Registered parcels of a district that were planned lots, by the number they had as such.
    pub async fn registered_lots(
        &self,
        snapshot: &Snapshot,
        district: DistrictId,
        lots: &[String],
    ) -> Result<Vec<Versioned<Parcel>>, PersistenceError> {
        let likely = self.with_a_text(snapshot, district, lots).await?;
        let mut found = if likely.is_empty() { Vec::new() } else { self.parcels_by_ids(snapshot, &likely).await? };
        found.retain(|parcel| {
            parcel.state.is_registered() && parcel.state.lot_number.as_ref().is_some_and(|number| lots.contains(number))
        });
        Ok(found)
    }

    /// Registered parcels of a district one of whose texts is, case apart, among some.
    async fn with_a_text(
        &self,
        snapshot: &Snapshot,
        district: DistrictId,
        texts: &[String],
    ) -> Result<Vec<ParcelId>, PersistenceError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: HashSet<String> = texts.iter().map(|text| folded(text)).collect();
        let sql = format!(
            "SELECT p.id, p.search FROM parcel_index p WHERE p.district = $1 AND p.state = 'REGISTERED' AND {}",
            as_of("p", 2)
        );
        let [seq, valid] = as_of_values(snapshot);
        let values = vec![district.to_string().into(), seq, valid];
        let mut found = Vec::new();
        // One pass over the district, however many are wanted: no index knows a lot once it has a code.
        for row in self.reader().query_all_raw(statement(self.reader(), sql, values)).await? {
            let search: String = row.try_get("", "search")?;
            if search.split(FIELDS_APART).any(|text| wanted.contains(text)) {
                let id: String = row.try_get("", "id")?;
                let corrupt = |why| PersistenceError::corrupt("parcel_index", &id, why);
                found.push(id.parse().map_err(|why: uuid::Error| corrupt(why))?);
            }
        }
        Ok(found)
    }

    /// Parties by credit code or by reference in another register (`system/id`), in no particular order.
    pub async fn parties_by_keys(
        &self,
        snapshot: &Snapshot,
        credit_codes: &[String],
        externals: &[String],
    ) -> Result<Vec<Versioned<Party>>, PersistenceError> {
        let credit_codes = credit_codes.iter().map(|code| Claim::CreditCode(code.clone()));
        let externals = externals.iter().map(|reference| Claim::PartyExternal(reference.clone()));
        let claims: Vec<_> = credit_codes.chain(externals).map(|claim| claim_text(&claim)).collect();
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let condition = format!("r.kind = 'party' AND {}", bears(self.reader(), 1));
        let pick = |record| match record {
            Record::Party(state) => Some(*state),
            _ => None,
        };
        self.read(snapshot, (&condition, "r.id"), vec![texts(claims)], pick).await
    }
}
