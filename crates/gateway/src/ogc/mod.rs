//! The layers as a feature service: OGC API Features, parts 1 (core), 2 (reference systems) and 3 (filters in CQL2 text).

// GeoJSON and OpenAPI are names, not code.
#![allow(clippy::doc_markdown)]

mod answer;
mod collection;
mod cql2;
mod crs;
mod described;
mod geometry;
mod http;
mod item;
mod openapi;
mod page;
mod question;
mod table;
mod titles;

#[cfg(test)]
mod ogc_tests;

#[cfg(test)]
pub(crate) use page::LOOKED_AT_MAX;

pub(crate) use http::{api, collection, collections, conformance, item, items, landing, queryables, schema, tiles_api};
