//! What the letters inside parcel and unit codes mean.
//!
//! Facts for people and for code lists; the rules that follow from them are in `parcel_code.rs` and `unit_code.rs`.

use super::labelled::{Lang, ListFacts};

const SOURCE: &str = "GB/T 37346-2019 (不动产单元设定与代码编制规则)";

/// The meaning of one letter at one place of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterMeaning {
    /// The letter, one ASCII character.
    pub letter: &'static str,
    /// Meaning in Chinese.
    pub label_zh: &'static str,
    /// Meaning in English.
    pub label_en: &'static str,
    /// The ownership letters it stands with; empty where the question does not arise.
    pub with: &'static str,
}

impl LetterMeaning {
    /// The meaning for people.
    pub const fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.label_zh, self.label_en)
    }
}

/// Facts of the ownership letters, character 13.
pub const OWNERSHIP_LIST: ListFacts = ListFacts {
    id: "PARCEL_CODE_OWNERSHIP",
    name_zh: "宗地代码第13位：所有权类型",
    name_en: "Parcel code, character 13: ownership",
    source: SOURCE,
    dated: Some("2019"),
};

/// Facts of the parcel-type letters, character 14.
pub const PARCEL_TYPE_LIST: ListFacts = ListFacts {
    id: "PARCEL_CODE_TYPE",
    name_zh: "宗地代码第14位：宗地特征码",
    name_en: "Parcel code, character 14: type of parcel",
    source: SOURCE,
    dated: Some("2019"),
};

/// Facts of the fixture letters, character 20.
pub const FIXTURE_LIST: ListFacts = ListFacts {
    id: "UNIT_CODE_FIXTURE",
    name_zh: "不动产单元代码第20位：定着物特征码",
    name_en: "Unit code, character 20: fixture",
    source: SOURCE,
    dated: Some("2019"),
};

const fn meaning(
    letter: &'static str,
    with: &'static str,
    label_zh: &'static str,
    label_en: &'static str,
) -> LetterMeaning {
    LetterMeaning { letter, label_zh, label_en, with }
}

/// The ownership letters, in the order of the standard.
pub const OWNERSHIP_LETTERS: &[LetterMeaning] = &[
    meaning("G", "", "国家土地所有权", "Land owned by the state"),
    meaning("J", "", "集体土地所有权", "Land owned by a collective"),
    meaning("Z", "", "土地所有权未确定或有争议", "Ownership undetermined or disputed"),
];

/// The parcel-type letters and the ownership letters each is used with.
pub const PARCEL_TYPE_LETTERS: &[LetterMeaning] = &[
    meaning("A", "JZ", "集体土地所有权宗地", "Parcel of collective ownership"),
    meaning("B", "GJZ", "建设用地使用权宗地（地表）", "Construction land, surface"),
    meaning("S", "GJZ", "建设用地使用权宗地（地上）", "Construction land, above ground"),
    meaning("X", "GJZ", "建设用地使用权宗地（地下）", "Construction land, underground"),
    meaning("C", "JZ", "宅基地使用权宗地", "Homestead"),
    meaning("D", "GJ", "土地承包经营权宗地（耕地）", "Contracted arable land"),
    meaning("E", "GJ", "土地承包经营权宗地（林地）", "Contracted forest land"),
    meaning("F", "GJ", "土地承包经营权宗地（草地）", "Contracted grassland"),
    meaning("L", "GJ", "林地使用权宗地（承包经营以外）", "Forest land outside contracts"),
    meaning("N", "GJ", "农用地使用权宗地（承包经营以外、非林地）", "Farmland outside contracts, not forest"),
    meaning("H", "G", "海域使用权宗海", "Sea area"),
    meaning("G", "G", "无居民海岛使用权宗地", "Uninhabited island"),
    meaning("W", "GJZ", "使用权未确定或有争议的土地", "Right of use undetermined or disputed"),
    meaning("Y", "GJZ", "其他使用权土地", "Other right of use"),
];

/// The fixture letters of a unit code.
pub const FIXTURE_LETTERS: &[LetterMeaning] = &[
    meaning("F", "", "房屋等建筑物、构筑物", "House or other structure"),
    meaning("L", "", "森林或林木", "Forest or trees"),
    meaning("Q", "", "其他类型的定着物", "Other fixture"),
    meaning("W", "", "无定着物", "No fixture"),
];
