//! The days of the week, as calendars name them.

use super::code_enum::code_enum;

code_enum! {
    /// A day of the week.
    pub enum Weekday: "WEEKDAY", "星期", "Day of the week", "ISO 8601", None;
    Monday = "MONDAY", "星期一", "Monday";
    Tuesday = "TUESDAY", "星期二", "Tuesday";
    Wednesday = "WEDNESDAY", "星期三", "Wednesday";
    Thursday = "THURSDAY", "星期四", "Thursday";
    Friday = "FRIDAY", "星期五", "Friday";
    Saturday = "SATURDAY", "星期六", "Saturday";
    Sunday = "SUNDAY", "星期日", "Sunday";
}

impl Weekday {
    /// The day of the week on which a date falls.
    pub fn of(date: jiff::civil::Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}
