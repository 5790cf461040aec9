//! A point or line feature as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use serde_json::json;
use yulin_domain::codes::FeatureKind;
use yulin_domain::land::Feature;
use yulin_persistence::Versioned;

use super::{DistrictBook, DistrictObject};
use crate::codes::Chosen;
use crate::request::outline;
use crate::scalars::{GeoJson, Seq, write_id};

/// A feature of a district.
#[derive(Clone)]
pub struct FeatureObject {
    pub(crate) book: Arc<DistrictBook>,
    pub(crate) feature: Arc<Versioned<Feature>>,
}

/// A point or line near which land is sought (要素).
#[Object(name = "Feature")]
impl FeatureObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.feature.state.id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.feature.version)
    }

    /// The district (辖区).
    async fn district(&self) -> Option<DistrictObject> {
        self.book.object(self.feature.state.district)
    }

    /// What it is (要素类型).
    async fn kind(&self) -> Chosen<FeatureKind> {
        self.feature.state.kind.into()
    }

    /// The code, unique in the district (代码).
    async fn code(&self) -> &str {
        &self.feature.state.code
    }

    /// The name (名称).
    async fn name(&self) -> Option<&str> {
        self.feature.state.name.as_deref()
    }

    /// Points or lines, longitude and latitude (几何图形).
    fn geometry(&self, ctx: &Context<'_>) -> Result<GeoJson, Error> {
        outline(ctx, geojson_of(&self.feature.state.lonlat.lines))
    }
}

/// Lines of one vertex are points; a mixture is a collection.
fn geojson_of(lines: &[Vec<[f64; 2]>]) -> String {
    let geometry = |line: &Vec<[f64; 2]>| match line.as_slice() {
        [point] => json!({ "type": "Point", "coordinates": point }),
        line => json!({ "type": "LineString", "coordinates": line }),
    };
    match lines {
        [single] => geometry(single).to_string(),
        several => {
            let geometries: Vec<_> = several.iter().map(geometry).collect();
            json!({ "type": "GeometryCollection", "geometries": geometries }).to_string()
        }
    }
}
