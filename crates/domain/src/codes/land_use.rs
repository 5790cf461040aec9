//! Land-use codes, each with the scheme it belongs to.
//!
//! The tables stand in `land_use_*.rs`. A code never travels without its scheme: 1001 is railway in GB/T 21010 and
//! industry in the planning classes.

use super::code_enum::code_enum;
use super::code_text::text_forms;
use super::labelled::{Lang, ListFacts, clipped};
use super::refused::CodeRefused;
use super::{land_use_gb50137, land_use_gbt21010, land_use_mnr2023};

code_enum! {
    /// By which standard a land use is classed.
    pub enum LandUseScheme: "LAND_USE_SCHEME", "用地分类标准", "Scheme of land-use classes",
        "the standards the members name", None;
    /// What the land is used for now.
    Gbt21010 = "GBT21010_2017", "土地利用现状分类（2017）", "Current land use, GB/T 21010-2017";
    /// What the land is planned for.
    Mnr2023 = "MNR2023", "国土空间用地用海分类（2023）", "Territorial planning classes of 2023";
    /// Older urban planning letters, still named by soil standards.
    Gb50137 = "GB50137_2011", "城市用地分类（2011）", "Urban land classes, GB 50137-2011";
}

impl LandUseScheme {
    /// Every class of the scheme, in ascending order of code (parents before their children).
    pub const fn items(self) -> &'static [LandUseItem] {
        match self {
            Self::Gbt21010 => land_use_gbt21010::ITEMS,
            Self::Mnr2023 => land_use_mnr2023::ITEMS,
            Self::Gb50137 => land_use_gb50137::ITEMS,
        }
    }

    /// Name, source and date of the scheme's list.
    pub const fn facts(self) -> ListFacts {
        match self {
            Self::Gbt21010 => land_use_gbt21010::FACTS,
            Self::Mnr2023 => land_use_mnr2023::FACTS,
            Self::Gb50137 => land_use_gb50137::FACTS,
        }
    }

    fn item(self, code: &str) -> Option<&'static LandUseItem> {
        let items = self.items();
        items.binary_search_by(|item| item.code.cmp(code)).ok().and_then(|index| items.get(index))
    }
}

/// One class of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LandUseItem {
    /// The code with its scheme, `GBT21010_2017:0601`.
    pub text: &'static str,
    /// The code alone.
    pub code: &'static str,
    /// The name in the standard.
    pub label_zh: &'static str,
    /// The name in English.
    pub label_en: &'static str,
}

impl LandUseItem {
    /// The code of the class one level up: the longest proper prefix that is itself a class.
    pub fn parent(&self, scheme: LandUseScheme) -> Option<&'static str> {
        (1..self.code.len())
            .rev()
            .filter_map(|length| self.code.get(..length))
            .find_map(|prefix| scheme.item(prefix))
            .map(|parent| parent.code)
    }
}

/// A land-use class, written with its scheme: `GBT21010_2017:0601`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LandUseCode {
    scheme: LandUseScheme,
    item: &'static LandUseItem,
}

impl LandUseCode {
    /// Reads `SCHEME:CODE` against the scheme's list; classes of every level are accepted.
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        let (scheme, code) = split_scheme(text)?;
        Self::of(scheme, code)
    }

    /// The class `code` of `scheme`.
    pub fn of(scheme: LandUseScheme, code: &str) -> Result<Self, CodeRefused> {
        match scheme.item(code) {
            Some(item) => Ok(Self { scheme, item }),
            None => Err(CodeRefused::LandUse { scheme, found: clipped(code) }),
        }
    }

    /// The code with its scheme, as stored and compared.
    pub const fn as_str(&self) -> &'static str {
        self.item.text
    }

    /// The scheme.
    pub const fn scheme(&self) -> LandUseScheme {
        self.scheme
    }

    /// The code without its scheme.
    pub const fn code(&self) -> &'static str {
        self.item.code
    }

    /// The name of the class.
    pub const fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.item.label_zh, self.item.label_en)
    }

    /// Whether the class is the prefix's own or lies below it, in the same scheme.
    pub fn is_within(&self, prefix: LandUsePrefix) -> bool {
        self.as_str().starts_with(prefix.as_str())
    }
}

text_forms!(LandUseCode, LandUseCode::parse);

/// A class and all below it, written like a code: `MNR2023:10`. It is always a class of its scheme, so a search for a
/// mistyped prefix is refused instead of finding nothing, and its text may serve as a literal prefix in a database.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LandUsePrefix(LandUseCode);

impl LandUsePrefix {
    /// Reads `SCHEME:CODE`.
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        LandUseCode::parse(text).map(Self)
    }

    /// The prefix of the codes it covers, scheme included.
    pub const fn as_str(&self) -> &'static str {
        self.0.as_str()
    }
}

text_forms!(LandUsePrefix, LandUsePrefix::parse);

impl From<LandUseCode> for LandUsePrefix {
    fn from(code: LandUseCode) -> Self {
        Self(code)
    }
}

fn split_scheme(text: &str) -> Result<(LandUseScheme, &str), CodeRefused> {
    text.split_once(':')
        .and_then(|(scheme, code)| scheme.parse().ok().map(|scheme| (scheme, code)))
        .ok_or_else(|| CodeRefused::Scheme { found: clipped(text) })
}

/// Declares the classes of one scheme, a line a class.
macro_rules! land_use_items {
    ($scheme:literal; $( $code:literal $zh:literal $en:literal; )+) => {
        &[ $( $crate::codes::land_use::LandUseItem {
            text: concat!($scheme, ":", $code),
            code: $code,
            label_zh: $zh,
            label_en: $en,
        }, )+ ]
    };
}

pub(super) use land_use_items;
