//! A land use with its scheme.

use async_graphql::Object;
use yulin_domain::codes::{LandUseCode, LandUseScheme, Lang};

use super::Chosen;

/// A land use.
#[derive(Debug, Clone, Copy)]
pub struct LandUseObject(pub LandUseCode);

/// A class of land use; a code means nothing without its scheme (土地用途).
#[Object(name = "LandUse")]
impl LandUseObject {
    /// The standard the code belongs to (分类标准).
    async fn scheme(&self) -> Chosen<LandUseScheme> {
        self.0.scheme().into()
    }

    /// The code within the scheme (代码).
    async fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Scheme and code in one text, as filters and inputs take it: `GBT21010_2017:0601` (完整代码).
    async fn text(&self) -> &'static str {
        self.0.as_str()
    }

    /// The name of the class (名称).
    async fn label(
        &self,
        #[graphql(desc = "Language of the label (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &'static str {
        self.0.label(lang.0)
    }
}
