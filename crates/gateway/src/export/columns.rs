//! Which columns a viewer gets, and what stands in them.
//!
//! A column that a role reads of nothing is not there; one that it reads of its own alone is empty elsewhere.

use async_graphql::Error;
use yulin_domain::codes::Role;
use yulin_exchange::export::{FootprintShown, ParcelColumn, parcel_columns};
use yulin_exchange::format::{AttributeValue, FieldKind, FieldSpec};

use crate::disclosure::{Reading, reading};
use crate::district::DistrictBook;
use crate::land::ParcelObject;

/// A column that is not of the parcel's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    District,
    Generated,
    Holders,
}

/// The columns of an export.
#[derive(Debug)]
pub struct Columns {
    card: Vec<(ParcelColumn, Reading)>,
    beside: Vec<Beside>,
    /// What the viewer gets no column of.
    pub withheld: Vec<&'static str>,
}

impl Columns {
    /// What a role reads.
    pub fn of(role: Role) -> Self {
        let mut columns = Self { card: Vec::new(), beside: Vec::new(), withheld: Vec::new() };
        for column in parcel_columns() {
            let (parent, field) = column.reads;
            match reading(role, parent, field) {
                Reading::No => columns.withheld.push(column.name),
                read @ (Reading::Yes | Reading::OwnOnly) => columns.card.push((column, read)),
            }
        }
        for beside in [Beside::District, Beside::Generated, Beside::Holders] {
            match reading(role, "Parcel", beside.field()) {
                Reading::No => columns.withheld.push(beside.field()),
                // Objects tell holders of their own land alone where that is the rule.
                Reading::Yes | Reading::OwnOnly => columns.beside.push(beside),
            }
        }
        columns
    }

    /// The columns as a file declares them.
    pub fn fields(&self) -> Vec<FieldSpec> {
        let beside =
            self.beside.iter().map(|beside| FieldSpec { name: beside.field().to_owned(), kind: beside.kind() });
        self.card.iter().map(|(column, _)| column.field()).chain(beside).collect()
    }

    /// The columns that hold something of every parcel, by which it may be asked.
    pub fn open_fields(&self) -> impl Iterator<Item = FieldSpec> {
        let card = self.card.iter().filter(|(_, read)| *read == Reading::Yes).map(|(column, _)| column.field());
        let beside = self.beside.iter().filter(|beside| **beside != Beside::Holders);
        card.chain(beside.map(|beside| FieldSpec { name: beside.field().to_owned(), kind: beside.kind() }))
    }

    /// The values of a parcel.
    pub async fn values(
        &self,
        parcel: &ParcelObject,
        shown: FootprintShown,
        districts: &DistrictBook,
    ) -> Result<Vec<Option<AttributeValue>>, Error> {
        let asks_owner = self.card.iter().any(|(_, read)| *read == Reading::OwnOnly);
        let is_own = asks_owner && parcel.is_own().await?;
        let mut values = Vec::with_capacity(self.card.len() + self.beside.len());
        for (column, read) in &self.card {
            let readable = *read == Reading::Yes || is_own;
            values.push(if readable { column.value(parcel.facts(), shown) } else { None });
        }
        for beside in &self.beside {
            let district = parcel.facts().district;
            values.push(match beside {
                Beside::District => districts.district(district).map(|known| AttributeValue::Text(known.code.clone())),
                Beside::Generated => Some(AttributeValue::Boolean(districts.is_generated(district))),
                Beside::Holders => holders_of(parcel).await?,
            });
        }
        Ok(values)
    }
}

impl Beside {
    /// The field of the API that tells the same, which is also the name of the column.
    const fn field(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Generated => "generated",
            Self::Holders => "holders",
        }
    }

    const fn kind(self) -> FieldKind {
        match self {
            Self::District | Self::Holders => FieldKind::Text,
            Self::Generated => FieldKind::Boolean,
        }
    }
}

/// Names and shares as the API tells them to the viewer; a dash for a name that is withheld or erased.
async fn holders_of(parcel: &ParcelObject) -> Result<Option<AttributeValue>, Error> {
    let mut told = Vec::new();
    for holder in parcel.holders_read().await?.unwrap_or_default() {
        let name = match holder.party_read().await? {
            Some(party) => party.name_read().await?,
            None => None,
        };
        told.push(format!("{} {}", name.as_deref().unwrap_or("—"), holder.fraction()));
    }
    Ok((!told.is_empty()).then(|| AttributeValue::Text(told.join("; "))))
}
