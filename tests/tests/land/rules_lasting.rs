//! What is laid on land later found to have changed, and what a card and its code say of the same land.

use jiff::civil::date;
use yulin_domain::codes::{
    ExternalState, FeatureKind, FreezeKind, LandUseCode, Ownership, ParcelLayer, ParcelState, RestrictionKind,
    RightType,
};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::party::{ExternalRef, RegisterParty};
use yulin_domain::quantity::{Instant, Ratio, Share};
use yulin_persistence::PerformError;
use yulin_tests::acts::{self, ago};
use yulin_tests::full::person;
use yulin_tests::{TestRegistry, each_backend};

use super::rules::national;

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

fn at(t: &TestRegistry, instant: Instant, body: impl Into<ActBody>) -> Act {
    acts::since(t.admin, instant, body)
}

fn told(code: ErrorCode, field: &str) -> (ErrorCode, String) {
    (code, field.to_owned())
}

/// A parcel registered a while ago, and a right on it.
async fn held_parcel(t: &TestRegistry) -> (ParcelId, RightId, PartyId) {
    let district = t.district("D1").await;
    let register = at(t, ago(30), acts::parcel(district, "P1", SQUARE));
    let parcel = ParcelId::made_by(register.envelope.id, 0, 0);
    t.registry.perform(register).await.unwrap();
    let party = t.party("One").await;
    let granted = at(t, ago(25), grant(t, parcel, party).await);
    let right = RightId::made_by(granted.envelope.id, 0, 0);
    t.registry.perform(granted).await.unwrap();
    (parcel, right, party)
}

async fn grant(t: &TestRegistry, parcel: ParcelId, party: PartyId) -> GrantRight {
    let tenure = Tenure {
        right_type: RightType::StateConstruction,
        nature: None,
        grant_method: None,
        starts_on: Some(date(2020, 1, 1)),
        ends_on: Some(date(2060, 1, 1)),
    };
    let holders = vec![HolderShare { party, share: Share::WHOLE }];
    GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }
}

async fn mortgage(t: &TestRegistry, parcel: ParcelId, right: Option<RightId>) -> PlaceRestriction {
    let nature = RestrictionNature::Restriction(RestrictionKind::Mortgage);
    PlaceRestriction { parcel: t.seen(parcel).await, particulars: Particulars { right, ..acts::particulars(nature) } }
}

async fn freeze(t: &TestRegistry, parcel: ParcelId) -> PlaceFreeze {
    let authority = "Court".to_owned();
    PlaceFreeze { parcel: t.seen(parcel).await, kind: FreezeKind::Court, authority, document: None }
}

async fn county(t: &TestRegistry) -> DistrictId {
    DistrictId::made_by(t.done(national("330726", None)).await, 0, 0)
}

each_backend! {
    async fn nothing_is_laid_on_a_right_that_has_since_ended(t) {
        let (parcel, right, _) = held_parcel(&t).await;
        let end = EndRight { parcel: t.seen(parcel).await, right, cause: EndCause::Surrendered };
        t.registry.perform(at(&t, ago(10), end)).await.unwrap();
        let late = at(&t, ago(20), mortgage(&t, parcel, Some(right)).await);
        assert_eq!(t.refused(late).await, told(ErrorCode::LaterFacts, "right"));
        let after = at(&t, ago(5), mortgage(&t, parcel, Some(right)).await);
        assert_eq!(t.refused(after).await, told(ErrorCode::NotFound, "right"));
        t.assert_sound().await;
    }

    async fn a_mortgage_of_last_week_lies_on_a_right_transferred_since(t) {
        let (parcel, right, one) = held_parcel(&t).await;
        let two = t.party("Two").await;
        let moves = vec![Move { from: one, to: two, share: Share::WHOLE }];
        let transfer = TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None };
        t.registry.perform(at(&t, ago(10), transfer)).await.unwrap();
        t.registry.perform(at(&t, ago(20), mortgage(&t, parcel, Some(right)).await)).await.unwrap();
        t.assert_sound().await;
    }

    async fn nothing_is_laid_on_a_parcel_that_has_since_been_retired(t) {
        let (parcel, right, party) = held_parcel(&t).await;
        let disposition = Disposition::Ended { record: right.into() };
        let retire = RetireParcel { parcel: t.seen(parcel).await, dispositions: vec![disposition] };
        t.registry.perform(at(&t, ago(10), retire)).await.unwrap();
        for day in [20, 5] {
            let acts = [
                at(&t, ago(day), mortgage(&t, parcel, None).await),
                at(&t, ago(day), grant(&t, parcel, party).await),
                at(&t, ago(day), freeze(&t, parcel).await),
            ];
            for act in acts {
                assert_eq!(t.refused(act).await, told(ErrorCode::State, "parcel"), "{day} days ago");
            }
        }
        t.assert_sound().await;
    }

    async fn a_card_says_what_the_letters_of_its_code_say(t) {
        let county = county(&t).await;
        let card = |letters: &str, ownership, layer| {
            let code = format!("330726001001{letters}00001");
            let mut register = acts::parcel(county, &code, SQUARE);
            register.facts.ownership = ownership;
            register.facts.layer = layer;
            acts::act(t.admin, register)
        };
        let owned = card("GB", Some(Ownership::Collective), None);
        assert_eq!(t.refused(owned).await, told(ErrorCode::OwnershipMismatch, "ownership"));
        for (letters, layer) in [("GX", None), ("GS", Some(ParcelLayer::Underground)), ("GB", Some(ParcelLayer::Above))] {
            assert_eq!(t.refused(card(letters, None, layer)).await, told(ErrorCode::LayerMismatch, "layer"), "{letters}");
        }
        let fitting = [
            card("GB", Some(Ownership::State), None),
            card("GX", Some(Ownership::State), Some(ParcelLayer::Underground)),
            card("ZS", Some(Ownership::Collective), Some(ParcelLayer::Above)),
        ];
        for act in fitting {
            t.registry.perform(act).await.unwrap();
        }
    }

    async fn a_card_keeps_to_one_scheme_and_a_lot_has_a_number(t) {
        let district = t.district("D1").await;
        let half = |code| UseShare { land_use: LandUseCode::parse(code).unwrap(), share: Share::new(1, 2).unwrap() };
        let mut mixed = acts::parcel(district, "P1", SQUARE);
        mixed.facts.uses = Some(vec![half("GBT21010_2017:0601"), half("MNR2023:0901")]);
        assert_eq!(t.refused(acts::act(t.admin, mixed)).await, told(ErrorCode::UseSchemeMismatch, "uses"));
        let mut lot = acts::parcel(district, "P1", SQUARE);
        (lot.state, lot.facts.code) = (ParcelState::Planned, None);
        assert_eq!(t.refused(acts::act(t.admin, lot)).await, told(ErrorCode::LotNumberRequired, "lotNumber"));
    }

    async fn no_text_holds_what_nobody_can_see(t) {
        let district = t.district("D1").await;
        let mut named = acts::parcel(district, "P1", SQUARE);
        named.facts.location = Some("north\u{0}east".to_owned());
        let mut act = acts::act(t.admin, named);
        assert_eq!(t.refused(act.clone()).await, told(ErrorCode::TextInvalid, "location"));
        act.legs.insert(0, acts::parcel(district, "P2", [200.0, 0.0, 300.0, 100.0]).into());
        match t.registry.perform(act).await {
            Err(PerformError::Malformed(refused)) => assert_eq!(refused.leg, Some(1)),
            other => panic!("not refused: {other:?}"),
        }
    }
    async fn an_entry_that_changed_very_much_is_not_rescinded(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 110.0, 100.0]).await;
        let nature = RestrictionNature::Restriction(RestrictionKind::Easement);
        let easement = PlaceRestriction { parcel: t.seen(parcel).await, particulars: acts::particulars(nature) };
        let mut burdens = acts::act(t.admin, easement.clone());
        burdens.legs = vec![easement.into(); 20];
        let restrictions: Vec<_> = (0..20).map(|leg| RestrictionId::made_by(burdens.envelope.id, leg, 0)).collect();
        t.registry.perform(burdens).await.unwrap();
        let strip = |nth: u32| Child {
            facts: ParcelPatch { code: Some(format!("C{nth}")), ..ParcelPatch::default() },
            footprint: acts::rectangle([f64::from(nth), 0.0, f64::from(nth + 1), 100.0]),
        };
        let carried = |id: &RestrictionId| Disposition::Carried { record: (*id).into(), onto: (0..110).collect() };
        let dispositions = restrictions.iter().map(carried).collect();
        let parcel = t.seen(parcel).await;
        let split = SplitParcel { parcel, children: (0..110).map(strip).collect(), dispositions, apportion: vec![] };
        let act = acts::act(t.admin, split);
        let receipt = t.registry.perform(act.clone()).await.unwrap();
        let rescind = RescindAct { seq: receipt.seq, act: act.envelope.id };
        assert_eq!(t.refused(acts::act(t.admin, rescind)).await, told(ErrorCode::TooLarge, "act"));
        t.assert_sound().await;
    }
    async fn a_card_holds_what_can_be(t) {
        let county = county(&t).await;
        let open = t.district("D1").await;
        let limit = |units| Some(Range { min: None, max: Some((Ratio::from_units(units), Limits::Inclusive)) });
        let planning = |planning| ParcelPatch { planning: Some(planning), ..ParcelPatch::default() };
        let density = planning(Planning { density: limit(400_000), ..Planning::default() });
        let green = planning(Planning { green_rate: limit(10_001), ..Planning::default() });
        let error = |millimetres| ParcelPatch { point_error_mm: Some(millimetres), ..ParcelPatch::default() };
        let external = |system: &str, id: &str| ParcelPatch {
            external: Some(ExternalRef {
                system: system.to_owned(), external_id: id.to_owned(), state: ExternalState::Pending,
            }),
            ..ParcelPatch::default()
        };
        let half = UseShare { land_use: LandUseCode::parse("MNR2023:0901").unwrap(), share: Share::new(1, 2).unwrap() };
        let twice = ParcelPatch { uses: Some(vec![half.clone(), half]), ..ParcelPatch::default() };
        let cases = [
            (open, density, ErrorCode::NumberInvalid, "planning.density"),
            (open, green, ErrorCode::NumberInvalid, "planning.greenRate"),
            (open, error(1_001), ErrorCode::NumberInvalid, "pointErrorMm"),
            (county, error(60), ErrorCode::NumberInvalid, "pointErrorMm"),
            (open, external("", "7"), ErrorCode::FieldRequired, "external.system"),
            (open, external("TITLE", " "), ErrorCode::FieldRequired, "external.externalId"),
            (open, external("a/b", "7"), ErrorCode::TextInvalid, "external.system"),
            (open, external("TITLE", &"7".repeat(3_000)), ErrorCode::TextTooLong, "external.externalId"),
            (open, twice, ErrorCode::Validation, "uses"),
        ];
        for (district, facts, code, field) in cases {
            let mut register = acts::parcel(district, "330726001001GB00001", SQUARE);
            register.facts = ParcelPatch { code: register.facts.code, ..facts };
            assert_eq!(t.refused(acts::act(t.admin, register)).await, told(code, field));
        }
        let nobody = RegisterParty { personal: None, ..person("somebody") };
        assert_eq!(t.refused(acts::act(t.admin, nobody)).await, told(ErrorCode::FieldRequired, "personal"));
    }

    async fn a_line_leads_somewhere(t) {
        let district = t.district("D1").await;
        let (x, y) = acts::placed([0.0, 0.0]);
        for line in [vec![[x, y], [x, y]], vec![[x, y], [x + 0.000_01, y]]] {
            let geometry = FeatureGeometry { crs: acts::grid(), lines: vec![line] };
            let (kind, code, name, replaces) = (FeatureKind::Road, "R1".to_owned(), None, None);
            let road = RegisterFeature { district, kind, code, name, geometry, replaces };
            assert_eq!(t.refused(acts::act(t.admin, road)).await, told(ErrorCode::LineTooShort, "geometry"));
        }
    }
}
