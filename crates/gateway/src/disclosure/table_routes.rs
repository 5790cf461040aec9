//! The table of addresses: every one at which the gateway answers, against whom it admits.
//!
//! A test reads the sources for addresses: one that is served and does not stand here fails, and the other way about.

use super::table_asked::Read;

/// Whom an address admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// Everyone, and tells everyone the same.
    Everyone,
    /// Everyone, and answers each by the tables of fields.
    ByField,
    /// Whoever has a key, for what is of that key alone; where it is a sandbox.
    KeyHolder,
    /// Whoever reaches the address that the operator opened for it; it is at no other.
    Operator,
}

/// Every address, as it is served.
pub const ROUTES: &[(&str, Admits)] = &[
    ("/", Admits::Everyone),
    ("/export/{name}", Admits::ByField),
    ("/graphql", Admits::ByField),
    ("/healthz", Admits::Everyone),
    ("/log/checkpoint", Admits::Everyone),
    ("/log/tile/{path:.*}", Admits::Everyone),
    ("/map", Admits::Everyone),
    ("/map/vendor/{name}", Admits::Everyone),
    ("/map/{name}", Admits::Everyone),
    ("/metrics", Admits::Operator),
    ("/ogc", Admits::Everyone),
    ("/ogc/", Admits::Everyone),
    ("/ogc/api", Admits::Everyone),
    ("/ogc/collections", Admits::ByField),
    ("/ogc/collections/{name}", Admits::ByField),
    ("/ogc/collections/{name}/items", Admits::ByField),
    ("/ogc/collections/{name}/items/{id}", Admits::ByField),
    ("/ogc/collections/{name}/queryables", Admits::ByField),
    ("/ogc/collections/{name}/schema", Admits::ByField),
    ("/ogc/conformance", Admits::Everyone),
    ("/page/{name}", Admits::Everyone),
    ("/readyz", Admits::Everyone),
    ("/sandbox/faults", Admits::KeyHolder),
    ("/tiles/api", Admits::Everyone),
    ("/tiles/style.json", Admits::Everyone),
    ("/tiles/{layer}.json", Admits::ByField),
    ("/tiles/{layer}/{zoom}/{column}/{row}.mvt", Admits::ByField),
];

/// Every file that can be exported, against the field that answers the same question: who may ask that may export.
pub const EXPORTS: &[(&str, Read)] =
    &[("parcels", ("Query", "parcels")), ("stock", ("Query", "stockLand")), ("statement", ("Query", "statement"))];
