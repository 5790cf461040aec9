//! The style tells of every status and of no other host.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use yulin_domain::codes::{Labelled, Role, StockStatus};

use super::described::tile_json;
use super::style::{colour, style};
use crate::layer::Layer;

#[test]
fn every_status_has_a_colour_of_its_own() {
    let colours: BTreeSet<_> = StockStatus::all().iter().map(|status| colour(*status)).collect();
    assert_eq!(colours.len(), StockStatus::all().len());
    let (text, theme) = (style("http://here").to_string(), include_str!("../../page/theme.css"));
    for status in StockStatus::all() {
        let rule = format!("--status-{}: {};", status.code(), colour(*status));
        assert!(theme.contains(&rule), "{rule} is another on the pages");
    }
    assert!(StockStatus::all().iter().all(|status| text.contains(status.code())));
}

#[test]
fn sources_are_those_of_this_registry() {
    let style = style("http://here");
    for layer in Layer::ALL {
        assert_eq!(style["sources"][layer.name()]["url"], format!("http://here/tiles/{}.json", layer.name()));
    }
    let addresses = style.to_string().matches("http").count();
    assert_eq!(addresses, Layer::ALL.len());
}

#[test]
fn what_a_role_does_not_read_is_no_field_of_its_tiles() {
    let fields = |role| tile_json(Layer::Parcels, role, "", None)["vector_layers"][0]["fields"].clone();
    let told: BTreeSet<String> = fields(Role::Public).as_object().unwrap().keys().cloned().collect();
    let officers: BTreeSet<String> = fields(Role::Planner).as_object().unwrap().keys().cloned().collect();
    assert!(told.is_subset(&officers), "{told:?} {officers:?}");
    assert!(told.contains("code") && told.contains("stockStatus"));
}
