//! What every connection has in common: page information and the size of a page.

use async_graphql::{Error, SimpleObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::errors::refused_error;

/// Items of a page where none is asked for.
pub const PAGE_DEFAULT: usize = 50;
/// Most items of a page.
pub const PAGE_MAX: usize = 500;

/// Where a page lies in its list (分页信息).
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more items follow (是否有下一页).
    pub has_next_page: bool,
    /// Whether the page was reached by a cursor, so that items stand before it (是否有上一页).
    pub has_previous_page: bool,
    /// The cursor of the first item (起始游标).
    pub start_cursor: Option<String>,
    /// The cursor of the last item; give it as `after` for the next page (结束游标).
    pub end_cursor: Option<String>,
}

/// The number of items asked for, within the limits.
pub fn page_size(first: Option<i32>) -> Result<usize, Error> {
    let asked = first.map_or(Ok(PAGE_DEFAULT), usize::try_from);
    match asked {
        Ok(size) if size <= PAGE_MAX => Ok(size),
        _ => Err(refused_error(&Refused::new(ErrorCode::PageSize).at("first").with("least", 0).with("most", PAGE_MAX))),
    }
}
