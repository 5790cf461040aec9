//! How an account is opened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{administered_by_actor, known_factor};
use super::rules::rules_for;
use super::{Account, Factor};
use crate::codes::{AccountPurpose, AccountStatus, MoveKind, ParcelState};
use crate::district::{check_given, check_text};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Body, Change, Claim, Context, Decision, DistrictId, FactorId, Needs, ParcelId, PartyId, Record, Refused,
    Span,
};

/// Opens an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccount {
    pub code: String,
    pub factor: FactorId,
    pub purpose: AccountPurpose,
    pub district: DistrictId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<ParcelId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
}

impl Body for OpenAccount {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.factor.into());
        needs.records.extend(self.holder.map(crate::journal::RecordKey::from));
        needs.records.extend(self.parcel.map(crate::journal::RecordKey::from));
        needs.claims.push(Claim::AccountCode(self.code.clone()));
        needs.ledger.issuers_of.push(self.factor);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.code, "code")?;
        check_given(self.permit.as_deref(), "permit")?;
        context.district(self.district)?;
        let factor = known_factor(context, self.factor, "factor")?;
        administered_by_actor(context, factor)?;
        self.check_holder(context)?;
        self.check_parcel(context, factor)?;
        if context.set.claimants(&Claim::AccountCode(self.code.clone())).next().is_some() {
            return Err(Refused::new(ErrorCode::CodeDuplicate).at("code").with("code", self.code.clone()));
        }
        // Numbers are given out once a factor, so that one account alone gives them out.
        if self.purpose == AccountPurpose::Issuance
            && factor.is_numbered()
            && let Some(other) = context.set.issuance_account(self.factor, context.now)
        {
            return Err(Refused::new(ErrorCode::CodeDuplicate).at("purpose").told("account", other));
        }
        let id = AccountId::made_by(context.envelope.id, context.leg, 0);
        let Self { code, factor, purpose, district, holder, parcel, permit } = self.clone();
        let account = Account {
            id,
            code,
            factor,
            purpose,
            district,
            holder,
            parcel,
            permit,
            status: AccountStatus::Open,
            blocks: Vec::new(),
            venues: Vec::new(),
            trusted: Vec::new(),
            carried: BTreeMap::new(),
            next_number: 0,
        };
        Ok(vec![Change::put(id.into(), id.into(), Span::ALL, account)].into())
    }
}

impl OpenAccount {
    /// What is held is somebody's.
    fn check_holder(&self, context: &Context<'_>) -> Result<(), Refused> {
        match self.holder {
            Some(party) if context.set.timeline(party).is_none() => {
                Err(Refused::new(ErrorCode::PartyUnknown).at("holder").told("party", party))
            }
            None if matches!(self.purpose, AccountPurpose::Holding | AccountPurpose::Escrow) => {
                Err(Refused::new(ErrorCode::FieldRequired).at("holder"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What is bound to land goes on with it when it is split or merged.
    fn check_parcel(&self, context: &Context<'_>, factor: &Factor) -> Result<(), Refused> {
        let Some(id) = self.parcel else { return Ok(()) };
        if rules_for(MoveKind::Apportion, factor.kind, self.purpose, self.purpose).next().is_none() {
            let refused = Refused::new(ErrorCode::MoveNotAllowed).at("parcel").told("purpose", self.purpose);
            return Err(refused.with("factor", factor.code.clone()));
        }
        match context.set.state(id, context.now) {
            Some(Record::Parcel(parcel)) if parcel.state == ParcelState::Retired => {
                Err(Refused::new(ErrorCode::Retired).at("parcel").told("parcel", id))
            }
            Some(Record::Parcel(_)) => Ok(()),
            _ => Err(Refused::new(ErrorCode::NotFound).at("parcel").told("parcel", id)),
        }
    }
}
