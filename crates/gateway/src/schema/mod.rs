//! The schema as a whole: roots, limits, cursors, nodes.

mod build;
mod cost;
mod cursor;
mod listed;
mod made;
mod node;
mod node_kind;
mod page;

#[cfg(test)]
mod cursor_tests;
#[cfg(test)]
mod description_tests;
#[cfg(test)]
mod made_tests;
#[cfg(test)]
mod questions_tests;
#[cfg(test)]
mod schedule_tests;
#[cfg(test)]
mod test_registry;

pub use build::{
    ALIASES_MAX, DEPTH_MAX, DIRECTIVES_MAX, Query, YulinSchema, build_schema, build_schema_with, schema_sdl,
};
pub use cost::{COST_MAX, Cost, Fragments, Price, cost_of_acts, cost_of_answer, cost_of_field, cost_of_work};
#[cfg(test)]
pub use cost::{FEW, PAGED, WHOLE};
pub use cursor::{Bookmark, Bookmarks, asked_hash};
pub use listed::{Cut, Item, Listed};
#[cfg(test)]
pub use made::MADE_MAX;
pub use node::{NODES_MAX, Node, NodeQuery};
pub use page::{PAGE_DEFAULT, PAGE_MAX, PageInfo, page_size};
