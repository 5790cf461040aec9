//! Clients that each ask for one piece of work after the other, and how long the answers took.

use std::cell::Cell;
use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::processor::{Spent, Watched};

/// How often it is looked whether everybody is warm.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What was done in one go: pieces of work, and those that were not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turn {
    pub done: u64,
    pub failed: u64,
}

/// What a load came to.
#[derive(Debug)]
pub struct Figures {
    pub done: u64,
    pub failed: u64,
    pub a_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Of the processors, while it was measured.
    pub spent: Spent,
}

/// When it is measured: from the first instant to the second, once it is known.
type Window = Cell<Option<[Instant; 2]>>;

/// Lets so many clients work, and measures for so long once a tenth of that has passed and each has had an answer; a turn
/// counts when its answer came in that time.
pub async fn load<F: Future<Output = Turn>>(
    clients: usize,
    time: Duration,
    watched: &Watched,
    work: impl Fn() -> F,
) -> Figures {
    let (window, warm) = (Window::new(None), Cell::new(0));
    let each = (0..clients).map(|_| client(&work, &window, &warm));
    let watching = async {
        let earliest = Instant::now() + time / 10;
        while Instant::now() < earliest || warm.get() < clients {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let (begin, before) = (Instant::now(), watched.spent());
        window.set(Some([begin, begin + time]));
        tokio::time::sleep(time).await;
        watched.spent().since(&before)
    };
    let (clients, spent) = tokio::join!(join_all(each), watching);
    let done = clients.iter().map(|(sum, _)| sum.done).sum();
    let failed = clients.iter().map(|(sum, _)| sum.failed).sum();
    let mut took: Vec<Duration> = clients.into_iter().flat_map(|(_, took)| took).collect();
    let [p50_ms, p99_ms] = percentiles(&mut took);
    Figures { done, failed, a_second: done as f64 / time.as_secs_f64(), p50_ms, p99_ms, spent }
}

/// Works until the time is over; what was done in it, and how long each turn took.
async fn client<F: Future<Output = Turn>>(
    work: &impl Fn() -> F,
    window: &Window,
    warm: &Cell<usize>,
) -> (Turn, Vec<Duration>) {
    let (mut sum, mut took, mut turns) = (Turn::default(), Vec::new(), 0);
    loop {
        let began = Instant::now();
        let turn = work().await;
        let now = Instant::now();
        warm.set(warm.get() + usize::from(turns == 0));
        turns += 1;
        match window.get() {
            Some([_, end]) if now > end => return (sum, took),
            Some(_) => {
                sum = Turn { done: sum.done + turn.done, failed: sum.failed + turn.failed };
                took.push(now - began);
            }
            None => {}
        }
    }
}

/// The median and the ninety-ninth percentile, in milliseconds; not a number where nothing was measured.
pub fn percentiles(took: &mut [Duration]) -> [f64; 2] {
    took.sort_unstable();
    [0.5, 0.99].map(|share| {
        let place = (took.len().saturating_sub(1) as f64 * share) as usize;
        took.get(place).map_or(f64::NAN, |one| one.as_secs_f64() * 1e3)
    })
}
