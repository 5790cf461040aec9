//! What could be traded: every reason against a trade at once, and what may be sold.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{RULES, TRADE_LEGS_MAX, TradeLeg};
use yulin_domain::journal::{RecordKind, Refused};
use yulin_domain::quantity::Units;

use super::QuantityObject;
use super::access::may_ask;
use super::movement_rule::MovementRuleObject;
use crate::errors::{coded, fault, refused_error};
use crate::mutation::{ActRefused, SelectionInput, chosen_units};
use crate::request::{registry, viewer};
use crate::scalars::{Decimal, Seq, read_each, read_id};

/// A part of a trade: units or money that would be set aside on one account and settled to another (交易分项).
#[derive(Debug, Clone, InputObject)]
pub struct TradeLegInput {
    /// The account it would leave (转出账户).
    pub from: ID,
    /// The account it would come to (转入账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// Which units, as `placeHold` takes them; left out: those that come first (选取方式).
    pub selection: Option<SelectionInput>,
}

impl TryFrom<TradeLegInput> for TradeLeg {
    type Error = Refused;
    fn try_from(TradeLegInput { from, to, amount, selection }: TradeLegInput) -> Result<Self, Refused> {
        Ok(Self {
            from: read_id(RecordKind::Account, &from, "from")?,
            to: read_id(RecordKind::Account, &to, "to")?,
            amount: Units::of(amount.scaled(0, "amount")?),
            selection: chosen_units(selection)?,
        })
    }
}

/// Whether a trade could be done now (可行性检查结果).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Feasibility")]
pub struct FeasibilityObject {
    /// Whether nothing stands in its way (是否可行).
    pub feasible: bool,
    /// The entry as of which it was looked at (所依据的登记序号).
    pub as_of: Seq,
    /// Everything that stands in its way, each with its part, from 0, as `leg` (全部障碍).
    pub reasons: Vec<ActRefused>,
}

/// What may be sold from an account today, whoever buys (可售量).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Sale")]
pub struct SaleObject {
    /// How much; none where something stands in the way (数量).
    pub quantity: QuantityObject,
    /// How much of it one hold takes that names no class: the units of the class that comes first, of one last day and
    /// control unit. Another class is held by naming it in `selection` (单次可冻结量).
    pub at_once: QuantityObject,
    /// Everything that stands in the way (障碍).
    pub reasons: Vec<ActRefused>,
}

/// What could be traded.
#[derive(Debug, Default)]
pub struct FeasibilityQuery;

/// What could be traded (交易可行性).
#[Object]
impl FeasibilityQuery {
    /// Whether a trade could be held and settled now by whoever asks, with every reason against it at once. Nothing is set
    /// aside, and nothing is promised (可行性检查).
    async fn feasibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The parts: units one way and money the other, at most 100 (分项)")] legs: Vec<TradeLegInput>,
    ) -> Result<FeasibilityObject, Error> {
        let viewer = viewer(ctx);
        may_ask(&viewer, "feasibility")?;
        let identity = viewer.identity.as_ref().ok_or_else(|| coded(ErrorCode::Forbidden, "feasibility"))?;
        if legs.is_empty() {
            return Err(refused_error(&Refused::new(ErrorCode::ListEmpty).at("legs")));
        }
        if legs.len() > TRADE_LEGS_MAX {
            let refused = Refused::new(ErrorCode::ListTooLong).at("legs").with("most", TRADE_LEGS_MAX);
            return Err(refused_error(&refused));
        }
        let legs: Vec<TradeLeg> = read_each(legs, "legs").map_err(|refused| refused_error(&refused))?;
        let found = registry(ctx).hindrances_of_trade(identity, &legs).await;
        let (seq, reasons) = found.map_err(|why| fault(&why))?;
        let feasible = reasons.is_empty();
        Ok(FeasibilityObject { feasible, as_of: Seq(seq), reasons: reasons.into_iter().map(ActRefused).collect() })
    }

    /// The table of movements, from which every check of a movement derives; what is not in it is refused (变动规则表).
    async fn movement_rules(&self) -> Vec<MovementRuleObject> {
        RULES.iter().map(Into::into).collect()
    }
}
