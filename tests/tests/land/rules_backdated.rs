//! Acts that take effect before facts already known, and what must not be lost by them.

use yulin_domain::codes::{FreezeKind, Ownership, ParcelLayer, RestrictionKind, RightType};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::quantity::{FenPerSquareMetre, Share};
use yulin_tests::acts::{self, ago, since};
use yulin_tests::full::firm;
use yulin_tests::{TestRegistry, each_backend};

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

fn told(code: ErrorCode, field: &str) -> (ErrorCode, String) {
    (code, field.to_owned())
}

/// Performs an act that took effect some days ago; what it made first is named after it.
async fn done(t: &TestRegistry, days: i64, body: impl Into<ActBody>) -> ActId {
    let act = since(t.admin, ago(days), body);
    let id = act.envelope.id;
    t.registry.perform(act).await.unwrap();
    id
}

/// Land since a month ago, held by one since five days after that.
async fn held(t: &TestRegistry) -> (ParcelId, RightId, PartyId) {
    let district = t.district("D1").await;
    let parcel = ParcelId::made_by(done(t, 30, acts::parcel(district, "P1", SQUARE)).await, 0, 0);
    let party = t.party("One").await;
    let right = RightId::made_by(done(t, 25, grant(t, parcel, party, RightType::StateConstruction).await).await, 0, 0);
    (parcel, right, party)
}

async fn grant(t: &TestRegistry, parcel: ParcelId, party: PartyId, right_type: RightType) -> GrantRight {
    let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
    let holders = vec![HolderShare { party, share: Share::WHOLE }];
    GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }
}

async fn mortgage(t: &TestRegistry, parcel: ParcelId, right: RightId) -> PlaceRestriction {
    let nature = RestrictionNature::Restriction(RestrictionKind::Mortgage);
    let particulars = Particulars { right: Some(right), ..acts::particulars(nature) };
    PlaceRestriction { parcel: t.seen(parcel).await, particulars }
}

async fn transfer(t: &TestRegistry, parcel: ParcelId, right: RightId, [from, to]: [PartyId; 2]) -> TransferRight {
    let moves = vec![Move { from, to, share: Share::WHOLE }];
    TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None }
}

/// A split into two halves, on both of which records go on.
async fn split(t: &TestRegistry, parcel: ParcelId, carried: &[RecordKey]) -> SplitParcel {
    let half = |code: &str, bounds| Child {
        facts: ParcelPatch { code: Some(code.to_owned()), ..ParcelPatch::default() },
        footprint: acts::rectangle(bounds),
    };
    SplitParcel {
        parcel: t.seen(parcel).await,
        children: vec![half("C1", [0.0, 0.0, 50.0, 100.0]), half("C2", [50.0, 0.0, 100.0, 100.0])],
        dispositions: carried.iter().map(|key| Disposition::Carried { record: *key, onto: vec![0, 1] }).collect(),
        apportion: vec![],
    }
}

async fn priced(t: &TestRegistry, parcel: ParcelId, fen: i64) -> SetPrice {
    let price = Price { asking: Some(FenPerSquareMetre::from_fen(fen)), floor: None };
    SetPrice { parcel: t.seen(parcel).await, price }
}

async fn facts(t: &TestRegistry, parcel: ParcelId, facts: ParcelPatch) -> ChangeParcel {
    ChangeParcel { parcel: t.seen(parcel).await, facts, footprint: None, state: None }
}

async fn frozen(t: &TestRegistry, parcel: ParcelId) -> PlaceFreeze {
    let authority = "Court".to_owned();
    PlaceFreeze { parcel: t.seen(parcel).await, kind: FreezeKind::Court, authority, document: None }
}

each_backend! {
    async fn a_split_of_last_month_undoes_no_dealing_since(t) {
        let later = told(ErrorCode::LaterFacts, "dispositions");
        let (parcel, right, one) = held(&t).await;
        let two = t.party("Two").await;
        done(&t, 10, transfer(&t, parcel, right, [one, two]).await).await;
        let moved = since(t.admin, ago(20), split(&t, parcel, &[right.into()]).await);
        assert_eq!(t.refused(moved).await, later, "a transfer since");
        let placed = RestrictionId::made_by(done(&t, 8, mortgage(&t, parcel, right).await).await, 0, 0);
        let both = [right.into(), placed.into()];
        let burdened = since(t.admin, ago(9), split(&t, parcel, &both).await);
        assert_eq!(t.refused(burdened).await, later, "a mortgage since");
        let end = EndRestriction { parcel: t.seen(parcel).await, restriction: placed, cause: EndCause::Discharged };
        done(&t, 6, end).await;
        let ended = since(t.admin, ago(7), split(&t, parcel, &both).await);
        assert_eq!(t.refused(ended).await, later, "a discharge since");
        done(&t, 5, split(&t, parcel, &[right.into()]).await).await;
        t.assert_sound().await;
    }

    async fn a_change_of_last_month_leaves_what_changed_since(t) {
        let (parcel, ..) = held(&t).await;
        done(&t, 10, priced(&t, parcel, 2_000).await).await;
        let earlier = since(t.admin, ago(20), priced(&t, parcel, 1_500).await);
        assert_eq!(t.refused(earlier).await, told(ErrorCode::LaterFacts, "price"));
        let before = since(t.admin, ago(40), priced(&t, parcel, 1_500).await);
        assert_eq!(t.refused(before).await, told(ErrorCode::EffectiveTooEarly, "effectiveAt"), "before it was registered");
        let name = Some("North".to_owned());
        done(&t, 20, facts(&t, parcel, ParcelPatch { name, ..ParcelPatch::default() }).await).await;
        let now = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap().remove(0).state;
        assert_eq!(now.price.asking, Some(FenPerSquareMetre::from_fen(2_000)));
        assert_eq!(now.name.as_deref(), Some("North"));
        let price = Price { asking: Some(FenPerSquareMetre::from_fen(1_500)), floor: None };
        let correct = CorrectParcel {
            parcel: t.seen(parcel).await,
            valid: Span { from: ago(20), to: ago(10) },
            facts: ParcelPatch { price: Some(price), ..ParcelPatch::default() },
            footprint: None,
        };
        t.done(correct).await;
        t.assert_sound().await;
    }

    async fn frozen_land_stays_what_it_is_and_divided_land_too(t) {
        let (parcel, right, one) = held(&t).await;
        let whole = split(&t, parcel, &[right.into()]).await;
        let mut sunk = whole.clone();
        sunk.children[1].facts.layer = Some(ParcelLayer::Underground);
        assert_eq!(t.refused(acts::act(t.admin, sunk)).await, told(ErrorCode::SplitMismatch, "children[1].layer"));
        let mut given = whole.clone();
        given.children[0].facts.ownership = Some(Ownership::Collective);
        assert_eq!(t.refused(acts::act(t.admin, given)).await, told(ErrorCode::SplitMismatch, "children[0].ownership"));
        let mut twice = whole;
        twice.dispositions = vec![Disposition::Carried { record: right.into(), onto: vec![0, 1, 0] }];
        assert_eq!(t.refused(acts::act(t.admin, twice)).await, told(ErrorCode::Validation, "dispositions[0].onto"));
        let freeze = FreezeId::made_by(done(&t, 20, frozen(&t, parcel).await).await, 0, 0);
        let layer = ParcelPatch { layer: Some(ParcelLayer::Underground), ..ParcelPatch::default() };
        let sinking = facts(&t, parcel, layer.clone()).await;
        assert_eq!(t.refused(acts::act(t.admin, sinking)).await, told(ErrorCode::Frozen, "parcel"));
        let correct = CorrectParcel { parcel: t.seen(parcel).await, valid: Span::ALL, facts: layer, footprint: None };
        assert_eq!(t.refused(acts::act(t.admin, correct)).await, told(ErrorCode::Frozen, "parcel"));
        done(&t, 1, priced(&t, parcel, 1_000).await).await;
        let propose = ProposeFreezeRelease { parcel: t.seen(parcel).await, freeze, authority: "Court".to_owned() };
        t.done(propose).await;
        let second = t.registry.ensure_principal("second", yulin_domain::codes::Role::Admin).await.unwrap();
        let approve = ApproveFreezeRelease { parcel: t.seen(parcel).await, freeze };
        t.registry.perform(acts::act(second, approve)).await.unwrap();
        let two = t.party("Two").await;
        let meanwhile = since(t.admin, ago(15), transfer(&t, parcel, right, [one, two]).await);
        assert_eq!(t.refused(meanwhile).await, told(ErrorCode::Frozen, "parcel"));
        t.done(transfer(&t, parcel, right, [one, two]).await).await;
        t.assert_sound().await;
    }

    async fn a_right_does_not_end_under_a_mortgage_that_outlived_its_date(t) {
        let (parcel, right, _) = held(&t).await;
        let mut dated = mortgage(&t, parcel, right).await;
        dated.particulars.ends_on = Some(ago(2).date_in("Asia/Shanghai").unwrap());
        let placed = done(&t, 10, dated).await;
        // The term is over: its end is recorded before what comes next.
        t.party("Two").await;
        let ended = t.registry.acts(&t.now().await, &yulin_persistence::ActFilter::default(), None, 50).await.unwrap();
        let ended = ended.iter().find(|entry| entry.header.kind == ActKind::EndRestriction).unwrap().header.clone();
        t.done(RescindAct { seq: ended.seq, act: ended.act_id }).await;
        let end = EndRight { parcel: t.seen(parcel).await, right, cause: EndCause::Surrendered };
        assert_eq!(t.refused(acts::act(t.admin, end.clone())).await, told(ErrorCode::HasDependents, "right"));
        let restriction = RestrictionId::made_by(placed, 0, 0);
        let discharge = EndRestriction { parcel: t.seen(parcel).await, restriction, cause: EndCause::Discharged };
        t.done(discharge).await;
        t.done(EndRight { parcel: t.seen(parcel).await, ..end }).await;
        t.assert_sound().await;
    }

    async fn what_one_act_carries_has_a_limit(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 40.0, 100.0]).await;
        let mut parties = Vec::new();
        for (id, _) in t.all_done((0..600).map(|nth| acts::act(t.admin, firm(&format!("Firm {nth}")))).collect()).await {
            parties.push(PartyId::made_by(id, 0, 0));
        }
        let share = Share::new(1, 600).unwrap();
        let mut many = grant(&t, parcel, parties[0], RightType::StateConstruction).await;
        many.holders = parties.into_iter().map(|party| HolderShare { party, share }).collect();
        let right = RightId::made_by(t.done(many).await, 0, 0);
        let strip = |nth: u32| Child {
            facts: ParcelPatch { code: Some(format!("C{nth}")), ..ParcelPatch::default() },
            footprint: acts::rectangle([f64::from(nth), 0.0, f64::from(nth + 1), 100.0]),
        };
        let dispositions = vec![Disposition::Carried { record: right.into(), onto: (0..40).collect() }];
        let split = SplitParcel { parcel: t.seen(parcel).await, children: (0..40).map(strip).collect(), dispositions, apportion: vec![] };
        assert_eq!(t.refused(acts::act(t.admin, split)).await, told(ErrorCode::TooLarge, "dispositions"));
    }
}
