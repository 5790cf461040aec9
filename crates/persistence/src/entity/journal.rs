//! Rows of the journal.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub act_id: String,
    pub principal: String,
    pub on_behalf_of: Option<String>,
    pub kind: String,
    pub format: i64,
    pub effective_at: i64,
    pub recorded_at: i64,
    pub request_hash: Vec<u8>,
    pub reason: Option<String>,
    pub legal_basis: Option<String>,
    pub evidence_hashes: String,
    pub approved_by: Option<String>,
    pub body: Vec<u8>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
