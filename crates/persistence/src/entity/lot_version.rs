//! Versions of lots, with their state as the journal wrote it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_version")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub id: String,
    pub factor: String,
    pub issuance: String,
    pub account: String,
    pub class: String,
    pub held_by: Option<String>,
    pub retired_as: Option<String>,
    pub unit_from: i64,
    pub unit_to: i64,
    pub recorded_from: i64,
    pub recorded_to: i64,
    pub state: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
