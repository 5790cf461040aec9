//! A district as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::{CodeProfile, FeatureKind, ZoneKind};
use yulin_domain::district::District;
use yulin_domain::geometry::to_geojson;
use yulin_persistence::{Sight, Versioned};

use super::{DistrictBook, FeatureObject, ZoneObject};
use crate::codes::Chosen;
use crate::disclosure::sight;
use crate::request::{outline, viewer};
use crate::scalars::{GeoJson, Seq, write_id};

/// A district of the book.
#[derive(Clone)]
pub struct DistrictObject {
    book: Arc<DistrictBook>,
    district: Arc<Versioned<District>>,
}

impl DistrictObject {
    pub(super) fn of(book: Arc<DistrictBook>, district: Arc<Versioned<District>>) -> Self {
        Self { book, district }
    }

    fn state(&self) -> &District {
        &self.district.state
    }
}

/// An area with a registry of its land; a tree, zones under counties (辖区).
#[Object(name = "District")]
impl DistrictObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.district.version)
    }

    /// The code, unique in the registry (代码).
    async fn code(&self) -> &str {
        &self.state().code
    }

    /// The name (名称).
    async fn name(&self) -> &str {
        &self.state().name
    }

    /// The district above (上级辖区).
    async fn parent(&self) -> Option<Self> {
        self.book.object(self.state().parent?)
    }

    /// The districts directly below, in order of code (下级辖区).
    async fn children(&self) -> Vec<Self> {
        let own = self.state().id;
        let below = self.book.all().filter(|district| district.parent == Some(own));
        below.filter_map(|district| self.book.object(district.id)).collect()
    }

    /// Which rules its parcel codes follow (宗地编码规则).
    async fn profile(&self) -> Chosen<CodeProfile> {
        self.state().profile.into()
    }

    /// The EPSG code of the grid in which its footprints are kept (平面坐标系).
    async fn grid(&self) -> u32 {
        self.state().grid.code()
    }

    /// The IANA time zone in which its dates are read (时区).
    async fn time_zone(&self) -> &str {
        &self.state().time_zone
    }

    /// The working calendar (工作日历).
    async fn calendar(&self) -> &str {
        &self.state().calendar
    }

    /// The boundary, longitude and latitude; generalised to one metre for the public (边界).
    fn boundary(&self, ctx: &Context<'_>) -> Result<Option<GeoJson>, Error> {
        let Some(boundary) = self.state().boundary.as_ref() else { return Ok(None) };
        let shown = match sight(viewer(ctx).role) {
            Sight::Full => Some(boundary.lonlat()),
            Sight::Outline => boundary.outline(),
        };
        shown.map(|polygons| outline(ctx, to_geojson(polygons))).transpose()
    }

    /// Whether its land is generated for demonstration and exists nowhere (演示数据).
    async fn generated(&self) -> bool {
        self.book.is_generated(self.state().id)
    }

    /// The restriction zones of the district (控制区).
    async fn zones(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Zones of these kinds; all where left out (控制区类型)")] kinds: Option<Vec<Chosen<ZoneKind>>>,
    ) -> Result<Vec<ZoneObject>, Error> {
        if !viewer(ctx).sees_land_of(self.state().id) {
            return Ok(Vec::new());
        }
        let zones = self.book.zones_in(self.state().id).await?.iter();
        let zones = zones.filter(|zone| is_asked(kinds.as_deref(), zone.state.kind));
        Ok(zones.map(|zone| ZoneObject { book: Arc::clone(&self.book), zone: Arc::clone(zone) }).collect())
    }

    /// The point and line features of the district (要素).
    async fn features(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Features of these kinds; all where left out (要素类型)")] kinds: Option<
            Vec<Chosen<FeatureKind>>,
        >,
    ) -> Result<Vec<FeatureObject>, Error> {
        if !viewer(ctx).sees_land_of(self.state().id) {
            return Ok(Vec::new());
        }
        let features = self.book.features_in(self.state().id).await?.iter();
        let features = features.filter(|feature| is_asked(kinds.as_deref(), feature.state.kind));
        let object = |feature| FeatureObject { book: Arc::clone(&self.book), feature: Arc::clone(feature) };
        Ok(features.map(object).collect())
    }
}

/// Whether a kind is among those asked for; all are where none is named.
fn is_asked<T: Copy + PartialEq>(kinds: Option<&[Chosen<T>]>, kind: T) -> bool {
    kinds.is_none_or(|kinds| kinds.is_empty() || kinds.contains(&Chosen(kind)))
}
