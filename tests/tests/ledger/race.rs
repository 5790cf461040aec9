//! Many clients through two gateways at once: replayed in the order of their `seq`, the model predicts every reply, and
//! the order respects real time.
//!
//! A few seconds in the short form; `YULIN_LONG=1` takes ten minutes each. The seed is printed, and taken again from
//! `YULIN_SEED`.

use std::time::{Duration, Instant as Clock};

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, Receipt, Refused};
use yulin_persistence::{PerformError, Registry};
use yulin_tests::market::{Holds, Market};
use yulin_tests::replay::{Replay, Told, assert_all_recorded, assert_predicted, assert_real_time, recorded, written};
use yulin_tests::{Backend, TestRegistry, each_backend};

const CLIENTS: u64 = 32;
/// Firms of the market in which one is on one side of everything.
const FIRMS_OF_HOT: usize = 8;

/// Performs an act as a client does that may lose its answer: it asks again with the same id, perhaps elsewhere.
async fn insist(rng: &mut StdRng, gateways: &[Registry], act: Act) -> Result<Receipt, Refused> {
    let mut first = None;
    loop {
        let gateway = &gateways[rng.random_range(0..gateways.len())];
        let patience = Duration::from_millis(if rng.random_bool(0.1) { rng.random_range(0..8) } else { 20_000 });
        let asked = tokio::time::timeout(patience, gateway.perform(act.clone())).await;
        let answer = match asked {
            Err(_) | Ok(Err(PerformError::Busy | PerformError::OutcomeUnknown)) => continue,
            Ok(Ok(receipt)) => Ok(receipt),
            Ok(Err(PerformError::Refused(refused) | PerformError::Malformed(refused))) => Err(refused),
            Ok(Err(fault @ PerformError::Fault(_))) => panic!("{fault}"),
        };
        // Now and then it asks once more, and must be told the same.
        match first {
            Some(before) => {
                assert_eq!(before, answer);
                return answer;
            }
            None if rng.random_bool(0.1) => first = Some(answer),
            None => return answer,
        }
    }
}

async fn client(seed: u64, gateways: Vec<Registry>, market: Market, holds: Holds, until: Clock) -> Vec<Told> {
    let (mut rng, mut told) = (StdRng::seed_from_u64(seed), Vec::new());
    while Clock::now() < until {
        let wanted = market.some_ask(&mut rng, &holds.known());
        let act = market.act(&wanted);
        let (id, began) = (act.envelope.id, Clock::now());
        let answer = insist(&mut rng, &gateways, act).await;
        let ended = Clock::now();
        holds.learn(id, &wanted, &answer);
        if let Err(refused) = &answer {
            let is_known =
                matches!(refused.code, ErrorCode::Insufficient | ErrorCode::HoldResolved | ErrorCode::HoldExceeded);
            assert!(is_known, "{wanted:?}: {refused}");
        }
        told.push(Told { id, wanted, began, ended, answer: answer.map(|receipt| receipt.seq) });
    }
    told
}

/// Lets all clients loose for a while; what they were told.
async fn raced(t: &TestRegistry, market: &Market, seed: u64, lasts: Duration) -> Vec<Told> {
    let mut gateways = vec![t.registry.clone()];
    if t.backend == Backend::Postgres {
        gateways.push(t.another_gateway().await);
    }
    let (until, holds) = (Clock::now() + lasts, Holds::default());
    let run = |nth| {
        let seed = seed.wrapping_add(nth);
        tokio::spawn(client(seed, gateways.clone(), market.clone(), holds.clone(), until))
    };
    let clients: Vec<_> = (0..CLIENTS).map(run).collect();
    let mut told = Vec::new();
    for client in clients {
        told.extend(client.await.expect("a client ends well"));
    }
    told
}

async fn is_one_history(t: TestRegistry, market: Market, name: &str) {
    let is_long = std::env::var_os("YULIN_LONG").is_some();
    let seed = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
    let lasts = Duration::from_secs(if is_long { 600 } else { 4 });
    let before = t.now().await.seq;
    println!("{name} on {:?}: YULIN_SEED={seed}", t.backend);
    let told = raced(&t, &market, seed, lasts).await;
    let recorded = recorded(&told);
    let refused: Vec<_> = told.iter().filter(|one| one.answer.is_err()).collect();
    let (done, seconds) = (recorded.len(), lasts.as_secs());
    println!(
        "{name} on {:?}: {done} recorded, {} a second; {} refused",
        t.backend,
        done as u64 / seconds,
        refused.len()
    );
    assert!(done > 50, "too little was done");
    assert_real_time(&recorded);
    assert_all_recorded(&t.registry, before, &recorded).await;
    let mut replay = Replay::new(market.firms());
    let written = written(&t.registry, &market, before + 1).await;
    assert_predicted(&mut replay, &recorded, &refused, &written);
    for place in market.places() {
        assert_eq!(t.lying(market.account(place)).await, replay.lying(place), "{place:?}");
    }
    t.assert_sound().await;
    println!("{name} on {:?}: every reply is what the model says; verified", t.backend);
}

each_backend! {
    async fn what_many_clients_were_told_is_one_history_that_the_model_predicts(t) {
        let market = Market::open(&t).await;
        is_one_history(t, market, "two firms").await;
    }

    async fn where_all_goes_through_one_account_it_is_one_history_as_well(t) {
        let market = Market::hot(&t, FIRMS_OF_HOT).await;
        is_one_history(t, market, "hot account").await;
    }
}
