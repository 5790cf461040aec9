-- Made by the migrations; written by tests/tests/journal/schema_sql.rs, not by hand.

CREATE TABLE account_index (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    factor TEXT NOT NULL,
    purpose TEXT NOT NULL,
    district TEXT NOT NULL,
    holder TEXT,
    parcel TEXT,
    permit TEXT,
    status TEXT NOT NULL,
    venues TEXT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_to BIGINT NOT NULL,
    UNIQUE (id, recorded_from)
);

CREATE INDEX account_index_factor ON account_index (factor, purpose);

CREATE INDEX account_index_holder ON account_index (holder) WHERE holder IS NOT NULL;

CREATE INDEX account_index_known ON account_index (recorded_to);

CREATE INDEX account_index_parcel ON account_index (parcel) WHERE parcel IS NOT NULL;

CREATE TABLE api_key (
    hash BLOB NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
, narrowing TEXT);

CREATE TABLE checkpoint (
    size BIGINT NOT NULL PRIMARY KEY CHECK (size > 0),
    previous BIGINT,
    note TEXT NOT NULL
);

CREATE TABLE checkpoint_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);

CREATE TABLE due_refusal (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    act_id TEXT NOT NULL,
    subject_seq BIGINT NOT NULL,
    refused_at BIGINT NOT NULL,
    refused TEXT NOT NULL,
    PRIMARY KEY (kind, id, due_at)
);

CREATE TABLE hold_index (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    factor TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    reference TEXT,
    expires_at BIGINT,
    recorded_from BIGINT NOT NULL,
    recorded_to BIGINT NOT NULL,
    UNIQUE (id, recorded_from)
);

CREATE INDEX hold_index_account ON hold_index (account, state, recorded_to);

CREATE INDEX hold_index_placed_by ON hold_index (placed_by, state);

CREATE TABLE journal (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    act_id TEXT NOT NULL UNIQUE,
    principal TEXT NOT NULL,
    on_behalf_of TEXT,
    kind TEXT NOT NULL,
    format BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    request_hash BLOB NOT NULL,
    reason TEXT,
    legal_basis TEXT,
    evidence_hashes TEXT NOT NULL,
    approved_by TEXT,
    body BLOB NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    CHECK (effective_at <= recorded_at)
);

CREATE INDEX journal_kind ON journal (kind, seq);

CREATE INDEX journal_principal ON journal (principal, seq);

CREATE INDEX journal_recorded_at ON journal (recorded_at);

CREATE TABLE journal_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    journal TEXT NOT NULL,
    seq BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    hash BLOB NOT NULL,
    least_format BIGINT NOT NULL
);

CREATE TABLE ledger_entry (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    account TEXT NOT NULL,
    factor TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    posted BIGINT NOT NULL,
    held BIGINT NOT NULL,
    movement TEXT,
    transfer TEXT,
    other TEXT,
    hold TEXT,
    units TEXT NOT NULL,
    value_date TEXT,
    UNIQUE (account, seq, place),
    CHECK (amount > 0),
    CHECK (held >= 0),
    CHECK (posted >= held)
);

CREATE INDEX ledger_entry_factor ON ledger_entry (factor, seq);

CREATE TABLE log_tile (
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
);

CREATE TABLE lot_version (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    factor TEXT NOT NULL,
    issuance TEXT NOT NULL,
    account TEXT NOT NULL,
    class TEXT NOT NULL,
    held_by TEXT,
    retired_as TEXT,
    unit_from BIGINT NOT NULL,
    unit_to BIGINT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_to BIGINT NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (id, recorded_from),
    CHECK (unit_from < unit_to),
    CHECK (recorded_from < recorded_to)
);

CREATE INDEX lot_version_account ON lot_version (account, recorded_to);

CREATE INDEX lot_version_free ON lot_version (account, class, unit_from) WHERE recorded_to = 9223372036854775807;

CREATE INDEX lot_version_from ON lot_version (issuance, unit_from) WHERE recorded_to = 9223372036854775807;

CREATE INDEX lot_version_held ON lot_version (held_by) WHERE held_by IS NOT NULL AND recorded_to = 9223372036854775807;

CREATE INDEX lot_version_number ON lot_version (factor, unit_from);

CREATE INDEX lot_version_to ON lot_version (issuance, unit_to) WHERE recorded_to = 9223372036854775807;

CREATE INDEX lot_version_units ON lot_version (account, unit_from) WHERE recorded_to = 9223372036854775807;

CREATE VIRTUAL TABLE parcel_box USING rtree(row_id, min_x, max_x, min_y, max_y);

CREATE TABLE parcel_index (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_to BIGINT NOT NULL,
    district TEXT NOT NULL,
    root TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    layer TEXT NOT NULL,
    status TEXT,
    since TEXT,
    use_code TEXT,
    area BIGINT,
    price BIGINT,
    asking BIGINT,
    plot_ratio BIGINT,
    soil_gate TEXT NOT NULL,
    infrastructure BIGINT NOT NULL,
    street TEXT,
    search TEXT NOT NULL,
    min_x REAL, min_y REAL, max_x REAL, max_y REAL,
    footprint BLOB,
    outline BLOB,
    grid BLOB, public_area BIGINT,
    UNIQUE (id, recorded_from, valid_from)
);

CREATE INDEX parcel_index_district ON parcel_index (district, label, id);

CREATE INDEX parcel_index_label ON parcel_index (label, id);

CREATE INDEX parcel_index_status ON parcel_index (status, price) WHERE status IS NOT NULL;

CREATE TRIGGER parcel_index_deleted AFTER DELETE ON parcel_index BEGIN
    DELETE FROM parcel_box WHERE row_id = old.row_id;
END;

CREATE TRIGGER parcel_index_inserted AFTER INSERT ON parcel_index WHEN new.min_x IS NOT NULL BEGIN
    INSERT INTO parcel_box VALUES (new.row_id, new.min_x, new.max_x, new.min_y, new.max_y);
END;

CREATE TRIGGER parcel_index_public_area AFTER INSERT ON parcel_index WHEN new.public_area IS NULL BEGIN
    UPDATE parcel_index SET public_area = (SELECT coalesce(json_extract(CAST(r.state AS TEXT), '$.parcel.registered_area'),
            json_extract(CAST(r.state AS TEXT), '$.parcel.surveyed_area'),
            json_extract(CAST(r.state AS TEXT), '$.parcel.footprint.outline.area'))
        FROM record_version r WHERE r.kind = 'parcel' AND r.id = new.id AND r.recorded_from = new.recorded_from
            AND r.valid_from = new.valid_from)
        WHERE row_id = new.row_id;
END;

CREATE TABLE party_record (
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (party, kind, id)
);

CREATE TABLE personal (id TEXT NOT NULL PRIMARY KEY, fields TEXT NOT NULL, salt BLOB NOT NULL);

CREATE TABLE record_version (
    row_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    parcel TEXT,
    district TEXT,
    claim_a TEXT,
    claim_b TEXT,
    parties TEXT,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    recorded_from BIGINT NOT NULL,
    recorded_to BIGINT NOT NULL,
    due_at BIGINT,
    state BLOB NOT NULL,
    UNIQUE (kind, id, recorded_from, valid_from),
    CHECK (valid_from < valid_to),
    CHECK (recorded_from < recorded_to)
);

CREATE INDEX record_version_author ON record_version (json_extract(CAST(state AS TEXT), '$.schedule.author'), json_extract(CAST(state AS TEXT), '$.schedule.outcome'), id) WHERE kind = 'schedule';

CREATE INDEX record_version_awaiting ON record_version (json_extract(CAST(state AS TEXT), '$.transfer.state'), id) WHERE kind = 'transfer' AND json_extract(CAST(state AS TEXT), '$.transfer.state') = 'AWAITING_REGISTRY';

CREATE INDEX record_version_blocked ON record_version ((json_extract(CAST(state AS TEXT), '$.account.blocks[0].source') IS NOT NULL), id) WHERE kind = 'account' AND (json_extract(CAST(state AS TEXT), '$.account.blocks[0].source') IS NOT NULL) = TRUE;

CREATE INDEX record_version_calendar ON record_version (recorded_to) WHERE kind = 'calendar';

CREATE INDEX record_version_claim_a ON record_version (claim_a) WHERE claim_a IS NOT NULL;

CREATE INDEX record_version_claim_b ON record_version (claim_b) WHERE claim_b IS NOT NULL;

CREATE INDEX record_version_due ON record_version (due_at) WHERE due_at IS NOT NULL AND recorded_to = 9223372036854775807 AND valid_to = 9223372036854775807;

CREATE INDEX record_version_id ON record_version (id);

CREATE INDEX record_version_ledger ON record_version (kind, recorded_to) WHERE kind IN ('factor', 'cap');

CREATE INDEX record_version_parcel ON record_version (parcel, kind) WHERE parcel IS NOT NULL;

CREATE INDEX record_version_rare ON record_version (kind, district, recorded_to) WHERE kind IN ('district', 'principal', 'zone', 'feature', 'party');

CREATE INDEX record_version_schedule ON record_version (json_extract(CAST(state AS TEXT), '$.schedule.outcome'), id) WHERE kind = 'schedule';

CREATE TRIGGER record_version_named AFTER INSERT ON record_version
    WHEN new.parties IS NOT NULL BEGIN
    INSERT OR IGNORE INTO party_record SELECT value, new.kind, new.id FROM json_each('["' || replace(new.parties, ' ', '","') || '"]');
END;

CREATE TABLE refusal (
    act_id TEXT NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    principal TEXT NOT NULL,
    refused_at BIGINT NOT NULL,
    refused TEXT NOT NULL
);

CREATE INDEX refusal_refused_at ON refusal (refused_at);

CREATE TABLE "seaql_migrations" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" integer NOT NULL );

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL);

CREATE TABLE subject_entry (
    subject TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject, seq)
);

CREATE INDEX subject_entry_seq ON subject_entry (seq);

CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    role TEXT NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    subjects TEXT NOT NULL,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until BIGINT,
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'PAUSED', 'DISABLED')),
    disabled_because TEXT,
    position BIGINT NOT NULL,
    feed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    holder TEXT,
    held_until BIGINT NOT NULL
);

CREATE INDEX webhook_principal ON webhook (principal);

CREATE TABLE webhook_delivery (
    webhook TEXT NOT NULL,
    seq BIGINT NOT NULL,
    previous BIGINT,
    tries BIGINT NOT NULL,
    next_at BIGINT,
    failed_at BIGINT NOT NULL,
    failure TEXT NOT NULL,
    PRIMARY KEY (webhook, seq)
);

CREATE INDEX webhook_delivery_next_at ON webhook_delivery (webhook, next_at);
