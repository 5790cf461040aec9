//! The schema as a whole: roots, limits, cursors, nodes.

mod build;
mod cursor;
mod node;
mod page;

#[cfg(test)]
mod cursor_tests;
#[cfg(test)]
mod description_tests;
#[cfg(test)]
mod questions_tests;
#[cfg(test)]
mod schedule_tests;
#[cfg(test)]
mod test_registry;

pub use build::{ALIASES_MAX, COMPLEXITY_MAX, DEPTH_MAX, DIRECTIVES_MAX, Query, YulinSchema, build_schema, schema_sdl};
pub use cursor::{Bookmark, Bookmarks, asked_hash};
pub use node::{Node, NodeQuery};
pub use page::{PAGE_DEFAULT, PAGE_MAX, PageInfo, page_size};
