//! Many clients through two gateways at once: replayed in the order of their `seq`, the model predicts every reply, and
//! the order respects real time.
//!
//! A few seconds in the short form; `YULIN_LONG=1` takes ten minutes. The seed is printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Clock};

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{ReleaseHold, Remainder, SettleHolds, SettleLeg};
use yulin_domain::journal::{Act, ActBody, HoldId, Receipt};
use yulin_domain::quantity::Units;
use yulin_persistence::{PerformError, Registry};
use yulin_tests::ledger::{Ledger, hold_of, transfer};
use yulin_tests::ledger_model::{Asked, Model, POOL};
use yulin_tests::{Backend, each_backend};

const CLIENTS: usize = 32;
const UNITS: i64 = 5_000;
/// The accounts of the two firms in the model.
const FIRMS: [usize; 2] = [2, 3];

/// What one client asked, when, and what it was told.
struct Told {
    began: Clock,
    ended: Clock,
    asked: Wanted,
    receipt: Receipt,
}

/// What a client asks, holds by the act that placed them.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Transfer { from: usize, to: usize, amount: i64 },
    Hold { account: usize, amount: i64 },
    Settle { hold: HoldId, to: usize, amount: i64 },
    Release { hold: HoldId },
}

type Holds = Arc<Mutex<Vec<HoldId>>>;

fn wanted(rng: &mut StdRng, holds: &Holds) -> Wanted {
    let (from, to) = if rng.random_bool(0.5) { (FIRMS[0], FIRMS[1]) } else { (FIRMS[1], FIRMS[0]) };
    let some_hold = |rng: &mut StdRng| {
        let holds = holds.lock().unwrap();
        (!holds.is_empty()).then(|| holds[rng.random_range(holds.len().saturating_sub(40)..holds.len())])
    };
    let amount = rng.random_range(1..400);
    match (rng.random_range(0..10), some_hold(rng)) {
        (0..=2, _) | (_, None) => Wanted::Transfer { from, to, amount },
        (3..=5, _) => Wanted::Hold { account: from, amount },
        (6..=7, Some(hold)) => Wanted::Settle { hold, to, amount: amount / 2 + 1 },
        (_, Some(hold)) => Wanted::Release { hold },
    }
}

fn act_of(l: &Ledger, wanted: Wanted) -> Act {
    let account = |place: usize| l.firms[place - FIRMS[0]].rights;
    let body: ActBody = match wanted {
        Wanted::Transfer { from, to, amount } => transfer(account(from), account(to), amount).into(),
        Wanted::Hold { account: of, amount } => l.order(account(of), amount).into(),
        Wanted::Settle { hold, to, amount } => {
            let leg = SettleLeg { hold, to: account(to), amount: Units::of(amount), remainder: Remainder::Keep };
            SettleHolds { legs: vec![leg], reference: None }.into()
        }
        Wanted::Release { hold } => ReleaseHold { hold, amount: None }.into(),
    };
    match wanted {
        Wanted::Transfer { .. } => yulin_tests::acts::act(l.admin, body),
        Wanted::Hold { .. } | Wanted::Settle { .. } | Wanted::Release { .. } => l.by_venue(body),
    }
}

/// Performs an act as a client does that may lose its answer: it asks again with the same id, perhaps elsewhere.
async fn insist(rng: &mut StdRng, gateways: &[Registry], act: Act) -> Result<Receipt, ErrorCode> {
    let mut first = None;
    loop {
        let gateway = &gateways[rng.random_range(0..gateways.len())];
        let patience = Duration::from_millis(if rng.random_bool(0.1) { rng.random_range(0..8) } else { 20_000 });
        let asked = tokio::time::timeout(patience, gateway.perform(act.clone())).await;
        let answer = match asked {
            Err(_) | Ok(Err(PerformError::Busy | PerformError::OutcomeUnknown)) => continue,
            Ok(Ok(receipt)) => Ok(receipt),
            Ok(Err(PerformError::Refused(refused) | PerformError::Malformed(refused))) => Err(refused.code),
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

async fn client(seed: u64, gateways: Vec<Registry>, l: Ledger, holds: Holds, until: Clock) -> (Vec<Told>, u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut told, mut refused) = (Vec::new(), 0);
    while Clock::now() < until {
        let asked = wanted(&mut rng, &holds);
        let began = Clock::now();
        match insist(&mut rng, &gateways, act_of(&l, asked)).await {
            Ok(receipt) => {
                if let Wanted::Hold { .. } = asked {
                    holds.lock().unwrap().push(hold_of(receipt.act_id));
                }
                told.push(Told { began, ended: Clock::now(), asked, receipt });
            }
            Err(
                ErrorCode::Insufficient | ErrorCode::HoldResolved | ErrorCode::HoldExceeded | ErrorCode::SameAccount,
            ) => {
                refused += 1;
            }
            Err(code) => panic!("{asked:?} was refused {code}"),
        }
    }
    (told, refused)
}

/// The model does what was done, in the order of the entries.
fn replayed(told: &[Told]) -> Model {
    let mut model = Model::capped(UNITS);
    let setup = [
        Asked::Issue { amount: UNITS },
        Asked::Transfer { from: POOL, to: FIRMS[0], amount: UNITS / 2 },
        Asked::Transfer { from: POOL, to: FIRMS[1], amount: UNITS / 2 },
    ];
    setup.into_iter().for_each(|asked| drop(model.answer(asked).expect("the ledger is filled")));
    let mut places: BTreeMap<HoldId, usize> = BTreeMap::new();
    for one in told {
        let asked = match one.asked {
            Wanted::Transfer { from, to, amount } => Asked::Transfer { from, to, amount },
            Wanted::Hold { account, amount } => {
                places.insert(hold_of(one.receipt.act_id), model.holds());
                Asked::Hold { account, amount }
            }
            Wanted::Settle { hold, to, amount } => Asked::Settle { hold: places[&hold], to, amount },
            Wanted::Release { hold } => Asked::Release { hold: places[&hold], amount: model.open(places[&hold]) },
        };
        model.answer(asked).unwrap_or_else(|code| panic!("entry {}: the model refuses {code}", one.receipt.seq));
    }
    model
}

each_backend! {
    async fn what_many_clients_were_told_is_one_history_that_the_model_predicts(t) {
        let l = t.ledger().await;
        t.done(l.issue(UNITS, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, UNITS / 2)).await;
        t.done(transfer(l.pool, l.firms[1].rights, UNITS / 2)).await;
        let mut gateways = vec![t.registry.clone()];
        if t.backend == Backend::Postgres {
            gateways.push(t.another_gateway().await);
        }
        let long = std::env::var_os("YULIN_LONG").is_some();
        let seed: u64 = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
        let until = Clock::now() + Duration::from_secs(if long { 600 } else { 4 });
        let holds = Holds::default();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|nth| {
                let seed = seed.wrapping_add(nth as u64);
                tokio::spawn(client(seed, gateways.clone(), l.clone(), holds.clone(), until))
            })
            .collect();
        let (mut told, mut refused) = (Vec::new(), 0);
        for client in clients {
            let (mine, not) = client.await.expect("a client ends well");
            told.extend(mine);
            refused += not;
        }
        told.sort_by_key(|one| one.receipt.seq);
        println!("{:?}: seed {seed}, {} recorded, {refused} refused", t.backend, told.len());
        let twice = told.windows(2).find(|pair| pair[0].receipt.seq == pair[1].receipt.seq);
        assert!(twice.is_none(), "two acts have one entry");
        let mut latest_begin = told.first().map(|one| one.began);
        for one in &told {
            // Whoever was told before another began stands before it.
            latest_begin = latest_begin.max(Some(one.began));
            assert!(Some(one.ended) >= latest_begin, "entry {} does not respect real time", one.receipt.seq);
        }
        let model = replayed(&told);
        for (place, firm) in FIRMS.into_iter().zip(l.firms) {
            assert_eq!(t.lying(firm.rights).await, model.lying(place));
        }
        assert!(told.len() > 50, "too little was done");
        t.assert_sound().await;
    }
}
