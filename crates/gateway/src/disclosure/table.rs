//! The table: every field of every object against the circle that reads it.
//!
//! A type that can only be reached through a field that is withheld repeats nothing: its own fields are open to whoever
//! got there.

use yulin_domain::codes::Role;

use super::readers::{Readers, Reading};
use super::table_ledger::LEDGER;

/// The fields of one type, by who reads them.
#[derive(Debug)]
pub struct TypeRules {
    pub name: &'static str,
    pub rules: &'static [Rule],
}

/// A circle of readers and the fields it reads.
pub type Rule = (Readers, &'static [&'static str]);

/// A type whose fields are open to whoever reaches it.
macro_rules! open {
    ($name:literal, $fields:expr) => {
        TypeRules { name: $name, rules: &[(Readers::Everyone, $fields)] }
    };
}
pub(super) use open;

/// Every field of every object; those of `Mutation` are acts, and who may perform them stands in the domain.
const REGISTRY: &[TypeRules] = &[
    open!(
        "Act",
        &[
            "id",
            "seq",
            "kind",
            "principal",
            "onBehalfOf",
            "approvedBy",
            "effectiveAt",
            "recordedAt",
            "reason",
            "legalBasis",
            "evidence",
            "hash",
            "previousHash",
            "changes"
        ]
    ),
    open!("ActConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("ActDone", &["receipt", "changed", "balances", "reconciliation"]),
    open!("ActEdge", &["cursor", "node"]),
    open!("ActPreview", &["asOfSeq", "changes", "refusal"]),
    open!("ActRefused", &["code", "message", "messages", "field", "leg", "facts", "between"]),
    open!("Area", &["squareMetres", "mu"]),
    open!(
        "Calendar",
        &[
            "id",
            "version",
            "name",
            "source",
            "workingHours",
            "restDays",
            "holidays",
            "makeUpDays",
            "coversFrom",
            "coversTo",
            "days"
        ]
    ),
    open!("CalendarDay", &["date", "kind"]),
    open!("Change", &["subject", "previous", "record", "kind", "validFrom", "validTo"]),
    open!("CodeItem", &["code", "label", "parent"]),
    open!("CodeList", &["id", "name", "source", "dated", "items"]),
    open!("ConditionMet", &["condition", "meets"]),
    open!(
        "Contract",
        &[
            "number",
            "approvedOn",
            "signedOn",
            "startBy",
            "handedOverOn",
            "startedOn",
            "stoppedOn",
            "completeBy",
            "completedOn",
            "notProducingSince",
            "suspendedDays",
            "price",
            "investmentAgreed",
            "investmentMade",
            "areaToDevelop",
            "areaDeveloped"
        ]
    ),
    open!("DeadLetter", &["seq", "tries", "failedAt", "failure"]),
    open!(
        "District",
        &[
            "id",
            "version",
            "code",
            "name",
            "parent",
            "children",
            "profile",
            "grid",
            "timeZone",
            "calendar",
            "boundary",
            "generated",
            "zones",
            "features"
        ]
    ),
    open!("Erasure", &["seq"]),
    open!("ErrorCodeEntry", &["code", "class", "message", "messages"]),
    TypeRules {
        name: "Event",
        rules: &[
            (
                Readers::Everyone,
                &["seq", "previousSeq", "recordedAt", "effectiveAt", "kind", "actId", "subjects", "changes"],
            ),
            (Readers::Officers, &["act"]),
        ],
    },
    open!("EventBatch", &["nodes", "completeTo", "feed"]),
    open!("Explanation", &["matches", "conditions"]),
    open!("ExternalRef", &["system", "externalId", "state"]),
    open!("Facet", &["key", "label", "count", "area"]),
    open!("Facets", &["byStatus", "byUse", "byStreet"]),
    open!("Feature", &["id", "version", "district", "kind", "code", "name", "geometry"]),
    open!("FootprintSource", &["crs", "transformation", "accuracyMm"]),
    open!("Freeze", &["id", "version", "kind", "authority", "document", "releaseProposedBy", "validFrom"]),
    open!("Holder", &["party", "share", "right"]),
    open!("IdleClock", &["phase", "since", "days", "nextOn"]),
    open!("LandUse", &["scheme", "code", "text", "label"]),
    open!("Limit", &["value", "bound"]),
    open!("Messages", &["zh", "en"]),
    open!("PageInfo", &["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]),
    TypeRules {
        name: "Parcel",
        rules: &[
            (
                Readers::Everyone,
                &[
                    "id",
                    "version",
                    "state",
                    "code",
                    "unitCode",
                    "lotNumber",
                    "name",
                    "location",
                    "street",
                    "district",
                    "generated",
                    "layer",
                    "stockStatus",
                    "stock",
                    "landUse",
                    "landUses",
                    "ownership",
                    "tenure",
                    "area",
                    "footprint",
                    "planning",
                    "price",
                    "infrastructure",
                    "soilGate",
                    "parents",
                    "successors",
                    "validFrom",
                    "validTo",
                    "withheld",
                ],
            ),
            (Readers::OfficersAndOwner, &["rights", "holders", "restrictions", "freezes", "externalRef", "history"]),
            (Readers::Officers, &["footprintSource", "warnings"]),
        ],
    },
    open!("ParcelAreas", &["registered", "surveyed", "computed"]),
    open!("ParcelConnection", &["edges", "nodes", "pageInfo", "totalCount", "facets", "explain"]),
    open!("ParcelEdge", &["cursor", "node", "distanceM"]),
    TypeRules {
        name: "Party",
        rules: &[
            // The name of a natural person follows `identityNumber`.
            (Readers::Everyone, &["id", "version", "kind", "name", "creditCode", "erased", "validFrom", "withheld"]),
            (Readers::OfficersAndOwner, &["externalRef", "history"]),
            (Readers::Personal, &["identityNumber", "contact", "personalSets"]),
        ],
    },
    open!("PartyConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("PartyEdge", &["cursor", "node"]),
    open!("Planning", &["plotRatio", "density", "greenRate", "heightM"]),
    open!("PlanningRange", &["min", "max"]),
    TypeRules {
        name: "Principal",
        rules: &[(Readers::Officers, &["id", "version", "name", "roles", "party", "validFrom"])],
    },
    open!("PrincipalConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("PrincipalEdge", &["cursor", "node"]),
    TypeRules { name: "Price", rules: &[(Readers::Everyone, &["asking"]), (Readers::Officers, &["floor"])] },
    TypeRules {
        name: "Query",
        rules: &[
            (
                Readers::Everyone,
                &[
                    "viewer",
                    "node",
                    "nodes",
                    "parcel",
                    "parcels",
                    "stockLand",
                    "parcelAt",
                    "district",
                    "districts",
                    "calendar",
                    "calendars",
                    "workingDeadline",
                    "codeLists",
                    "codeList",
                    "errorCatalogue",
                    "errors",
                    "factor",
                    "factors",
                    "movementRules",
                ],
            ),
            (Readers::OfficersAndOwner, &["party"]),
            (
                Readers::Followers,
                &[
                    "account",
                    "accounts",
                    "statement",
                    "hold",
                    "holds",
                    "transfer",
                    "compareBooks",
                    "reconciliation",
                    "feasibility",
                    "events",
                    "schedule",
                    "schedules",
                ],
            ),
            (Readers::Officers, &["parties", "principals", "act", "acts", "unitLife", "awaitingTransfers"]),
            (Readers::Subscribers, &["webhooks"]),
        ],
    },
    open!("Receipt", &["seq", "actId", "kind", "effectiveAt", "recordedAt", "hash"]),
    open!(
        "Restriction",
        &[
            "id",
            "version",
            "kind",
            "responsibility",
            "right",
            "inFavourOf",
            "authority",
            "amount",
            "startsOn",
            "endsOn",
            "document",
            "externalRef",
            "dueAt",
            "carriedFrom"
        ]
    ),
    open!(
        "Right",
        &[
            "id",
            "version",
            "tenure",
            "holders",
            "certificate",
            "externalRef",
            "dueAt",
            "carriedFrom",
            "validFrom",
            "validTo"
        ]
    ),
    open!("Schedule", &["id", "version", "author", "role", "approvedBy", "beginsAt", "kinds", "state", "refusal"]),
    open!("ScheduleConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("ScheduleEdge", &["cursor", "node"]),
    open!("Share", &["numerator", "denominator"]),
    TypeRules {
        name: "Stock",
        rules: &[
            (Readers::Everyone, &["status", "since"]),
            (Readers::OfficersAndOwner, &["reasons", "contract", "idleClock"]),
        ],
    },
    TypeRules { name: "Subscription", rules: &[(Readers::Followers, &["events"])] },
    open!("Tenure", &["rightType", "nature", "grantMethod", "startsOn", "endsOn"]),
    open!("UseShare", &["landUse", "share"]),
    open!("Viewer", &["role", "principalId", "name", "party", "districts", "factors", "signedInUntil"]),
    open!(
        "Webhook",
        &[
            "id",
            "url",
            "kinds",
            "subjects",
            "state",
            "disabledBecause",
            "position",
            "feed",
            "createdAt",
            "previousSecretUntil",
            "retrying",
            "dead",
            "deadLetters"
        ]
    ),
    open!("WebhookWithSecret", &["webhook", "secret"]),
    open!("WorkingHours", &["opens", "closes"]),
    open!("Zone", &["id", "version", "district", "kind", "code", "name", "source", "area", "footprint"]),
];

/// The rules of every type.
pub fn types() -> impl Iterator<Item = &'static TypeRules> {
    REGISTRY.iter().chain(LEDGER)
}

/// What a role reads of a field; what does not stand in the table is read by nobody.
pub fn reading(role: Role, parent: &str, field: &str) -> Reading {
    rules_of(parent)
        .find(|(_, fields)| fields.contains(&field))
        .map_or(Reading::No, |(readers, _)| readers.reading(role))
}

/// The fields of a type that a role may not read, those aside of which the object is its own.
pub fn withheld(role: Role, parent: &'static str, is_own: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let is_hidden = |readers: &Readers, field: &str| match readers.reading(role) {
        Reading::Yes => false,
        Reading::OwnOnly => !is_own(field),
        Reading::No => true,
    };
    let fields = rules_of(parent).flat_map(|(readers, fields)| fields.iter().map(move |field| (readers, *field)));
    fields.filter(|(readers, field)| is_hidden(readers, field)).map(|(_, field)| field).collect()
}

fn rules_of(parent: &str) -> impl Iterator<Item = &'static Rule> {
    types().filter(move |of| of.name == parent).flat_map(|of| of.rules)
}
