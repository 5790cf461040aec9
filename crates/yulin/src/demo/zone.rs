//! The demo zone as a whole: its districts, and every act that makes it, in order.

use anyhow::Result;
use yulin_domain::calendar::{CHINA, shipped};
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::RegisterDistrict;
use yulin_domain::journal::{Act, DistrictId, PrincipalId};

use super::layout::{DemoScale, Layout};
use super::lot::{COUNTY, lots_of};
use super::parcels::{Office, grid};
use super::pen::{Day, Pen, footprint};
use super::surroundings;
use super::{history, ledger, parties};
use crate::demo::uses::Uses;

/// The grid of the zone: CGCS2000, three-degree zone about 120° E.
pub(super) const GRID_EPSG: u32 = 4549;
/// The code of the zone.
pub(super) const ZONE_CODE: &str = "PJEDZ";
const ZONE_NAME: &str = "浦江经济开发区（生成的演示数据）";
/// Since when the zone is.
const FOUNDED: Day = Day(4_190);
const COUNTY_NAME: &str = "浦江县（生成的演示数据）";

/// The acts that make the zone up to its registered parcels, the two districts first.
///
/// Made one row of blocks after another, so that a large zone is never in memory as a whole. What happens to parcels
/// later needs the versions of theirs and is made while filling.
pub fn acts(scale: DemoScale, principal: PrincipalId) -> Result<impl Iterator<Item = Result<Act>>> {
    let office = office(scale, principal)?;
    let groundwork: Vec<_> = groundwork(&office)?;
    let rows = u32::try_from(office.layout.rows().len())?;
    let parcels = (0..rows)
        .flat_map(move |row| lots_of(&office.layout, row).iter().map(|lot| office.register(lot)).collect::<Vec<_>>());
    Ok(groundwork.into_iter().map(Ok).chain(parcels))
}

/// How many acts `acts` gives, and how many follow at most.
pub(super) fn count(office: &Office) -> Result<u64> {
    let before = u64::try_from(groundwork(office)?.len())?;
    Ok(before + u64::from(office.pen.scale.parcels) + u64::try_from(history::subjects(office).len())?)
}

/// What the parcel acts need to know.
pub(super) fn office(scale: DemoScale, principal: PrincipalId) -> Result<Office> {
    let layout = Layout::of(scale);
    let pen = Pen { scale: layout.scale, principal };
    let district = DistrictId::made_by(pen.id("district", 1), 0, 0);
    Ok(Office { pen, layout, district, uses: Uses::read()? })
}

/// Everything but parcels.
fn groundwork(office: &Office) -> Result<Vec<Act>> {
    let mut acts = districts(office)?;
    let calendar = shipped(CHINA).map(|calendar| vec![calendar.into()]);
    acts.extend(calendar.map(|legs| office.pen.act(office.pen.id("calendar", 0), FOUNDED, legs)));
    acts.extend(parties::acts(&office.pen).collect::<Result<Vec<_>>>()?);
    acts.extend(surroundings::acts(office)?);
    acts.extend(ledger::acts(&office.pen, office.district));
    Ok(acts)
}

fn districts(office: &Office) -> Result<Vec<Act>> {
    let pen = &office.pen;
    let county_id = pen.id("district", 0);
    let county = RegisterDistrict {
        code: COUNTY.to_owned(),
        name: COUNTY_NAME.to_owned(),
        parent: None,
        profile: CodeProfile::CnGbt37346,
        grid: grid()?,
        time_zone: "Asia/Shanghai".to_owned(),
        calendar: CHINA.to_owned(),
        boundary: None,
        generated: true,
    };
    let zone = RegisterDistrict {
        code: ZONE_CODE.to_owned(),
        name: ZONE_NAME.to_owned(),
        parent: Some(DistrictId::made_by(county_id, 0, 0)),
        boundary: Some(footprint(&surroundings::boundary(&office.layout), grid()?)?),
        ..county.clone()
    };
    Ok(vec![
        pen.act(county_id, FOUNDED, vec![county.into()]),
        pen.act(pen.id("district", 1), FOUNDED, vec![zone.into()]),
    ])
}
