//! What the tests of the whole share: registries on throw-away databases, and acts to fill them.

pub mod acts;
pub mod backend;
pub mod command;
pub mod entrances;
pub mod feed;
pub mod field;
pub mod files;
pub mod flips;
pub mod full;
pub mod gateway;
pub mod golden;
mod golden_ledger;
pub mod grown;
pub mod ledger;
pub mod ledger_model;
pub mod market;
pub mod paths;
pub mod postgres;
pub mod projections;
pub mod proxy;
pub mod question;
pub mod receiver;
pub mod replay;
pub mod served;
pub mod socket;
pub mod stir;
pub mod told;
pub mod whole;
pub mod whole_ledger;

pub use backend::{Backend, TestRegistry};
pub use gateway::Gateway;
pub use told::Told;
pub use whole::Whole;

/// Runs a test, written once as `async fn body(registry: TestRegistry)`, on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! each_backend {
    ($($(#[$doc:meta])* async fn $name:ident($registry:ident) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($registry: $crate::TestRegistry) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::TestRegistry::open($crate::Backend::Sqlite).await.expect("SQLite is built in")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(registry) = $crate::TestRegistry::open($crate::Backend::Postgres).await {
                    body(registry).await;
                }
            }
        }
    )*};
}
