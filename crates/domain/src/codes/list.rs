//! Every code list of the registry in one form, for the API and for files.
//!
//! Built from the enums and tables beside this file once, so that what is shown is what is enforced.

use std::sync::LazyLock;

use super::division::Division;
use super::labelled::{Labelled, Lang, ListFacts};
use super::land_use::LandUseScheme;
use super::parcel_letters::{self, LetterMeaning};
use super::term_limits::LandPurpose;
use super::{ledger, people, rights, space, stock, week};

/// A code list with all its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// Name, source and date.
    pub facts: ListFacts,
    /// The items in the order of the list; parents stand before their children.
    pub items: Vec<CodeItem>,
}

/// One item of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeItem {
    /// The code as written in this list.
    pub code: &'static str,
    /// Chinese label.
    pub label_zh: &'static str,
    /// English label.
    pub label_en: &'static str,
    /// Code of the item one level up in the same list.
    pub parent: Option<&'static str>,
}

impl CodeItem {
    /// The label for people.
    pub const fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.label_zh, self.label_en)
    }
}

/// Every code list, in a fixed order.
pub fn code_lists() -> &'static [CodeList] {
    static LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(all_lists);
    &LISTS
}

/// The list with this id.
pub fn code_list(id: &str) -> Option<&'static CodeList> {
    code_lists().iter().find(|list| list.facts.id == id)
}

fn all_lists() -> Vec<CodeList> {
    let mut lists = vec![
        of_enum::<Division>(),
        of_enum::<LandUseScheme>(),
        of_enum::<LandPurpose>(),
        of_enum::<rights::Ownership>(),
        of_enum::<rights::RightType>(),
        of_enum::<rights::RightNature>(),
        of_enum::<rights::GrantMethod>(),
        of_enum::<rights::RestrictionKind>(),
        of_enum::<rights::ResponsibilityKind>(),
        of_enum::<rights::FreezeKind>(),
        of_enum::<rights::ExternalState>(),
        of_enum::<stock::StockStatus>(),
        of_enum::<stock::IdleCause>(),
        of_enum::<stock::InefficiencyReason>(),
        of_enum::<stock::SoilGate>(),
        of_enum::<stock::Infrastructure>(),
        of_enum::<space::ParcelLayer>(),
        of_enum::<space::ParcelState>(),
        of_enum::<space::CodeProfile>(),
        of_enum::<space::ZoneKind>(),
        of_enum::<space::FeatureKind>(),
        of_enum::<people::PartyKind>(),
        of_enum::<people::Role>(),
        of_enum::<ledger::FactorKind>(),
        of_enum::<ledger::EnergyBasis>(),
        of_enum::<ledger::UnitTracking>(),
        of_enum::<ledger::AccountPurpose>(),
        of_enum::<ledger::AccountStatus>(),
        of_enum::<ledger::BookSource>(),
        of_enum::<ledger::BookPart>(),
        of_enum::<ledger::BankDirection>(),
        of_enum::<ledger::HoldKind>(),
        of_enum::<ledger::HoldState>(),
        of_enum::<ledger::LotOrigin>(),
        of_enum::<ledger::MoveKind>(),
        of_enum::<ledger::TransferState>(),
        of_enum::<ledger::PostingKind>(),
        of_letters(parcel_letters::OWNERSHIP_LIST, parcel_letters::OWNERSHIP_LETTERS),
        of_letters(parcel_letters::PARCEL_TYPE_LIST, parcel_letters::PARCEL_TYPE_LETTERS),
        of_letters(parcel_letters::FIXTURE_LIST, parcel_letters::FIXTURE_LETTERS),
        of_enum::<week::Weekday>(),
    ];
    lists.extend(LandUseScheme::all().iter().map(|scheme| of_scheme(*scheme)));
    lists
}

fn of_enum<T: Labelled>() -> CodeList {
    let items = T::all()
        .iter()
        .map(|member| CodeItem {
            code: member.code(),
            label_zh: member.label(Lang::Zh),
            label_en: member.label(Lang::En),
            parent: member.parent_code(),
        })
        .collect();
    CodeList { facts: T::LIST, items }
}

fn of_letters(facts: ListFacts, letters: &'static [LetterMeaning]) -> CodeList {
    let items = letters
        .iter()
        .map(|LetterMeaning { letter, label_zh, label_en, with: _ }| CodeItem {
            code: letter,
            label_zh,
            label_en,
            parent: None,
        })
        .collect();
    CodeList { facts, items }
}

fn of_scheme(scheme: LandUseScheme) -> CodeList {
    let items = scheme
        .items()
        .iter()
        .map(|item| CodeItem {
            code: item.code,
            label_zh: item.label_zh,
            label_en: item.label_en,
            parent: item.parent(scheme),
        })
        .collect();
    CodeList { facts: scheme.facts(), items }
}
