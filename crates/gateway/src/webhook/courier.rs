//! The courier of a gateway: gives webhooks their turns, so many at once, and lets go of them when the gateway ends.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use yulin_persistence::{Ready, Registry, WebhookId};

use super::options::{Targets, WebhookOptions};
use super::send::Sender;
use super::turn::Turns;

/// The least pause between two looks, so that a busy journal is not asked after every commit.
const BREATH: Duration = Duration::from_millis(100);

/// A courier at work.
#[derive(Debug)]
pub struct Courier {
    turns: Turns,
    ending: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Courier {
    /// Begins to deliver.
    pub fn start(registry: Registry, options: WebhookOptions, targets: Targets) -> Result<Self, reqwest::Error> {
        let sender = Sender::new(&options, targets)?;
        let turns = Turns { registry, sender, options, holder: uuid::Uuid::new_v4().to_string() };
        let ending = watch::Sender::new(false);
        let work = tokio::spawn(work(turns.clone(), ending.subscribe()));
        Ok(Self { turns, ending, work })
    }

    /// Ends. What was sent and not yet written down comes again from whoever goes on.
    pub async fn stop(self) {
        self.ending.send_replace(true);
        if let Err(error) = self.work.await {
            tracing::error!(%error, "the courier did not end well");
        }
        if let Err(error) = self.turns.registry.release_webhooks(&self.turns.holder).await {
            tracing::warn!(%error, "webhooks could not be let go of; they are in a minute");
        }
    }
}

async fn work(turns: Turns, mut ending: watch::Receiver<bool>) {
    let mut growth = turns.registry.growth();
    let mut rounds = Rounds { turns, under_way: JoinSet::new(), having: HashMap::new(), finished: HashMap::new() };
    loop {
        growth.borrow_and_update();
        let look_every = rounds.turns.options.look_every;
        let round = async {
            rounds.go().await;
            tokio::time::sleep(BREATH).await;
            // Whether it was growth or time that ended the pause, it is looked anew.
            drop(tokio::time::timeout(look_every, growth.changed()).await);
        };
        tokio::select! {
            _ = ending.wait_for(|is_ending| *is_ending) => break,
            () = round => {}
        }
    }
    rounds.under_way.shutdown().await;
}

/// Who has his turn, and who has nothing left to do.
struct Rounds {
    turns: Turns,
    under_way: JoinSet<Ready>,
    having: HashMap<WebhookId, AbortHandle>,
    /// What was ready when a turn came to its end: as long as it is the same, another finds nothing.
    finished: HashMap<WebhookId, Ready>,
}

impl Rounds {
    async fn go(&mut self) {
        while let Some(ended) = self.under_way.try_join_next() {
            if let Ok(ready) = ended {
                self.finished.insert(ready.id, ready);
            }
        }
        self.having.retain(|_, turn| !turn.is_finished());
        let ready = self.turns.registry.webhooks_ready(&self.turns.holder).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "webhooks could not be looked at");
            Vec::new()
        });
        self.finished.retain(|id, _| ready.iter().any(|ready| ready.id == *id));
        for one in ready {
            if self.having.len() >= self.turns.options.at_once {
                break;
            }
            if self.having.contains_key(&one.id) || self.has_nothing(&one) {
                continue;
            }
            let turns = self.turns.clone();
            let turn = self.under_way.spawn(async move { turns.turn(one).await });
            self.having.insert(one.id, turn);
        }
    }

    fn has_nothing(&self, ready: &Ready) -> bool {
        ready.retries == 0 && (ready.position >= ready.head || self.finished.get(&ready.id) == Some(ready))
    }
}
