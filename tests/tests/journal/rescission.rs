//! What a rescission takes back, what it brings back, and what stands in its way.

use yulin_domain::codes::RightType;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::party::ErasePersonal;
use yulin_domain::quantity::{FenPerSquareMetre, Share};
use yulin_persistence::PerformError;
use yulin_tests::full::{firm, person};
use yulin_tests::{TestRegistry, acts, each_backend};

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

/// An act that was recorded, as a rescission names it.
async fn recorded(t: &TestRegistry, body: impl Into<ActBody>) -> RescindAct {
    let act = acts::act(t.admin, body);
    let receipt = t.registry.perform(act.clone()).await.unwrap();
    RescindAct { seq: receipt.seq, act: act.envelope.id }
}

async fn refused(t: &TestRegistry, body: impl Into<ActBody>) -> Refused {
    match t.registry.perform(acts::act(t.admin, body)).await {
        Err(PerformError::Refused(refused)) => refused,
        other => panic!("not refused: {other:?}"),
    }
}

async fn priced(t: &TestRegistry, parcel: ParcelId, fen: i64) -> RescindAct {
    let price = Price { asking: Some(FenPerSquareMetre::from_fen(fen)), floor: None };
    recorded(t, SetPrice { parcel: t.seen(parcel).await, price }).await
}

async fn asking(t: &TestRegistry, parcel: ParcelId) -> Option<i64> {
    let found = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap();
    found.first().and_then(|parcel| parcel.state.price.asking).map(FenPerSquareMetre::fen)
}

async fn granted(t: &TestRegistry, parcel: ParcelId, party: PartyId) -> RescindAct {
    let right_type = RightType::StateConstruction;
    let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
    let holders = vec![HolderShare { party, share: Share::WHOLE }];
    recorded(t, GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }).await
}

each_backend! {
    async fn what_is_void_stands_in_nobodys_way(t) {
        let district = t.district("D1").await;
        let registered = recorded(&t, acts::parcel(district, "P1", SQUARE)).await;
        let parcel = ParcelId::made_by(registered.act, 0, 0);
        let price = priced(&t, parcel, 1_000).await;
        let told = refused(&t, registered.clone()).await;
        assert_eq!((told.code, &told.facts["entries"]), (ErrorCode::HasDependents, &vec![price.seq].into()));
        let first = recorded(&t, price.clone()).await;
        let again = refused(&t, price.clone()).await;
        assert_eq!((again.code, &again.facts["by"]), (ErrorCode::RescindedAlready, &first.seq.into()));
        // The rescission is rescinded, and the price depends on the parcel again.
        let second = recorded(&t, first).await;
        assert_eq!(asking(&t, parcel).await, Some(1_000));
        let told = refused(&t, registered.clone()).await;
        assert_eq!((told.code, &told.facts["entries"]), (ErrorCode::HasDependents, &vec![price.seq].into()));
        assert!(second.seq > price.seq);
        recorded(&t, price).await;
        assert_eq!(asking(&t, parcel).await, None);
        recorded(&t, registered).await;
        assert!(t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap().is_empty());
        t.assert_sound().await;
    }

    async fn nothing_comes_back_that_names_what_is_gone(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", SQUARE).await;
        let party = recorded(&t, firm("One")).await;
        let right = granted(&t, parcel, PartyId::made_by(party.act, 0, 0)).await;
        let without = recorded(&t, right).await;
        recorded(&t, party.clone()).await;
        let told = refused(&t, without.clone()).await;
        let gone = RecordKey::from(PartyId::made_by(party.act, 0, 0)).to_string();
        assert_eq!((told.code, &told.facts["gone"]), (ErrorCode::HasDependents, &gone.into()));
        t.assert_sound().await;
    }

    async fn a_bundle_may_begin_with_a_rescission_and_hold_no_other(t) {
        let district = t.district("D1").await;
        let registered = recorded(&t, acts::parcel(district, "P1", SQUARE)).await;
        let mut both = acts::act(t.admin, acts::parcel(district, "P2", [200.0, 0.0, 300.0, 100.0]));
        both.legs.push(registered.clone().into());
        assert_eq!(t.refused(both.clone()).await, (ErrorCode::BundleInvalid, "act".to_owned()));
        both.legs.reverse();
        both.legs.push(acts::parcel(district, "P3", SQUARE).into());
        both.envelope.id = ActId(uuid::Uuid::now_v7());
        t.registry.perform(both).await.unwrap();
        t.assert_sound().await;
    }

    async fn a_registration_that_was_void_leaves_nothing_personal_behind(t) {
        let registered = recorded(&t, person("某乙")).await;
        let party = PartyId::made_by(registered.act, 0, 0);
        let sealed = t.registry.personal_of_party(party).await.unwrap();
        let voided = recorded(&t, registered).await;
        assert_eq!(t.registry.personal(&sealed).await.unwrap().len(), 1, "what was told stays until it is erased");
        let party = Seen { id: party, seq: voided.seq };
        t.done(ErasePersonal { party, personal: sealed.clone() }).await;
        assert!(t.registry.personal(&sealed).await.unwrap().is_empty());
        t.assert_sound().await;
    }
}
