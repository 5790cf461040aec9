//! The feed of a venue whose line is cut again and again while others trade: exactly its part of the journal, each event
//! with the one before it, next to an auditor's whole.
//!
//! Cut twelve times in the short form, a hundred times with `YULIN_LONG=1`. The seed is printed, and taken again from
//! `YULIN_SEED`.

use std::collections::BTreeSet;
use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::codes::Role;
use yulin_domain::factor::{AuthoriseVenue, VenueAccess};
use yulin_domain::journal::{AccountId, Act, Entry, PrincipalId, Subject};
use yulin_persistence::{PerformError, Registry};
use yulin_tests::acts::act;
use yulin_tests::feed::{part_of, touches};
use yulin_tests::ledger::transfer;
use yulin_tests::market::{Holds, Lane, Market, UNITS};
use yulin_tests::socket::{Books, Subscriber};
use yulin_tests::{Gateway, TestRegistry, each_backend};

/// Clients that trade while it is followed.
const CLIENTS: u64 = 4;
/// Acts that each asks for at least, from one cut to the next.
const ACTS_A_CUT: usize = 8;
/// The longest that a subscriber may need.
const PATIENCE: Duration = Duration::from_secs(900);

fn cuts() -> usize {
    if std::env::var_os("YULIN_LONG").is_some() { 100 } else { 12 }
}

async fn performed(registry: &Registry, act: Act) -> Result<i64, yulin_domain::journal::Refused> {
    match registry.perform(act).await {
        Ok(receipt) => Ok(receipt.seq),
        Err(PerformError::Refused(refused)) => Err(refused),
        Err(other) => panic!("not performed: {other}"),
    }
}

/// A market, and two accounts of others that no venue sees.
struct Trades {
    market: Market,
    holds: Holds,
    hidden: [AccountId; 2],
}

impl Trades {
    async fn open(t: &TestRegistry) -> Self {
        let market = Market::open(t).await;
        let l = &market.ledger;
        let mut hidden = Vec::new();
        for name in ["丙", "丁"] {
            hidden.push(t.firm(name, (l.cod, l.cny), l.district).await.rights);
        }
        t.done(l.issue(UNITS, None)).await;
        t.done(transfer(l.pool, hidden[0], UNITS)).await;
        Self { market, holds: Holds::default(), hidden: [hidden[0], hidden[1]] }
    }

    /// Trades until nobody needs it any more, now and then with those that no venue sees, or among them.
    async fn go_on(&self, registry: &Registry, mut rng: StdRng, is_enough: impl Fn() -> bool) {
        let mut asked = 0;
        while asked < cuts() * ACTS_A_CUT || !is_enough() {
            asked += 1;
            if rng.random_bool(0.7) {
                let wanted = self.market.some_ask(&mut rng, &self.holds.known());
                let act = self.market.act(&wanted);
                let id = act.envelope.id;
                self.holds.learn(id, &wanted, &performed(registry, act).await);
            } else {
                let seen = [0, 1].map(|firm| self.market.account((Lane::Rights, firm)));
                let all = [self.hidden[0], self.hidden[1], self.hidden[0], self.hidden[1], seen[0], seen[1]];
                let (from, to) = (all[rng.random_range(0..4)], all[rng.random_range(0..6)]);
                let moved = transfer(from, to, rng.random_range(1..20));
                // Refused where that account is the same, or empty.
                drop(performed(registry, act(self.market.ledger.admin, moved)).await);
            }
        }
    }
}

/// Another venue, to which the accounts of the first firm alone are open.
async fn venue_of_one(t: &TestRegistry, market: &Market) -> (PrincipalId, Vec<AccountId>) {
    let venue = t.venue("of one firm").await;
    let accounts = vec![market.account((Lane::Rights, 0)), market.account((Lane::Money, 0))];
    let access = VenueAccess::Granted;
    t.done(AuthoriseVenue { venue, accounts: accounts.clone(), factors: vec![], access }).await;
    (venue, accounts)
}

/// Asserts that a venue has every entry on its accounts since they were opened to it, and no word of others.
async fn assert_part(t: &TestRegistry, books: &Books, venue: PrincipalId, accounts: Vec<AccountId>) {
    let opened = t.opened_to(venue).await;
    assert_eq!(accounts.iter().copied().collect::<BTreeSet<_>>(), opened.keys().copied().collect());
    let since = |entry: &Entry| {
        let open = opened.iter().filter(|(_, from)| **from <= entry.header.seq);
        touches(entry, &open.map(|(account, _)| Subject::from(*account)).collect::<Vec<_>>())
    };
    assert_eq!(books.taken, part_of(t, since).await);
    let subjects: Vec<_> = accounts.into_iter().map(Subject::from).collect();
    assert!(books.subjects.iter().all(|told| subjects.iter().any(|subject| subject.to_string() == *told)));
}

each_backend! {
    async fn a_venue_that_is_cut_again_and_again_has_exactly_its_part(t) {
        let seed: u64 = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
        println!("feed of a venue on {:?}: YULIN_SEED={seed}", t.backend);
        let trades = Trades::open(&t).await;
        let (market, venue) = (&trades.market, trades.market.ledger.venue);
        let (other, of_other) = venue_of_one(&t, market).await;
        let mut keys = Vec::new();
        for principal in [venue, other] {
            keys.push(t.registry.issue_key(principal, Role::Venue, None).await.unwrap());
        }
        let auditor = t.key(Role::Auditor).await.unwrap();
        let elsewhere = t.another_gateway().await;
        let beat = Duration::from_millis(200);
        let (here, there) =
            (Gateway::with_heartbeat(&t.registry, beat).await, Gateway::with_heartbeat(&elsewhere, beat).await);
        let whole = Subscriber::of(&here, &auditor, cuts());
        let [mine, others] = [&keys[0], &keys[1]].map(|key| Subscriber::of(&there, key, cuts()));
        let random = |nth| StdRng::seed_from_u64(seed.wrapping_add(nth));
        let is_enough = || [&whole, &mine, &others].iter().all(|one| one.is_cut_enough());
        let (done, until) = tokio::sync::watch::channel(0);
        let trading = async {
            let all = (0..CLIENTS).map(|nth| {
                trades.go_on(if nth % 2 == 0 { &t.registry } else { &elsewhere }, random(nth), is_enough)
            });
            futures_util::future::join_all(all).await;
            done.send_replace(t.now().await.seq);
        };
        let following = async {
            tokio::join!(
                trading,
                whole.follow(random(10), &until),
                mine.follow(random(11), &until),
                others.follow(random(12), &until),
            )
        };
        let ((), of_whole, of_mine, of_others) = tokio::time::timeout(PATIENCE, following).await.expect("in time");
        println!(
            "feed of a venue on {:?}: {} events, {} of the venue, {} of another; cut {:?}, {:?} and {:?} times", t.backend,
            of_whole.taken.len(), of_mine.taken.len(), of_others.taken.len(), whole.cut, mine.cut, others.cut
        );
        assert_eq!(of_whole.taken, part_of(&t, |_| true).await);
        let mut accounts: Vec<_> = market.places().into_iter().map(|place| market.account(place)).collect();
        accounts.push(market.ledger.pool);
        assert_part(&t, &of_mine, venue, accounts).await;
        assert_part(&t, &of_others, other, of_other).await;
        assert!(of_others.taken.len() < of_mine.taken.len() && of_mine.taken.len() < of_whole.taken.len());
        here.close().await;
        there.close().await;
        elsewhere.close().await;
    }
}
