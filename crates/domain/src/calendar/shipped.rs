//! The calendar of China as the State Council declared it, year by year.
//!
//! Holidays and make-up days are declared each autumn for the next year alone, so a year without its notice is left
//! out. The notice of the next year has in the past still moved the last days of the year before.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{Covered, SetCalendar, WorkingHours};
use crate::codes::Weekday;

/// The name under which the calendar of China is kept.
pub const CHINA: &str = "CN";

/// The first and the last day off of one festival, as declared; days of rest among them included.
type Off = (Date, Date);

/// One notice: its number and the days it declares.
struct Notice {
    number: &'static str,
    off: &'static [Off],
    make_up: &'static [Date],
}

const fn days(year: i16, from: (i8, i8), to: (i8, i8)) -> Off {
    (date(year, from.0, from.1), date(year, to.0, to.1))
}

const NOTICES: [Notice; 3] = [
    Notice {
        number: "国办发明电〔2023〕7号",
        off: &[
            days(2024, (1, 1), (1, 1)),
            days(2024, (2, 10), (2, 17)),
            days(2024, (4, 4), (4, 6)),
            days(2024, (5, 1), (5, 5)),
            days(2024, (6, 10), (6, 10)),
            days(2024, (9, 15), (9, 17)),
            days(2024, (10, 1), (10, 7)),
        ],
        make_up: &[
            date(2024, 2, 4),
            date(2024, 2, 18),
            date(2024, 4, 7),
            date(2024, 4, 28),
            date(2024, 5, 11),
            date(2024, 9, 14),
            date(2024, 9, 29),
            date(2024, 10, 12),
        ],
    },
    Notice {
        number: "国办发明电〔2024〕12号",
        off: &[
            days(2025, (1, 1), (1, 1)),
            days(2025, (1, 28), (2, 4)),
            days(2025, (4, 4), (4, 6)),
            days(2025, (5, 1), (5, 5)),
            days(2025, (5, 31), (6, 2)),
            days(2025, (10, 1), (10, 8)),
        ],
        make_up: &[date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)],
    },
    Notice {
        number: "国办发明电〔2025〕7号",
        off: &[
            days(2026, (1, 1), (1, 3)),
            days(2026, (2, 15), (2, 23)),
            days(2026, (4, 4), (4, 6)),
            days(2026, (5, 1), (5, 5)),
            days(2026, (6, 19), (6, 21)),
            days(2026, (9, 25), (9, 27)),
            days(2026, (10, 1), (10, 7)),
        ],
        make_up: &[
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ],
    },
];

/// The years that the notices declare.
const COVERS: Covered = Covered { from: date(2024, 1, 1), to: date(2026, 12, 31) };

/// Against what the days were checked.
const CHECKED: &str = "days checked one by one against the full texts as printed: People's Daily of 2023-10-26 (p. 6), \
     Xinhua of 2024-11-12 and of 2025-11-04 (gmw.cn); the notices declare days, so the whole day counts as worked";

/// The calendar that the program brings along under a name; none under any other name.
pub fn shipped(name: &str) -> Option<SetCalendar> {
    (name == CHINA).then(china)
}

fn china() -> SetCalendar {
    let numbers: Vec<_> = NOTICES.iter().map(|notice| notice.number).collect();
    let off = NOTICES.iter().flat_map(|notice| notice.off).flat_map(|(from, to)| each(*from, *to));
    let make_up = NOTICES.iter().flat_map(|notice| notice.make_up).copied();
    SetCalendar {
        name: CHINA.to_owned(),
        source: format!("国务院办公厅关于部分节假日安排的通知: {}; {CHECKED}", numbers.join(", ")),
        hours: WorkingHours::WHOLE_DAY,
        rest_days: BTreeSet::from([Weekday::Saturday, Weekday::Sunday]),
        holidays: off.collect(),
        make_up_days: make_up.collect(),
        covers: COVERS,
        replaces: None,
    }
}

fn each(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(jiff::Span::new().days(1)).take_while(move |day| *day <= to)
}
