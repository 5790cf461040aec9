//! The planner's question as the API takes it, and as persistence is asked it.

use std::cmp::{max, min};

use async_graphql::{ID, InputObject};
use yulin_domain::codes::{Infrastructure, LandUsePrefix, ParcelLayer, ParcelState, SoilGate, StockStatus, ZoneKind};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, RecordKind, Refused, has_controls};
use yulin_domain::quantity::Area;
use yulin_persistence::ParcelQuery;

use super::region_filter::{AreaFilterInput, NearInput};
use crate::codes::Chosen;
use crate::disclosure::{Asked, given};
use crate::scalars::number;
use crate::scalars::{LocalDate, RangeInput, read_id};

/// Elements that a list of a filter may have.
const LIST_MAX: usize = 1_000;
/// Characters that a searched text may have.
const TEXT_MAX: usize = 200;

/// Which parcels are sought; all conditions must be met, and what is left out or is an empty list does not narrow
/// (宗地筛选).
#[derive(Debug, Clone, Default, InputObject)]
pub struct ParcelFilterInput {
    /// Land of the district of this code, and of those below it (辖区代码).
    pub district: Option<String>,
    /// Land of any of these districts, and of those below them; with `district`, of those in both (辖区代码列表).
    pub districts: Option<Vec<String>>,
    /// Parcels in these states; registered and planned where left out (宗地状态).
    pub states: Option<Vec<Chosen<ParcelState>>>,
    /// Parcels of this layer (空间层).
    pub layer: Option<Chosen<ParcelLayer>>,
    /// An area, and how parcels must lie to it (空间范围).
    pub area: Option<AreaFilterInput>,
    /// Places to be near to (邻近条件).
    pub near: Option<NearInput>,
    /// Covered by a zone of one of these kinds (位于控制区内).
    pub inside: Option<Vec<Chosen<ZoneKind>>>,
    /// Sharing no land with any zone of these kinds (位于控制区外).
    pub outside: Option<Vec<Chosen<ZoneKind>>>,
    /// With one of these stock statuses (存量用地状态).
    pub statuses: Option<Vec<Chosen<StockStatus>>>,
    /// With a principal use of one of these classes or below, as `SCHEME:CODE` (主要用途).
    pub land_use: Option<Vec<String>>,
    /// Registered, else surveyed, else computed area in mu (面积，亩).
    pub area_mu: Option<RangeInput>,
    /// Registered, else surveyed, else computed area in square metres (面积，平方米).
    pub area_square_metres: Option<RangeInput>,
    /// Asking price in yuan per square metre; where nothing is asked the floor, for who may read it (价格，元每平方米).
    pub price: Option<RangeInput>,
    /// The plot ratio that planning allows (容积率).
    pub plot_ratio: Option<RangeInput>,
    /// With one of these soil gates (土壤环境准入).
    pub soil_gates: Option<Vec<Chosen<SoilGate>>>,
    /// Connected to all of these (基础设施).
    pub infrastructure: Option<Vec<Chosen<Infrastructure>>>,
    /// Whose stock status stands since this day or earlier (状态起始不晚于).
    pub idle_since: Option<LocalDate>,
    /// In which this party holds a right (权利人).
    pub holder: Option<ID>,
    /// Any substring of name, location or a code, in whatever case (文本包含).
    pub text: Option<String>,
    /// With one of these codes or lot numbers (宗地代码).
    pub codes: Option<Vec<String>>,
}

impl ParcelFilterInput {
    /// By what it is asked.
    pub(super) fn asked(&self) -> Asked {
        // In full: a new member does not compile until it is named here.
        let Self {
            district,
            districts,
            states,
            layer,
            area,
            near,
            inside,
            outside,
            statuses,
            land_use,
            area_mu,
            area_square_metres,
            price,
            plot_ratio,
            soil_gates,
            infrastructure,
            idle_since,
            holder,
            text,
            codes,
        } = self;
        let members = given([
            ("district", district.is_some()),
            ("districts", districts.is_some()),
            ("states", states.is_some()),
            ("layer", layer.is_some()),
            ("area", area.is_some()),
            ("near", near.is_some()),
            ("inside", inside.is_some()),
            ("outside", outside.is_some()),
            ("statuses", statuses.is_some()),
            ("landUse", land_use.is_some()),
            ("areaMu", area_mu.is_some()),
            ("areaSquareMetres", area_square_metres.is_some()),
            ("price", price.is_some()),
            ("plotRatio", plot_ratio.is_some()),
            ("soilGates", soil_gates.is_some()),
            ("infrastructure", infrastructure.is_some()),
            ("idleSince", idle_since.is_some()),
            ("holder", holder.is_some()),
            ("text", text.is_some()),
            ("codes", codes.is_some()),
        ]);
        Asked { at: "filter", input: "ParcelFilterInput", members }
    }

    /// The districts of the list.
    pub(super) fn listed_districts(&self) -> &[String] {
        self.districts.as_deref().unwrap_or_default()
    }

    /// The holder asked for.
    pub(super) fn holder(&self) -> Result<Option<PartyId>, Refused> {
        self.holder.as_ref().map(|id| read_id(RecordKind::Party, id, "filter.holder")).transpose()
    }

    /// The part of the question that needs nothing looked up.
    pub(super) fn read(&self, of: ParcelQuery) -> Result<ParcelQuery, Refused> {
        let uses = listed(self.land_use.as_deref(), "filter.landUse")?.iter();
        let codes = listed(self.codes.as_deref(), "filter.codes")?.to_vec();
        let (area_min, area_max) = self.areas()?;
        let bound = |range: Option<&RangeInput>| range.cloned().map_or((None, None), |range| (range.min, range.max));
        let (price_min, price_max) = bound(self.price.as_ref());
        let (ratio_min, ratio_max) = bound(self.plot_ratio.as_ref());
        let query = ParcelQuery {
            states: chosen(self.states.as_deref()),
            layer: self.layer.map(|layer| layer.0),
            area: self.area.as_ref().map(AreaFilterInput::read).transpose()?,
            statuses: chosen(self.statuses.as_deref()),
            use_prefixes: uses.map(|text| prefix(text)).collect::<Result<_, _>>()?,
            area_min,
            area_max,
            price_min: price_min.map(|price| price.yuan_per_square_metre("filter.price.min")).transpose()?,
            price_max: price_max.map(|price| price.yuan_per_square_metre("filter.price.max")).transpose()?,
            plot_ratio_min: ratio_min.map(|ratio| ratio.ratio("filter.plotRatio.min")).transpose()?,
            plot_ratio_max: ratio_max.map(|ratio| ratio.ratio("filter.plotRatio.max")).transpose()?,
            soil_gates: chosen(self.soil_gates.as_deref()),
            infrastructure_all: chosen(self.infrastructure.as_deref()),
            since_before: self.idle_since.as_ref().map(|day| day.date("filter.idleSince")).transpose()?,
            holder: self.holder()?,
            text: self.text.as_deref().map(searched).transpose()?,
            codes,
            ..of
        };
        in_order((query.area_min, query.area_max), "filter.areaMu")?;
        in_order((query.price_min, query.price_max), "filter.price")?;
        in_order((query.plot_ratio_min, query.plot_ratio_max), "filter.plotRatio")?;
        Ok(query)
    }

    /// The bounds of area, whichever unit they were given in; both units together bind both.
    fn areas(&self) -> Result<(Option<Area>, Option<Area>), Refused> {
        let (mut least, mut most): (Option<Area>, Option<Area>) = (None, None);
        if let Some(RangeInput { min: from, max: to }) = &self.area_mu {
            let at_least = |text: &String| Area::at_least_mu(text).map_err(|why| number("filter.areaMu.min", &why));
            let at_most = |text: &String| Area::at_most_mu(text).map_err(|why| number("filter.areaMu.max", &why));
            least = from.as_ref().map(|mu| at_least(&mu.0)).transpose()?;
            most = to.as_ref().map(|mu| at_most(&mu.0)).transpose()?;
        }
        if let Some(RangeInput { min: from, max: to }) = &self.area_square_metres {
            let from = from.as_ref().map(|area| area.square_metres("filter.areaSquareMetres.min")).transpose()?;
            let to = to.as_ref().map(|area| area.square_metres("filter.areaSquareMetres.max")).transpose()?;
            least = max(least, from);
            most = [most, to].into_iter().flatten().reduce(min);
        }
        Ok((least, most))
    }
}

/// A range whose least is above its greatest is a slip, not a question without answers.
fn in_order<T: PartialOrd>(range: (Option<T>, Option<T>), field: &str) -> Result<(), Refused> {
    match range {
        (Some(least), Some(most)) if least > most => {
            Err(Refused::new(ErrorCode::FilterInvalid).at(field).with("problem", "min is above max"))
        }
        _ => Ok(()),
    }
}

fn chosen<T: Copy>(members: Option<&[Chosen<T>]>) -> Vec<T> {
    members.unwrap_or_default().iter().map(|member| member.0).collect()
}

fn listed<'a>(texts: Option<&'a [String]>, field: &str) -> Result<&'a [String], Refused> {
    let texts = texts.unwrap_or_default();
    if texts.len() > LIST_MAX {
        return Err(Refused::new(ErrorCode::ListTooLong).at(field).with("found", texts.len()).with("most", LIST_MAX));
    }
    Ok(texts)
}

fn prefix(text: &str) -> Result<LandUsePrefix, Refused> {
    let refused = |why| Refused::new(ErrorCode::LandUseUnknown).at("filter.landUse").told("problem", why);
    LandUsePrefix::parse(text).map_err(refused)
}

fn searched(text: &str) -> Result<String, Refused> {
    match text.chars().count() {
        0 => Err(Refused::new(ErrorCode::FilterInvalid).at("filter.text").with("problem", "empty")),
        found if found > TEXT_MAX => {
            Err(Refused::new(ErrorCode::TextTooLong).at("filter.text").with("found", found).with("most", TEXT_MAX))
        }
        _ if has_controls(text) => Err(Refused::new(ErrorCode::TextInvalid).at("filter.text")),
        _ => Ok(text.to_owned()),
    }
}
