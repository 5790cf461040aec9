//! The columns by which holds are found.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hold_index")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub id: String,
    pub account: String,
    pub factor: String,
    pub kind: String,
    pub state: String,
    pub placed_by: String,
    pub reference: Option<String>,
    pub expires_at: Option<i64>,
    pub recorded_from: i64,
    pub recorded_to: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
