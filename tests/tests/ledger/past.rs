//! The ledger at every entry of a random history: it is what the journal folds into, nothing is lost or negative, what is
//! held is what is set aside, and bundles that were refused were never seen (L1-L3, L8, L10, L19).

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::factor::{Balance, Mirror, ReleaseHold, Selection, Standing, TransferUnits, UnitRange};
use yulin_domain::journal::{AccountId, Act, ActBody, EntryBody, HoldId};
use yulin_persistence::{ActFilter, PerformError, Snapshot};
use yulin_tests::ledger::{Ledger, bundle, hold_of, settle, transfer};
use yulin_tests::{TestRegistry, each_backend};

const UNITS: i64 = 4_000;
const FEN: i64 = 9_000;

fn acts() -> usize {
    if std::env::var_os("YULIN_LONG").is_some() { 2_000 } else { 120 }
}

/// What is tried next: whether it can be done is the ledger's to say.
fn tried(rng: &mut StdRng, l: &Ledger, holds: &[(HoldId, bool)]) -> Act {
    let [one, other] = l.firms;
    let (from, to) = if rng.random_bool(0.5) { (one, other) } else { (other, one) };
    let amount = rng.random_range(1..400);
    let units: ActBody = transfer(from.rights, to.rights, amount).into();
    let money: ActBody = transfer(to.money, from.money, rng.random_range(1..6_000)).into();
    let open: Vec<_> = holds.iter().rev().take(12).copied().collect();
    let of_units = open.iter().find(|(_, is_units)| *is_units);
    let of_money = open.iter().find(|(_, is_units)| !*is_units);
    match (rng.random_range(0..9), of_units, of_money) {
        (0, ..) => bundle(l.admin, vec![units]),
        (1 | 2, ..) => bundle(l.admin, vec![units, money]),
        (3, ..) => l.by_venue(l.order(from.rights, amount)),
        (4, ..) => l.by_venue(l.order(from.money, amount * 3)),
        (5, Some((hold, _)), _) => l.by_venue(ReleaseHold { hold: *hold, amount: None }),
        (_, Some((units, _)), Some((money, _))) => {
            l.by_venue(settle(&[(*units, to.rights, rng.random_range(1..200)), (*money, from.money, 5)]))
        }
        _ => l.by_venue(l.order(from.rights, amount)),
    }
}

/// A transfer of some numbers out of the middle of what lies on an account.
async fn numbered(t: &TestRegistry, l: &Ledger, rng: &mut StdRng) -> Option<Act> {
    let (from, to) = if rng.random_bool(0.5) { (0, 1) } else { (1, 0) };
    let (from, to) = (l.firms[from].rights, l.firms[to].rights);
    let lots = t.registry.lots_of(&t.now().await, &[from]).await.unwrap();
    let (mut units, mut after) = (Vec::new(), 0);
    for lot in lots.iter().filter(|lot| lot.held_by.is_none()) {
        after = after.max(lot.units.from);
        while after + 40 < lot.units.to && units.len() < 12 {
            let at = after + rng.random_range(1..30);
            units.push(UnitRange { from: at, to: at + rng.random_range(1..9) });
            after = at + 10;
        }
    }
    let amount = units.iter().map(|range| range.units().count()).sum();
    let selection = Selection::Numbers { units };
    (amount > 0).then(|| bundle(l.admin, vec![TransferUnits { selection, ..transfer(from, to, amount) }.into()]))
}

/// Performs what can be done; how many bundles were refused for one of their legs.
async fn history(t: &TestRegistry, l: &Ledger, rng: &mut StdRng) -> usize {
    let (mut holds, mut dropped) = (Vec::new(), 0);
    for _ in 0..acts() {
        let by_number = if rng.random_range(0..5) == 0 { numbered(t, l, rng).await } else { None };
        let act = by_number.unwrap_or_else(|| tried(rng, l, &holds));
        let placed = match &act.legs[..] {
            [ActBody::PlaceHold(hold)] => Some(l.firms.iter().any(|firm| firm.rights == hold.account)),
            _ => None,
        };
        let legs = act.legs.len();
        match t.registry.perform(act).await {
            Ok(receipt) => holds.extend(placed.map(|is_units| (hold_of(receipt.act_id), is_units))),
            Err(PerformError::Refused(_)) => dropped += usize::from(legs > 1),
            Err(other) => panic!("{other}"),
        }
    }
    dropped
}

/// What the tables say stood on accounts at an entry.
async fn standing(t: &TestRegistry, then: &Snapshot, accounts: &[AccountId]) -> BTreeMap<AccountId, Standing> {
    let mut found: BTreeMap<AccountId, Standing> = accounts.iter().map(|id| (*id, Standing::default())).collect();
    for account in t.registry.accounts_by_ids(then, accounts).await.unwrap() {
        let id = account.state.id;
        found.get_mut(&id).unwrap().account = Some(account.state);
    }
    for (account, balance) in t.registry.balances(then, accounts).await.unwrap() {
        found.get_mut(&account).unwrap().balance = balance;
    }
    for lot in t.registry.lots_of(then, accounts).await.unwrap() {
        found.get_mut(&lot.account).unwrap().lots.insert(lot.id, lot);
    }
    for hold in t.registry.open_holds_of(then, accounts).await.unwrap() {
        found.get_mut(&hold.state.account).unwrap().holds.insert(hold.state.id, hold.state);
    }
    found
}

/// What holds at every entry, whatever came before it.
fn keeps(l: &Ledger, all: &BTreeMap<AccountId, Standing>, seq: i64) {
    for Standing { balance: Balance { posted, held }, holds, lots, .. } in all.values() {
        assert!(posted.count() >= 0 && *held <= *posted, "entry {seq}");
        assert_eq!(holds.values().map(|hold| hold.open.count()).sum::<i64>(), held.count(), "entry {seq}");
        let set_aside = lots.values().filter(|lot| lot.held_by.is_some()).map(|lot| lot.units.units().count());
        assert!(lots.is_empty() || set_aside.sum::<i64>() == held.count(), "entry {seq}");
    }
    let mut ranges: Vec<_> = all.values().flat_map(|standing| standing.lots.values().map(|lot| lot.units)).collect();
    ranges.sort_unstable();
    assert!(ranges.windows(2).all(|pair| pair[0].to <= pair[1].from), "entry {seq}: a unit lies twice");
    for account in l.firms.iter().map(|firm| firm.rights).chain([l.pool]) {
        let Standing { balance, lots, .. } = &all[&account];
        let lying: i64 = lots.values().map(|lot| lot.units.units().count()).sum();
        assert_eq!(lying, balance.posted.count(), "entry {seq}: a unit is lost");
    }
    let posted = |account: AccountId| all[&account].balance.posted.count();
    let rights: i64 = l.firms.iter().map(|firm| posted(firm.rights)).sum::<i64>() + posted(l.pool);
    let money: i64 = l.firms.iter().map(|firm| posted(firm.money)).sum();
    assert_eq!((rights, money), (posted(l.issuance), posted(l.bank)), "entry {seq}");
}

each_backend! {
    async fn at_every_entry_the_ledger_is_what_the_journal_folds_into_and_nothing_is_lost(t) {
        let l = t.ledger().await;
        l.fill(&t, UNITS, FEN).await;
        t.done(transfer(l.firms[0].rights, l.firms[1].rights, UNITS / 2)).await;
        t.done(transfer(l.firms[1].money, l.firms[0].money, FEN / 2)).await;
        let seed: u64 = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
        println!("{:?}: seed {seed}", t.backend);
        let dropped = history(&t, &l, &mut StdRng::seed_from_u64(seed)).await;
        assert!(dropped > 0, "no bundle was refused");
        let now = t.now().await;
        let own = [l.issuance, l.pool, l.retired, l.bank];
        let accounts: Vec<_> = l.firms.iter().flat_map(|firm| [firm.rights, firm.money]).chain(own).collect();
        let mut mirror = Mirror::default();
        for entry in t.registry.acts(&now, &ActFilter::default(), None, 1_000_000).await.unwrap() {
            let changes = EntryBody::decode(&entry.body).unwrap().read_changes().unwrap();
            changes.iter().for_each(|change| mirror.apply(change));
            let seq = entry.header.seq;
            let then = standing(&t, &Snapshot { seq, ..now }, &accounts).await;
            keeps(&l, &then, seq);
            for (account, ours) in &then {
                assert_eq!(mirror.compare(*account, Some(ours)), None, "entry {seq}");
            }
        }
        t.assert_sound().await;
    }
}
