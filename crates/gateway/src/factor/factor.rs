//! A factor as the API shows it, its caps, and its totals with the identity that conserves it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use yulin_domain::codes::{AccountPurpose, EnergyBasis, FactorKind, UnitTracking};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Cap, Factor};
use yulin_domain::quantity::Units;
use yulin_persistence::{FactorTotals, Snapshot, Versioned};

use super::access::ledger_snapshot;
use super::{FactorPage, QuantityObject};
use crate::codes::Chosen;
use crate::disclosure::{Reading, reading_of};
use crate::errors::{OrNull, coded, or_null};
use crate::request::viewer;
use crate::scalars::{AsOfInput, Decimal, LocalDate, Seq, write_id};

/// A factor resource, and the list in which it was read.
#[derive(Clone)]
pub struct FactorObject(pub Arc<Versioned<Factor>>, pub(super) Arc<FactorPage>);

impl FactorObject {
    async fn snapshot(&self, ctx: &Context<'_>, as_of: Option<AsOfInput>) -> Result<Snapshot, Error> {
        match as_of {
            Some(_) => ledger_snapshot(ctx, as_of).await,
            None => Ok(self.1.snapshot),
        }
    }
}

/// A factor resource that the ledger keeps (要素品种).
#[Object(name = "Factor")]
impl FactorObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.0.state.id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.0.version)
    }

    /// The code (代码).
    async fn code(&self) -> &str {
        &self.0.state.code
    }

    /// The Chinese name (中文名称).
    async fn name_zh(&self) -> &str {
        &self.0.state.name_zh
    }

    /// The English name (英文名称).
    async fn name_en(&self) -> &str {
        &self.0.state.name_en
    }

    /// The kind of factor (要素类型).
    async fn kind(&self) -> Chosen<FactorKind> {
        self.0.state.kind.into()
    }

    /// The basis of energy; of energy alone (能耗口径).
    async fn basis(&self) -> Option<Chosen<EnergyBasis>> {
        self.0.state.basis.map(Into::into)
    }

    /// How units are told apart (登记方式).
    async fn tracking(&self) -> Chosen<UnitTracking> {
        self.0.state.tracking.into()
    }

    /// The unit in which amounts are kept (基本单位).
    async fn base_unit(&self) -> &str {
        &self.0.state.base_unit
    }

    /// Units in which amounts are shown (展示单位).
    async fn display_units(&self) -> Vec<DisplayUnitObject> {
        let units = self.0.state.display.iter();
        units.map(|unit| DisplayUnitObject { symbol: unit.symbol.clone(), decimals: unit.decimals.into() }).collect()
    }

    /// The outside register that is authoritative; null where the ledger here is (所镜像的外部登记).
    async fn mirror_of(&self) -> Option<&str> {
        self.0.state.mirror_of.as_deref()
    }

    /// The closed periods of each district: nothing is booked into them any more (已关闭账期).
    async fn closed(&self) -> Vec<ClosedObject> {
        let closed = self.0.state.closed.iter();
        closed.map(|(district, until)| ClosedObject { district: write_id(*district), until: (*until).into() }).collect()
    }

    /// When it may be traded, by which law (交易规则).
    async fn trade_rules(&self) -> Vec<TradeRuleObject> {
        let rules = self.0.state.trade_rules.iter();
        rules
            .map(|rule| TradeRuleObject {
                from: rule.from.into(),
                to: rule.to.map(Into::into),
                tradable: rule.tradable,
                legal_basis: rule.legal_basis.clone(),
                source: rule.source.clone(),
            })
            .collect()
    }

    /// Controls on movements, with date and source (管控参数).
    async fn controls(&self) -> ControlsObject {
        let controls = &self.0.state.controls;
        ControlsObject {
            four_eyes_above: controls.four_eyes_above.map(|units| Decimal(units.to_string())),
            delay_days: controls.delay_days.into(),
            reversal_days: controls.reversal_days.into(),
            carry_over_permille: controls.carry_over_permille.map(Into::into),
            confirmed_by: controls.confirmed_by.clone(),
            dated: controls.dated.map(Into::into),
            source: controls.source.clone(),
        }
    }

    /// The caps by year (年度总量上限).
    async fn caps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As of which recorded time; as the factor was read where left out (查询时点)")] as_of: Option<
            AsOfInput,
        >,
    ) -> Result<Vec<CapObject>, Error> {
        if !viewer(ctx).sees_books_of(self.0.state.id) {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot(ctx, as_of).await?;
        let caps = self.1.caps(&snapshot).await?;
        let mine = caps.iter().filter(|cap| cap.factor == self.0.state.id).cloned();
        let mut caps: Vec<_> = mine.map(|cap| CapObject { cap, factor: self.clone() }).collect();
        caps.sort_by_key(|cap| cap.cap.period);
        Ok(caps)
    }

    /// What there is of it by purpose of account, and the identity that conserves it; for officers (总量与守恒).
    async fn totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As of which recorded time; as the factor was read where left out (查询时点)")] as_of: Option<
            AsOfInput,
        >,
    ) -> OrNull<TotalsObject> {
        or_null(async {
            let viewer = viewer(ctx);
            if reading_of(&viewer, "Factor", "totals") != Reading::Yes {
                return Err(coded(ErrorCode::Forbidden, "totals"));
            }
            if !viewer.sees_books_of(self.0.state.id) {
                return Ok(None);
            }
            let snapshot = self.snapshot(ctx, as_of).await?;
            let totals = self.1.totals(&snapshot).await?.get(&self.0.state.id).cloned().unwrap_or_default();
            Ok(Some(TotalsObject { totals, seq: snapshot.seq }))
        })
        .await
    }
}

/// A unit in which amounts are shown: one of it is 10^decimals base units (展示单位).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DisplayUnit")]
pub struct DisplayUnitObject {
    /// The symbol (单位).
    pub symbol: String,
    /// The decimals (小数位).
    pub decimals: i32,
}

/// Books of a district that are closed up to a day (已关闭账期).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Closed")]
pub struct ClosedObject {
    /// The district, as an id (辖区标识).
    pub district: ID,
    /// The last day of the period (截止日).
    pub until: LocalDate,
}

/// Whether a factor may be traded within a time (交易规则).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "TradeRule")]
pub struct TradeRuleObject {
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

/// Controls on movements of a factor (管控参数).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Controls")]
pub struct ControlsObject {
    /// A transfer of more base units than this needs a second pair of eyes (双人复核限额).
    pub four_eyes_above: Option<Decimal>,
    /// Working days from an approval to its effect, and until a trusted counterparty counts (生效延迟工作日).
    pub delay_days: i32,
    /// Days within which a transfer may be reversed (冲正期限天数).
    pub reversal_days: i32,
    /// How much of an account may be carried over, in thousandths (结转比例千分数).
    pub carry_over_permille: Option<i32>,
    /// The outside register that confirms changes of holder (外部登记机构).
    pub confirmed_by: Option<String>,
    /// Since when these hold (适用日期).
    pub dated: Option<LocalDate>,
    /// Where they come from (来源).
    pub source: Option<String>,
}

/// The cap of a year.
#[derive(Clone)]
pub struct CapObject {
    cap: Cap,
    factor: FactorObject,
}

/// The most of a factor that may be issued for a year, and what has been (年度总量上限).
#[Object(name = "Cap")]
impl CapObject {
    /// The calendar year (年度).
    async fn period(&self) -> i32 {
        self.cap.period.into()
    }

    /// The most (上限).
    async fn most(&self) -> QuantityObject {
        QuantityObject::of(self.cap.most, Some(&self.factor))
    }

    /// What has been issued (已发行).
    async fn issued(&self) -> QuantityObject {
        QuantityObject::of(self.cap.issued, Some(&self.factor))
    }

    /// What may still be issued (剩余).
    async fn left(&self) -> QuantityObject {
        let left: Units = self.cap.most.less(self.cap.issued).unwrap_or_default();
        QuantityObject::of(left, Some(&self.factor))
    }

    /// The law or decision (法律依据).
    async fn legal_basis(&self) -> &str {
        &self.cap.legal_basis
    }
}

/// What there is of a factor.
#[derive(Debug, Clone)]
pub struct TotalsObject {
    totals: FactorTotals,
    seq: i64,
}

/// What there is of a factor by purpose of account, in base units: what was issued lies somewhere (总量与守恒).
#[Object(name = "Totals")]
impl TotalsObject {
    /// The entry as of which it was summed (登记序号).
    async fn seq(&self) -> Seq {
        Seq(self.seq)
    }

    /// What was issued, or lies at the bank (已发行).
    async fn issued(&self) -> Decimal {
        Decimal(self.totals.issued().to_string())
    }

    /// What lies on all other accounts (在账合计).
    async fn lying(&self) -> Decimal {
        Decimal(self.totals.lying().to_string())
    }

    /// Whether the two are equal, as they always must be (是否守恒).
    async fn conserved(&self) -> bool {
        self.totals.issued() == self.totals.lying()
    }

    /// By purpose of account (按用途).
    async fn by_purpose(&self) -> Vec<PurposeTotalObject> {
        let totals = self.totals.by_purpose.iter();
        totals
            .map(|(purpose, total)| PurposeTotalObject {
                purpose: (*purpose).into(),
                accounts: total.accounts,
                posted: Decimal(total.posted.to_string()),
                held: Decimal(total.held.to_string()),
            })
            .collect()
    }
}

/// What lies on all accounts of one purpose, in base units (按用途合计).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "PurposeTotal")]
pub struct PurposeTotalObject {
    /// The purpose (用途).
    pub purpose: Chosen<AccountPurpose>,
    /// How many accounts have entries (账户数).
    pub accounts: i64,
    /// What lies on them (总量).
    pub posted: Decimal,
    /// What of it is set aside (冻结量).
    pub held: Decimal,
}
