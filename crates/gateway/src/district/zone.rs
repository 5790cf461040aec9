//! A restriction zone as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::ZoneKind;
use yulin_domain::geometry::to_geojson;
use yulin_domain::land::Zone;
use yulin_persistence::{Sight, Versioned};

use super::{DistrictBook, DistrictObject};
use crate::codes::Chosen;
use crate::disclosure::sight;
use crate::request::{outline, viewer};
use crate::scalars::{AreaObject, GeoJson, Seq, write_id};

/// A zone of a district.
#[derive(Clone)]
pub struct ZoneObject {
    pub(crate) book: Arc<DistrictBook>,
    pub(crate) zone: Arc<Versioned<Zone>>,
}

/// An area in which something about the land is settled (控制区).
#[Object(name = "Zone")]
impl ZoneObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.zone.state.id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.zone.version)
    }

    /// The district (辖区).
    async fn district(&self) -> Option<DistrictObject> {
        self.book.object(self.zone.state.district)
    }

    /// What is settled there (控制区类型).
    async fn kind(&self) -> Chosen<ZoneKind> {
        self.zone.state.kind.into()
    }

    /// The code, unique in the district (代码).
    async fn code(&self) -> &str {
        &self.zone.state.code
    }

    /// The name (名称).
    async fn name(&self) -> Option<&str> {
        self.zone.state.name.as_deref()
    }

    /// Who settled it, and by what document (依据).
    async fn source(&self) -> Option<&str> {
        self.zone.state.source.as_deref()
    }

    /// The area; that of the outline for the public (面积).
    async fn area(&self, ctx: &Context<'_>) -> Option<AreaObject> {
        let footprint = &self.zone.state.footprint;
        match sight(viewer(ctx).role) {
            Sight::Full => Some(footprint.area_computed()),
            Sight::Outline => footprint.outline_area(),
        }
        .map(AreaObject)
    }

    /// The footprint, longitude and latitude; generalised to one metre for the public (范围).
    fn footprint(&self, ctx: &Context<'_>) -> Result<Option<GeoJson>, Error> {
        let footprint = &self.zone.state.footprint;
        let shown = match sight(viewer(ctx).role) {
            Sight::Full => Some(footprint.lonlat()),
            Sight::Outline => footprint.outline(),
        };
        shown.map(|polygons| outline(ctx, to_geojson(polygons))).transpose()
    }
}
