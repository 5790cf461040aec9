//! The messages of `graphql-transport-ws`, and the codes with which it closes.

use actix_ws::{CloseCode, CloseReason};
use async_graphql::ServerError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::http::answer::Shaped;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Heard {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Ping { payload: Option<Value> },
    Pong {},
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Next {
        id: &'a str,
        payload: &'a Shaped,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

/// Bytes of an id that a closing frame has room for: it holds 123 besides its code.
const ID_SHOWN_MAX: usize = 90;

/// Why a socket is closed from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// A message that the protocol does not know.
    Invalid,
    /// An operation before the greeting was answered.
    Unauthorized,
    /// The key is not good.
    Forbidden,
    /// No greeting came in time.
    InitLate,
    /// An id that is in use.
    IdInUse { id: String },
    /// A second greeting.
    InitAgain,
    /// A message beyond the limit.
    TooLarge,
    /// Nothing is heard from the other side any more.
    Silent,
    /// A stranger asks nothing.
    Idle,
    /// Such as he have no place left.
    Full,
    /// The server ends.
    Away,
    /// The server failed.
    Fault,
    /// The client closes.
    Normal,
}

impl Closing {
    /// The code and its description.
    pub fn reason(&self) -> CloseReason {
        let (code, text) = match self {
            Self::Invalid => (CloseCode::Other(4400), "Invalid message received".to_owned()),
            Self::Unauthorized => (CloseCode::Other(4401), "Unauthorized".to_owned()),
            Self::Forbidden => (CloseCode::Other(4403), "Forbidden".to_owned()),
            Self::InitLate => (CloseCode::Other(4408), "Connection initialisation timeout".to_owned()),
            Self::IdInUse { id } => {
                let shown = id.floor_char_boundary(ID_SHOWN_MAX);
                let id = id.get(..shown).unwrap_or_default();
                (CloseCode::Other(4409), format!("Subscriber for {id} already exists"))
            }
            Self::InitAgain => (CloseCode::Other(4429), "Too many initialisation requests".to_owned()),
            Self::TooLarge => (CloseCode::Size, "Message too large".to_owned()),
            Self::Silent => (CloseCode::Policy, "Nothing was heard".to_owned()),
            Self::Idle => (CloseCode::Policy, "Nothing was asked".to_owned()),
            Self::Full => (CloseCode::Again, "Too many sockets are open".to_owned()),
            Self::Away => (CloseCode::Away, "The server ends".to_owned()),
            Self::Fault => (CloseCode::Other(4500), "Internal fault".to_owned()),
            Self::Normal => (CloseCode::Normal, String::new()),
        };
        CloseReason { code, description: Some(text).filter(|text| !text.is_empty()) }
    }
}
