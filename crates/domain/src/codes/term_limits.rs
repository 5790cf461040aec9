//! How long a right to use construction land may last, by what the land is for.
//!
//! Dated configuration: a change of law adds a row, it does not change one. Whether a term is required at all, and when
//! it ends, is decided where rights are granted.

use super::code_enum::code_enum;
use super::land_use::{LandUseCode, LandUseScheme};

const ORDER_55: &str = "State Council Order 55 (城镇国有土地使用权出让和转让暂行条例), art. 12";
const ORDER_55_FROM: &str = "1990-05-19";
/// Longest lease contract in years (Civil Code art. 705, in force since 2021-01-01).
pub const LEASE_YEARS_MAX: u16 = 20;

code_enum! {
    /// The purposes the law tells apart when it limits terms.
    pub enum LandPurpose: "LAND_PURPOSE", "出让用途类别", "Purpose of a grant",
        "State Council Order 55 (城镇国有土地使用权出让和转让暂行条例), art. 12", Some("1990-05-19");
    Residential = "RESIDENTIAL", "居住用地", "Residential";
    Industrial = "INDUSTRIAL", "工业用地", "Industry";
    PublicService = "PUBLIC_SERVICE", "教育、科技、文化、卫生、体育用地", "Education, science, culture, health and sport";
    Commercial = "COMMERCIAL", "商业、旅游、娱乐用地", "Commerce, tourism and entertainment";
    Other = "OTHER", "综合或者其他用地", "Mixed or other";
}

/// The longest term for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermLimit {
    /// What the land is for.
    pub purpose: LandPurpose,
    /// Longest term in years.
    pub max_years: u16,
    /// The law that says so.
    pub source: &'static str,
    /// The day from which it holds, ISO 8601.
    pub in_force_from: &'static str,
}

/// The limits in force, one a purpose.
pub const TERM_LIMITS: &[TermLimit] = &[
    limit(LandPurpose::Residential),
    limit(LandPurpose::Industrial),
    limit(LandPurpose::PublicService),
    limit(LandPurpose::Commercial),
    limit(LandPurpose::Other),
];

const fn limit(purpose: LandPurpose) -> TermLimit {
    let max_years = match purpose {
        LandPurpose::Residential => 70,
        LandPurpose::Industrial | LandPurpose::PublicService | LandPurpose::Other => 50,
        LandPurpose::Commercial => 40,
    };
    TermLimit { purpose, max_years, source: ORDER_55, in_force_from: ORDER_55_FROM }
}

/// The limit that holds for a land use.
pub fn term_limit(land_use: LandUseCode) -> TermLimit {
    limit(land_purpose(land_use))
}

/// The longest term for a land use, in years.
pub fn max_term_years(land_use: LandUseCode) -> u16 {
    term_limit(land_use).max_years
}

/// The purpose under which a land use is granted.
pub fn land_purpose(land_use: LandUseCode) -> LandPurpose {
    purposes(land_use.scheme())
        .iter()
        .filter(|(prefix, _)| land_use.code().starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map_or(LandPurpose::Other, |(_, purpose)| *purpose)
}

/// Prefixes of a scheme's codes with their purpose; the longest that fits decides, and the rest is `Other`.
pub(super) const fn purposes(scheme: LandUseScheme) -> &'static [(&'static str, LandPurpose)] {
    match scheme {
        LandUseScheme::Gbt21010 => &[
            ("05", LandPurpose::Commercial),
            ("06", LandPurpose::Industrial),
            ("07", LandPurpose::Residential),
            ("0802", LandPurpose::PublicService),
            ("0803", LandPurpose::PublicService),
            ("0804", LandPurpose::PublicService),
            ("0805", LandPurpose::PublicService),
            ("0807", LandPurpose::PublicService),
            ("0808", LandPurpose::PublicService),
            // Built for visitors of scenic areas, therefore tourism.
            ("0906", LandPurpose::Commercial),
        ],
        LandUseScheme::Mnr2023 => &[
            ("0701", LandPurpose::Residential),
            ("0703", LandPurpose::Residential),
            ("0802", LandPurpose::PublicService),
            ("0803", LandPurpose::PublicService),
            ("0804", LandPurpose::PublicService),
            ("0805", LandPurpose::PublicService),
            ("0806", LandPurpose::PublicService),
            ("09", LandPurpose::Commercial),
            ("10", LandPurpose::Industrial),
            ("11", LandPurpose::Industrial),
        ],
        LandUseScheme::Gb50137 => &[
            ("A2", LandPurpose::PublicService),
            ("A3", LandPurpose::PublicService),
            ("A4", LandPurpose::PublicService),
            ("A5", LandPurpose::PublicService),
            ("B", LandPurpose::Commercial),
            ("M", LandPurpose::Industrial),
            ("R", LandPurpose::Residential),
            ("W", LandPurpose::Industrial),
        ],
    }
}
