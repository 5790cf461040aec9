//! Totals of a factor with the identity that conserves it: what was issued lies somewhere.

use std::collections::{BTreeMap, HashMap};

use sea_orm::ConnectionTrait;
use yulin_domain::codes::AccountPurpose;
use yulin_domain::journal::FactorId;

use super::row::id_of;
use crate::dialect::{among, statement, texts};
use crate::error::PersistenceError;
use crate::record::Snapshot;
use crate::registry::Registry;

/// What lies on all accounts of one purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurposeTotal {
    pub accounts: i64,
    pub posted: i128,
    pub held: i128,
}

/// What there is of a factor, by purpose of account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactorTotals {
    pub by_purpose: BTreeMap<AccountPurpose, PurposeTotal>,
}

impl FactorTotals {
    /// What was issued, or lies at the bank.
    pub fn issued(&self) -> i128 {
        self.by_purpose.get(&AccountPurpose::Issuance).map_or(0, |total| total.posted)
    }

    /// What lies on all other accounts.
    pub fn lying(&self) -> i128 {
        let others = self.by_purpose.iter().filter(|(purpose, _)| **purpose != AccountPurpose::Issuance);
        others.map(|(_, total)| total.posted).sum()
    }
}

impl Registry {
    /// The totals of factors as of a snapshot; of a factor on no account of which anything lies there are none.
    pub async fn totals(
        &self,
        snapshot: &Snapshot,
        factors: &[FactorId],
    ) -> Result<HashMap<FactorId, FactorTotals>, PersistenceError> {
        let sql = format!(
            "SELECT a.factor, a.purpose, count(*) AS n, CAST(sum(e.posted) AS TEXT) AS posted, \
             CAST(sum(e.held) AS TEXT) AS held FROM account_index a JOIN ledger_entry e ON e.row_id = \
             (SELECT x.row_id FROM ledger_entry x WHERE x.account = a.id AND x.seq <= $2 \
             ORDER BY x.seq DESC, x.place DESC LIMIT 1) \
             WHERE {} AND a.recorded_from <= $2 AND a.recorded_to > $2 GROUP BY a.factor, a.purpose",
            among(self.reader(), "a.factor", 1)
        );
        let values = vec![texts(factors), snapshot.seq.into()];
        let mut totals: HashMap<FactorId, FactorTotals> = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, values)).await? {
            let purpose: String = row.try_get("", "purpose")?;
            let corrupt = |why: String| PersistenceError::corrupt("account_index", &purpose, why);
            let number = |column: &str| -> Result<i128, PersistenceError> {
                let text: String = row.try_get("", column)?;
                text.parse().map_err(|why: std::num::ParseIntError| corrupt(why.to_string()))
            };
            let total =
                PurposeTotal { accounts: row.try_get("", "n")?, posted: number("posted")?, held: number("held")? };
            let of = purpose.parse().map_err(|why: yulin_domain::codes::CodeUnknown| corrupt(why.to_string()))?;
            totals.entry(id_of(&row, "factor", "account_index")?).or_default().by_purpose.insert(of, total);
        }
        Ok(totals)
    }
}
