//! The act that registers a lot: the parcel, who holds it, and what weighs on it, in one bundle.

use anyhow::Result;
use yulin_domain::codes::{ExternalState, LandPurpose, ParcelState, StockStatus};
use yulin_domain::journal::{Act, ActBody, DistrictId, ParcelId, RightId, Seen};
use yulin_domain::land::{GrantRight, HolderShare, RegisterParcel, Tenure};
use yulin_domain::party::ExternalRef;
use yulin_domain::quantity::Share;

use super::chance::Chance;
use super::facts::Card;
use super::layout::Layout;
use super::lot::{Fate, Lot};
use super::parties::{Standing, some_firm};
use super::pen::{Pen, footprint};
use super::restrictions::restrictions;
use super::uses::Uses;
use super::zone::GRID_EPSG;

/// What the parcel acts need to know of the zone.
#[derive(Debug, Clone)]
pub(super) struct Office {
    pub pen: Pen,
    pub layout: Layout,
    pub district: DistrictId,
    pub uses: Uses,
}

impl Office {
    /// The id of the act that registers a lot.
    pub(super) fn act_id(&self, lot: &Lot) -> yulin_domain::journal::ActId {
        self.pen.id("parcel", lot.number)
    }

    /// The parcel a lot becomes.
    pub(super) fn parcel_id(&self, lot: &Lot) -> ParcelId {
        ParcelId::made_by(self.act_id(lot), 0, 0)
    }

    /// The right a lot is first held by: the second leg of its act.
    pub(super) fn right_id(&self, lot: &Lot) -> RightId {
        RightId::made_by(self.act_id(lot), 1, 0)
    }

    /// The card and boundary of a lot, and the chance that goes on from there.
    pub(super) fn card(&self, lot: &Lot) -> (Card, Vec<[f64; 2]>, Chance) {
        let mut chance = Chance::at(self.pen.scale.seed, [5, lot.number]);
        let ring = lot.block.ring(lot.cells, &self.layout.warp);
        let card = Card::of(lot, &ring, &self.uses, &mut chance);
        (card, ring, chance)
    }

    /// The act that registers a lot.
    pub(super) fn register(&self, lot: &Lot) -> Result<Act> {
        let (card, ring, mut chance) = self.card(lot);
        let planned = card.standing.status == StockStatus::ApprovedNotSupplied && chance.happens(500);
        let (state, facts) = if planned {
            let lot_number = Some(lot.lot_number());
            (ParcelState::Planned, yulin_domain::land::ParcelPatch { lot_number, ..card.facts.clone() })
        } else {
            (ParcelState::Registered, card.registered_as(lot.code()))
        };
        let footprint = Some(footprint(&ring, grid()?)?);
        let mut legs: Vec<ActBody> = vec![RegisterParcel { district: self.district, state, facts, footprint }.into()];
        // A parcel of the same act has no version yet; the decision takes it as it stands.
        let parcel = Seen { id: self.parcel_id(lot), seq: 0 };
        if let Some(tenure) = &card.tenure {
            legs.push(self.grant(lot, &card, parcel, tenure, &mut chance)?.into());
            if lot.fate == Fate::Stays {
                legs.extend(restrictions(self, lot, &card, parcel, &mut chance)?);
            }
        }
        Ok(self.pen.act(self.act_id(lot), card.standing.since, legs))
    }

    fn grant(
        &self,
        lot: &Lot,
        card: &Card,
        parcel: Seen<ParcelId>,
        tenure: &Tenure,
        chance: &mut Chance,
    ) -> Result<GrantRight> {
        let year = card.standing.since.date().year();
        let certificate = Some(format!("浙（{year}）浦江县不动产权第{:07}号（演示）", lot.number + 1));
        let states = [(ExternalState::Confirmed, 88), (ExternalState::Pending, 8), (ExternalState::Stale, 4)];
        let external = Some(ExternalRef {
            system: "DEMO_REGISTER".to_owned(),
            external_id: format!("DEMO-{:07}", lot.number + 1),
            state: chance.weigh(&states).unwrap_or(ExternalState::Pending),
        });
        let holders = self.holders(lot, card.purpose, chance)?;
        Ok(GrantRight { parcel, tenure: tenure.clone(), holders, certificate, external })
    }

    /// Mostly one firm; some lots are held in halves or thirds, and public land by an office.
    fn holders(&self, lot: &Lot, purpose: LandPurpose, chance: &mut Chance) -> Result<Vec<HolderShare>> {
        let pen = &self.pen;
        let whole = |party| vec![HolderShare { party, share: Share::WHOLE }];
        match purpose {
            LandPurpose::PublicService | LandPurpose::Other => return Ok(whole(Standing::Committee.id(pen))),
            LandPurpose::Commercial if lot.fate == Fate::Stays && chance.happens(60) => {
                let half = Share::new(1, 2)?;
                let persons = [Standing::FirstPerson, Standing::SecondPerson];
                return Ok(persons.map(|person| HolderShare { party: person.id(pen), share: half }).to_vec());
            }
            LandPurpose::Commercial | LandPurpose::Residential | LandPurpose::Industrial => {}
        }
        if chance.happens(50) {
            return Ok(whole(Standing::Platform.id(pen)));
        }
        let first = some_firm(pen, chance);
        if !chance.happens(40) {
            return Ok(whole(first));
        }
        let third = Share::new(1, 3)?;
        let mut holders = vec![first, Standing::Platform.id(pen)];
        let other = some_firm(pen, chance);
        holders.push(if other == first { Standing::Committee.id(pen) } else { other });
        Ok(holders.into_iter().map(|party| HolderShare { party, share: third }).collect())
    }
}

/// The grid of the zone.
pub(super) fn grid() -> Result<yulin_domain::geometry::Crs> {
    Ok(yulin_domain::geometry::Crs::epsg(GRID_EPSG)?)
}
