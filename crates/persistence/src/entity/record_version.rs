//! Versions of records in valid and recorded time, with their state as the journal wrote it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "record_version")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub kind: String,
    pub id: String,
    pub subject: String,
    pub parcel: Option<String>,
    pub district: Option<String>,
    pub claim_a: Option<String>,
    pub claim_b: Option<String>,
    pub parties: Option<String>,
    pub valid_from: i64,
    pub valid_to: i64,
    pub recorded_from: i64,
    pub recorded_to: i64,
    pub due_at: Option<i64>,
    pub state: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
