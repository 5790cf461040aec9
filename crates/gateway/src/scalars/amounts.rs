//! Amounts as objects: an area in both of its units, a share as a fraction, a text in both languages.

use async_graphql::{InputObject, Object, SimpleObject};
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::quantity::{Area, Share};

use super::Decimal;

/// An area.
#[derive(Debug, Clone, Copy)]
pub struct AreaObject(pub Area);

/// An area in square metres and in mu (面积).
#[Object(name = "Area")]
impl AreaObject {
    /// Square metres, exact, at most four decimals (平方米).
    async fn square_metres(&self) -> Decimal {
        Decimal(self.0.square_metres())
    }

    /// Mu of 2000/3 m², rounded to four decimals (亩).
    async fn mu(&self) -> Decimal {
        Decimal(self.0.mu())
    }
}

/// An exact fraction of a whole, in lowest terms (份额).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Share")]
pub struct ShareObject {
    /// The numerator (分子).
    pub numerator: Decimal,
    /// The denominator (分母).
    pub denominator: Decimal,
}

impl From<Share> for ShareObject {
    fn from(share: Share) -> Self {
        let text = |terms: u64| Decimal(terms.to_string());
        Self { numerator: text(share.numerator()), denominator: text(share.denominator()) }
    }
}

/// A range of numbers; both ends belong to it, either may be left open (数值范围).
#[derive(Debug, Clone, InputObject)]
pub struct RangeInput {
    /// The least (下限).
    pub min: Option<Decimal>,
    /// The greatest (上限).
    pub max: Option<Decimal>,
}

/// A message in both languages (双语消息).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Messages")]
pub struct MessagesObject {
    /// In Chinese (中文).
    pub zh: String,
    /// In English (英文).
    pub en: String,
}

impl From<ErrorCode> for MessagesObject {
    fn from(code: ErrorCode) -> Self {
        Self { zh: code.message(Lang::Zh).to_owned(), en: code.message(Lang::En).to_owned() }
    }
}
