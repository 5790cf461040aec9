//! Clients that ask one question after another, and how long the answers took.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

/// What a load of one kind of question came to.
#[derive(Debug)]
pub struct Figures {
    pub a_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// Lets so many clients ask for so long, after a tenth of it to warm up; a failed answer ends the run.
pub async fn load<F: Future<Output = Result<()>>>(
    clients: usize,
    time: Duration,
    ask: impl Fn(usize) -> F,
) -> Result<Figures> {
    let began = Instant::now();
    let warm = began + time / 10;
    let end = warm + time;
    let ask = &ask;
    let each = (0..clients).map(|client| async move {
        let mut took = Vec::new();
        let mut turn = client;
        while Instant::now() < end {
            let asked = Instant::now();
            ask(turn).await?;
            if asked >= warm {
                took.push(asked.elapsed());
            }
            turn += clients;
        }
        Ok::<_, anyhow::Error>(took)
    });
    let mut took: Vec<Duration> = try_join_all(each).await?.into_iter().flatten().collect();
    ensure!(!took.is_empty(), "no answer came within {time:?}");
    took.sort_unstable();
    let at = |share: f64| {
        let place = ((took.len() - 1) as f64 * share) as usize;
        took.get(place).map_or(f64::NAN, |one| one.as_secs_f64() * 1e3)
    };
    Ok(Figures { a_second: took.len() as f64 / time.as_secs_f64(), p50_ms: at(0.5), p99_ms: at(0.99) })
}
