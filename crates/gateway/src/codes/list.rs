//! The code lists: what every code means, in both languages.

use async_graphql::Object;
use yulin_domain::codes::{CodeItem, CodeList, Lang, code_list, code_lists};

use super::Chosen;

/// A code list.
pub struct CodeListObject(pub &'static CodeList);

/// A code list with its source (代码表).
#[Object(name = "CodeList")]
impl CodeListObject {
    /// The stable name of the list (代码表标识).
    async fn id(&self) -> &'static str {
        self.0.facts.id
    }

    /// What the list is called (名称).
    async fn name(
        &self,
        #[graphql(desc = "Language of the name (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &'static str {
        lang.0.pick(self.0.facts.name_zh, self.0.facts.name_en)
    }

    /// The standard, law or usage it comes from (来源).
    async fn source(&self) -> &'static str {
        self.0.facts.source
    }

    /// The date or year of the edition (版本日期).
    async fn dated(&self) -> Option<&'static str> {
        self.0.facts.dated
    }

    /// All items, parents before their children (条目).
    async fn items(&self) -> Vec<CodeItemObject> {
        self.0.items.iter().copied().map(CodeItemObject).collect()
    }
}

/// An item of a code list.
#[derive(Debug, Clone, Copy)]
pub struct CodeItemObject(pub CodeItem);

/// An item of a code list (代码项).
#[Object(name = "CodeItem")]
impl CodeItemObject {
    /// The code (代码).
    async fn code(&self) -> &'static str {
        self.0.code
    }

    /// The label (名称).
    async fn label(
        &self,
        #[graphql(desc = "Language of the label (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &'static str {
        self.0.label(lang.0)
    }

    /// The code one level up (上级代码).
    async fn parent(&self) -> Option<&'static str> {
        self.0.parent
    }
}

/// Reading code lists.
#[derive(Debug, Default)]
pub struct CodeListQuery;

/// Code lists (代码表查询).
#[Object]
impl CodeListQuery {
    /// Every code list of the registry (全部代码表).
    async fn code_lists(&self) -> Vec<CodeListObject> {
        code_lists().iter().map(CodeListObject).collect()
    }

    /// One code list by its name; null where there is none (按标识查代码表).
    async fn code_list(
        &self,
        #[graphql(desc = "Name of the list, such as `STOCK_STATUS` (代码表标识)")] id: String,
    ) -> Option<CodeListObject> {
        code_list(&id).map(CodeListObject)
    }
}
