//! Reading working calendars, and when delays end.

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::calendar::{Delay, WorkingClock};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{CalendarId, DistrictId, RecordKind, Refused};

use super::CalendarObject;
use crate::district::DistrictBook;
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{registry, snapshot};
use crate::scalars::{AsOfInput, Timestamp, read_id};

/// Reading working calendars.
#[derive(Debug, Default)]
pub struct CalendarQuery;

/// Working calendars (工作日历查询).
#[Object]
impl CalendarQuery {
    /// One working calendar by its name; null where none is set (查工作日历).
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name, as districts state it (名称)")] name: String,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<CalendarObject> {
        or_null(async {
            let snapshot = snapshot(ctx, as_of).await?;
            let found = registry(ctx).calendars_by_ids(&snapshot, &[CalendarId::named(&name)]).await;
            Ok(found.map_err(|why| fault(&why))?.pop().map(CalendarObject::of))
        })
        .await
    }

    /// All working calendars, in order of name (全部工作日历).
    async fn calendars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<CalendarObject>, Error> {
        let snapshot = snapshot(ctx, as_of).await?;
        let found = registry(ctx).calendars(&snapshot).await.map_err(|why| fault(&why))?;
        Ok(found.into_iter().map(CalendarObject::of).collect())
    }

    /// When a delay of working days, then working hours, ends that begins at an instant: by the calendar and the clock
    /// of a district, always within working hours. `CALENDAR_UNKNOWN` where its calendar is not set,
    /// `CALENDAR_NOT_COVERED` where a date is needed of which the calendar does not speak (工作日期限推算).
    #[allow(clippy::too_many_arguments)]
    async fn working_deadline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The district (辖区)")] district: ID,
        #[graphql(desc = "When the delay begins (起算时刻)")] from: Timestamp,
        #[graphql(desc = "Whole working days (工作日数)", default = 0)] days: i32,
        #[graphql(desc = "Working hours after them (工作小时数)", default = 0)] hours: i32,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Timestamp, Error> {
        let asked = || {
            let district = read_id::<DistrictId>(RecordKind::District, &district, "district")?;
            let delay = Delay { days: count(days, "days")?, hours: count(hours, "hours")? };
            Ok::<_, Refused>((district, from.instant("from")?, delay))
        };
        let refused = |refused: Refused| refused_error(&refused);
        let (id, from, delay) = asked().map_err(refused)?;
        let snapshot = snapshot(ctx, as_of).await?;
        let book = DistrictBook::load(registry(ctx), snapshot).await?;
        let unknown = || Refused::new(ErrorCode::DistrictUnknown).at("district").told("district", id);
        let district = book.district(id).ok_or_else(|| refused(unknown()))?;
        let name = &district.calendar;
        let found = registry(ctx).calendars_by_ids(&snapshot, &[CalendarId::named(name)]).await;
        let unset = || Refused::new(ErrorCode::CalendarUnknown).at("district").with("calendar", name.clone());
        let calendar = found.map_err(|why| fault(&why))?.pop().ok_or_else(|| refused(unset()))?;
        let clock = WorkingClock { calendar: &calendar.state, zone: &district.time_zone };
        Ok(clock.after(from, delay).map_err(|why| refused(why.into()))?.into())
    }
}

/// A count of days or hours.
fn count(given: i32, field: &str) -> Result<u16, Refused> {
    let beyond = |_| Refused::new(ErrorCode::NumberInvalid).at(field).with("given", given).with("most", u16::MAX);
    u16::try_from(given).map_err(beyond)
}
