//! The schema as a whole: roots, limits, cursors, nodes.

mod build;
mod cursor;
mod node;
mod page;

pub use build::{Query, YulinSchema, build_schema};
pub use cursor::{Bookmark, Bookmarks, asked_hash};
pub use node::{Node, NodeQuery};
pub use page::{PAGE_DEFAULT, PAGE_MAX, PageInfo, page_size};
