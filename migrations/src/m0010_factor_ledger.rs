//! The factor ledger: lots by account and number, entries by account, and the columns by which accounts and holds are
//! found.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let words = crate::words(manager);
        let statements: Vec<_> = [lots(&words), entries(&words), accounts(&words), holds(&words)].concat();
        crate::run(manager, &statements).await
    }
}

fn lots(words: &crate::Words) -> Vec<String> {
    let (key, bytes, open) = (words.key, words.bytes, i64::MAX);
    vec![
        format!(
            "CREATE TABLE lot_version (
                row_id {key},
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
                state {bytes} NOT NULL,
                UNIQUE (id, recorded_from),
                CHECK (unit_from < unit_to),
                CHECK (recorded_from < recorded_to)
            )"
        ),
        format!("CREATE INDEX lot_version_free ON lot_version (account, class, unit_from) WHERE recorded_to = {open}"),
        format!(
            "CREATE INDEX lot_version_held ON lot_version (held_by) WHERE held_by IS NOT NULL AND recorded_to = {open}"
        ),
        format!("CREATE INDEX lot_version_from ON lot_version (issuance, unit_from) WHERE recorded_to = {open}"),
        format!("CREATE INDEX lot_version_to ON lot_version (issuance, unit_to) WHERE recorded_to = {open}"),
        "CREATE INDEX lot_version_number ON lot_version (factor, unit_from)".to_owned(),
        "CREATE INDEX lot_version_account ON lot_version (account, recorded_to)".to_owned(),
    ]
}

fn entries(words: &crate::Words) -> Vec<String> {
    let key = words.key;
    vec![
        format!(
            "CREATE TABLE ledger_entry (
                row_id {key},
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
            )"
        ),
        "CREATE INDEX ledger_entry_factor ON ledger_entry (factor, seq)".to_owned(),
    ]
}

fn accounts(words: &crate::Words) -> Vec<String> {
    let key = words.key;
    vec![
        format!(
            "CREATE TABLE account_index (
                row_id {key},
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
            )"
        ),
        "CREATE INDEX account_index_factor ON account_index (factor, purpose)".to_owned(),
        "CREATE INDEX account_index_holder ON account_index (holder) WHERE holder IS NOT NULL".to_owned(),
        "CREATE INDEX account_index_parcel ON account_index (parcel) WHERE parcel IS NOT NULL".to_owned(),
        "CREATE INDEX record_version_ledger ON record_version (kind, recorded_to) WHERE kind IN ('factor', 'cap')"
            .to_owned(),
    ]
}

fn holds(words: &crate::Words) -> Vec<String> {
    let key = words.key;
    vec![
        format!(
            "CREATE TABLE hold_index (
                row_id {key},
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
            )"
        ),
        "CREATE INDEX hold_index_account ON hold_index (account, state)".to_owned(),
        "CREATE INDEX hold_index_placed_by ON hold_index (placed_by, state)".to_owned(),
    ]
}
