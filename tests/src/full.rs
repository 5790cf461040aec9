//! Land with everything on it: what lists, nodes and disclosure are tried on.

use yulin_domain::codes::{
    ExternalState, FeatureKind, FreezeKind, InefficiencyReason, PartyKind, RestrictionKind, RightNature, RightType,
    StockStatus, ZoneKind,
};
use yulin_domain::journal::{
    Act, ActBody, ActId, DistrictId, FeatureId, FreezeId, ParcelId, PartyId, PersonalFields, PersonalText, Receipt,
    RestrictionId, RightId, Seen, ZoneId,
};
use yulin_domain::land::{
    Child, ContractFacts, FeatureGeometry, GrantRight, HolderShare, ParcelPatch, Particulars, PlaceFreeze,
    PlaceRestriction, Price, RegisterFeature, RegisterZone, RestrictionNature, SplitParcel, Stock, Tenure,
};
use yulin_domain::party::{ExternalRef, RegisterParty};
use yulin_domain::quantity::{FenPerSquareMetre, Share};

use crate::TestRegistry;
use crate::acts::{act, grid, parcel, particulars, rectangle};

/// Land of which every parcel has parents, rights, a restriction, a freeze, stock facts and prices.
#[derive(Debug)]
pub struct FullLand {
    pub district: DistrictId,
    pub parents: Vec<ParcelId>,
    pub parcels: Vec<ParcelId>,
    /// An enterprise a parcel, which holds half of it.
    pub firms: Vec<PartyId>,
    /// A natural person a parcel, who holds the other half.
    pub persons: Vec<PartyId>,
    pub rights: Vec<RightId>,
    pub restrictions: Vec<RestrictionId>,
    pub freezes: Vec<FreezeId>,
}

impl TestRegistry {
    /// Performs acts that must all succeed.
    pub async fn all_done(&self, acts: Vec<Act>) -> Vec<(ActId, Receipt)> {
        let ids: Vec<_> = acts.iter().map(|act| act.envelope.id).collect();
        let answers = self.registry.perform_all(acts).await;
        ids.into_iter().zip(answers.into_iter().map(|answer| answer.expect("the act is recorded"))).collect()
    }

    /// A natural person.
    pub async fn person(&self, name: &str) -> PartyId {
        PartyId::made_by(self.done(person(name)).await, 0, 0)
    }

    /// Twice as many parcels as `pairs`, made by splitting in two.
    pub async fn full_land(&self, code: &str, pairs: u32) -> FullLand {
        let district = self.district(code).await;
        let west = |nth: u32| f64::from(nth) * 40.0;
        let registered = (0..pairs).map(|nth| {
            let bounds = [west(nth), 0.0, west(nth) + 40.0, 30.0];
            act(self.admin, parcel(district, &format!("{code}-{nth:03}"), bounds))
        });
        let parents = self.all_done(registered.collect()).await;
        let splits = parents.iter().zip(0..pairs).map(|((id, receipt), nth)| {
            let half = |side: u32| {
                let at = west(nth) + f64::from(side) * 20.0;
                Child { facts: facts(code, nth, side), footprint: rectangle([at, 0.0, at + 20.0, 30.0]) }
            };
            let parcel = Seen { id: ParcelId::made_by(*id, 0, 0), seq: receipt.seq };
            act(
                self.admin,
                SplitParcel { parcel, children: vec![half(0), half(1)], dispositions: vec![], apportion: vec![] },
            )
        });
        let splits = self.all_done(splits.collect()).await;
        let children =
            splits.iter().flat_map(|(id, receipt)| [0, 1].map(|side| (ParcelId::made_by(*id, 0, side), receipt.seq)));
        let children: Vec<_> = children.collect();
        let firms = self.parties(&children, |nth| firm(&format!("{code} 企业 {nth}"))).await;
        let persons = self.parties(&children, |nth| person(&format!("{code} 自然人 {nth}"))).await;
        let burdened = children.iter().zip(firms.iter().zip(&persons)).map(|((parcel, seq), (firm, person))| {
            let mut burden = act(self.admin, grant(Seen { id: *parcel, seq: *seq }, [*firm, *person]));
            burden.legs.extend(burdens(Seen { id: *parcel, seq: *seq }, *firm));
            burden
        });
        let burdened = self.all_done(burdened.collect()).await;
        FullLand {
            district,
            parents: parents.into_iter().map(|(id, _)| ParcelId::made_by(id, 0, 0)).collect(),
            parcels: children.into_iter().map(|(id, _)| id).collect(),
            firms,
            persons,
            rights: burdened.iter().map(|(id, _)| RightId::made_by(*id, 0, 0)).collect(),
            restrictions: burdened.iter().map(|(id, _)| RestrictionId::made_by(*id, 1, 0)).collect(),
            freezes: burdened.iter().map(|(id, _)| FreezeId::made_by(*id, 2, 0)).collect(),
        }
    }

    /// Grants a party a right in a parcel.
    pub async fn granted(&self, parcel: ParcelId, party: PartyId) {
        let mut grant = grant(self.seen(parcel).await, [party, party]);
        grant.holders = vec![HolderShare { party, share: Share::new(1, 1).expect("all is a share") }];
        self.done(grant).await;
    }

    async fn parties<T>(&self, each: &[T], register: impl Fn(usize) -> RegisterParty) -> Vec<PartyId> {
        let acts = (0..each.len()).map(|nth| act(self.admin, register(nth)));
        self.all_done(acts.collect()).await.into_iter().map(|(id, _)| PartyId::made_by(id, 0, 0)).collect()
    }

    /// A zone and a feature of a district.
    pub async fn surroundings(&self, district: DistrictId) -> (ZoneId, FeatureId) {
        let zone = RegisterZone {
            district,
            kind: ZoneKind::Flood,
            code: "Z1".to_owned(),
            name: Some("洪水风险区".to_owned()),
            source: None,
            footprint: rectangle([-500.0, -500.0, -400.0, -400.0]),
            replaces: None,
        };
        let lines = vec![vec![[490_010.0, 3_260_100.0]]];
        let feature = RegisterFeature {
            district,
            kind: FeatureKind::HighwayExit,
            code: "F1".to_owned(),
            name: None,
            geometry: FeatureGeometry { crs: grid(), lines },
            replaces: None,
        };
        let made = self.all_done(vec![act(self.admin, zone), act(self.admin, feature)]).await;
        (ZoneId::made_by(made[0].0, 0, 0), FeatureId::made_by(made[1].0, 0, 0))
    }
}

/// An enterprise, known to another register too.
pub fn firm(name: &str) -> RegisterParty {
    let external = Some(external("MARKET", name));
    let name = Some(name.to_owned());
    RegisterParty { kind: PartyKind::Enterprise, name, credit_code: None, personal: None, external }
}

/// A natural person, whose name and contact are personal data.
pub fn person(name: &str) -> RegisterParty {
    let field = |key: &str, value: String| (key.to_owned(), value);
    let number = field("identityNumber", format!("number of {name}"));
    let fields = [field("name", name.to_owned()), field("contact", format!("contact of {name}")), number].into();
    let personal = Some(PersonalText::Given(PersonalFields(fields)));
    RegisterParty { kind: PartyKind::NaturalPerson, name: None, credit_code: None, personal, external: None }
}

/// Where another register keeps something, as it confirmed.
pub fn external(system: &str, id: &str) -> ExternalRef {
    ExternalRef { system: system.to_owned(), external_id: id.to_owned(), state: ExternalState::Confirmed }
}

fn facts(code: &str, nth: u32, side: u32) -> ParcelPatch {
    let since = jiff::civil::date(2021, 3, 1);
    let contract = ContractFacts { number: Some(format!("HT-{nth}-{side}")), ..ContractFacts::default() };
    ParcelPatch {
        code: Some(format!("{code}-{nth:03}-{side}")),
        name: Some(format!("地块 {nth}-{side}")),
        external: Some(external("TITLE", &format!("{code}/{nth}/{side}"))),
        price: Some(Price {
            asking: Some(FenPerSquareMetre::from_fen(40_000 + i64::from(nth))),
            floor: Some(FenPerSquareMetre::from_fen(31_700)),
        }),
        stock: Some(Stock {
            status: StockStatus::Inefficient,
            since,
            reasons: [InefficiencyReason::TaxPerMuLow].into(),
            contract: Some(contract),
        }),
        ..ParcelPatch::default()
    }
}

fn grant(parcel: Seen<ParcelId>, holders: [PartyId; 2]) -> GrantRight {
    let half = Share::new(1, 2).expect("a half is a share");
    let tenure = Tenure {
        right_type: RightType::StateConstruction,
        nature: Some(RightNature::Granted),
        grant_method: None,
        starts_on: None,
        ends_on: None,
    };
    let holders = holders.map(|party| HolderShare { party, share: half }).into();
    GrantRight { parcel, tenure, holders, certificate: None, external: None }
}

fn burdens(parcel: Seen<ParcelId>, firm: PartyId) -> [ActBody; 2] {
    let particulars = Particulars {
        in_favour_of: Some(firm),
        ..particulars(RestrictionNature::Restriction(RestrictionKind::Easement))
    };
    let freeze = PlaceFreeze { parcel, kind: FreezeKind::Court, authority: "Court".to_owned(), document: None };
    [PlaceRestriction { parcel, particulars }.into(), freeze.into()]
}
