//! An account as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_domain::codes::{AccountPurpose, AccountStatus, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Balance, hindrances_of_sale};
use yulin_domain::journal::{AccountId, PrincipalId};
use yulin_domain::quantity::{Units, write_scaled};
use yulin_persistence::{AccountFilter, PersistenceError, Registry, Snapshot, Versioned};

use super::{AccountPage, BlockObject, EntryObject, FactorObject, HoldObject, LotObject, SaleObject};
use crate::codes::Chosen;
use crate::errors::coded;
use crate::mutation::ActRefused;
use crate::party::PartyObject;
use crate::scalars::{Decimal, Seq, Timestamp, write_id};
use crate::schema::Item;

/// An account of the factor ledger.
#[derive(Clone)]
pub struct AccountObject {
    pub(super) account: Arc<Versioned<Account>>,
    pub(super) page: Arc<AccountPage>,
}

impl AccountObject {
    pub(super) fn state(&self) -> &Account {
        &self.account.state
    }
}

impl Item for AccountObject {
    type Place = (String, AccountId);
    type Question = AccountFilter;

    fn place(&self) -> Self::Place {
        (self.state().code.clone(), self.state().id)
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_accounts(snapshot, question).await
    }
}

/// An account of the factor ledger (要素账户).
#[Object(name = "Account")]
impl AccountObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The entry that last changed it or what lies on it (版本).
    async fn version(&self) -> Seq {
        Seq(self.account.version)
    }

    /// The code, unique in the registry (账户编码).
    async fn code(&self) -> &str {
        &self.state().code
    }

    /// The factor (要素).
    async fn factor(&self) -> Result<Option<FactorObject>, Error> {
        self.page.factor(self.state().factor).await
    }

    /// What it is for (用途).
    async fn purpose(&self) -> Chosen<AccountPurpose> {
        self.state().purpose.into()
    }

    /// What it lets through (状态).
    async fn status(&self) -> Chosen<AccountStatus> {
        self.state().status.into()
    }

    /// Books that differ from the ledger about it; it is not traded on until they agree (对账暂停).
    async fn blocks(&self) -> Vec<BlockObject> {
        self.state().blocks.iter().map(BlockObject::from).collect()
    }

    /// The district in whose book it stands, as an id (辖区标识).
    async fn district(&self) -> ID {
        write_id(self.state().district)
    }

    /// Whose it is; null where it is the zone's own, or the viewer may not read parties (持有人).
    async fn holder(&self) -> Result<Option<PartyObject>, Error> {
        match self.state().holder {
            Some(party) => self.page.party(party).await,
            None => Ok(None),
        }
    }

    /// The parcel it is bound to, as an id (绑定宗地标识).
    async fn parcel(&self) -> Option<ID> {
        self.state().parcel.map(write_id)
    }

    /// The permit it is bound to (绑定许可证).
    async fn permit(&self) -> Option<&str> {
        self.state().permit.as_deref()
    }

    /// Venues that may place and settle holds on it, as ids of principals; a venue is told of itself (授权交易平台).
    async fn venues(&self) -> Vec<ID> {
        let viewer = &self.page.viewer;
        let own = viewer.identity.as_ref().map(|identity| identity.principal);
        let told = |venue: &&PrincipalId| viewer.role != Role::Venue || own == Some(**venue);
        self.state().venues.iter().filter(told).map(|venue| write_id(*venue)).collect()
    }

    /// Accounts its holder trusts, and since when (可信对手方).
    async fn trusted(&self) -> Vec<TrustedObject> {
        // Whom a holder trusts is no venue's business.
        let trusted = self.state().trusted.iter().filter(|_| self.page.viewer.role != Role::Venue);
        trusted.map(|one| TrustedObject { account: write_id(one.account), from: one.from.into() }).collect()
    }

    /// What lies on it and what of it is set aside, both from the same entry (余额).
    async fn balance(&self) -> Result<BalanceObject, Error> {
        let balance = self.page.balance(self.state().id).await?;
        let factor = self.page.factor(self.state().factor).await?;
        Ok(BalanceObject { balance, factor })
    }

    /// What may be sold from it today, whoever buys; what stands in the way where nothing may (可售量).
    async fn sale(&self) -> Result<SaleObject, Error> {
        let Some(factor) = self.page.factor(self.state().factor).await? else {
            return Err(coded(ErrorCode::Internal, "sale"));
        };
        let today = self.page.today(self.state().district).await?;
        let asks = self.page.viewer.identity.as_ref().map(|identity| identity.principal);
        let reasons = hindrances_of_sale(self.state(), &factor.0.state, (today, asks));
        let available = self.page.balance(self.state().id).await?.available();
        let at_once = self.page.at_once((self.state().id, today), &factor.0.state, available).await?;
        let may = |units| QuantityObject::of(if reasons.is_empty() { units } else { Units::ZERO }, Some(&factor));
        let (quantity, at_once) = (may(available), may(at_once));
        Ok(SaleObject { quantity, at_once, reasons: reasons.into_iter().map(ActRefused).collect() })
    }

    /// The holds that are open: together what of it is set aside. A venue is told of those that it placed (有效冻结).
    async fn open_holds(&self) -> Result<Vec<HoldObject>, Error> {
        let holds = self.page.open_holds(self.state().id).await?;
        Ok(holds.into_iter().map(|hold| HoldObject { hold, page: Arc::clone(&self.page) }).collect())
    }

    /// The lots on it, in the order in which they are taken; of all accounts of a page at most 20,000 together (指标批).
    async fn lots(&self) -> Result<Vec<LotObject>, Error> {
        let (lots, issuances) = self.page.lots(self.state().id).await?;
        Ok(lots.iter().map(|lot| LotObject::standing(lot.clone(), Arc::clone(issuances))).collect())
    }

    /// The newest entries on it, at most 20, oldest first; the whole is read by `statement`. A venue reads what came after
    /// it was opened to it (最近分录).
    async fn latest_entries(&self) -> Result<Vec<EntryObject>, Error> {
        self.page.latest_entries(self.state().id, self.page.snapshot.seq).await
    }
}

/// An account that a holder trusts (可信对手方).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Trusted")]
pub struct TrustedObject {
    /// The account, as an id (账户标识).
    pub account: ID,
    /// Since when transfers to it are allowed (生效时间).
    pub from: Timestamp,
}

/// What lies on an account.
#[derive(Clone)]
pub struct BalanceObject {
    pub(super) balance: Balance,
    pub(super) factor: Option<FactorObject>,
}

impl BalanceObject {
    fn of(&self, units: Units) -> QuantityObject {
        QuantityObject::of(units, self.factor.as_ref())
    }
}

/// What lies on an account; the part set aside is never more than the whole (余额).
#[Object(name = "Balance")]
impl BalanceObject {
    /// All that lies there (总量).
    async fn posted(&self) -> QuantityObject {
        self.of(self.balance.posted)
    }

    /// What of it is set aside under open holds (冻结量).
    async fn held(&self) -> QuantityObject {
        self.of(self.balance.held)
    }

    /// What may go out (可用量).
    async fn available(&self) -> QuantityObject {
        self.of(self.balance.available())
    }
}

/// An amount of a factor: exact in base units, and in the unit in which it is shown (数量).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Quantity")]
pub struct QuantityObject {
    /// Whole base units of the factor (基本单位数量).
    pub units: Decimal,
    /// The same in the factor's first unit of display; exact (展示数量).
    pub value: Decimal,
    /// The unit of `value` (展示单位).
    pub unit: String,
}

impl QuantityObject {
    /// An amount of a factor.
    pub(super) fn of(units: Units, factor: Option<&FactorObject>) -> Self {
        let shown = factor.and_then(|factor| factor.0.state.display.first());
        let base = || factor.map_or_else(String::new, |factor| factor.0.state.base_unit.clone());
        let count = Decimal(units.to_string());
        match shown {
            Some(unit) => {
                let value = Decimal(write_scaled(units.count(), u32::from(unit.decimals)));
                Self { units: count, value, unit: unit.symbol.clone() }
            }
            None => Self { value: count.clone(), units: count, unit: base() },
        }
    }
}
