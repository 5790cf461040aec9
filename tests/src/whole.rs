//! A registry of which every type of the schema has a row: two districts, each with the land and the accounts of an
//! enterprise, and a venue for each.

use std::collections::{BTreeMap, BTreeSet};

use yulin_domain::calendar::{Covered, SetCalendar, WorkingHours};
use yulin_domain::codes::{
    AccountPurpose, CodeProfile, FreezeKind, Infrastructure, LandUseCode, RestrictionKind, RightNature, RightType,
    StockStatus, Weekday, ZoneKind,
};
use yulin_domain::district::RegisterDistrict;
use yulin_domain::factor::OpenAccount;
use yulin_domain::journal::{
    AccountId, CalendarId, DistrictId, FreezeId, ParcelId, PartyId, PersonalId, RecordKey, RestrictionId, RightId,
    Seen, ZoneId,
};
use yulin_domain::land::{
    ContractFacts, GrantRight, HolderShare, Limits, ParcelPatch, Particulars, PlaceFreeze, PlaceRestriction, Planning,
    Price, Range, RegisterParcel, RegisterZone, RestrictionNature, Stock, Tenure, UseShare,
};
use yulin_domain::party::{ErasePersonal, RegisterParty};
use yulin_domain::quantity::{Area, FenPerSquareMetre, Ratio, Share};

use crate::TestRegistry;
use crate::acts::{act, grid, parcel, particulars, rectangle};
use crate::full::{FullLand, external, firm};
use crate::ledger::{Firm, Ledger, account};
use crate::whole_ledger::Books;

/// The registry as it was filled.
pub struct Whole {
    pub ledger: Ledger,
    pub sides: [Side; 2],
    /// More of them, where lists are to grow.
    pub grown: Vec<Side>,
    pub books: Books,
    /// A point inside the first parcel of the first side: longitude and latitude.
    pub inside: [f64; 2],
    /// The credit code of a party that holds nothing.
    pub credit_code: String,
    /// Ids of rows by their kind, as they stand in answers: those of the first side before those of the second.
    pub ids: BTreeMap<&'static str, Vec<String>>,
}

/// A district, and what of it belongs to one enterprise.
pub struct Side {
    pub code: String,
    pub land: FullLand,
    /// The enterprise; it holds the first parcel, and one that stands idle.
    pub firm: Firm,
    pub idle: ParcelId,
    /// An account that is bound to that parcel.
    pub bound: AccountId,
    right: RightId,
    restriction: RestrictionId,
    freezes: Vec<FreezeId>,
    beside: Vec<RecordKey>,
}

impl Side {
    /// The parcels that the enterprise holds, itself, and what lies on its land: all that it reads as its own.
    pub fn land_of_firm(&self) -> Vec<RecordKey> {
        let parcels = [self.land.parcels[0], self.idle].map(RecordKey::from);
        parcels.into_iter().chain(self.on_its_land()).chain([self.firm.party.into()]).collect()
    }

    /// Rights, restrictions and freezes, which nobody else reads but officers.
    pub fn on_its_land(&self) -> Vec<RecordKey> {
        let rights = [self.land.rights[0], self.right].map(RecordKey::from);
        let restrictions = [self.land.restrictions[0], self.restriction].map(RecordKey::from);
        let freezes = self.freezes.iter().map(|freeze| RecordKey::from(*freeze));
        [rights, restrictions].concat().into_iter().chain(freezes).collect()
    }

    pub(crate) fn all(&self) -> Vec<RecordKey> {
        let land = &self.land;
        let others = [land.district.into(), land.parents[0].into(), land.persons[0].into(), land.parcels[1].into()];
        let accounts = [self.firm.rights, self.firm.money, self.bound].map(RecordKey::from);
        self.land_of_firm().into_iter().chain(others).chain(accounts).chain(self.beside.iter().copied()).collect()
    }
}

impl Whole {
    /// Takes more ids in.
    pub(crate) fn take_in(&mut self, keys: impl IntoIterator<Item = RecordKey>) {
        for key in keys {
            self.ids.entry(key.kind.tag()).or_default().push(key.to_string());
        }
    }
}

impl TestRegistry {
    /// Fills the registry.
    pub async fn whole(&self) -> Whole {
        let ledger = self.ledger().await;
        let mut sides = [self.side("D1", &ledger).await, self.side("D2", &ledger).await];
        self.across(&mut sides).await;
        self.erased(sides[0].land.persons[1]).await;
        let calendar = self.calendar().await;
        let credit_code = "91330100799655058B".to_owned();
        let known = credit_code.parse().expect("a credit code");
        self.done(RegisterParty { credit_code: Some(known), ..firm("With a credit code") }).await;
        let books = self.books(&ledger, &sides).await;
        let [first, second] = [&sides[0], &sides[1]].map(Side::all);
        let shared = [calendar.into(), self.admin.into(), ledger.cod.into(), ledger.cny.into()];
        let keys: Vec<_> = first.into_iter().chain(second).chain(books.all()).chain(shared).collect();
        let inside = self.inside(sides[0].land.parcels[0]).await;
        let ids = BTreeMap::from([("act", vec![format!("act:{}", books.last)])]);
        let mut whole = Whole { ledger, sides, grown: Vec::new(), books, inside, credit_code, ids };
        whole.take_in(keys);
        whole
    }

    pub(crate) async fn side(&self, code: &str, ledger: &Ledger) -> Side {
        let land = self.full_land(code, 1).await;
        let (zone, feature) = self.surroundings(land.district).await;
        let below = self.below(code, land.district).await;
        let idle = ParcelId::made_by(self.done(idle(code, land.district)).await, 0, 0);
        let right = RightId::made_by(self.done(titled(code, self.seen(idle).await, land.firms[0])).await, 0, 0);
        let mortgage = Particulars {
            right: Some(right),
            in_favour_of: Some(land.firms[1]),
            external: Some(external("TITLE", &format!("{code}/mortgage"))),
            ..particulars(RestrictionNature::Restriction(RestrictionKind::Mortgage))
        };
        let place = PlaceRestriction { parcel: self.seen(idle).await, particulars: mortgage };
        let restriction = RestrictionId::made_by(self.done(place).await, 0, 0);
        let firm = self.firm_of(land.firms[0], code, (ledger.cod, ledger.cny), land.district).await;
        let holding =
            account(&format!("COD-{code}-PLOT"), ledger.cod, AccountPurpose::Holding, land.district, Some(firm.party));
        let bound = self.account(OpenAccount { parcel: Some(idle), ..holding }).await;
        let around = ZoneId::made_by(self.done(around(land.district)).await, 0, 0);
        let beside = vec![zone.into(), feature.into(), below.into(), around.into()];
        let freezes = vec![land.freezes[0]];
        Side { code: code.to_owned(), land, firm, idle, bound, right, restriction, freezes, beside }
    }

    /// The middle of the corners of a convex parcel.
    async fn inside(&self, parcel: ParcelId) -> [f64; 2] {
        let found = self.registry.parcels_by_ids(&self.now().await, &[parcel]).await.expect("parcels are read");
        let footprint = found[0].state.footprint.as_ref().expect("it has an outline");
        let corners: Vec<_> = footprint.lonlat().0[0].exterior().coords().skip(1).collect();
        let mean = |of: fn(&geo_types::Coord<f64>) -> f64| {
            corners.iter().map(|corner| of(corner)).sum::<f64>() / corners.len() as f64
        };
        [mean(|corner| corner.x), mean(|corner| corner.y)]
    }

    /// A district below another.
    pub async fn below(&self, code: &str, parent: DistrictId) -> DistrictId {
        let register = RegisterDistrict {
            code: format!("{code}-below"),
            name: format!("Below {code}"),
            parent: Some(parent),
            profile: CodeProfile::Open,
            grid: grid(),
            time_zone: "Asia/Shanghai".to_owned(),
            calendar: "CN".to_owned(),
            boundary: None,
            generated: false,
        };
        DistrictId::made_by(self.done(register).await, 0, 0)
    }

    /// One act on the land of both enterprises: neither learns from it what became of the other's.
    async fn across(&self, sides: &mut [Side; 2]) {
        let [one, other] = [&sides[0], &sides[1]].map(|side| side.idle);
        let mut both = act(self.admin, court(self.seen(one).await));
        both.legs.push(court(self.seen(other).await).into());
        let made = self.all_done(vec![both]).await[0].0;
        sides.iter_mut().zip([0, 1]).for_each(|(side, leg)| side.freezes.push(FreezeId::made_by(made, leg, 0)));
    }

    async fn erased(&self, person: PartyId) {
        let now = self.now().await;
        let found = self.registry.parties_by_ids(&now, &[person]).await.expect("parties are read");
        let sealed = found[0].state.personal.as_ref().expect("a person has personal data");
        let personal: BTreeSet<PersonalId> = [sealed.personal].into();
        let party = Seen { id: person, seq: found[0].version };
        self.done(ErasePersonal { party, personal: personal.into_iter().collect() }).await;
    }

    async fn calendar(&self) -> CalendarId {
        let date = |text: &str| text.parse().expect("a date");
        let set = SetCalendar {
            name: "CN".to_owned(),
            source: "a test".to_owned(),
            hours: WorkingHours::WHOLE_DAY,
            rest_days: [Weekday::Saturday, Weekday::Sunday].into(),
            holidays: [date("2026-01-01")].into(),
            make_up_days: [date("2026-01-04")].into(),
            covers: Covered { from: date("2026-01-01"), to: date("2027-12-31") },
            replaces: None,
        };
        let id = set.id();
        self.done(set).await;
        id
    }
}

/// A zone that covers everything.
fn around(district: DistrictId) -> RegisterZone {
    RegisterZone {
        district,
        kind: ZoneKind::ZoneBoundary,
        code: "ALL".to_owned(),
        name: None,
        source: Some("a test".to_owned()),
        footprint: rectangle([-2_000.0, -2_000.0, 2_000.0, 2_000.0]),
        replaces: None,
    }
}

/// Land that stands idle, with everything that may be said of it.
fn idle(code: &str, district: DistrictId) -> RegisterParcel {
    let contract = ContractFacts {
        number: Some(format!("HT-{code}")),
        start_by: "2022-01-01".parse().ok(),
        area_to_develop: Some(Area::from_units(20_000_000)),
        area_developed: Some(Area::from_units(10_000_000)),
        ..ContractFacts::default()
    };
    let since = "2022-01-01".parse().expect("a date");
    let land_use = LandUseCode::parse("GBT21010_2017:0601").expect("a use");
    let limit = |units| Some((Ratio::from_units(units), Limits::Inclusive));
    let range = |min, max| Some(Range { min: limit(min), max: limit(max) });
    let planning = Planning {
        plot_ratio: range(10_000, 20_000),
        density: range(3_000, 5_000),
        green_rate: range(1_000, 2_000),
        height_m: range(100_000, 240_000),
    };
    let mut register = parcel(district, &format!("{code}-IDLE"), [0.0, 100.0, 50.0, 140.0]);
    register.facts = ParcelPatch {
        street: Some("和平路".to_owned()),
        uses: Some(vec![UseShare { land_use, share: Share::WHOLE }]),
        tenure: Some(tenure()),
        registered_area: Some(Area::from_units(20_000_000)),
        surveyed_area: Some(Area::from_units(20_000_000)),
        planning: Some(planning),
        infrastructure: Some([Infrastructure::Road].into()),
        // Nothing is asked for it: whoever may not read the floor knows of no price.
        price: Some(Price { asking: None, floor: Some(FenPerSquareMetre::from_fen(20_000)) }),
        stock: Some(Stock { status: StockStatus::Idle, since, reasons: [].into(), contract: Some(contract) }),
        ..register.facts
    };
    register
}

fn tenure() -> Tenure {
    let date = |text: &str| text.parse().ok();
    Tenure {
        right_type: RightType::StateConstruction,
        nature: Some(RightNature::Granted),
        grant_method: None,
        starts_on: date("2020-01-01"),
        ends_on: date("2060-01-01"),
    }
}

fn titled(code: &str, parcel: Seen<ParcelId>, party: PartyId) -> GrantRight {
    let holders = vec![HolderShare { party, share: Share::WHOLE }];
    let external = Some(external("TITLE", &format!("{code}/right")));
    GrantRight { parcel, tenure: tenure(), holders, certificate: Some(format!("certificate {code}")), external }
}

fn court(parcel: Seen<ParcelId>) -> PlaceFreeze {
    PlaceFreeze { parcel, kind: FreezeKind::Court, authority: "Court".to_owned(), document: None }
}
