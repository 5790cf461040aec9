//! A client of GraphQL over WebSocket, as simple as the protocol allows, and a consumer that keeps its own books.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{SinkExt, StreamExt};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Gateway;

/// A socket of a gateway.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one, not yet greeted, with some more headers.
    pub async fn bare(gateway: &Gateway, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/graphql", gateway.address).into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().expect("a header"));
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        Ok(Self(connect_async(request).await?.0))
    }

    /// Opens one and greets with a key.
    pub async fn open(gateway: &Gateway, key: Option<&str>) -> Self {
        let mut socket = Self::bare(gateway, &[]).await.expect("the socket opens");
        let payload = key.map(|key| json!({ "authorization": format!("Bearer {key}") }));
        socket.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.heard().await["type"], "connection_ack");
        socket
    }

    /// Says something.
    pub async fn say(&mut self, message: &Value) {
        self.text(&message.to_string()).await;
    }

    /// Says a text as it is.
    pub async fn text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("the socket is open");
    }

    /// Begins an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: &Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message, or the code with which the socket was closed.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("a message is JSON")),
                Some(Ok(Message::Close(Some(CloseFrame { code, .. })))) => return Err(code.into()),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(0),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next message of a socket that stays open.
    pub async fn heard(&mut self) -> Value {
        self.next().await.expect("the socket stays open")
    }

    /// The code with which it is closed, after whatever is said until then.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// The question by which the feed is followed.
pub const FOLLOW: &str = "subscription($filter: EventFilterInput, $after: Seq, $feed: String, $to: Seq) {
    events(filter: $filter, after: $after, feed: $feed, to: $to) { nodes { seq previousSeq kind subjects } completeTo feed } }";

/// One who follows a feed and believes nothing: every event must name the one he took last.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Books {
    pub taken: Vec<i64>,
    /// Of what he was ever told that it changed.
    pub subjects: BTreeSet<String>,
    pub complete_to: i64,
    pub feed: Option<String>,
}

impl Books {
    /// Takes a batch.
    pub fn take(&mut self, batch: &Value) {
        for event in batch["nodes"].as_array().expect("events") {
            let (seq, previous) = (seq_of(&event["seq"]).expect("a seq"), seq_of(&event["previousSeq"]));
            assert_eq!(previous, self.taken.last().copied(), "before {seq}: an event is missing");
            assert!(seq > self.complete_to, "{seq} was told to be complete at {}", self.complete_to);
            self.taken.push(seq);
            let subjects = event["subjects"].as_array().expect("subjects").iter();
            self.subjects.extend(subjects.filter_map(|subject| subject.as_str().map(str::to_owned)));
        }
        let complete_to = seq_of(&batch["completeTo"]).expect("how far it is complete");
        assert!(complete_to >= self.complete_to && Some(&complete_to) >= self.taken.last());
        self.complete_to = complete_to;
        self.feed = batch["feed"].as_str().map(str::to_owned);
    }

    /// The variables by which he goes on.
    pub fn variables(&self, filter: &Value) -> Value {
        json!({ "filter": filter, "after": self.complete_to.to_string(), "feed": self.feed })
    }
}

/// A subscriber whose line is cut again and again.
pub struct Subscriber<'a> {
    pub gateway: &'a Gateway,
    pub key: &'a str,
    pub filter: Value,
    /// How often he is cut at least.
    pub cuts: usize,
    /// How often he was.
    pub cut: AtomicUsize,
}

impl<'a> Subscriber<'a> {
    /// One who follows all that he may see.
    pub const fn of(gateway: &'a Gateway, key: &'a str, cuts: usize) -> Self {
        Self { gateway, key, filter: Value::Null, cuts, cut: AtomicUsize::new(0) }
    }

    /// Whether he was cut often enough.
    pub fn is_cut_enough(&self) -> bool {
        self.cut.load(Ordering::Relaxed) >= self.cuts
    }

    /// Follows until everything up to `until` is told, which is zero while that is not known; cut off after every few
    /// messages.
    pub async fn follow(&self, mut random: StdRng, until: &watch::Receiver<i64>) -> Books {
        let mut books = Books::default();
        loop {
            let mut socket = Socket::open(self.gateway, Some(self.key)).await;
            socket.subscribe("f", FOLLOW, &books.variables(&self.filter)).await;
            for _ in 0..random.random_range(1..4) {
                let heard = socket.heard().await;
                assert_eq!(heard["type"], "next", "{heard}");
                // Cut off before it was taken in: it comes again.
                if random.random_range(0..5) == 0 {
                    break;
                }
                books.take(&heard["payload"]["data"]["events"]);
                let until = *until.borrow();
                if until != 0 && books.complete_to >= until && self.is_cut_enough() {
                    return books;
                }
            }
            drop(socket);
            self.cut.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A `Seq` of an answer.
pub fn seq_of(value: &Value) -> Option<i64> {
    value.as_str().map(|text| text.parse().expect("a Seq is a number"))
}
