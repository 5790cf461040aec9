//! Mutations by which parcels give way to others: split, merged, retired.
//!
//! What becomes of the rights and restrictions on them is said in the same act, one by one.

use async_graphql::{ID, InputObject, OneofObject};
use yulin_domain::factor::{Apportionment, Stated};
use yulin_domain::journal::Refused;
use yulin_domain::land::{Child, Disposition, MergeParcels, RetireParcel, SplitParcel};

use super::card::ParcelFactsInput;
use super::common::{FootprintInput, SeenInput};
use super::read::{Read, Under, each, id, record_key, seen, units};
use super::roots::mutations;
use crate::scalars::Decimal;

/// What becomes of one right or restriction of a parcel that gives way (权利处置).
#[derive(Debug, Clone, OneofObject)]
pub enum DispositionInput {
    /// It goes on, on new parcels (转入).
    Carried(CarriedInput),
    /// It ends with the parcel: `right:uuid` or `restriction:uuid` (终止).
    Ended(ID),
}

/// A right or restriction that goes on (转入的权利或限制).
#[derive(Debug, Clone, InputObject)]
pub struct CarriedInput {
    /// `right:uuid` or `restriction:uuid` (权利或限制).
    pub record: ID,
    /// The new parcels, by their places in the act's list, from 0 (新宗地序号).
    pub onto: Vec<u32>,
}

impl TryFrom<DispositionInput> for Disposition {
    type Error = Refused;
    fn try_from(given: DispositionInput) -> Read<Self> {
        match given {
            DispositionInput::Carried(CarriedInput { record, onto }) => {
                let record = record_key(&record, "carried.record")?;
                // A place beyond the platform's range is beyond any list, and refused as such.
                let place = |place| usize::try_from(place).unwrap_or(usize::MAX);
                Ok(Self::Carried { record, onto: onto.into_iter().map(place).collect() })
            }
            DispositionInput::Ended(record) => Ok(Self::Ended { record: record_key(&record, "ended")? }),
        }
    }
}

/// One of the parcels a split makes (分割后宗地).
#[derive(Debug, Clone, InputObject)]
pub struct ChildInput {
    /// What differs from the parent; the code is new.
    #[graphql(flatten)]
    pub facts: ParcelFactsInput,
    /// Its footprint (宗地图形).
    pub footprint: FootprintInput,
}

impl TryFrom<ChildInput> for Child {
    type Error = Refused;
    fn try_from(ChildInput { facts, footprint }: ChildInput) -> Read<Self> {
        Ok(Self { facts: facts.try_into()?, footprint: footprint.try_into().under("footprint")? })
    }
}

/// A parcel and what it is split into (分割宗地).
#[derive(Debug, Clone, InputObject)]
pub struct SplitParcelInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// The new parcels, which together are what it was (新宗地).
    pub children: Vec<ChildInput>,
    /// What becomes of each right and restriction on it (权利处置).
    #[graphql(default)]
    pub dispositions: Vec<DispositionInput>,
    /// How quotas bound to the parcel are divided, account by account; those not named go by area (指标分配).
    #[graphql(default)]
    pub apportion: Vec<ApportionmentInput>,
}

/// How one account bound to a parcel is divided among the new parcels; the amounts sum to what lies on it (指标分配).
#[derive(Debug, Clone, InputObject)]
pub struct ApportionmentInput {
    /// The account (账户).
    pub account: ID,
    /// What each new parcel takes (分配数量).
    pub amounts: Vec<StatedAmountInput>,
}

/// What one new parcel takes (分配数量).
#[derive(Debug, Clone, InputObject)]
pub struct StatedAmountInput {
    /// The new parcel, by its place in the act's list, from 0 (新宗地序号).
    pub child: u32,
    /// How many base units (数量).
    pub amount: Decimal,
}

impl TryFrom<ApportionmentInput> for Apportionment {
    type Error = Refused;
    fn try_from(ApportionmentInput { account, amounts }: ApportionmentInput) -> Read<Self> {
        Ok(Self { account: id(&account, "account")?, amounts: each(amounts, "amounts")? })
    }
}

impl TryFrom<StatedAmountInput> for Stated {
    type Error = Refused;
    fn try_from(StatedAmountInput { child, amount }: StatedAmountInput) -> Read<Self> {
        let child = usize::try_from(child).unwrap_or(usize::MAX);
        Ok(Self { child, amount: units(&amount, "amount")? })
    }
}

impl TryFrom<SplitParcelInput> for SplitParcel {
    type Error = Refused;
    fn try_from(SplitParcelInput { parcel, children, dispositions, apportion }: SplitParcelInput) -> Read<Self> {
        Ok(Self {
            parcel: seen(&parcel, "parcel")?,
            children: each(children, "children")?,
            dispositions: each(dispositions, "dispositions")?,
            apportion: each(apportion, "apportion")?,
        })
    }
}

/// Parcels and what they are merged into (合并宗地).
#[derive(Debug, Clone, InputObject)]
pub struct MergeParcelsInput {
    /// The parcels (宗地).
    pub parcels: Vec<SeenInput>,
    /// What differs from the first of them; the code is new.
    #[graphql(flatten)]
    pub facts: ParcelFactsInput,
    /// The footprint of the new parcel (宗地图形).
    pub footprint: FootprintInput,
    /// What becomes of each right and restriction on them (权利处置).
    #[graphql(default)]
    pub dispositions: Vec<DispositionInput>,
}

impl TryFrom<MergeParcelsInput> for MergeParcels {
    type Error = Refused;
    fn try_from(MergeParcelsInput { parcels, facts, footprint, dispositions }: MergeParcelsInput) -> Read<Self> {
        let read = |(place, given): (usize, &SeenInput)| seen(given, &format!("parcels[{place}]"));
        Ok(Self {
            parcels: parcels.iter().enumerate().map(read).collect::<Read<_>>()?,
            facts: facts.try_into()?,
            footprint: footprint.try_into().under("footprint")?,
            dispositions: each(dispositions, "dispositions")?,
        })
    }
}

/// A parcel that leaves the register without successors; the act needs a reason (注销宗地).
#[derive(Debug, Clone, InputObject)]
pub struct RetireParcelInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// Every right and restriction on it, ended (权利处置).
    #[graphql(default)]
    pub dispositions: Vec<DispositionInput>,
}

impl TryFrom<RetireParcelInput> for RetireParcel {
    type Error = Refused;
    fn try_from(RetireParcelInput { parcel, dispositions }: RetireParcelInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, dispositions: each(dispositions, "dispositions")? })
    }
}

mutations! {
    SuccessionMutations:
    /// Splits a parcel into new ones that together are what it was (分割宗地).
    split_parcel(SplitParcelInput) = SplitParcel;
    /// Merges parcels into one that is all of them (合并宗地).
    merge_parcels(MergeParcelsInput) = MergeParcels;
    /// Retires a parcel without successors (注销宗地).
    retire_parcel(RetireParcelInput) = RetireParcel;
}
