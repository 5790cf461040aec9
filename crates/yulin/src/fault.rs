//! What went wrong, as a refusal of the catalogue: whatever fails has a code, and no text from within is told.

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{OpenRefused, ReadFault};
use yulin_persistence::{OpenError, PerformError, PersistenceError, SearchError, SnapshotRefused};

/// The refusal that an error is, or is told as. What nobody foresaw is logged under the reference that is told.
pub fn refusal_of(error: &anyhow::Error) -> Refused {
    let refused = error.downcast_ref::<Refused>().cloned();
    let opened = || error.downcast_ref::<OpenRefused>().map(|why| of_file(why.code(), why.field(), why));
    let read = || error.downcast_ref::<ReadFault>().map(|why| of_file(why.code(), "file", why));
    let known = refused.or_else(opened).or_else(read).or_else(|| of_registry(error));
    known.unwrap_or_else(|| {
        let reference = uuid::Uuid::new_v4();
        tracing::error!(%reference, error = format!("{error:#}"), "a command failed");
        Refused::new(ErrorCode::Internal).told("reference", reference)
    })
}

/// A file that is not read, told under the field by which the caller named it.
pub fn of_file(code: &str, field: &str, why: impl std::fmt::Display) -> Refused {
    Refused::new(code.parse().unwrap_or(ErrorCode::FileUnreadable)).at(field).told("problem", why)
}

/// An error that names its field as the registry does, told by the option that gave it: `(field, option)`.
pub fn by_option(error: anyhow::Error, options: &[(&str, &str)]) -> anyhow::Error {
    let refused = match error.downcast::<Refused>() {
        Ok(refused) => refused,
        Err(other) => return other,
    };
    let named = options.iter().find(|(field, _)| refused.field.as_deref() == Some(*field));
    match named {
        Some((_, option)) => refused.at(*option).into(),
        None => refused.into(),
    }
}

/// A registry that does not open, does not answer, or does not go on.
fn of_registry(error: &anyhow::Error) -> Option<Refused> {
    if let Some(why) = error.downcast_ref::<OpenError>() {
        return of_opening(why);
    }
    if let Some(why) = error.downcast_ref::<PersistenceError>() {
        return of_persistence(why);
    }
    match error.downcast_ref::<SnapshotRefused>() {
        Some(SnapshotRefused::Fault(why)) => return of_persistence(why),
        Some(
            SnapshotRefused::BeyondHead { .. } | SnapshotRefused::BeforeBeginning(_) | SnapshotRefused::NotOver { .. },
        )
        | None => {}
    }
    if let Some(SearchError::Fault(why)) = error.downcast_ref::<SearchError>() {
        return of_persistence(why);
    }
    match error.downcast_ref::<PerformError>()? {
        PerformError::Refused(refused) | PerformError::Malformed(refused) => Some(refused.clone()),
        PerformError::Busy => Some(Refused::new(ErrorCode::Busy)),
        PerformError::OutcomeUnknown => Some(Refused::new(ErrorCode::OutcomeUnknown)),
        PerformError::Fault(why) => of_persistence(why),
    }
}

fn of_opening(why: &OpenError) -> Option<Refused> {
    match why {
        OpenError::Address => Some(address_unknown()),
        OpenError::NotMigrated => Some(not_migrated()),
        OpenError::Durability(setting) => {
            Some(Refused::new(ErrorCode::NotReady).at("database").with("setting", setting.clone()))
        }
        OpenError::Fault(why) => of_persistence(why),
    }
}

/// None for what the database says in its own words.
fn of_persistence(why: &PersistenceError) -> Option<Refused> {
    match why {
        PersistenceError::Corrupt { table, row, why: _ } => {
            Some(Refused::new(ErrorCode::StoredDataCorrupt).with("table", *table).with("row", row.clone()))
        }
        PersistenceError::Format { least, known } => {
            Some(Refused::new(ErrorCode::FormatUnreadable).with("least", *least).with("known", *known))
        }
        PersistenceError::NotMigrated => Some(not_migrated()),
        PersistenceError::Clocks { micros } => Some(Refused::new(ErrorCode::ClockSkew).with("micros", *micros)),
        PersistenceError::Stopped => Some(Refused::new(ErrorCode::NotReady)),
        PersistenceError::Unreachable => Some(Refused::new(ErrorCode::NotReady).at("database")),
        PersistenceError::Database(_) => None,
    }
}

fn not_migrated() -> Refused {
    Refused::new(ErrorCode::NotReady).at("database").with("run", "yulin migrate")
}

/// An address of no kind of database that is known.
pub fn address_unknown() -> Refused {
    let known: Vec<&str> = vec!["sqlite://FILE", "postgres://HOST/NAME"];
    Refused::new(ErrorCode::Validation).at("database").with("known", known)
}
