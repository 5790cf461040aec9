//! Events that could not be delivered: tried again at `next_at`, and dead letters without it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub webhook: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub previous: Option<i64>,
    pub tries: i64,
    pub next_at: Option<i64>,
    pub failed_at: i64,
    pub failure: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
