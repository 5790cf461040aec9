//! Who gets a place, and when it is free again.
#![allow(clippy::unwrap_used)]

use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;

use super::places::Places;

#[test]
fn the_public_holds_one_place_at_most_and_leaves_one_to_the_others() {
    let places = Places::new();
    let public = places.take(Role::Public).unwrap();
    assert_eq!(places.take(Role::Public).unwrap_err().code, ErrorCode::Busy);
    let officer = places.take(Role::ZoneOfficer).unwrap();
    assert_eq!(places.take(Role::Admin).unwrap_err().code, ErrorCode::Busy);
    drop(public);
    drop(officer);
    let officers = [places.take(Role::ZoneOfficer).unwrap(), places.take(Role::ZoneOfficer).unwrap()];
    assert_eq!(places.take(Role::Public).unwrap_err().code, ErrorCode::Busy);
    drop(officers);
    places.take(Role::Public).unwrap();
}

#[actix_web::test]
async fn a_download_holds_its_place_until_it_ends() {
    let places = Places::new();
    let held = places.take(Role::Public).unwrap().held();
    tokio::task::yield_now().await;
    assert_eq!(places.take(Role::Public).unwrap_err().code, ErrorCode::Busy);
    drop(held);
    for _ in 0..100 {
        if places.take(Role::Public).is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    places.take(Role::Public).unwrap();
}
