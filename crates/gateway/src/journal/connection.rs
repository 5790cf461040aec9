//! A page of acts.

use async_graphql::SimpleObject;

use super::ActObject;
use crate::schema::PageInfo;

/// A page of acts (登记行为分页).
#[derive(SimpleObject)]
pub struct ActConnection {
    /// The items with their cursors (带游标的条目).
    pub edges: Vec<ActEdge>,
    /// The items (条目).
    pub nodes: Vec<ActObject>,
    /// Where the page lies in the list (分页信息).
    pub page_info: PageInfo,
}

/// An act with its cursor (带游标的登记行为).
#[derive(SimpleObject)]
pub struct ActEdge {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: ActObject,
}
