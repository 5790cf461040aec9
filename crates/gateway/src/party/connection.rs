//! A page of parties.

use async_graphql::SimpleObject;

use super::PartyObject;
use crate::schema::PageInfo;

/// A page of parties (主体分页).
#[derive(SimpleObject)]
pub struct PartyConnection {
    /// The items with their cursors (带游标的条目).
    pub edges: Vec<PartyEdge>,
    /// The items (条目).
    pub nodes: Vec<PartyObject>,
    /// Where the page lies in the list (分页信息).
    pub page_info: PageInfo,
}

/// A party with its cursor (带游标的主体).
#[derive(SimpleObject)]
pub struct PartyEdge {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: PartyObject,
}
