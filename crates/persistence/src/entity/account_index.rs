//! The columns by which accounts are found.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_index")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub id: String,
    pub code: String,
    pub factor: String,
    pub purpose: String,
    pub district: String,
    pub holder: Option<String>,
    pub parcel: Option<String>,
    pub permit: Option<String>,
    pub status: String,
    pub venues: String,
    pub recorded_from: i64,
    pub recorded_to: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
