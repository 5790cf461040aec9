//! What waits for somebody: acts proposed or scheduled, transfers that an outside register has yet to confirm, accounts that
//! are blocked. They are found by the state that is written anyway, whichever gateway wrote it.

use sea_orm_migration::prelude::*;

/// The state of a record as it is read: always as UTF-8, which an index must be sure of.
const STATE: &str =
    "CREATE FUNCTION record_state(state bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
        AS $$ BEGIN RETURN convert_from(state, 'UTF8')::jsonb; END $$";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let member = |path: &str| match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => {
                format!("(record_state(state) #>> '{{{}}}')", path.replace('.', ","))
            }
            _ => format!("json_extract(CAST(state AS TEXT), '$.{}')", path.replace(".0", "[0]")),
        };
        let blocked = format!("({} IS NOT NULL)", member("account.blocks.0.source"));
        if manager.get_database_backend() == sea_orm::DatabaseBackend::Postgres {
            crate::run(manager, &[STATE.to_owned()]).await?;
        }
        let statements = [
            format!(
                "CREATE INDEX record_version_schedule ON record_version ({}, id) WHERE kind = 'schedule'",
                member("schedule.outcome")
            ),
            format!(
                "CREATE INDEX record_version_author ON record_version ({}, {}, id) WHERE kind = 'schedule'",
                member("schedule.author"),
                member("schedule.outcome")
            ),
            format!(
                "CREATE INDEX record_version_awaiting ON record_version ({state}, id) \
                 WHERE kind = 'transfer' AND {state} = 'AWAITING_REGISTRY'",
                state = member("transfer.state")
            ),
            format!(
                "CREATE INDEX record_version_blocked ON record_version ({blocked}, id) \
                 WHERE kind = 'account' AND {blocked} = TRUE"
            ),
        ];
        crate::run(manager, &statements).await
    }
}
