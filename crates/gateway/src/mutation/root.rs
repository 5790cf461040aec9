//! The root of all mutations.

use async_graphql::MergedObject;

use super::account::AccountMutations;
use super::calendar::CalendarMutations;
use super::district::DistrictMutations;
use super::factor::FactorMutations;
use super::feature::FeatureMutations;
use super::freeze::FreezeMutations;
use super::hold::HoldMutations;
use super::journal::JournalMutations;
use super::money::MoneyMutations;
use super::parcel::ParcelMutations;
use super::party::PartyMutations;
use super::principal::PrincipalMutations;
use super::reconciliation::ReconciliationMutations;
use super::restriction::RestrictionMutations;
use super::right::RightMutations;
use super::schedule::ScheduleMutations;
use super::succession::SuccessionMutations;
use super::units::UnitMutations;
use super::zone::ZoneMutations;
use crate::webhook::WebhookMutations;

/// What can be done in the registry: each mutation is an act, recorded in the journal or refused (登记操作).
#[derive(Debug, Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutations(
    DistrictMutations,
    PartyMutations,
    PrincipalMutations,
    ParcelMutations,
    SuccessionMutations,
    RightMutations,
    RestrictionMutations,
    FreezeMutations,
    ZoneMutations,
    FeatureMutations,
    FactorMutations,
    AccountMutations,
    UnitMutations,
    HoldMutations,
    MoneyMutations,
    ReconciliationMutations,
    ScheduleMutations,
    JournalMutations,
    CalendarMutations,
    WebhookMutations,
);
