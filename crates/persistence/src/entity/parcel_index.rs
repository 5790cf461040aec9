//! The narrow columns in which parcels are searched.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "parcel_index")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub row_id: i64,
    pub id: String,
    pub valid_from: i64,
    pub valid_to: i64,
    pub recorded_from: i64,
    pub recorded_to: i64,
    pub district: String,
    pub root: String,
    pub label: String,
    pub state: String,
    pub layer: String,
    pub status: Option<String>,
    pub since: Option<String>,
    pub use_code: Option<String>,
    pub area: Option<i64>,
    pub price: Option<i64>,
    pub asking: Option<i64>,
    pub plot_ratio: Option<i64>,
    pub soil_gate: String,
    pub infrastructure: i64,
    pub street: Option<String>,
    pub search: String,
    pub min_x: Option<f64>,
    pub min_y: Option<f64>,
    pub max_x: Option<f64>,
    pub max_y: Option<f64>,
    pub footprint: Option<Vec<u8>>,
    pub outline: Option<Vec<u8>>,
    pub grid: Option<Vec<u8>>,
    pub public_area: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
