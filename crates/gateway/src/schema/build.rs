//! Putting the schema together, with its limits.

use async_graphql::{MergedObject, SDLExportOptions, Schema, SchemaBuilder};
use yulin_persistence::Registry;

use super::cursor::Bookmarks;
use super::made::Counting;
use super::node::NodeQuery;
use crate::calendar::CalendarQuery;
use crate::codes::{CatalogueQuery, CodeListQuery};
use crate::district::DistrictQuery;
use crate::factor::{CompareQuery, FactorQuery, FeasibilityQuery};
use crate::feed::{EventQuery, Events, Moments, Subscription};
use crate::journal::{ActQuery, ScheduleQuery};
use crate::land::LandQuery;
use crate::mutation::Mutations;
use crate::party::{PartyQuery, ViewerQuery};
use crate::webhook::{Targets, WebhookQuery};

/// Levels of selection.
pub const DEPTH_MAX: usize = 15;
/// Aliases of an operation.
pub const ALIASES_MAX: usize = 60;
/// Directives of a field.
pub const DIRECTIVES_MAX: usize = 10;

/// Everything that can be read (查询).
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    LandQuery,
    PartyQuery,
    ViewerQuery,
    DistrictQuery,
    FactorQuery,
    CompareQuery,
    FeasibilityQuery,
    ActQuery,
    ScheduleQuery,
    CodeListQuery,
    CatalogueQuery,
    CalendarQuery,
    EventQuery,
    WebhookQuery,
);

/// The schema of the registry.
pub type YulinSchema = Schema<Query, Mutations, Subscription>;

/// Builds the schema over a registry.
pub fn build_schema(registry: Registry) -> YulinSchema {
    build_schema_with(registry, &Events::default(), Targets::Public)
}

/// Builds the schema over a registry that tells of its events in a way of its own.
pub fn build_schema_with(registry: Registry, events: &Events, targets: Targets) -> YulinSchema {
    let bookmarks = Bookmarks::new(registry.server_key());
    limited().data(bookmarks).data(registry).data(events.pace).data(Moments::default()).data(targets).finish()
}

/// The schema as text, for `yulin schema` and for the copy that is checked in.
pub fn schema_sdl() -> String {
    // In the order of the alphabet, a difference shows what changed and nothing else.
    let options = SDLExportOptions::new().sorted_fields().sorted_enum_items().include_specified_by();
    limited().finish().sdl_with_options(options)
}

fn limited() -> SchemaBuilder<Query, Mutations, Subscription> {
    Schema::build(Query::default(), Mutations::default(), Subscription)
        .limit_depth(DEPTH_MAX)
        .limit_aliases(ALIASES_MAX)
        .limit_directives(DIRECTIVES_MAX)
        .extension(Counting)
}
