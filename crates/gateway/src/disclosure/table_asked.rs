//! The table of what questions read: every member of a filter, every order and every argument that narrows a list,
//! against the field whose values it makes known.

/// A field of a type.
pub type Read = (&'static str, &'static str);

/// An input, an enum of orders or a list with its arguments, and what each of its members reads.
pub type AskedRules = (&'static str, &'static [(&'static str, Read)]);

/// Every way to ask by a value.
pub const ASKED: &[AskedRules] = &[
    (
        "ParcelFilterInput",
        &[
            ("district", ("Parcel", "district")),
            ("districts", ("Parcel", "district")),
            ("states", ("Parcel", "state")),
            ("layer", ("Parcel", "layer")),
            ("area", ("Parcel", "footprint")),
            ("near", ("Parcel", "footprint")),
            ("inside", ("Parcel", "footprint")),
            ("outside", ("Parcel", "footprint")),
            ("statuses", ("Parcel", "stockStatus")),
            ("landUse", ("Parcel", "landUse")),
            ("areaMu", ("Parcel", "area")),
            ("areaSquareMetres", ("Parcel", "area")),
            // Who may not read the floor asks by what is asked alone.
            ("price", ("Price", "asking")),
            ("plotRatio", ("Parcel", "planning")),
            ("soilGates", ("Parcel", "soilGate")),
            ("infrastructure", ("Parcel", "infrastructure")),
            ("idleSince", ("Stock", "since")),
            ("holder", ("Parcel", "holders")),
            ("text", ("Parcel", "name")),
            ("codes", ("Parcel", "code")),
        ],
    ),
    (
        "ParcelOrderField",
        &[
            ("CODE", ("Parcel", "code")),
            ("PRICE", ("Price", "asking")),
            ("AREA", ("Parcel", "area")),
            ("DISTANCE", ("Parcel", "footprint")),
            ("AGE", ("Stock", "since")),
        ],
    ),
    (
        "PartyFilterInput",
        &[
            ("text", ("Party", "name")),
            ("kind", ("Party", "kind")),
            ("creditCode", ("Party", "creditCode")),
            ("external", ("Party", "externalRef")),
        ],
    ),
    (
        "AccountFilterInput",
        &[
            ("code", ("Account", "code")),
            ("factor", ("Account", "factor")),
            ("purpose", ("Account", "purpose")),
            ("holder", ("Account", "holder")),
            ("parcel", ("Account", "parcel")),
            ("venue", ("Account", "venues")),
            ("blocked", ("Account", "blocks")),
        ],
    ),
    (
        "ActFilterInput",
        &[
            ("subject", ("Act", "changes")),
            ("kinds", ("Act", "kind")),
            ("fromSeq", ("Act", "seq")),
            ("toSeq", ("Act", "seq")),
        ],
    ),
    ("EventFilterInput", &[("kinds", ("Event", "kind")), ("subjects", ("Event", "subjects"))]),
    (
        "Query.holds",
        &[
            ("account", ("Hold", "account")),
            ("state", ("Hold", "state")),
            ("kind", ("Hold", "kind")),
            ("placedBy", ("Hold", "placedBy")),
            ("reference", ("Hold", "reference")),
        ],
    ),
    ("Query.schedules", &[("state", ("Schedule", "state"))]),
    ("District.zones", &[("kinds", ("Zone", "kind"))]),
    ("District.features", &[("kinds", ("Feature", "kind"))]),
];

/// What a member of an input reads; none where it has no rule.
pub fn reads(input: &str, member: &str) -> Option<Read> {
    let (_, members) = ASKED.iter().find(|(of, _)| *of == input)?;
    members.iter().find(|(name, _)| *name == member).map(|(_, read)| *read)
}
