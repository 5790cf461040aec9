//! Mutations of factors: registered, their rules and controls amended, capped for a year.

use async_graphql::ID;
use async_graphql::InputObject;
use yulin_domain::codes::{EnergyBasis, FactorKind, UnitTracking};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{AmendFactor, Controls, DisplayUnit, RegisterFactor, SetCap, TradeRule};
use yulin_domain::journal::Refused;

use super::common::{SeenInput, date};
use super::read::{Read, days, each, id, maybe, seen, units, year};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::{Decimal, LocalDate};

/// A unit in which amounts are shown (展示单位).
#[derive(Debug, Clone, InputObject)]
pub struct DisplayUnitInput {
    /// The symbol, such as `t/a` (单位).
    pub symbol: String,
    /// One of it is 10^decimals base units (小数位).
    pub decimals: i32,
}

impl TryFrom<DisplayUnitInput> for DisplayUnit {
    type Error = Refused;
    fn try_from(DisplayUnitInput { symbol, decimals }: DisplayUnitInput) -> Read<Self> {
        Ok(Self {
            symbol,
            decimals: u8::try_from(decimals).map_err(|_| Refused::new(ErrorCode::Validation).at("decimals"))?,
        })
    }
}

/// Whether a factor may be traded within a time, by which law (交易规则).
#[derive(Debug, Clone, InputObject)]
pub struct TradeRuleInput {
    /// The first day on which it holds (起始日).
    pub from: LocalDate,
    /// The last day on which it holds (截止日).
    pub to: Option<LocalDate>,
    /// Whether it may be traded then (是否可交易).
    pub tradable: bool,
    /// The law or rule (法律依据).
    pub legal_basis: String,
    /// Where the rule was found, and whether it was verified (来源).
    pub source: String,
}

impl TryFrom<TradeRuleInput> for TradeRule {
    type Error = Refused;
    fn try_from(TradeRuleInput { from, to, tradable, legal_basis, source }: TradeRuleInput) -> Read<Self> {
        Ok(Self { from: from.date("from")?, to: date(to, "to")?, tradable, legal_basis, source })
    }
}

/// Controls on movements of a factor, with date and source (管控参数).
#[derive(Debug, Clone, InputObject)]
pub struct ControlsInput {
    /// A transfer of more base units than this needs a second pair of eyes (双人复核限额).
    pub four_eyes_above: Option<Decimal>,
    /// Working days from an approval to its effect, and until a trusted counterparty counts (生效延迟工作日).
    pub delay_days: Option<i32>,
    /// Days within which a transfer may be reversed; none: never (冲正期限天数).
    pub reversal_days: Option<i32>,
    /// How much of an account may be carried over, in thousandths (结转比例千分数).
    pub carry_over_permille: Option<i32>,
    /// The outside register that confirms changes of holder (外部登记机构).
    pub confirmed_by: Option<String>,
    /// Since when these hold; required where any is set (适用日期).
    pub dated: Option<LocalDate>,
    /// Where they come from; required where any is set (来源).
    pub source: Option<String>,
}

impl TryFrom<ControlsInput> for Controls {
    type Error = Refused;
    fn try_from(
        ControlsInput { four_eyes_above, delay_days, reversal_days, carry_over_permille, confirmed_by, dated, source }: ControlsInput,
    ) -> Read<Self> {
        Ok(Self {
            four_eyes_above: four_eyes_above.map(|given| given.scaled(0, "fourEyesAbove")).transpose()?,
            delay_days: days(delay_days, "delayDays")?.unwrap_or_default(),
            reversal_days: days(reversal_days, "reversalDays")?.unwrap_or_default(),
            carry_over_permille: days(carry_over_permille, "carryOverPermille")?,
            confirmed_by,
            dated: date(dated, "dated")?,
            source,
        })
    }
}

/// A factor to be registered (登记要素品种).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterFactorInput {
    /// The code, unique, such as `COD` (代码).
    pub code: String,
    /// The Chinese name (中文名称).
    pub name_zh: String,
    /// The English name (英文名称).
    pub name_en: String,
    /// The kind of factor (要素类型).
    pub kind: Chosen<FactorKind>,
    /// The basis of energy; of energy alone (能耗口径).
    pub basis: Option<Chosen<EnergyBasis>>,
    /// How units are told apart (登记方式).
    pub tracking: Chosen<UnitTracking>,
    /// The unit in which amounts are kept, such as `g/a` (基本单位).
    pub base_unit: String,
    /// Units in which amounts are shown, the first by default (展示单位).
    #[graphql(default)]
    pub display: Vec<DisplayUnitInput>,
    /// The outside register that is authoritative (所镜像的外部登记).
    pub mirror_of: Option<String>,
    /// When it may be traded; none: it may not (交易规则).
    #[graphql(default)]
    pub trade_rules: Vec<TradeRuleInput>,
    /// Controls on movements (管控参数).
    pub controls: Option<ControlsInput>,
}

impl TryFrom<RegisterFactorInput> for RegisterFactor {
    type Error = Refused;
    fn try_from(
        RegisterFactorInput {
            code,
            name_zh,
            name_en,
            kind,
            basis,
            tracking,
            base_unit,
            display,
            mirror_of,
            trade_rules,
            controls,
        }: RegisterFactorInput,
    ) -> Read<Self> {
        Ok(Self {
            code,
            name_zh,
            name_en,
            kind: kind.0,
            basis: basis.map(|chosen| chosen.0),
            tracking: tracking.0,
            base_unit,
            display: each(display, "display")?,
            mirror_of,
            trade_rules: each(trade_rules, "tradeRules")?,
            controls: maybe(controls, "controls")?.unwrap_or_default(),
        })
    }
}

/// Rules and controls of a factor to be amended; what is left out stays (变更要素规则).
#[derive(Debug, Clone, InputObject)]
pub struct AmendFactorInput {
    /// The factor, with the version seen (要素).
    pub factor: SeenInput,
    /// When it may be traded (交易规则).
    pub trade_rules: Option<Vec<TradeRuleInput>>,
    /// Controls on movements (管控参数).
    pub controls: Option<ControlsInput>,
}

impl TryFrom<AmendFactorInput> for AmendFactor {
    type Error = Refused;
    fn try_from(AmendFactorInput { factor, trade_rules, controls }: AmendFactorInput) -> Read<Self> {
        Ok(Self {
            factor: seen(&factor, "factor")?,
            trade_rules: trade_rules.map(|given| each(given, "tradeRules")).transpose()?,
            controls: maybe(controls, "controls")?,
        })
    }
}

/// The most of a factor that may be issued for a year; its legal basis stands with the act (设定总量上限).
#[derive(Debug, Clone, InputObject)]
pub struct SetCapInput {
    /// The factor (要素).
    pub factor: ID,
    /// The calendar year (年度).
    pub period: i32,
    /// The most, in base units (上限).
    pub most: Decimal,
}

impl TryFrom<SetCapInput> for SetCap {
    type Error = Refused;
    fn try_from(SetCapInput { factor, period, most }: SetCapInput) -> Read<Self> {
        Ok(Self { factor: id(&factor, "factor")?, period: year(period, "period")?, most: units(&most, "most")? })
    }
}

mutations! {
    FactorMutations:
    /// Registers a factor (登记要素品种).
    register_factor(RegisterFactorInput) = RegisterFactor;
    /// Amends rules and controls of a factor, for a reason (变更要素规则).
    amend_factor(AmendFactorInput) = AmendFactor;
    /// Sets or alters the cap of a factor for a year (设定总量上限).
    set_cap(SetCapInput) = SetCap;
}
