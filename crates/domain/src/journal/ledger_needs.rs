//! What of the factor ledger an act may look at, for persistence to load.

use jiff::civil::Date;

use super::{AccountId, Claim, FactorId, HoldId, IssuanceId, ParcelId, PrincipalId, TransferId};
use crate::factor::{Selection, UnitRange};
use crate::quantity::Units;

/// Units that an act may take from an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    pub account: AccountId,
    /// So many of the first free units of each class.
    pub first: Units,
    /// Or the lots that hold these numbers.
    pub numbers: Vec<UnitRange>,
}

/// Books to be compared: accounts, with what lay on them as of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BooksNeed {
    pub as_of: Option<i64>,
    pub accounts: Vec<AccountId>,
    /// The accounts that were then open to this venue besides.
    pub of_venue: Option<PrincipalId>,
    /// What that venue had then set aside on them.
    pub with_holds: bool,
    /// Accounts of whatever bears these names.
    pub names: Vec<Claim>,
    /// What is booked at the bank on these days, both included.
    pub booked: Option<(AccountId, Date, Date)>,
}

/// Accounts, lots, holds and transfers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LedgerNeeds {
    /// Accounts with what lies on them.
    pub accounts: Vec<AccountId>,
    /// Holds with their accounts and lots, and the holds they suspend.
    pub holds: Vec<HoldId>,
    /// Transfers with their accounts, and the lots that hold what they moved.
    pub transfers: Vec<TransferId>,
    pub takes: Vec<Take>,
    /// Issuances with lots that are in use.
    pub issuances: Vec<IssuanceId>,
    /// Accounts of whose lots the issuances matter.
    pub issuances_of: Vec<AccountId>,
    /// Factors whose issuance accounts matter.
    pub issuers_of: Vec<FactorId>,
    /// Parcels to which accounts are bound that matter with all that lies on them.
    pub bound_to: Vec<ParcelId>,
    /// What the parcels are called that these become: names of accounts derive from them.
    pub heirs: Vec<String>,
    pub books: Vec<BooksNeed>,
}

impl LedgerNeeds {
    /// Units that may be taken as their owner chose.
    pub fn take(&mut self, account: AccountId, amount: Units, selection: &Selection) {
        let numbers = match selection {
            Selection::InOrder { .. } => Vec::new(),
            Selection::Numbers { units } => units.clone(),
        };
        // What one act takes by number, the first units of another in the same batch must make up for.
        self.takes.push(Take { account, first: amount, numbers });
    }
}
