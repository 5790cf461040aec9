//! Extracts of a real journal: honest ones are taken off-line, and whatever is altered in one is found.

use serde_json::Value;
use yulin_domain::codes::{ExternalState, RestrictionKind};
use yulin_domain::district::AmendDistrict;
use yulin_domain::journal::{DistrictId, ParcelId, PartyId, RecordKey, Seen, Subject};
use yulin_domain::land::{ChangeParcel, ParcelPatch, Particulars, PlaceRestriction, RestrictionNature};
use yulin_domain::log::{Document, DocumentVerified, ExtractVerified, KeyFrom, VerifierKey};
use yulin_domain::party::{AmendParty, ExternalRef};
use yulin_persistence::ExtractError;
use yulin_tests::flips::flips;
use yulin_tests::{TestRegistry, acts, each_backend};

/// A parcel that was registered, leased and renamed twice, its district, and a natural person; others in between.
async fn lived_in(t: &TestRegistry) -> (DistrictId, ParcelId, PartyId) {
    let district = t.district("D1").await;
    let person = t.person("某甲").await;
    let parcel = t.parcel(district, "PARCEL-1", [0.0, 0.0, 100.0, 100.0]).await;
    t.parcel(district, "STRANGER", [100.0, 0.0, 200.0, 100.0]).await;
    let lease = PlaceRestriction {
        parcel: t.seen(parcel).await,
        particulars: Particulars {
            in_favour_of: Some(person),
            ..acts::particulars(RestrictionNature::Restriction(RestrictionKind::Lease))
        },
    };
    t.done(lease).await;
    for name in ["一号地", "二号地"] {
        let facts = ParcelPatch { name: Some(name.to_owned()), ..ParcelPatch::default() };
        t.done(ChangeParcel { parcel: t.seen(parcel).await, facts, footprint: None, state: None }).await;
    }
    let seen = t.registry.parties_by_ids(&t.now().await, &[person]).await.unwrap()[0].version;
    let (system, external_id) = ("工商".to_owned(), "外-1".to_owned());
    let external = Some(ExternalRef { system, external_id, state: ExternalState::Confirmed });
    let party = Seen { id: person, seq: seen };
    t.done(AmendParty { party, name: None, credit_code: None, personal: None, external }).await;
    let seen = t.registry.districts(&t.now().await).await.unwrap()[0].version;
    let district_seen = Seen { id: district, seq: seen };
    let name = Some("浦江".to_owned());
    t.done(AmendDistrict { district: district_seen, name, calendar: None, boundary: None }).await;
    (district, parcel, person)
}

async fn extracted(t: &TestRegistry, subject: impl Into<Subject>) -> String {
    let extract = t.registry.extract(subject.into(), &mut |_, _| {}).await.unwrap();
    serde_json::to_string(&extract).unwrap()
}

fn verified(text: &str, key: &VerifierKey) -> ExtractVerified {
    let (verified, from) = Document::read(text).unwrap().check(Some(key), &mut |_| {}).unwrap();
    assert_eq!(from, KeyFrom::Given);
    match verified {
        DocumentVerified::Extract(verified) => verified,
        DocumentVerified::Consistency(_) => panic!("an extract was checked"),
    }
}

/// Whether a file says what it said, and is taken.
fn is_taken(altered: &Value, honest: &Document, key: &VerifierKey) -> bool {
    let Ok(read) = Document::read(&altered.to_string()) else { return false };
    read != *honest && read.check(Some(key), &mut |_| {}).is_ok()
}

each_backend! {
    async fn an_extract_of_a_parcel_a_party_or_a_district_is_taken_and_discloses_no_other(t) {
        let (district, parcel, person) = lived_in(&t).await;
        let key = t.registry.log_key().await.unwrap();
        let head = t.now().await.seq.unsigned_abs();
        let texts = [extracted(&t, parcel).await, extracted(&t, person).await, extracted(&t, district).await];
        let found = texts.each_ref().map(|text| verified(text, &key));
        assert_eq!(found.each_ref().map(|one| (one.size, one.entries)), [(head, 4), (head, 2), (head, 2)]);
        assert_eq!(found[0].subject, Subject::from(parcel).to_string());
        assert!(texts[0].contains("一号地") && texts[0].contains("PARCEL-1"));
        for text in &texts {
            assert!(!text.contains("STRANGER") && !text.contains("某甲"), "{text}");
        }
        assert!(!texts[1].contains("PARCEL-1") && !texts[2].contains("PARCEL-1"));
        // What comes later does not concern an extract that is out there.
        t.district("D2").await;
        assert_eq!(verified(&texts[0], &key), found[0]);
        assert_eq!(verified(&extracted(&t, parcel).await, &key).size, head + 1);
        t.assert_sound().await;
    }

    async fn whatever_is_altered_in_an_extract_is_found(t) {
        let (_, parcel, _) = lived_in(&t).await;
        let key = t.registry.log_key().await.unwrap();
        let text = extracted(&t, parcel).await;
        let honest = Document::read(&text).unwrap();
        let altered = flips(&serde_json::from_str(&text).unwrap());
        assert!(altered.len() > 10_000, "{}", altered.len());
        let taken: Vec<_> = altered.iter().filter(|(_, one)| is_taken(one, &honest, &key)).map(|(how, _)| how).collect();
        assert!(taken.is_empty(), "{taken:?}");
    }

    async fn an_extract_of_another_registry_and_of_nothing_is_refused(t) {
        let (_, parcel, _) = lived_in(&t).await;
        let text = extracted(&t, parcel).await;
        let other = TestRegistry::open(t.backend).await.unwrap();
        let key = other.registry.log_key().await.unwrap();
        let wrong = Document::read(&text).unwrap().check(Some(&key), &mut |_| {}).unwrap_err();
        assert_eq!(wrong.place, "key");
        let nobody = Subject::from(ParcelId(uuid::Uuid::from_u128(7)));
        let refused = t.registry.extract(nobody, &mut |_, _| {}).await;
        assert!(matches!(refused, Err(ExtractError::Unknown(subject)) if subject == nobody));
        // A chain out of which a link was taken behind the registry's back is not signed.
        let raw = t.raw().await;
        let key: RecordKey = parcel.into();
        let taking = format!("DELETE FROM subject_entry WHERE subject = '{key}' AND seq = (SELECT max(seq) - 1 FROM \
                              subject_entry WHERE subject = '{key}')");
        sea_orm::ConnectionTrait::execute_unprepared(&raw, &taking).await.unwrap();
        assert!(matches!(t.registry.extract(parcel.into(), &mut |_, _| {}).await, Err(ExtractError::Fault(_))));
    }
}
