//! Which events are asked for.

use async_graphql::{ID, InputObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, Refused, Subject};
use yulin_persistence::{FeedFilter, FeedScope};

use crate::codes::Chosen;

/// Subjects of a filter.
const SUBJECTS_MAX: usize = 500;

/// Which events are followed; all conditions must be met, and what is left out narrows nothing (事件筛选).
#[derive(Debug, Clone, Default, InputObject)]
pub struct EventFilterInput {
    /// Events of these kinds of act; one that is made of several legs is of the kind BUNDLE (登记行为类型).
    pub kinds: Option<Vec<Chosen<ActKind>>>,
    /// Events that changed one of these districts, parties, parcels or other subjects, at most 500 (登记主题).
    pub subjects: Option<Vec<ID>>,
}

impl EventFilterInput {
    /// The filter, within its limits.
    pub fn read(self) -> Result<FeedFilter, Refused> {
        let Self { kinds, subjects } = self;
        let (kinds, subjects) = (kinds.unwrap_or_default(), subjects.unwrap_or_default());
        for (at, length, most) in
            [("filter.kinds", kinds.len(), ActKind::ALL.len()), ("filter.subjects", subjects.len(), SUBJECTS_MAX)]
        {
            if length > most {
                return Err(Refused::new(ErrorCode::ListTooLong).at(at).with("most", most));
            }
        }
        let malformed = |why: String| Refused::new(ErrorCode::IdInvalid).at("filter.subjects").told("problem", why);
        let subjects = subjects.iter().map(|id| id.parse::<Subject>().map_err(malformed)).collect::<Result<_, _>>()?;
        Ok(FeedFilter { kinds: kinds.into_iter().map(|kind| kind.0).collect(), subjects })
    }
}

/// Refuses a filter on what its asker may not see.
pub fn check_filter(filter: &FeedFilter, scope: &FeedScope) -> Result<(), Refused> {
    match filter.subjects.iter().find(|subject| !scope.holds(subject)) {
        Some(hidden) => Err(Refused::new(ErrorCode::Forbidden).at("filter.subjects").told("subject", hidden)),
        None => Ok(()),
    }
}
