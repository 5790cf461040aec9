//! What filters, orders and facets read: nobody asks by what he may not see.

use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused};

use super::readers::Reading;
use super::table::reading;
use crate::request::Viewer;

/// A use of a field in a question.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Where it stands in the question.
    pub at: &'static str,
    /// The type and the field that it reads.
    pub reads: (&'static str, &'static str),
}

/// Refuses a question that reads what its asker may not; an owner may ask by himself.
pub fn check_asked(viewer: &Viewer, asked: &[Asked], holder: Option<PartyId>) -> Result<(), Refused> {
    let own = viewer.role == Role::Enterprise && holder.is_some() && holder == viewer.own_party();
    let refused = asked.iter().find(|asked| {
        let (parent, field) = asked.reads;
        match reading(viewer.role, parent, field) {
            Reading::Yes => false,
            Reading::OwnOnly => !own,
            Reading::No => true,
        }
    });
    match refused {
        None => Ok(()),
        Some(asked) => {
            let (parent, field) = asked.reads;
            Err(Refused::new(ErrorCode::Forbidden).at(asked.at).with("reads", format!("{parent}.{field}")))
        }
    }
}
