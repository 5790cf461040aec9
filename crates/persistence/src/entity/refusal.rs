//! Decided refusals, remembered for a time.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refusal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub act_id: String,
    pub request_hash: Vec<u8>,
    pub principal: String,
    pub refused_at: i64,
    pub refused: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
