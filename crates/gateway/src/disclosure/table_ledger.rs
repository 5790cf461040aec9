//! The table of fields and readers, of the factor ledger.

use super::readers::Readers;
use super::table::{TypeRules, open};

/// Every field of every object of the factor ledger.
pub const LEDGER: &[TypeRules] = &[
    TypeRules {
        name: "Account",
        rules: &[
            (
                Readers::Everyone,
                &[
                    "id",
                    "version",
                    "code",
                    "factor",
                    "purpose",
                    "status",
                    "district",
                    "parcel",
                    "permit",
                    "venues",
                    "trusted",
                    "balance",
                    "openHolds",
                    "lots",
                    "latestEntries",
                    "blocks",
                    "sale",
                ],
            ),
            // Whose an account is that is open to it is no venue's business.
            (Readers::OfficersAndOwner, &["holder"]),
        ],
    },
    open!("AccountConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("AccountEdge", &["cursor", "node"]),
    open!("Balance", &["posted", "held", "available"]),
    open!("BalanceAfter", &["account", "posted", "held", "available"]),
    open!("BankLine", &["bankReference", "account", "direction", "amount"]),
    open!("Block", &["source", "venue", "foundBy", "asOf", "position", "lines"]),
    open!("Cap", &["period", "most", "issued", "left", "legalBasis"]),
    open!(
        "Controls",
        &["fourEyesAbove", "delayDays", "reversalDays", "carryOverPermille", "confirmedBy", "dated", "source"]
    ),
    open!(
        "Difference",
        &[
            "accountId",
            "account",
            "postedTheirs",
            "postedOurs",
            "heldTheirs",
            "heldOurs",
            "foundIn",
            "holds",
            "latestEntries"
        ]
    ),
    open!("DisplayUnit", &["symbol", "decimals"]),
    open!(
        "Entry",
        &[
            "seq",
            "place",
            "recordedAt",
            "valueDate",
            "kind",
            "amount",
            "postedAfter",
            "heldAfter",
            "movement",
            "transfer",
            "other",
            "hold",
            "units"
        ]
    ),
    TypeRules {
        name: "Factor",
        rules: &[
            (
                Readers::Everyone,
                &[
                    "id",
                    "version",
                    "code",
                    "nameZh",
                    "nameEn",
                    "kind",
                    "basis",
                    "tracking",
                    "baseUnit",
                    "displayUnits",
                    "mirrorOf",
                    "tradeRules",
                    "controls",
                    "caps",
                    "closed",
                ],
            ),
            (Readers::Officers, &["totals"]),
        ],
    },
    open!(
        "Hold",
        &[
            "id",
            "account",
            "kind",
            "state",
            "placed",
            "open",
            "settled",
            "shortfall",
            "placedBy",
            "expiresAt",
            "suspendedBy",
            "to",
            "reference",
            "authority",
            "pledgee"
        ]
    ),
    open!("Closed", &["district", "until"]),
    open!("Feasibility", &["feasible", "asOf", "reasons"]),
    open!(
        "MovementRule",
        &[
            "movement",
            "kinds",
            "from",
            "to",
            "fromStatus",
            "toStatus",
            "roles",
            "sameHolder",
            "tradable",
            "goesOnWhileBlocked"
        ]
    ),
    open!("Sale", &["quantity", "atOnce", "reasons"]),
    open!("LineDifference", &["theirs", "ours"]),
    open!("LineName", &["direction", "bankReference"]),
    open!("HoldConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("HoldEdge", &["cursor", "node"]),
    open!("HoldDifference", &["hold", "theirs", "ours"]),
    open!("Reconciliation", &["id", "source", "venue", "asOf", "compared", "differences", "lines"]),
    open!("Issuance", &["id", "units", "origin", "vintage", "lapsesAt", "lapsed", "reference", "carriedFrom"]),
    open!(
        "Lot",
        &[
            "id",
            "account",
            "units",
            "issuance",
            "origin",
            "vintage",
            "expiresOn",
            "controlUnit",
            "permit",
            "heldBy",
            "retiredAs",
            "cutFrom",
            "recordedFrom",
            "recordedTo"
        ]
    ),
    open!("Movement", &["kind", "factor", "from", "fromAccount", "to", "toAccount", "amount", "units"]),
    open!("PurposeTotal", &["purpose", "accounts", "posted", "held"]),
    open!("Quantity", &["units", "value", "unit"]),
    open!("Statement", &["opening", "closing", "fromSeq", "toSeq", "nodes", "pageInfo"]),
    open!("Totals", &["seq", "issued", "lying", "conserved", "byPurpose"]),
    open!("TradeRule", &["from", "to", "tradable", "legalBasis", "source"]),
    open!(
        "Transfer",
        &[
            "id",
            "state",
            "madeAt",
            "movements",
            "reference",
            "bankReference",
            "registerReference",
            "reversibleUntil",
            "reversedBy",
            "reverses",
            "locks"
        ]
    ),
    open!("TransferConnection", &["edges", "nodes", "pageInfo", "totalCount"]),
    open!("TransferEdge", &["cursor", "node"]),
    open!("Trusted", &["account", "from"]),
    open!("UnitRange", &["from", "to", "units"]),
];
