//! What filters, orders and facets read: nobody asks by what he may not see.

use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused};

use super::readers::Reading;
use super::table::reading;
use super::table_asked::reads;
use crate::request::Viewer;

/// Where a question is asked by what, and by which of its members.
#[derive(Debug)]
pub struct Asked {
    /// The argument in which it stands.
    pub at: &'static str,
    /// Its type, as the table names it.
    pub input: &'static str,
    pub members: Vec<&'static str>,
}

/// Refuses a question that reads what its asker may not; an owner may ask by himself. What has no rule nobody asks by.
pub fn check_asked(viewer: &Viewer, asked: &Asked, holder: Option<PartyId>) -> Result<(), Refused> {
    let own = viewer.role == Role::Enterprise && holder.is_some() && holder == viewer.own_party();
    let is_refused = |member: &&&str| match reads(asked.input, member) {
        Some((parent, field)) => match reading(viewer.role, parent, field) {
            Reading::Yes => false,
            Reading::OwnOnly => !own,
            Reading::No => true,
        },
        None => true,
    };
    let Some(member) = asked.members.iter().find(is_refused) else { return Ok(()) };
    let read = reads(asked.input, member).map_or_else(String::new, |(parent, field)| format!("{parent}.{field}"));
    Err(Refused::new(ErrorCode::Forbidden).at(format!("{}.{member}", asked.at)).with("reads", read))
}

/// The names of the members that are given.
pub fn given<const N: usize>(members: [(&'static str, bool); N]) -> Vec<&'static str> {
    members.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect()
}
