//! A receiver of webhooks that answers as it is told to: well, badly, late or not at all.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How a delivery is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Status(u16),
    /// 200, but later than anyone waits.
    Late(Duration),
    /// The connection is closed without an answer.
    Nothing,
}

/// A delivery as it came.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub headers: HeaderMap,
    pub body: String,
}

impl Delivery {
    /// The number of the entry.
    pub fn seq(&self) -> i64 {
        self.data()["seq"].as_str().expect("a seq").parse().expect("a number")
    }

    /// The event's data.
    pub fn data(&self) -> Value {
        self.event()["data"].clone()
    }

    /// The whole event.
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("an event is JSON")
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

type Rule = Box<dyn FnMut(i64, usize) -> Reply + Send>;

/// A receiver.
pub struct Receiver {
    pub address: SocketAddr,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    rule: Arc<Mutex<Rule>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Receiver {
    /// Listens; the rule is given the `seq` and how often it came, from 1 on.
    pub async fn open(rule: impl FnMut(i64, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let deliveries = Arc::new(Mutex::new(Vec::new()));
        let rule: Arc<Mutex<Rule>> = Arc::new(Mutex::new(Box::new(rule)));
        let (kept, ruled) = (Arc::clone(&deliveries), Arc::clone(&rule));
        let times: Arc<Mutex<HashMap<i64, usize>>> = Arc::default();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&kept), Arc::clone(&ruled), Arc::clone(&times)));
            }
        });
        Self { address, deliveries, rule, listening }
    }

    /// Answers by another rule from now on.
    pub fn answer_by(&self, rule: impl FnMut(i64, usize) -> Reply + Send + 'static) {
        *self.rule.lock().expect("the rule") = Box::new(rule);
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Everything that came, in order.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.lock().expect("the deliveries").clone()
    }

    /// The entries in the order in which each came first.
    pub fn firsts(&self) -> Vec<i64> {
        let mut firsts = Vec::new();
        for delivery in self.deliveries() {
            if !firsts.contains(&delivery.seq()) {
                firsts.push(delivery.seq());
            }
        }
        firsts
    }

    /// Waits until what came meets a condition.
    pub async fn until(&self, what: &str, meets: impl Fn(&[Delivery]) -> bool) {
        for _ in 0..600 {
            if meets(&self.deliveries()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let came: Vec<_> = self.deliveries().iter().map(Delivery::seq).collect();
        panic!("{what} did not come; there came {came:?}");
    }
}

async fn answer(
    mut stream: TcpStream,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    rule: Arc<Mutex<Rule>>,
    times: Arc<Mutex<HashMap<i64, usize>>>,
) {
    let Some(delivery) = read(&mut stream).await else { return };
    let seq = delivery.seq();
    let nth = {
        let mut times = times.lock().expect("the times");
        *times.entry(seq).and_modify(|times| *times += 1).or_insert(1)
    };
    deliveries.lock().expect("the deliveries").push(delivery);
    let reply = (rule.lock().expect("the rule"))(seq, nth);
    let status = match reply {
        Reply::Status(status) => status,
        Reply::Late(pause) => {
            tokio::time::sleep(pause).await;
            200
        }
        Reply::Nothing => return,
    };
    let more = if status == 302 { "location: /elsewhere\r\n" } else { "" };
    let text = format!("HTTP/1.1 {status} Told\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Delivery> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let headers = headers_of(head);
            let length: usize = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
            if body.len() >= length {
                return Some(Delivery { headers, body: body.to_owned() });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn headers_of(head: &str) -> HeaderMap {
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?))
    };
    head.lines().skip(1).filter_map(pair).collect()
}
