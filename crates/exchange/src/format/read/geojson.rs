//! GeoJSON: feature collections, single features, bare geometries, and sequences of them.
//!
//! The text is held whole; features are kept as ranges of it and parsed one at a time, so that one broken feature does not
//! take the file with it and numbers keep their text. Ordinates are in `geojson_geometry`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Body;
use super::body::{count_of, item_at};
use super::geojson_geometry::{self, geometry_kind};
use crate::format::encoding::decode_file;
use crate::format::source::Head;
use crate::format::{AttributeValue, DetectedCrs, FeatureProblem, FileFormat, OpenOptions, OpenRefused, SourceFeature};

/// What may stand where a feature is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    /// Features alone, as in a collection.
    Feature,
    /// Features and bare geometries, as at the top of a document.
    FeatureOrGeometry,
}

/// The features still to be read.
#[derive(Debug)]
pub(in crate::format) struct GeoJsonBody {
    text: String,
    places: Vec<Range<usize>>,
    member: Member,
    /// Features already read.
    pub(super) done: u64,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    features: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    crs: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    name: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    geometry: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
}

/// Tells a member that is `null` from one that is not there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Opens a GeoJSON text.
pub(in crate::format) fn open(bytes: Vec<u8>, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let (text, encoding) = decode_file(bytes, options.encoding)?;
    let (body, crs, layer) = match serde_json::from_str::<Document>(&text) {
        Ok(document) => {
            let crs = document_crs(&document);
            let layer = document.name.and_then(|name| serde_json::from_str::<String>(name.get()).ok());
            let (places, member) = document_places(&text, &document)?;
            (GeoJsonBody { text, places, member, done: 0 }, crs, layer)
        }
        Err(error) => match sequence_places(&text) {
            Some(places) => {
                let body = GeoJsonBody { text, places, member: Member::FeatureOrGeometry, done: 0 };
                (body, DetectedCrs::of_epsg(4326, "RFC 7946"), None)
            }
            None => return Err(OpenRefused::malformed("GeoJSON", error)),
        },
    };
    if let (Some(wanted), true) = (&options.layer, options.layer != layer) {
        return Err(OpenRefused::LayerUnknown { layer: wanted.clone(), layers: layer.into_iter().collect() });
    }
    let head = Head {
        format: FileFormat::GeoJson,
        layers: layer.clone().into_iter().collect(),
        layer,
        fields: body.field_names(),
        crs,
        encoding: Some(encoding),
        total: Some(count_of(body.places.len())),
    };
    Ok((head, Body::GeoJson(body)))
}

fn document_places(text: &str, document: &Document) -> Result<(Vec<Range<usize>>, Member), OpenRefused> {
    match document.kind.as_deref() {
        Some("FeatureCollection") => {
            let features = document
                .features
                .ok_or_else(|| OpenRefused::malformed("GeoJSON", "the collection has no features member"))?;
            let members: Vec<&RawValue> =
                serde_json::from_str(features.get()).map_err(|error| OpenRefused::malformed("GeoJSON", error))?;
            Ok((members.into_iter().map(|member| range_in(text, member.get())).collect(), Member::Feature))
        }
        Some(kind) if kind == "Feature" || geometry_kind(kind) => {
            Ok((vec![range_in(text, text)], Member::FeatureOrGeometry))
        }
        Some(kind) => Err(OpenRefused::malformed("GeoJSON", format!("type {kind} is unknown"))),
        None => Err(OpenRefused::malformed("GeoJSON", "it has no type")),
    }
}

/// Where `part`, a slice of `text`, stands in it.
fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start + part.len()
}

/// The records of a sequence: after record separators (RFC 8142), else one a line. `None` when the first is no object.
fn sequence_places(text: &str) -> Option<Vec<Range<usize>>> {
    let separator = if text.contains('\u{1e}') { '\u{1e}' } else { '\n' };
    let records = text.split(separator).map(str::trim).filter(|record| !record.is_empty());
    let places: Vec<Range<usize>> = records.map(|record| range_in(text, record)).collect();
    let first = text.get(places.first()?.clone())?;
    let several_or_marked = places.len() > 1 || separator == '\u{1e}';
    (several_or_marked && serde_json::from_str::<Feature>(first).is_ok_and(|feature| feature.kind.is_some()))
        .then_some(places)
}

fn document_crs(document: &Document) -> DetectedCrs {
    #[derive(Deserialize)]
    struct Legacy {
        properties: Properties,
    }
    #[derive(Deserialize)]
    struct Properties {
        name: Option<String>,
        code: Option<u32>,
    }
    let Some(member) = document.crs else {
        return DetectedCrs::of_epsg(4326, "RFC 7946");
    };
    match serde_json::from_str::<Legacy>(member.get()) {
        Ok(Legacy { properties: Properties { name: Some(name), .. } }) => DetectedCrs::of_name(&name, "crs member"),
        Ok(Legacy { properties: Properties { name: None, code: Some(code) } }) => {
            DetectedCrs::of_epsg(code, "crs member")
        }
        Ok(_) | Err(_) => DetectedCrs::unknown("crs member"),
    }
}

impl GeoJsonBody {
    pub(super) fn next_feature(&mut self) -> Option<SourceFeature> {
        let place = item_at(&self.places, self.done)?.clone();
        self.done += 1;
        let text = self.text.get(place).unwrap_or("");
        Some(read_feature(text, self.member, self.done))
    }

    /// The names of all attributes of all features.
    fn field_names(&self) -> Vec<String> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for place in &self.places {
            let Some(feature) =
                self.text.get(place.clone()).and_then(|text| serde_json::from_str::<Feature>(text).ok())
            else {
                continue;
            };
            let properties = feature.properties.map_or("", RawValue::get);
            let keys: BTreeMap<Cow<str>, &RawValue> = serde_json::from_str(properties).unwrap_or_default();
            for key in keys.into_keys() {
                if !names.contains(key.as_ref()) {
                    names.insert(key.into_owned());
                }
            }
            if feature.id.is_some() && !names.contains("id") {
                names.insert("id".to_owned());
            }
        }
        names.into_iter().collect()
    }
}

fn read_feature(text: &str, member: Member, number: u64) -> SourceFeature {
    let feature = match serde_json::from_str::<Feature>(text) {
        Ok(feature) => feature,
        Err(error) => return SourceFeature::unreadable(number, FeatureProblem::corrupt(error)),
    };
    match feature.kind.as_deref() {
        Some("Feature") => {}
        Some(kind) if geometry_kind(kind) && member == Member::FeatureOrGeometry => {
            return SourceFeature { number, geometry: geojson_geometry::decode(text), attributes: BTreeMap::new() };
        }
        Some(kind) => {
            return SourceFeature::unreadable(number, FeatureProblem::corrupt(format!("{kind} is no feature")));
        }
        None => return SourceFeature::unreadable(number, FeatureProblem::corrupt("it has no type")),
    }
    let attributes = match attributes(&feature) {
        Ok(attributes) => attributes,
        Err(problem) => return SourceFeature::unreadable(number, problem),
    };
    let geometry = match feature.geometry {
        Some(geometry) => geojson_geometry::decode(geometry.get()),
        None => Err(FeatureProblem::malformed("the feature has no geometry member")),
    };
    SourceFeature { number, geometry, attributes }
}

/// The properties, and the feature's own id as `id` unless a property has that name.
fn attributes(feature: &Feature) -> Result<BTreeMap<String, AttributeValue>, FeatureProblem> {
    let raw: Option<BTreeMap<String, &RawValue>> = match feature.properties {
        Some(properties) => serde_json::from_str(properties.get())
            .map_err(|error| FeatureProblem::corrupt(format!("properties: {error}")))?,
        None => None,
    };
    let mut attributes = BTreeMap::new();
    if let Some(id) = feature.id {
        attributes.insert("id".to_owned(), value(id)?);
    }
    for (name, raw) in raw.unwrap_or_default() {
        attributes.insert(name, value(raw)?);
    }
    Ok(attributes)
}

fn value(raw: &RawValue) -> Result<AttributeValue, FeatureProblem> {
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'n') | None => AttributeValue::Null,
        Some(b't') => AttributeValue::Boolean(true),
        Some(b'f') => AttributeValue::Boolean(false),
        Some(b'"') => AttributeValue::Text(serde_json::from_str(text).map_err(FeatureProblem::corrupt)?),
        Some(b'{' | b'[') => AttributeValue::Text(text.to_owned()),
        Some(_) => AttributeValue::from_number_text(text),
    })
}
