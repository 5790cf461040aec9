//! Entries on accounts, each with what lay there afterwards.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entry")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub id: String,
    pub seq: i64,
    pub place: i64,
    pub account: String,
    pub factor: String,
    pub kind: String,
    pub amount: i64,
    pub posted: i64,
    pub held: i64,
    pub movement: Option<String>,
    pub transfer: Option<String>,
    pub other: Option<String>,
    pub hold: Option<String>,
    pub units: String,
    pub value_date: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
