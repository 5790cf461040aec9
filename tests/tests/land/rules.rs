//! What the rules of land refuse, with which code and at which field, and what they let pass.

use jiff::civil::{Date, date};
use yulin_domain::codes::{
    CodeProfile, FreezeKind, GrantMethod, LandUseCode, RestrictionKind, RightNature, RightType, StockStatus,
};
use yulin_domain::district::RegisterDistrict;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre, Instant, Ratio, Share};
use yulin_persistence::PerformError;
use yulin_tests::{TestRegistry, acts, each_backend};

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

/// The code and the field of a refusal; what is recorded instead is a failure.
async fn refusal(t: &TestRegistry, body: impl Into<ActBody>) -> (ErrorCode, String) {
    told(t, acts::act(t.admin, body)).await
}

async fn told(t: &TestRegistry, act: Act) -> (ErrorCode, String) {
    match t.registry.perform(act).await {
        Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => {
            (refused.code, refused.field.unwrap_or_default())
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn at(code: ErrorCode, field: &str) -> (ErrorCode, String) {
    (code, field.to_owned())
}

/// A district whose parcels bear national codes.
pub fn national(code: &str, parent: Option<DistrictId>) -> RegisterDistrict {
    RegisterDistrict {
        code: code.to_owned(),
        name: code.to_owned(),
        parent,
        profile: CodeProfile::CnGbt37346,
        grid: acts::grid(),
        time_zone: "Asia/Shanghai".to_owned(),
        calendar: "CN".to_owned(),
        boundary: None,
        generated: false,
    }
}

async fn county(t: &TestRegistry) -> DistrictId {
    DistrictId::made_by(t.done(national("330726", None)).await, 0, 0)
}

fn tenure(method: GrantMethod, start: Date, end: Date) -> Tenure {
    Tenure {
        right_type: RightType::StateConstruction,
        nature: Some(RightNature::Granted),
        grant_method: Some(method),
        starts_on: Some(start),
        ends_on: Some(end),
    }
}

fn held(shares: &[(PartyId, u64)], whole: u64) -> Vec<HolderShare> {
    shares.iter().map(|(party, part)| HolderShare { party: *party, share: Share::new(*part, whole).unwrap() }).collect()
}

async fn grant(t: &TestRegistry, parcel: ParcelId, holders: Vec<HolderShare>) -> GrantRight {
    let tenure = tenure(GrantMethod::Listing, date(2020, 1, 1), date(2060, 1, 1));
    GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }
}

async fn mortgage(t: &TestRegistry, parcel: ParcelId, right: RightId, fen: i64) -> PlaceRestriction {
    let particulars = Particulars {
        right: Some(right),
        amount: Some(Fen::from_fen(fen)),
        ..acts::particulars(RestrictionNature::Restriction(RestrictionKind::Mortgage))
    };
    PlaceRestriction { parcel: t.seen(parcel).await, particulars }
}

async fn transfer(t: &TestRegistry, parcel: ParcelId, right: RightId, moves: Vec<Move>) -> TransferRight {
    TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None }
}

async fn change(t: &TestRegistry, parcel: ParcelId, facts: ParcelPatch) -> ChangeParcel {
    ChangeParcel { parcel: t.seen(parcel).await, facts, footprint: None, state: None }
}

fn industry() -> Vec<UseShare> {
    vec![UseShare { land_use: LandUseCode::parse("GBT21010_2017:0601").unwrap(), share: Share::WHOLE }]
}

each_backend! {
    async fn a_share_passes_although_other_holders_are_not_named(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let (one, two, three) = (t.party("One").await, t.party("Two").await, t.party("Three").await);
        let twice = grant(&t, parcel, held(&[(one, 1), (one, 1)], 2)).await;
        assert_eq!(refusal(&t, twice).await, at(ErrorCode::HolderDuplicate, "holders[1].party"));
        let granted = t.done(grant(&t, parcel, held(&[(one, 1), (two, 1)], 2)).await).await;
        let right = RightId::made_by(granted, 0, 0);
        let half = Share::new(1, 2).unwrap();
        let to = |to| vec![Move { from: one, to, share: half }];
        let nobody = PartyId(uuid::Uuid::new_v4());
        assert_eq!(refusal(&t, transfer(&t, parcel, right, vec![]).await).await, at(ErrorCode::ListEmpty, "moves"));
        for (party, code) in [(nobody, ErrorCode::PartyUnknown), (one, ErrorCode::HolderDuplicate)] {
            assert_eq!(refusal(&t, transfer(&t, parcel, right, to(party)).await).await, at(code, "moves[0].to"));
        }
        t.done(transfer(&t, parcel, right, to(three)).await).await;
        let rights = t.registry.rights_on(&t.now().await, &[parcel]).await.unwrap();
        assert_eq!(rights[&parcel][0].state.holders, held(&[(two, 1), (three, 1)], 2));
        t.assert_sound().await;
    }

    async fn a_right_does_not_end_under_a_mortgage(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let one = t.party("One").await;
        let right = RightId::made_by(t.done(grant(&t, parcel, held(&[(one, 1)], 1)).await).await, 0, 0);
        assert_eq!(refusal(&t, mortgage(&t, parcel, right, -500).await).await, at(ErrorCode::PriceInvalid, "amount"));
        let placed = RestrictionId::made_by(t.done(mortgage(&t, parcel, right, 500).await).await, 0, 0);
        let end = |parcel| EndRight { parcel, right, cause: EndCause::Surrendered };
        let refused = match t.registry.perform(acts::act(t.admin, end(t.seen(parcel).await))).await {
            Err(PerformError::Refused(refused)) => refused,
            other => panic!("not refused: {other:?}"),
        };
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::HasDependents, Some("right")));
        assert_eq!(refused.facts["restrictions"], serde_json::json!([RecordKey::from(placed).to_string()]));
        let parcel = t.seen(parcel).await;
        let mut both = acts::act(t.admin, EndRestriction { parcel, restriction: placed, cause: EndCause::Discharged });
        both.legs.push(end(parcel).into());
        t.registry.perform(both).await.unwrap();
        t.assert_sound().await;
    }

    async fn a_mortgage_ends_with_the_term_of_its_right(t) {
        let district = t.district("D1").await;
        let ago = |days: i64| Instant::from_micros(jiff::Timestamp::now().as_microsecond() - days * 86_400_000_000);
        let late = |body: ActBody| {
            let mut act = acts::act(t.admin, body);
            act.envelope.effective_at = Some(ago(5));
            act
        };
        let register = late(acts::parcel(district, "P1", SQUARE).into());
        let parcel = ParcelId::made_by(register.envelope.id, 0, 0);
        t.registry.perform(register).await.unwrap();
        let one = t.party("One").await;
        // The term ended yesterday; until it is recorded, in the next batch, the mortgage is recorded beside it.
        let mut granted = grant(&t, parcel, held(&[(one, 1)], 1)).await;
        granted.tenure.ends_on = Some(ago(1).date_in("Asia/Shanghai").unwrap());
        let mut act = late(granted.into());
        let right = RightId::made_by(act.envelope.id, 0, 0);
        act.legs.push(mortgage(&t, parcel, right, 500).await.into());
        t.registry.perform(act).await.unwrap();
        t.party("Two").await;
        let now = t.now().await;
        assert!(t.registry.rights_on(&now, &[parcel]).await.unwrap().is_empty());
        assert!(t.registry.restrictions_on(&now, &[parcel]).await.unwrap().is_empty());
        t.assert_sound().await;
    }

    async fn a_mortgage_on_one_of_two_like_rights_lies_on_the_one_they_become(t) {
        let district = t.district("D1").await;
        let one = t.party("One").await;
        let west = t.parcel(district, "P1", [0.0, 0.0, 50.0, 100.0]).await;
        let east = t.parcel(district, "P2", [50.0, 0.0, 100.0, 100.0]).await;
        let mut rights = Vec::new();
        for parcel in [west, east] {
            rights.push(RightId::made_by(t.done(grant(&t, parcel, held(&[(one, 1)], 1)).await).await, 0, 0));
        }
        let placed = RestrictionId::made_by(t.done(mortgage(&t, east, rights[1], 500).await).await, 0, 0);
        let carried = |record: RecordKey| Disposition::Carried { record, onto: vec![0] };
        let merge = MergeParcels {
            parcels: vec![t.seen(west).await, t.seen(east).await],
            facts: ParcelPatch { code: Some("M".to_owned()), ..ParcelPatch::default() },
            footprint: acts::rectangle(SQUARE),
            dispositions: vec![carried(rights[0].into()), carried(rights[1].into()), carried(placed.into())],
        };
        let few = MergeParcels { parcels: merge.parcels[..1].to_vec(), ..merge.clone() };
        assert_eq!(refusal(&t, few).await, at(ErrorCode::MergeTooFew, "parcels"));
        let merged = ParcelId::made_by(t.done(merge).await, 0, 0);
        let now = t.now().await;
        let standing = t.registry.rights_on(&now, &[merged]).await.unwrap();
        let lying = t.registry.restrictions_on(&now, &[merged]).await.unwrap();
        assert_eq!((standing[&merged].len(), lying[&merged].len()), (1, 1));
        assert_eq!(lying[&merged][0].state.particulars.right, Some(standing[&merged][0].state.id));
        t.assert_sound().await;
    }

    async fn codes_in_a_county_are_of_that_county(t) {
        assert_eq!(refusal(&t, national("PJEDZ", None)).await, at(ErrorCode::DistrictCodeFormat, "code"));
        let county = county(&t).await;
        let zone = DistrictId::made_by(t.done(national("PJEDZ", Some(county))).await, 0, 0);
        for district in [county, zone] {
            let other = acts::parcel(district, "330782001001GB00001", SQUARE);
            assert_eq!(refusal(&t, other).await, at(ErrorCode::CodeCounty, "code"));
        }
        let mut register = acts::parcel(zone, "330726001001GB00001", SQUARE);
        register.facts.unit_code = Some("330726001001GB00002W00000000".to_owned());
        assert_eq!(refusal(&t, register.clone()).await, at(ErrorCode::UnitCodeMismatch, "unitCode"));
        register.facts.unit_code = Some("330726001001GB00001W00000000".to_owned());
        t.done(register).await;
        t.assert_sound().await;
    }

    async fn no_amount_is_negative(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let yuan = |fen| Some(FenPerSquareMetre::from_fen(fen));
        let price = |asking, floor| ParcelPatch { price: Some(Price { asking, floor }), ..ParcelPatch::default() };
        let planning = |min| {
            let range = Range { min: Some((Ratio::from_units(min), Limits::Inclusive)), max: None };
            let planning = Planning { plot_ratio: Some(range), ..Planning::default() };
            ParcelPatch { planning: Some(planning), ..ParcelPatch::default() }
        };
        let contract = |contract| {
            let stock = Stock {
                status: StockStatus::Idle, since: date(2020, 1, 1), reasons: [].into(), contract: Some(contract),
            };
            ParcelPatch { stock: Some(stock), ..ParcelPatch::default() }
        };
        let less = Some(Fen::from_fen(-1));
        let area = |units| ParcelPatch { registered_area: Some(Area::from_units(units)), ..ParcelPatch::default() };
        let developed = Some(Area::from_units(-1));
        let cases = [
            (price(yuan(-1), None), ErrorCode::PriceInvalid, "price.asking"),
            (price(yuan(1), yuan(-1)), ErrorCode::PriceInvalid, "price.floor"),
            (planning(-1), ErrorCode::NumberInvalid, "planning.plotRatio.min"),
            (area(-1), ErrorCode::AreaInvalid, "registeredArea"),
            (contract(ContractFacts { price: less, ..ContractFacts::default() }),
                ErrorCode::PriceInvalid, "stock.contract.price"),
            (contract(ContractFacts { investment_made: less, ..ContractFacts::default() }),
                ErrorCode::PriceInvalid, "stock.contract.investmentMade"),
            (contract(ContractFacts { area_developed: developed, ..ContractFacts::default() }),
                ErrorCode::AreaInvalid, "stock.contract.areaDeveloped"),
        ];
        for (facts, code, field) in cases {
            assert_eq!(refusal(&t, change(&t, parcel, facts).await).await, at(code, field));
        }
        t.done(change(&t, parcel, price(yuan(0), yuan(0))).await).await;
    }

    async fn business_land_is_not_granted_by_agreement(t) {
        let county = county(&t).await;
        let mut register = acts::parcel(county, "330726001001GB00001", SQUARE);
        register.facts.uses = Some(industry());
        let parcel = ParcelId::made_by(t.done(register).await, 0, 0);
        let one = t.party("One").await;
        let mut granted = grant(&t, parcel, held(&[(one, 1)], 1)).await;
        granted.tenure = tenure(GrantMethod::Agreement, date(2020, 1, 1), date(2069, 12, 31));
        assert_eq!(refusal(&t, granted.clone()).await, at(ErrorCode::MethodNotAllowed, "tenure.grantMethod"));
        let card = ParcelPatch { tenure: Some(granted.tenure.clone()), ..ParcelPatch::default() };
        let refused = refusal(&t, change(&t, parcel, card).await).await;
        assert_eq!(refused, at(ErrorCode::MethodNotAllowed, "tenure.grantMethod"));
        // What was granted before there was the rule stands.
        granted.tenure = tenure(GrantMethod::Agreement, date(2005, 1, 1), date(2054, 12, 31));
        t.done(granted).await;
    }

    async fn a_status_has_a_reason_and_has_begun(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let stock = |status, since| Stock { status, since, reasons: [].into(), contract: None };
        let tomorrow = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).date();
        let tomorrow = tomorrow.tomorrow().unwrap();
        let cases = [
            (stock(StockStatus::Inefficient, date(2020, 1, 1)), ErrorCode::InefficiencyReasonRequired, "stock.reasons"),
            (stock(StockStatus::Idle, tomorrow), ErrorCode::DateInvalid, "stock.since"),
        ];
        for (stock, code, field) in cases {
            let set = SetStockStatus { parcel: t.seen(parcel).await, stock };
            assert_eq!(refusal(&t, set).await, at(code, field));
        }
    }

    async fn a_status_that_says_nothing_of_the_contract_leaves_it_as_it_is(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let contract = ContractFacts { number: Some("2026-21".to_owned()), ..ContractFacts::default() };
        let stock = |status, contract| Stock { status, since: date(2026, 1, 1), reasons: [].into(), contract };
        let standing = async || {
            let found = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap();
            let stock = found[0].state.stock.clone().unwrap();
            (stock.status, stock.contract)
        };
        for (status, given) in [(StockStatus::SuppliedNotUsed, Some(contract.clone())), (StockStatus::Idle, None)] {
            t.done(SetStockStatus { parcel: t.seen(parcel).await, stock: stock(status, given) }).await;
            assert_eq!(standing().await, (status, Some(contract.clone())));
        }
        let clear = ParcelPatch { clear: [Clearable::Contract].into(), ..ParcelPatch::default() };
        t.done(change(&t, parcel, clear).await).await;
        assert_eq!(standing().await, (StockStatus::Idle, None));
        t.assert_sound().await;
    }

    async fn nothing_takes_effect_before_its_time(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let on = |body: ActBody, day: Date| {
            let mut act = acts::act(t.admin, body);
            act.envelope.effective_at = Some(Instant::start_of(day, "UTC").unwrap());
            act
        };
        let beyond = acts::parcel(district, "P2", [200.0, 0.0, 300.0, 100.0]);
        let early = at(ErrorCode::EffectiveTooEarly, "effectiveAt");
        assert_eq!(told(&t, on(beyond.clone().into(), date(1899, 12, 31))).await, early);
        t.registry.perform(on(beyond.into(), date(1900, 1, 1))).await.unwrap();
        let retire = RetireParcel { parcel: t.seen(parcel).await, dispositions: vec![] };
        assert_eq!(told(&t, on(retire.into(), date(2000, 1, 1))).await, early, "before it was registered");
    }

    async fn a_refusal_of_land_names_the_field_that_is_wrong(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let child = |code: &str, bounds| Child {
            facts: ParcelPatch { code: Some(code.to_owned()), ..ParcelPatch::default() },
            footprint: acts::rectangle(bounds),
        };
        let split = |parcel, children| SplitParcel { parcel, children, dispositions: vec![], apportion: vec![] };
        let seen = t.seen(parcel).await;
        let one = split(seen, vec![child("C1", SQUARE)]);
        assert_eq!(refusal(&t, one).await, at(ErrorCode::SplitTooFew, "children"));
        let short = [child("C1", [0.0, 0.0, 50.0, 100.0]), child("C2", [51.0, 0.0, 100.0, 100.0])];
        assert_eq!(refusal(&t, split(seen, short.to_vec())).await, at(ErrorCode::SplitMismatch, "children"));
        let named = ParcelPatch { name: Some("x".repeat(201)), ..ParcelPatch::default() };
        assert_eq!(refusal(&t, change(&t, parcel, named).await).await, at(ErrorCode::TextTooLong, "name"));
        let authority = "Court".to_owned();
        t.done(PlaceFreeze { parcel: seen, kind: FreezeKind::Court, authority, document: None }).await;
        let retire = RetireParcel { parcel: t.seen(parcel).await, dispositions: vec![] };
        assert_eq!(refusal(&t, retire).await, at(ErrorCode::Frozen, "parcel"));
        let other = t.parcel(district, "P2", [100.0, 0.0, 200.0, 100.0]).await;
        let merge = MergeParcels {
            parcels: vec![t.seen(other).await, t.seen(parcel).await],
            facts: ParcelPatch { code: Some("M".to_owned()), ..ParcelPatch::default() },
            footprint: acts::rectangle([0.0, 0.0, 200.0, 100.0]),
            dispositions: vec![],
        };
        assert_eq!(refusal(&t, merge).await, at(ErrorCode::Frozen, "parcels[1]"));
    }
}
