//! How a factor comes to be known, and how its rules and controls are amended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Controls, DisplayUnit, Factor, TradeRule};
use crate::codes::{EnergyBasis, FactorKind, UnitTracking};
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Change, Claim, Context, Decision, FactorId, Needs, Record, Refused, Seen, Span};

/// Rules of trade that one factor may have.
const RULES_MAX: usize = 50;
/// Decimals of a unit of display: no i64 has more.
const DECIMALS_MAX: u8 = 18;

/// Registers a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterFactor {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub kind: FactorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<EnergyBasis>,
    pub tracking: UnitTracking,
    pub base_unit: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<DisplayUnit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror_of: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trade_rules: Vec<TradeRule>,
    #[serde(default)]
    pub controls: Controls,
}

/// Amends the rules and controls of a factor; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendFactor {
    pub factor: Seen<FactorId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade_rules: Option<Vec<TradeRule>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controls: Option<Controls>,
}

impl Body for RegisterFactor {
    fn needs(&self, needs: &mut Needs) {
        needs.claims.push(Claim::FactorCode(self.code.clone()));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let texts = [("code", &self.code), ("nameZh", &self.name_zh), ("nameEn", &self.name_en)];
        texts
            .into_iter()
            .chain([("baseUnit", &self.base_unit)])
            .try_for_each(|(field, text)| check_text(text, field))?;
        self.agrees()?;
        check_rules(&self.trade_rules)?;
        check_controls(&self.controls)?;
        if context.set.claimants(&Claim::FactorCode(self.code.clone())).next().is_some() {
            return Err(Refused::new(ErrorCode::CodeDuplicate).at("code").with("code", self.code.clone()));
        }
        let id = FactorId::made_by(context.envelope.id, context.leg, 0);
        let Self {
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
        } = self.clone();
        let venues = Vec::new();
        let factor = Factor {
            id,
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
            venues,
            closed: BTreeMap::new(),
        };
        Ok(vec![Change::put(id.into(), id.into(), Span::ALL, factor)].into())
    }
}

impl RegisterFactor {
    /// Energy has a basis and nothing else has; money and national allowances are mirrors; money has no numbers.
    fn agrees(&self) -> Result<(), Refused> {
        let wrong = |field: &str| Err(Refused::new(ErrorCode::Validation).at(field).told("kind", self.kind));
        if (self.kind == FactorKind::EnergyQuota) != self.basis.is_some() {
            return wrong("basis");
        }
        let is_mirror = matches!(self.kind, FactorKind::Money | FactorKind::CarbonAllowance);
        if is_mirror != self.mirror_of.is_some() {
            return wrong("mirrorOf");
        }
        if self.kind == FactorKind::Money && self.tracking != UnitTracking::Amount {
            return wrong("tracking");
        }
        let too_fine = self.display.iter().any(|unit| unit.decimals > DECIMALS_MAX);
        if too_fine { wrong("display") } else { Ok(()) }
    }
}

impl Body for AmendFactor {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.factor.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.unchanged(self.factor, "factor")?;
        context.reasoned()?;
        let Some(Record::Factor(factor)) = context.set.state(self.factor.id, context.now) else {
            return Err(Refused::new(ErrorCode::FactorUnknown).at("factor").told("factor", self.factor.id));
        };
        let mut amended = (**factor).clone();
        if let Some(rules) = &self.trade_rules {
            check_rules(rules)?;
            amended.trade_rules.clone_from(rules);
        }
        if let Some(controls) = &self.controls {
            check_controls(controls)?;
            amended.controls = controls.clone();
        }
        if amended == **factor {
            return Ok(Decision::default());
        }
        Ok(vec![Change::put(amended.id.into(), amended.id.into(), Span::ALL, amended)].into())
    }
}

fn check_rules(rules: &[TradeRule]) -> Result<(), Refused> {
    if rules.len() > RULES_MAX {
        return Err(Refused::new(ErrorCode::ListTooLong).at("tradeRules").with("most", RULES_MAX));
    }
    for (place, rule) in rules.iter().enumerate() {
        let at = |field: &str| format!("tradeRules[{place}].{field}");
        check_text(&rule.legal_basis, &at("legalBasis"))?;
        check_text(&rule.source, &at("source"))?;
        if rule.to.is_some_and(|to| to < rule.from) {
            return Err(Refused::new(ErrorCode::DateInvalid).at(at("to")).told("from", rule.from));
        }
    }
    Ok(())
}

/// A control that is set says since when and by which source.
fn check_controls(controls: &Controls) -> Result<(), Refused> {
    if *controls == Controls::default() {
        return Ok(());
    }
    if controls.dated.is_none() {
        return Err(Refused::new(ErrorCode::FieldRequired).at("controls.dated"));
    }
    let source = controls.source.as_deref().unwrap_or_default();
    check_text(source, "controls.source")?;
    match controls.four_eyes_above {
        Some(limit) if limit < 0 => {
            Err(Refused::new(ErrorCode::UnitsInvalid).at("controls.fourEyesAbove").with("given", limit))
        }
        _ => Ok(()),
    }
}
