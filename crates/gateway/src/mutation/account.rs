//! Mutations of accounts: opened, frozen, closed; opened to venues, and the counterparties a holder trusts.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::{AccountPurpose, AccountStatus};
use yulin_domain::factor::{AuthoriseVenue, OpenAccount, SetAccountStatus, TrustCounterparty, VenueAccess};
use yulin_domain::journal::Refused;

use super::common::SeenInput;
use super::read::{Read, id, ids, maybe_id, seen};
use super::roots::mutations;
use crate::codes::Chosen;

/// An account to be opened (开立账户).
#[derive(Debug, Clone, InputObject)]
pub struct OpenAccountInput {
    /// The code, unique in the registry (账户编码).
    pub code: String,
    /// The factor (要素).
    pub factor: ID,
    /// What it is for (用途).
    pub purpose: Chosen<AccountPurpose>,
    /// The district in whose book it stands (辖区).
    pub district: ID,
    /// Whose it is; of holdings and escrow always somebody (持有人).
    pub holder: Option<ID>,
    /// The parcel it is bound to: it goes on with the land (绑定宗地).
    pub parcel: Option<ID>,
    /// The permit it is bound to (绑定许可证).
    pub permit: Option<String>,
}

impl TryFrom<OpenAccountInput> for OpenAccount {
    type Error = Refused;
    fn try_from(
        OpenAccountInput { code, factor, purpose, district, holder, parcel, permit }: OpenAccountInput,
    ) -> Read<Self> {
        Ok(Self {
            code,
            factor: id(&factor, "factor")?,
            purpose: purpose.0,
            district: id(&district, "district")?,
            holder: maybe_id(holder.as_ref(), "holder")?,
            parcel: maybe_id(parcel.as_ref(), "parcel")?,
            permit,
        })
    }
}

/// What an account lets through from now on (设定账户状态).
#[derive(Debug, Clone, InputObject)]
pub struct SetAccountStatusInput {
    /// The account, with the version seen (账户).
    pub account: SeenInput,
    /// The status (状态).
    pub status: Chosen<AccountStatus>,
}

impl TryFrom<SetAccountStatusInput> for SetAccountStatus {
    type Error = Refused;
    fn try_from(SetAccountStatusInput { account, status }: SetAccountStatusInput) -> Read<Self> {
        Ok(Self { account: seen(&account, "account")?, status: status.0 })
    }
}

/// Accounts and factors to be opened to a venue, or closed to it (授权交易平台).
#[derive(Debug, Clone, InputObject)]
pub struct AuthoriseVenueInput {
    /// The principal of the venue (交易平台).
    pub venue: ID,
    /// Accounts on which it may place and settle holds (账户).
    #[graphql(default)]
    pub accounts: Vec<ID>,
    /// Factors in which it may deal (要素).
    #[graphql(default)]
    pub factors: Vec<ID>,
    /// Granted or withdrawn (授权或撤回).
    pub access: Chosen<VenueAccess>,
}

impl TryFrom<AuthoriseVenueInput> for AuthoriseVenue {
    type Error = Refused;
    fn try_from(AuthoriseVenueInput { venue, accounts, factors, access }: AuthoriseVenueInput) -> Read<Self> {
        Ok(Self {
            venue: id(&venue, "venue")?,
            accounts: ids(&accounts, "accounts")?,
            factors: ids(&factors, "factors")?,
            access: access.0,
        })
    }
}

/// A counterparty that a holder trusts, or no longer (可信对手方).
#[derive(Debug, Clone, InputObject)]
pub struct TrustCounterpartyInput {
    /// The account of the holder, with the version seen (账户).
    pub account: SeenInput,
    /// The account of the other (对方账户).
    pub counterparty: ID,
    /// Put on the list or taken off (列入或移出).
    pub access: Chosen<VenueAccess>,
}

impl TryFrom<TrustCounterpartyInput> for TrustCounterparty {
    type Error = Refused;
    fn try_from(TrustCounterpartyInput { account, counterparty, access }: TrustCounterpartyInput) -> Read<Self> {
        Ok(Self {
            account: seen(&account, "account")?,
            counterparty: id(&counterparty, "counterparty")?,
            access: access.0,
        })
    }
}

mutations! {
    AccountMutations:
    /// Opens an account (开立账户).
    open_account(OpenAccountInput) = OpenAccount;
    /// Freezes an account one way or both, opens it again, or closes it; for a reason (设定账户状态).
    set_account_status(SetAccountStatusInput) = SetAccountStatus;
    /// Opens accounts and factors to a venue, or closes them (授权交易平台).
    authorise_venue(AuthoriseVenueInput) = AuthoriseVenue;
    /// Puts a counterparty on the list of those a holder trusts, after the delay of the factor, or takes it off at once (可信对手方).
    trust_counterparty(TrustCounterpartyInput) = TrustCounterparty;
}
