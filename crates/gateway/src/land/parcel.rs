//! A parcel as the API shows it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::{Infrastructure, Ownership, ParcelLayer, ParcelState, SoilGate, StockStatus};
use yulin_domain::geometry::{Footprint, to_geojson};
use yulin_domain::journal::PartyId;
use yulin_domain::land::{Parcel, ParcelWarning, Right};
use yulin_persistence::{Sight, Versioned};

use super::{
    FreezeObject, HolderObject, ParcelAreas, ParcelPage, PlanningObject, PriceObject, RestrictionObject, RightObject,
    StockObject, TenureObject, UseShareObject,
};
use crate::codes::{Chosen, LandUseObject};
use crate::disclosure::{Reading, reading_of, sight, withheld};
use crate::district::DistrictObject;
use crate::errors::{OrNull, or_null};
use crate::journal::ActConnection;
use crate::party::ExternalRefObject;
use crate::request::outline;
use crate::scalars::{AreaObject, GeoJson, Seq, Timestamp, write_id};

use super::facts::FootprintSourceObject;
use super::page::On;

const PARCEL: &str = "Parcel";
const HISTORY: &str = "history";

/// A parcel of a page.
#[derive(Clone)]
pub struct ParcelObject {
    page: Arc<ParcelPage>,
    parcel: Arc<Versioned<Parcel>>,
}

impl ParcelObject {
    pub(super) fn of(page: Arc<ParcelPage>, parcel: Arc<Versioned<Parcel>>) -> Self {
        Self { page, parcel }
    }

    pub(crate) fn facts(&self) -> &Parcel {
        &self.parcel.state
    }

    /// Whether the viewer reads a field of this parcel; only where owners read more is a holder looked for.
    async fn reads(&self, field: &str) -> Result<bool, Error> {
        match reading_of(&self.page.viewer, PARCEL, field) {
            Reading::Yes => Ok(true),
            Reading::OwnOnly if field == HISTORY => self.is_still_own().await,
            Reading::OwnOnly => self.is_own().await,
            Reading::No => Ok(false),
        }
    }

    /// Whether the viewer's party holds a right in it at the instant asked about.
    pub(crate) async fn is_own(&self) -> Result<bool, Error> {
        let Some(own) = self.page.viewer.own_party() else { return Ok(false) };
        Ok(self.is_held(self.page.rights().await?, own))
    }

    /// Whether it holds one when the answer is given: the history goes on after the instant asked about, and what was
    /// recorded since is not for who held it only then.
    async fn is_still_own(&self) -> Result<bool, Error> {
        let Some(own) = self.page.viewer.own_party() else { return Ok(false) };
        Ok(self.is_held(self.page.rights_standing().await?, own))
    }

    fn is_held(&self, rights: &On<Right>, by: PartyId) -> bool {
        let rights = rights.get(&self.facts().id).into_iter().flatten();
        rights.flat_map(|right| &right.state.holders).any(|holder| holder.party == by)
    }

    async fn rights_read(&self) -> Result<Vec<RightObject>, Error> {
        let rights = self.page.rights().await?.get(&self.facts().id);
        let object = |right: &Arc<_>| RightObject::of(Arc::clone(&self.page), Arc::clone(right));
        Ok(rights.into_iter().flatten().map(object).collect())
    }

    /// The rights in it, where the viewer reads them.
    pub(crate) async fn rights_shown(&self) -> Result<Option<Vec<RightObject>>, Error> {
        if self.reads("rights").await? { self.rights_read().await.map(Some) } else { Ok(None) }
    }

    /// The restrictions on it, where the viewer reads them.
    pub(crate) async fn restrictions_shown(&self) -> Result<Option<Vec<RestrictionObject>>, Error> {
        if !self.reads("restrictions").await? {
            return Ok(None);
        }
        let restrictions = self.page.restrictions().await?.get(&self.facts().id);
        let object = |restriction: &Arc<_>| RestrictionObject::of(Arc::clone(&self.page), Arc::clone(restriction));
        Ok(Some(restrictions.into_iter().flatten().map(object).collect()))
    }

    /// The freezes of it, where the viewer reads them.
    pub(crate) async fn freezes_shown(&self) -> Result<Option<Vec<FreezeObject>>, Error> {
        if !self.reads("freezes").await? {
            return Ok(None);
        }
        let freezes = self.page.freezes().await?.get(&self.facts().id);
        Ok(Some(freezes.into_iter().flatten().map(|freeze| FreezeObject(Arc::clone(freeze))).collect()))
    }

    /// Its holders, where the viewer reads them.
    pub(crate) async fn holders_read(&self) -> Result<Option<Vec<HolderObject>>, Error> {
        if !self.reads("holders").await? {
            return Ok(None);
        }
        let rights = self.rights_read().await?;
        Ok(Some(rights.iter().flat_map(RightObject::holders_of).collect()))
    }

    fn area_shown(&self, footprint: &Footprint) -> Option<AreaObject> {
        match sight(self.page.viewer.role) {
            Sight::Full => Some(footprint.area_computed()),
            Sight::Outline => footprint.outline_area(),
        }
        .map(AreaObject)
    }
}

/// A piece of land that the registry knows (宗地).
#[Object(name = "Parcel")]
impl ParcelObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.facts().id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.parcel.version)
    }

    /// Where it stands in its life (宗地状态).
    async fn state(&self) -> Chosen<ParcelState> {
        self.parcel.state.state.into()
    }

    /// The parcel code; a planned lot has none (宗地代码).
    async fn code(&self) -> Option<&str> {
        self.facts().code.as_deref()
    }

    /// The code of the real-estate unit (不动产单元代码).
    async fn unit_code(&self) -> Option<&str> {
        self.facts().unit_code.as_deref()
    }

    /// The number of a lot in a plan or an announcement (地块编号).
    async fn lot_number(&self) -> Option<&str> {
        self.facts().lot_number.as_deref()
    }

    /// The name (名称).
    async fn name(&self) -> Option<&str> {
        self.facts().name.as_deref()
    }

    /// Where it lies, in words (坐落).
    async fn location(&self) -> Option<&str> {
        self.facts().location.as_deref()
    }

    /// The street or town (街道).
    async fn street(&self) -> Option<&str> {
        self.facts().street.as_deref()
    }

    /// The district (辖区).
    async fn district(&self) -> Result<Option<DistrictObject>, Error> {
        Ok(self.page.districts().await?.object(self.facts().district))
    }

    /// Whether it is generated for demonstration and exists nowhere (演示数据).
    async fn generated(&self) -> Result<bool, Error> {
        Ok(self.page.districts().await?.is_generated(self.facts().district))
    }

    /// In which layer of space it lies (空间层).
    async fn layer(&self) -> Chosen<ParcelLayer> {
        self.facts().layer.into()
    }

    /// Whether, and how well, it is used (存量用地状态).
    async fn stock_status(&self) -> Option<Chosen<StockStatus>> {
        self.facts().stock.as_ref().map(|stock| stock.status.into())
    }

    /// The stock status with what it rests on (存量用地详情).
    async fn stock(&self) -> Result<Option<StockObject>, Error> {
        let Some(stock) = self.facts().stock.clone() else { return Ok(None) };
        let district = self.page.districts().await?.district(self.facts().district);
        let today = district.and_then(|district| self.page.snapshot.valid.date_in(&district.time_zone).ok());
        let is_detailed =
            matches!(reading_of(&self.page.viewer, "Stock", "contract"), Reading::OwnOnly) && self.is_own().await?;
        Ok(Some(StockObject::of(stock, today, self.page.viewer.role, is_detailed)))
    }

    /// The principal use (主要用途).
    async fn land_use(&self) -> Option<LandUseObject> {
        self.facts().uses.first().map(|principal| LandUseObject(principal.land_use))
    }

    /// All uses with their shares of the land, the principal one first (全部用途).
    async fn land_uses(&self) -> Vec<UseShareObject> {
        self.facts().uses.iter().map(Into::into).collect()
    }

    /// Who owns the land (土地所有权性质).
    async fn ownership(&self) -> Chosen<Ownership> {
        self.facts().ownership.into()
    }

    /// How the land is held, as its card states it (使用权信息).
    async fn tenure(&self) -> Option<TenureObject> {
        self.facts().tenure.as_ref().map(Into::into)
    }

    /// The areas: registered, surveyed, computed (面积).
    async fn area(&self) -> ParcelAreas {
        ParcelAreas {
            registered: self.facts().registered_area.map(AreaObject),
            surveyed: self.facts().surveyed_area.map(AreaObject),
            computed: self.facts().footprint.as_ref().and_then(|footprint| self.area_shown(footprint)),
        }
    }

    /// The footprint, longitude and latitude; generalised to one metre for the public (界址图形).
    fn footprint(&self, ctx: &Context<'_>) -> Result<Option<GeoJson>, Error> {
        let Some(footprint) = self.facts().footprint.as_ref() else { return Ok(None) };
        let shown = match sight(self.page.viewer.role) {
            Sight::Full => Some(footprint.lonlat()),
            Sight::Outline => footprint.outline(),
        };
        shown.map(|polygons| outline(ctx, to_geojson(polygons))).transpose()
    }

    /// How the footprint came into the district's grid (界址来源).
    async fn footprint_source(&self) -> Result<Option<FootprintSourceObject>, Error> {
        let readable = self.reads("footprintSource").await?;
        Ok(self.facts().footprint_source.as_ref().filter(|_| readable).map(Into::into))
    }

    /// Planning limits (规划条件).
    async fn planning(&self) -> PlanningObject {
        self.facts().planning.into()
    }

    /// What is asked for it (价格).
    async fn price(&self) -> PriceObject {
        PriceObject::of(self.facts().price, self.page.viewer.role)
    }

    /// What it is connected to (基础设施).
    async fn infrastructure(&self) -> Vec<Chosen<Infrastructure>> {
        self.facts().infrastructure.iter().map(|one| Chosen(*one)).collect()
    }

    /// Whether the soil lets it be supplied or its use be changed (土壤环境准入).
    async fn soil_gate(&self) -> Chosen<SoilGate> {
        self.facts().soil_gate.into()
    }

    /// Where another register keeps it (外部登记引用).
    async fn external_ref(&self) -> Result<Option<ExternalRefObject>, Error> {
        let readable = self.reads("externalRef").await?;
        Ok(self.facts().external.as_ref().filter(|_| readable).map(Into::into))
    }

    /// What the rules let pass but a reader should know (提示).
    async fn warnings(&self) -> Result<Option<Vec<Chosen<ParcelWarning>>>, Error> {
        let readable = self.reads("warnings").await?;
        Ok(readable.then(|| self.facts().warnings.iter().map(|warning| Chosen(*warning)).collect()))
    }

    /// The parcels it was made from (母宗地).
    async fn parents(&self) -> Result<Vec<Self>, Error> {
        match self.facts().parents.as_slice() {
            [] => Ok(Vec::new()),
            some => Ok(self.page.parents().await?.objects(some)),
        }
    }

    /// The parcels made from it (子宗地).
    async fn successors(&self) -> Result<Vec<Self>, Error> {
        match self.facts().successors.as_slice() {
            [] => Ok(Vec::new()),
            some => Ok(self.page.successors().await?.objects(some)),
        }
    }

    /// The rights in it; null where they are withheld (权利).
    async fn rights(&self) -> Result<Option<Vec<RightObject>>, Error> {
        self.rights_shown().await
    }

    /// Who holds its rights and in what shares; null where it is withheld (权利人).
    async fn holders(&self) -> Result<Option<Vec<HolderObject>>, Error> {
        self.holders_read().await
    }

    /// The restrictions and responsibilities on it; null where they are withheld (限制与责任).
    async fn restrictions(&self) -> Result<Option<Vec<RestrictionObject>>, Error> {
        self.restrictions_shown().await
    }

    /// The freezes that block dealings in it; null where they are withheld (冻结).
    async fn freezes(&self) -> Result<Option<Vec<FreezeObject>>, Error> {
        self.freezes_shown().await
    }

    /// Since when the shown state holds; null from the beginning (有效起始).
    async fn valid_from(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.parcel.valid.from)
    }

    /// Until when the shown state holds; null without end (有效终止).
    async fn valid_to(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.parcel.valid.to)
    }

    /// The fields that the viewer may not read (未公开字段).
    async fn withheld(&self) -> Result<Vec<String>, Error> {
        let (is_own, is_still_own) = (self.is_own().await?, self.is_still_own().await?);
        let is_own = |field: &str| if field == HISTORY { is_still_own } else { is_own };
        let of = |parent, path: &'static str| {
            let fields = withheld(self.page.viewer.role, parent, is_own);
            fields.into_iter().map(move |field| format!("{path}{field}"))
        };
        Ok(of(PARCEL, "").chain(of("Stock", "stock.")).chain(of("Price", "price.")).collect())
    }

    /// The acts on this parcel and on what lies on it, oldest first; null where they are withheld. An owner reads them
    /// while he holds a right in it, whatever instant is asked about (登记历史).
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
    ) -> OrNull<ActConnection> {
        or_null(async {
            if !self.reads(HISTORY).await? {
                return Ok(None);
            }
            self.page.histories.page(ctx, self.facts().id.into(), (first, after)).await.map(Some)
        })
        .await
    }
}
