//! What clients of a market were told, replayed in the order of `seq`: the model predicts what lies on each account after
//! every entry, and each refusal is what the model says at some instant between question and answer.

use std::collections::BTreeMap;
use std::time::Instant as Clock;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActId, HoldId, Refused};
use yulin_persistence::{ActFilter, AsOf, Registry};

use crate::ledger::hold_of;
use crate::ledger_model::{Asked, Model, POOL};
use crate::market::{Carried, Lane, Market, Place, UNITS, Wanted, share};

/// The account of the first firm in the model.
const FIRST: usize = 2;
/// Entries that are read at once.
const PAGE: u64 = 5_000;

/// What lies on accounts, and what of it is set aside.
pub type Lying = BTreeMap<Place, (i64, i64)>;

/// What one client asked, when, and what it was told.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: ActId,
    pub wanted: Wanted,
    pub began: Clock,
    pub ended: Clock,
    /// The entry, or why there is none.
    pub answer: Result<i64, Refused>,
}

/// The model of a market.
#[derive(Debug, Clone)]
pub struct Replay {
    lanes: [Model; 2],
    /// Where the model has each hold.
    holds: BTreeMap<HoldId, usize>,
}

impl Replay {
    /// A market of so many firms at its beginning.
    pub fn new(firms: usize) -> Self {
        let mut model = Model::capped(UNITS);
        model.answer(Asked::Issue { amount: UNITS }).expect("there is something");
        for nth in 0..firms {
            let given = Asked::Transfer { from: POOL, to: FIRST + nth, amount: share(firms) };
            model.answer(given).expect("everybody has something");
        }
        Self { lanes: [model.clone(), model], holds: BTreeMap::new() }
    }

    /// Does what was asked under an id; what then lies on the accounts it touched.
    pub fn answer(&mut self, id: ActId, wanted: &Wanted) -> Result<Lying, ErrorCode> {
        let mut told = Lying::new();
        if let Wanted::Hold { at: (lane, _), .. } = wanted {
            self.holds.insert(hold_of(id), self.lanes[*lane as usize].holds());
        }
        for (lane, asked) in self.asked(wanted) {
            let lying = self.lanes[lane as usize].answer(asked)?;
            told.extend(lying.into_iter().map(|(account, lying)| ((lane, account - FIRST), lying)));
        }
        Ok(told)
    }

    /// Why it would be refused as things stand, and how much was free where that is why; none where it would be done.
    pub fn refusal(&self, wanted: &Wanted) -> Option<(ErrorCode, Option<i64>)> {
        // The parts are of different lanes, so that none depends on another.
        self.asked(wanted).into_iter().find_map(|(lane, asked)| {
            let model = &self.lanes[lane as usize];
            let free = |account| {
                let (posted, held) = model.lying(account);
                Some(posted - held)
            };
            let code = model.refusal(asked)?;
            let is_insufficient = code == ErrorCode::Insufficient;
            Some(match asked {
                Asked::Transfer { from: account, .. } | Asked::Hold { account, .. } if is_insufficient => {
                    (code, free(account))
                }
                _ => (code, None),
            })
        })
    }

    /// What lies on an account.
    pub fn lying(&self, (lane, nth): Place) -> (i64, i64) {
        self.lanes[lane as usize].lying(FIRST + nth)
    }

    fn asked(&self, wanted: &Wanted) -> Vec<(Lane, Asked)> {
        let carry = |one: &Carried| {
            let Carried { lane, from, to, amount } = *one;
            (lane, Asked::Transfer { from: FIRST + from, to: FIRST + to, amount })
        };
        // A hold that is not yet there is none that the model knows.
        let place = |hold: &HoldId| self.holds.get(hold).copied().unwrap_or(usize::MAX);
        match wanted {
            Wanted::Transfer(one) => vec![carry(one)],
            Wanted::Swap(both) => both.iter().map(carry).collect(),
            Wanted::Hold { at: (lane, nth), amount } => {
                vec![(*lane, Asked::Hold { account: FIRST + nth, amount: *amount })]
            }
            Wanted::Settle(parts) => {
                let settle = |hold, to, amount| Asked::Settle { hold, to: FIRST + to, amount };
                let parts = parts.iter();
                parts.map(|one| (one.placed.at.0, settle(place(&one.placed.hold), one.to, one.amount))).collect()
            }
            Wanted::Release(placed) => {
                let (lane, hold) = (placed.at.0, place(&placed.hold));
                vec![(lane, Asked::Release { hold, amount: self.lanes[lane as usize].open(hold) })]
            }
        }
    }
}

/// What was recorded, in the order of `seq`.
pub fn recorded(told: &[Told]) -> Vec<(i64, &Told)> {
    let mut recorded: Vec<_> = told.iter().filter_map(|one| Some((*one.answer.as_ref().ok()?, one))).collect();
    recorded.sort_by_key(|(seq, _)| *seq);
    recorded
}

/// Asserts that whoever was told before another began stands before it.
pub fn assert_real_time(recorded: &[(i64, &Told)]) {
    let mut latest_begin = None;
    for (seq, one) in recorded {
        latest_begin = latest_begin.max(Some(one.began));
        assert!(Some(one.ended) >= latest_begin, "entry {seq} does not respect real time");
    }
}

/// Asserts that the journal after an entry holds what was told and nothing else: nothing lost, nothing twice.
pub async fn assert_all_recorded(registry: &Registry, after: i64, recorded: &[(i64, &Told)]) {
    let snapshot = registry.snapshot(AsOf::default(), None).await.expect("a snapshot of now");
    let (mut last, mut told) = (after, recorded.iter());
    loop {
        let page = registry.acts(&snapshot, &ActFilter::default(), Some(last), PAGE).await.expect("entries are read");
        for entry in &page {
            let (seq, one) = told.next().unwrap_or_else(|| panic!("entry {} was told to nobody", entry.header.seq));
            assert_eq!((entry.header.seq, entry.header.act_id), (*seq, one.id), "the journal is not what was told");
            last = *seq;
        }
        if page.is_empty() {
            break;
        }
    }
    assert_eq!(told.next().map(|(seq, _)| seq), None, "an entry was told and is not there");
}

/// What lay on each account after each entry that touched it, as the registry has written it; never below zero.
pub async fn written(registry: &Registry, market: &Market, from_seq: i64) -> BTreeMap<i64, Lying> {
    let snapshot = registry.snapshot(AsOf::default(), None).await.expect("a snapshot of now");
    let mut written = BTreeMap::<i64, Lying>::new();
    for place in market.places() {
        let (account, mut after) = (market.account(place), None);
        loop {
            let page =
                registry.entries_of(&snapshot, account, (from_seq, after), PAGE).await.expect("entries are read");
            for line in &page {
                let lying = (line.posting.after.posted.count(), line.posting.after.held.count());
                assert!(0 <= lying.1 && lying.1 <= lying.0, "entry {}: {lying:?} on {account}", line.seq);
                // What one act does in steps is told as it is at its end.
                written.entry(line.seq).or_default().insert(place, lying);
            }
            let Some(line) = page.last() else { break };
            after = Some((line.seq, line.place));
        }
    }
    written
}

/// Asserts that the model, doing what was recorded in its order, predicts what was written after each entry, and each
/// refusal at some instant between its question and its answer.
pub fn assert_predicted(
    replay: &mut Replay,
    recorded: &[(i64, &Told)],
    refused: &[&Told],
    written: &BTreeMap<i64, Lying>,
) {
    assert!(
        written.keys().eq(recorded.iter().map(|(seq, _)| seq)),
        "an entry without a word of accounts, or the reverse"
    );
    let mut windows = Windows::of(recorded, refused);
    windows.explain(replay, 0);
    for (nth, (seq, one)) in recorded.iter().enumerate() {
        match replay.answer(one.id, &one.wanted) {
            Ok(lying) => assert_eq!(written[seq], lying, "entry {seq}: {:?}", one.wanted),
            Err(code) => panic!("entry {seq}: the model refuses {:?} with {code}", one.wanted),
        }
        windows.explain(replay, nth + 1);
    }
}

/// Refusals and the entries between which each was decided.
struct Windows<'a> {
    /// The first and the last number of entries after which it may have been decided; by the first, the last of them first.
    waiting: Vec<(usize, usize, &'a Told)>,
    /// Those that no state has explained so far.
    open: Vec<(usize, usize, &'a Told)>,
}

impl<'a> Windows<'a> {
    fn of(recorded: &[(i64, &Told)], refused: &[&'a Told]) -> Self {
        let (mut ends, mut begins) = (Vec::new(), Vec::new());
        for (_, one) in recorded {
            begins.push(begins.last().copied().map_or(one.began, |latest: Clock| latest.max(one.began)));
        }
        for (_, one) in recorded.iter().rev() {
            ends.push(ends.last().copied().map_or(one.ended, |first: Clock| first.min(one.ended)));
        }
        ends.reverse();
        let window = |one: &&'a Told| {
            // After all that was told before it began, before all that began after it was told.
            let from = ends.partition_point(|ended| *ended < one.began);
            (from, begins.partition_point(|began| *began <= one.ended), *one)
        };
        let mut waiting: Vec<_> = refused.iter().map(window).collect();
        waiting.sort_by_key(|(from, ..)| std::cmp::Reverse(*from));
        Self { waiting, open: Vec::new() }
    }

    /// Takes away what the model would refuse after so many entries just as it was refused.
    fn explain(&mut self, replay: &Replay, done: usize) {
        while let Some(next) = self.waiting.pop_if(|(from, ..)| *from <= done) {
            self.open.push(next);
        }
        self.open.retain(|(_, to, one)| {
            let refused = one.answer.as_ref().expect_err("a refusal");
            let told =
                (refused.code, refused.facts.get("available").and_then(|told| told.as_str()?.parse::<i64>().ok()));
            let is_explained = replay.refusal(&one.wanted) == Some(told);
            assert!(is_explained || done < *to, "after {done} entries nothing explains {one:?}");
            !is_explained
        });
    }
}
