//! What a key is narrowed to, by the codes of districts and factors as the command line names them.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{DistrictId, FactorId, NARROWED_MAX, Narrowing, Refused};
use yulin_persistence::Registry;

use crate::connection::now;

/// Districts and factors by their codes; none of either where a key is not narrowed in that.
#[derive(Debug, Default)]
pub struct Codes {
    pub districts: Vec<String>,
    pub factors: Vec<String>,
}

/// The codes of all districts and factors.
pub struct Book {
    districts: BTreeMap<String, DistrictId>,
    factors: BTreeMap<String, FactorId>,
}

impl Codes {
    /// What they narrow a key to; refused where one is unknown.
    pub async fn narrowing(&self, registry: &Registry) -> anyhow::Result<Option<Narrowing>> {
        for (option, given) in [("district", self.districts.len()), ("factor", self.factors.len())] {
            if given > NARROWED_MAX {
                let refused = Refused::new(ErrorCode::ListTooLong).at(option);
                return Err(refused.with("length", given).with("most", NARROWED_MAX).into());
            }
        }
        let book = Book::of(registry).await?;
        let unknown = |code, option: &str, given: &String| Refused::new(code).at(option).with("code", given.clone());
        let districts = self.districts.iter().map(|given| {
            let known = book.districts.get(given).copied();
            known.ok_or_else(|| unknown(ErrorCode::DistrictUnknown, "district", given))
        });
        let factors = self.factors.iter().map(|given| {
            let known = book.factors.get(given).copied();
            known.ok_or_else(|| unknown(ErrorCode::FactorUnknown, "factor", given))
        });
        Ok(Narrowing::to(districts.collect::<Result<_, _>>()?, factors.collect::<Result<_, _>>()?))
    }
}

impl Book {
    /// The codes as they stand now.
    pub async fn of(registry: &Registry) -> anyhow::Result<Self> {
        let snapshot = now(registry).await?;
        let districts =
            registry.districts(&snapshot).await?.into_iter().map(|found| (found.state.code, found.state.id));
        let factors = registry.factors(&snapshot).await?.into_iter().map(|found| (found.state.code, found.state.id));
        Ok(Self { districts: districts.collect(), factors: factors.collect() })
    }

    /// What a key is narrowed to, by codes.
    pub fn codes(&self, narrowing: &Narrowing) -> Codes {
        let districts = self.districts.iter().filter(|(_, id)| narrowing.districts().contains(id));
        let factors = self.factors.iter().filter(|(_, id)| narrowing.factors().contains(id));
        Codes {
            districts: districts.map(|(code, _)| code.clone()).collect(),
            factors: factors.map(|(code, _)| code.clone()).collect(),
        }
    }
}

impl Display for Codes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = self.districts.iter().map(|code| ("district", code));
        let all = all.chain(self.factors.iter().map(|code| ("factor", code)));
        let told: Vec<_> = all.map(|(option, code)| format!("--{option} {code}")).collect();
        f.write_str(&told.join(" "))
    }
}
