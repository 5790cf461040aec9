//! The landing page of the service and what it conforms to.

use serde_json::{Value, json};

use super::answer::link;
use super::openapi::OPENAPI;

const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
];

/// Where everything is.
pub fn landing(base: &str) -> Value {
    let at = |path: &str| format!("{base}{path}");
    json!({
        "title": "Yulin (鱼鳞): parcels, restriction zones and features",
        "description": "The land of the registry for GIS desks: what GraphQL tells, under the same rules of disclosure (土地登记要素服务)",
        "links": [
            link(&at("/ogc"), "self", "application/json", "This document"),
            link(&at("/ogc/api"), "service-desc", OPENAPI, "The description of the API"),
            link(&at("/ogc/conformance"), "conformance", "application/json", "What it conforms to"),
            link(&at("/ogc/collections"), "data", "application/json", "The collections"),
            link(&at("/tiles/style.json"), "describedby", "application/json", "A style for its vector tiles"),
        ],
    })
}

/// What the service conforms to.
pub fn conformance() -> Value {
    json!({ "conformsTo": CONFORMANCE })
}
