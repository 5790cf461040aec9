//! The accounts of one page of whatever list, with what they need besides: each is loaded for all of them at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::Error;
use jiff::civil::Date;
use tokio::sync::OnceCell;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Balance, Factor, Hold, Lot};
use yulin_domain::journal::{AccountId, DistrictId, FactorId, PartyId, Refused};
use yulin_domain::quantity::Units;
use yulin_persistence::{EntryLine, Lots, Registry, Snapshot, Versioned};

use super::access::{read_after, sees, sees_hold};
use super::{AccountObject, EntryObject, FactorObject, FactorPage, Issuances};
use crate::district::DistrictBook;
use crate::errors::{fault, refused_error};
use crate::party::{PartyObject, PartyPage, reads_party};
use crate::request::Viewer;

/// The newest entries that are told of an account.
const ENTRIES_TOLD: u64 = 20;

/// The lots that are told of all accounts of a page together.
pub const LOTS_TOLD_MAX: usize = 20_000;

/// The lots on each account, and the issuances they came from.
type LotsWithIssuances = (HashMap<AccountId, Vec<Lot>>, Arc<Issuances>);

/// Accounts read together. Those the viewer may not see are known but not shown.
pub struct AccountPage {
    pub(super) registry: Registry,
    pub(super) snapshot: Snapshot,
    pub(super) viewer: Viewer,
    accounts: HashMap<AccountId, Arc<Versioned<Account>>>,
    balances: OnceCell<HashMap<AccountId, Balance>>,
    factors: OnceCell<Arc<FactorPage>>,
    lots: OnceCell<LotsWithIssuances>,
    free: OnceCell<HashMap<AccountId, Vec<Lot>>>,
    /// The accounts of which the newest entries are told, each with the entry up to which they are.
    told_up_to: Vec<(AccountId, i64)>,
    entries: OnceCell<HashMap<(AccountId, i64), Vec<EntryLine>>>,
    holds: OnceCell<HashMap<AccountId, Vec<Arc<Versioned<Hold>>>>>,
    read_after: OnceCell<HashMap<AccountId, i64>>,
    parties: OnceCell<Arc<PartyPage>>,
    districts: OnceCell<Arc<DistrictBook>>,
}

impl AccountPage {
    /// Reads accounts by id, in one statement.
    pub async fn load(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: &Viewer,
        accounts: &[AccountId],
    ) -> Result<Arc<Self>, Error> {
        let told_up_to = accounts.iter().map(|account| (*account, snapshot.seq)).collect();
        Self::load_up_to(registry, snapshot, viewer, told_up_to).await
    }

    /// Reads accounts by id of which the newest entries are told up to others than the snapshot.
    pub async fn load_up_to(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: &Viewer,
        told_up_to: Vec<(AccountId, i64)>,
    ) -> Result<Arc<Self>, Error> {
        let ids: Vec<_> = told_up_to.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>().into_iter().collect();
        let found = match ids.as_slice() {
            [] => Vec::new(),
            some => registry.accounts_by_ids(&snapshot, some).await.map_err(|why| fault(&why))?,
        };
        let accounts = found.into_iter().map(|account| (account.state.id, Arc::new(account))).collect();
        Ok(Arc::new(Self {
            registry: registry.clone(),
            snapshot,
            viewer: viewer.clone(),
            accounts,
            balances: OnceCell::new(),
            factors: OnceCell::new(),
            lots: OnceCell::new(),
            free: OnceCell::new(),
            told_up_to,
            entries: OnceCell::new(),
            holds: OnceCell::new(),
            read_after: OnceCell::new(),
            parties: OnceCell::new(),
            districts: OnceCell::new(),
        }))
    }

    /// Whether the viewer sees an account of the page.
    pub fn shows(&self, account: AccountId) -> bool {
        self.accounts.get(&account).is_some_and(|account| sees(&self.viewer, &account.state))
    }

    /// An account of the page, where the viewer sees it.
    pub fn object(self: &Arc<Self>, id: AccountId) -> Option<AccountObject> {
        let account = self.accounts.get(&id).filter(|account| sees(&self.viewer, &account.state))?;
        Some(AccountObject { account: Arc::clone(account), page: Arc::clone(self) })
    }

    fn shown(&self) -> Vec<AccountId> {
        self.accounts.keys().copied().filter(|account| self.shows(*account)).collect()
    }

    /// What lies on an account of the page.
    pub(super) async fn balance(&self, account: AccountId) -> Result<Balance, Error> {
        let load = || async { self.registry.balances(&self.snapshot, &self.shown()).await.map_err(|why| fault(&why)) };
        Ok(self.balances.get_or_try_init(load).await?.get(&account).copied().unwrap_or_default())
    }

    /// A factor.
    pub(super) async fn factor(&self, id: FactorId) -> Result<Option<FactorObject>, Error> {
        let load = || async {
            let all = self.registry.factors(&self.snapshot).await.map_err(|why| fault(&why))?;
            Ok::<_, Error>(FactorPage::of(&self.registry, self.snapshot, all))
        };
        Ok(self.factors.get_or_try_init(load).await?.object(id))
    }

    /// What one hold takes at most of what is available on an account, where no class is named: the units of the class that
    /// comes first.
    pub(super) async fn at_once(
        &self,
        (account, today): (AccountId, Date),
        factor: &Factor,
        available: Units,
    ) -> Result<Units, Error> {
        if !factor.is_numbered() {
            return Ok(available);
        }
        let load = || async { Ok::<_, Error>(grouped(self.few_lots(Lots::Free).await?)) };
        let lots = self.free.get_or_try_init(load).await?.get(&account).map_or(&[][..], Vec::as_slice);
        let mut free = lots.iter().filter(|lot| lot.class.expires_on.is_none_or(|last| last >= today));
        let Some(first) = free.next() else { return Ok(Units::ZERO) };
        let alike = free.filter(|lot| lot.class == first.class).map(|lot| lot.units.units().count());
        Ok(Units::of(first.units.units().count() + alike.sum::<i64>()))
    }

    /// The day of a district, by its own clock, as of which the page is read.
    pub(super) async fn today(&self, district: DistrictId) -> Result<Date, Error> {
        let load = || async { DistrictBook::load(&self.registry, self.snapshot).await };
        let book = self.districts.get_or_try_init(load).await?;
        let zone = book.district(district).map_or("UTC", |known| &known.time_zone);
        self.snapshot.valid.date_in(zone).map_err(|why| fault(&why))
    }

    /// The lots of an account of the page, in the order in which they are taken, and the issuances of all of the page.
    pub(super) async fn lots(&self, account: AccountId) -> Result<(&[Lot], &Arc<Issuances>), Error> {
        let load = || async {
            let lots = self.few_lots(Lots::All).await?;
            let issuances = Issuances::of(&self.registry, self.snapshot, lots.iter());
            Ok::<_, Error>((grouped(lots), issuances))
        };
        let (lots, issuances) = self.lots.get_or_try_init(load).await?;
        Ok((lots.get(&account).map_or(&[], Vec::as_slice), issuances))
    }

    /// The lots of all accounts that are shown; refused where they are more than one answer holds.
    async fn few_lots(&self, which: Lots) -> Result<Vec<Lot>, Error> {
        let found = self.registry.few_lots_of(&self.snapshot, &self.shown(), (which, LOTS_TOLD_MAX)).await;
        let refused = Refused::new(ErrorCode::LimitExceeded).at("lots").with("most", LOTS_TOLD_MAX);
        let refused = refused.with("instead", "fewer accounts a page; unitLife for ranges of numbers");
        found.map_err(|why| fault(&why))?.ok_or_else(|| refused_error(&refused))
    }

    /// The open holds of an account of the page.
    pub(super) async fn open_holds(&self, account: AccountId) -> Result<Vec<Arc<Versioned<Hold>>>, Error> {
        let load = || async {
            let found = self.registry.open_holds_of(&self.snapshot, &self.shown()).await.map_err(|why| fault(&why))?;
            let mut grouped: HashMap<AccountId, Vec<_>> = HashMap::new();
            for hold in found.into_iter().filter(|hold| sees_hold(&self.viewer, &hold.state)) {
                grouped.entry(hold.state.account).or_default().push(Arc::new(hold));
            }
            Ok::<_, Error>(grouped)
        };
        Ok(self.holds.get_or_try_init(load).await?.get(&account).cloned().unwrap_or_default())
    }

    /// The entry after which the viewer reads what happened on an account of the page.
    pub(super) async fn read_after(&self, account: AccountId) -> Result<i64, Error> {
        let load = || async { read_after(&self.registry, &self.snapshot, &self.viewer, &self.shown()).await };
        Ok(self.read_after.get_or_try_init(load).await?.get(&account).copied().unwrap_or_default())
    }

    /// The newest entries on an account of the page up to an entry, so many of them as the viewer reads, oldest first.
    pub(super) async fn latest_entries(&self, account: AccountId, up_to: i64) -> Result<Vec<EntryObject>, Error> {
        let after = self.read_after(account).await?;
        let load = || async {
            let shown = self.told_up_to.iter().copied().filter(|(account, _)| self.shows(*account));
            let shown: Vec<_> = shown.collect::<BTreeSet<_>>().into_iter().collect();
            self.registry.latest_entries(&shown, ENTRIES_TOLD).await.map_err(|why| fault(&why))
        };
        let lines = self.entries.get_or_try_init(load).await?.get(&(account, up_to));
        Ok(lines.into_iter().flatten().filter(|line| line.seq > after).cloned().map(EntryObject).collect())
    }

    /// A holder, where the viewer may read him.
    pub(super) async fn party(&self, party: PartyId) -> Result<Option<PartyObject>, Error> {
        if !reads_party(&self.viewer, party) {
            return Ok(None);
        }
        let load = || async {
            let holders = self.accounts.values().filter_map(|account| account.state.holder).collect();
            PartyPage::load(&self.registry, self.snapshot, &self.viewer, holders).await
        };
        Ok(self.parties.get_or_try_init(load).await?.object(party))
    }
}

fn grouped(lots: Vec<Lot>) -> HashMap<AccountId, Vec<Lot>> {
    let mut grouped: HashMap<AccountId, Vec<Lot>> = HashMap::new();
    for lot in lots {
        grouped.entry(lot.account).or_default().push(lot);
    }
    grouped
}
