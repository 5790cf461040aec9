//! Caps: how much of a factor may be issued for a period.

use serde::{Deserialize, Serialize};

use super::check::{kept_by_actor, known_factor, positive};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, CapId, Change, Claim, Context, Decision, FactorId, Needs, Record, Refused, Span};
use crate::quantity::Units;

/// The most of a factor that may be issued for a year, and what has been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub id: CapId,
    pub factor: FactorId,
    /// The calendar year it counts for.
    pub period: i16,
    pub most: Units,
    pub issued: Units,
    pub legal_basis: String,
}

impl Cap {
    /// The name no other cap may bear: its factor and period.
    pub const fn claim(&self) -> Claim {
        Claim::Cap(self.factor, self.period)
    }
}

/// Sets or alters the cap of a factor for a year; never below what was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetCap {
    pub factor: FactorId,
    pub period: i16,
    pub most: Units,
}

impl Body for SetCap {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.factor.into());
        needs.claims.push(Claim::Cap(self.factor, self.period));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        positive(self.most, "most")?;
        let Some(legal_basis) = context.envelope.legal_basis.clone().filter(|basis| !basis.trim().is_empty()) else {
            return Err(Refused::new(ErrorCode::LegalBasisRequired).at("legalBasis"));
        };
        kept_by_actor(context, known_factor(context, self.factor, "factor")?)?;
        let (id, issued) = match cap_of(context, self.factor, self.period) {
            Some(cap) => (cap.id, cap.issued),
            None => (CapId::made_by(context.envelope.id, context.leg, 0), Units::ZERO),
        };
        if self.most < issued {
            let refused = Refused::new(ErrorCode::CapExceeded).at("most").told("issued", issued.count());
            return Err(refused.told("cap", self.most.count()));
        }
        let Self { factor, period, most } = *self;
        let cap = Cap { id, factor, period, most, issued, legal_basis };
        Ok(vec![Change::put(factor.into(), id.into(), Span::ALL, cap)].into())
    }
}

/// The cap of a factor for a period, where one is set.
pub fn cap_of<'a>(context: &Context<'a>, factor: FactorId, period: i16) -> Option<&'a Cap> {
    let key = context.set.claimants(&Claim::Cap(factor, period)).next()?;
    match context.set.state(key, context.now) {
        Some(Record::Cap(cap)) => Some(cap),
        _ => None,
    }
}
