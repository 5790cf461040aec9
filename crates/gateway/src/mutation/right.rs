//! Mutations of rights: granted, transferred, ended, and their titles mirrored.

use async_graphql::{ID, InputObject};
use yulin_domain::journal::Refused;
use yulin_domain::land::{EndCause, EndRight, GrantRight, HolderShare, Move, RecordTitle, TransferRight};

use super::common::{ExternalRefInput, SeenInput, ShareInput, share};
use super::read::{Read, Under, each, id, seen};
use super::roots::mutations;
use super::tenure::TenureInput;
use crate::codes::Chosen;

/// A holder of a right and his share (权利人及其份额).
#[derive(Debug, Clone, InputObject)]
pub struct HolderInput {
    /// The party (主体).
    pub party: ID,
    /// The share of the right (份额).
    pub share: ShareInput,
}

impl TryFrom<HolderInput> for HolderShare {
    type Error = Refused;
    fn try_from(HolderInput { party, share: part }: HolderInput) -> Read<Self> {
        Ok(Self { party: id(&party, "party")?, share: share(part)? })
    }
}

/// A right to be granted (设立权利).
#[derive(Debug, Clone, InputObject)]
pub struct GrantRightInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// Type, nature and term of the right (权利情况).
    pub tenure: TenureInput,
    /// Who holds it; the shares sum to one (权利人).
    pub holders: Vec<HolderInput>,
    /// Number of the certificate of title (不动产权证号).
    pub certificate: Option<String>,
    /// Where the legal register keeps it (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<GrantRightInput> for GrantRight {
    type Error = Refused;
    fn try_from(GrantRightInput { parcel, tenure, holders, certificate, external }: GrantRightInput) -> Read<Self> {
        Ok(Self {
            parcel: seen(&parcel, "parcel")?,
            tenure: tenure.try_into().under("tenure")?,
            holders: each(holders, "holders")?,
            certificate,
            external: external.map(Into::into),
        })
    }
}

/// A share that passes from one party to another (份额转移).
#[derive(Debug, Clone, InputObject)]
pub struct MoveInput {
    /// Who gives it (转出方).
    pub from: ID,
    /// Who takes it (转入方).
    pub to: ID,
    /// The share of the whole right, not of what the giver holds (份额).
    pub share: ShareInput,
}

impl TryFrom<MoveInput> for Move {
    type Error = Refused;
    fn try_from(MoveInput { from, to, share: part }: MoveInput) -> Read<Self> {
        Ok(Self { from: id(&from, "from")?, to: id(&to, "to")?, share: share(part)? })
    }
}

/// Shares of a right that pass to others (转移权利).
#[derive(Debug, Clone, InputObject)]
pub struct TransferRightInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The right (权利).
    pub right: ID,
    /// What passes, in this order (转移事项).
    pub moves: Vec<MoveInput>,
    /// The certificate issued to the new holders (不动产权证号).
    pub certificate: Option<String>,
    /// Where the legal register keeps it (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<TransferRightInput> for TransferRight {
    type Error = Refused;
    fn try_from(TransferRightInput { parcel, right, moves, certificate, external }: TransferRightInput) -> Read<Self> {
        Ok(Self {
            parcel: seen(&parcel, "parcel")?,
            right: id(&right, "right")?,
            moves: each(moves, "moves")?,
            certificate,
            external: external.map(Into::into),
        })
    }
}

/// A right that ends (终止权利).
#[derive(Debug, Clone, InputObject)]
pub struct EndRightInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The right (权利).
    pub right: ID,
    /// Why it ends (终止原因).
    pub cause: Chosen<EndCause>,
}

impl TryFrom<EndRightInput> for EndRight {
    type Error = Refused;
    fn try_from(EndRightInput { parcel, right, cause }: EndRightInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, right: id(&right, "right")?, cause: cause.0 })
    }
}

/// What the legal register says of a right (记录权证).
#[derive(Debug, Clone, InputObject)]
pub struct RecordTitleInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The right (权利).
    pub right: ID,
    /// Number of the certificate of title (不动产权证号).
    pub certificate: Option<String>,
    /// Where the legal register keeps it, and whether it has confirmed it (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<RecordTitleInput> for RecordTitle {
    type Error = Refused;
    fn try_from(RecordTitleInput { parcel, right, certificate, external }: RecordTitleInput) -> Read<Self> {
        let external = external.map(Into::into);
        Ok(Self { parcel: seen(&parcel, "parcel")?, right: id(&right, "right")?, certificate, external })
    }
}

mutations! {
    RightMutations:
    /// Records that a right in a parcel is granted (设立权利).
    grant_right(GrantRightInput) = GrantRight;
    /// Records that shares of a right pass to others (转移权利).
    transfer_right(TransferRightInput) = TransferRight;
    /// Records that a right ends (终止权利).
    end_right(EndRightInput) = EndRight;
    /// Mirrors what the legal register says of a right (记录权证).
    record_title(RecordTitleInput) = RecordTitle;
}
