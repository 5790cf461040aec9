//! Books compared: whatever is wrong in one of two books is told for that account and no other, blocks that account and no
//! other, and goes on once the books agree.

use std::collections::BTreeSet;

use rand::{Rng, SeedableRng, rngs::StdRng};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::{AccountPurpose, BankDirection, BookPart, BookSource, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    AuthoriseVenue, BankLine, BankStatement, Controls, Coverage, HeldPosition, IssueUnits, LiftBlock, OpenAccount,
    OpenHolds, Position, ReconcileBooks, Reconciliation, RecordDeposit, ReleaseHold, RequestPayout, ReverseTransfer,
    VenueAccess,
};
use yulin_domain::journal::{AccountId, Act, ActId, ActKind, PrincipalId, ReconciliationId, RecordKey, Seen};
use yulin_domain::land::{MergeParcels, ParcelPatch};
use yulin_domain::quantity::Units;
use yulin_persistence::{ActFilter, PerformError, Watch};
use yulin_tests::ledger::{Ledger, account, transfer, transfer_of};
use yulin_tests::{Gateway, TestRegistry, each_backend};

/// A venue's positions.
fn positions(venue: PrincipalId, positions: Vec<Position>) -> ReconcileBooks {
    let (source, venue, covers) = (BookSource::Venue, Some(venue), Coverage::Listed);
    ReconcileBooks { source, venue, as_of: None, covers, positions, statement: None }
}

/// A bank's statement of today, and what lies at the bank.
fn statement(l: &Ledger, posted: i64, lines: Vec<BankLine>) -> ReconcileBooks {
    let today = jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
    let positions = vec![Position { account: l.bank, posted: Units::of(posted), held: None, holds: None }];
    let statement = Some(BankStatement { bank: l.bank, from: today, to: today, lines });
    ReconcileBooks {
        source: BookSource::Bank,
        venue: None,
        as_of: None,
        covers: Coverage::Listed,
        positions,
        statement,
    }
}

fn line(reference: &str, account: AccountId, amount: i64) -> BankLine {
    let (bank_reference, direction) = (reference.to_owned(), BankDirection::In);
    BankLine { bank_reference, account, direction, amount: Units::of(amount) }
}

async fn true_position(t: &TestRegistry, account: AccountId) -> Position {
    let balance = t.balance(account).await;
    Position { account, posted: balance.posted, held: Some(balance.held), holds: None }
}

async fn found_by(t: &TestRegistry, act: ActId) -> Reconciliation {
    let id = ReconciliationId::made_by(act, 0, 0);
    t.registry.reconciliations_by_ids(&t.now().await, &[id]).await.unwrap().pop().expect("a comparison").state
}

/// What an act comes to that the administrator performs.
async fn refused(t: &TestRegistry, act: Act) -> Option<ErrorCode> {
    match t.registry.perform(act).await {
        Ok(_) => None,
        Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => Some(refused.code),
        Err(fault) => panic!("{fault}"),
    }
}

fn by_admin(l: &Ledger, body: impl Into<yulin_domain::journal::ActBody>) -> Act {
    yulin_tests::acts::act(l.admin, body)
}

/// Holding accounts with something on each, open to the venue.
async fn stocked(t: &TestRegistry, l: &Ledger, many: usize) -> Vec<AccountId> {
    t.done(l.issue(1_000_000, None)).await;
    let mut accounts = Vec::new();
    for nth in 0..many {
        let open = account(&format!("R{nth}"), l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        accounts.push(t.account(open).await);
        t.done(transfer(l.pool, accounts[nth], 1_000)).await;
    }
    let (venue, factors, access) = (l.venue, Vec::new(), VenueAccess::Granted);
    t.done(AuthoriseVenue { venue, accounts: accounts.clone(), factors, access }).await;
    accounts
}

/// A statement that alters the status of an account beneath the registry.
fn altered_status(t: &TestRegistry, account: AccountId) -> String {
    let state = t.backend.replaced("\"status\":\"OPEN\"", "\"status\":\"FROZEN_IN\"");
    format!("UPDATE record_version SET state = {state} WHERE kind = 'account' AND id = '{account}'")
}

/// Which of the accounts refuse to be traded on.
async fn blocked(t: &TestRegistry, l: &Ledger, accounts: &[AccountId]) -> BTreeSet<AccountId> {
    let mut found = BTreeSet::new();
    for account in accounts {
        match refused(t, by_admin(l, transfer(*account, l.pool, 1))).await {
            None => {
                t.done(transfer(l.pool, *account, 1)).await;
            }
            Some(ErrorCode::AccountBlocked) => drop(found.insert(*account)),
            Some(other) => panic!("{other}"),
        }
    }
    found
}

each_backend! {
    async fn what_is_wrong_in_a_venues_books_is_told_and_blocked_for_that_account_alone(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 12).await;
        let held = t.registry.perform(l.by_venue(l.order(accounts[0], 70))).await.unwrap();
        let seed: u64 = rand::random();
        println!("seed {seed}");
        let mut rng = StdRng::seed_from_u64(seed);
        for round in 0..6 {
            let (mut theirs, mut wrong) = (Vec::new(), BTreeSet::new());
            for account in &accounts {
                let mut position = true_position(&t, *account).await;
                match rng.random_range(0..6) {
                    0 => position.posted = Units::of(position.posted.count() + rng.random_range(1..5)),
                    1 => position.held = Some(Units::of(position.held.unwrap().count() + 1)),
                    2 => position.held = None,
                    _ => {}
                }
                let is_right = position.compare(Some(t.balance(*account).await), &OpenHolds::new()).is_none();
                if !is_right {
                    wrong.insert(*account);
                }
                theirs.push(position);
            }
            let receipt = t.registry.perform(l.by_venue(positions(l.venue, theirs.clone()))).await.unwrap();
            let found = found_by(&t, receipt.act_id).await;
            let told: BTreeSet<_> = found.differences.iter().map(|one| one.theirs.account).collect();
            assert_eq!((&told, found.compared), (&wrong, 12), "round {round}, seed {seed}");
            assert_eq!(blocked(&t, &l, &accounts).await, wrong, "round {round}, seed {seed}");
        }
        let mut right = Vec::new();
        for account in &accounts {
            right.push(true_position(&t, *account).await);
        }
        t.registry.perform(l.by_venue(positions(l.venue, right))).await.unwrap();
        assert_eq!(blocked(&t, &l, &accounts).await, BTreeSet::new());
        let hold = yulin_tests::ledger::hold_of(held.act_id);
        let settled = yulin_tests::ledger::settle(&[(hold, accounts[1], 70)]);
        t.registry.perform(l.by_venue(settled)).await.unwrap();
        t.assert_sound().await;
    }

    async fn land_that_is_merged_does_not_lose_the_block_of_a_part(t) {
        let l = t.ledger().await;
        let (mut parents, mut pools) = (Vec::new(), Vec::new());
        for (nth, west) in [(0, 0.0), (1, 10.0)] {
            let land = t.parcel(l.district, &format!("P{nth}"), [west, 0.0, west + 10.0, 10.0]).await;
            let open = account(&format!("POOL{nth}"), l.cod, AccountPurpose::Pool, l.district, None);
            let pool = t.account(OpenAccount { parcel: Some(land), ..open }).await;
            t.done(IssueUnits { to: pool, ..l.issue(10, None) }).await;
            parents.push(t.seen(land).await);
            pools.push(pool);
        }
        let (venue, factors, access) = (l.venue, Vec::new(), VenueAccess::Granted);
        t.done(AuthoriseVenue { venue, accounts: pools.clone(), factors, access }).await;
        let mut theirs = vec![true_position(&t, pools[0]).await, true_position(&t, pools[1]).await];
        theirs[1].posted = Units::of(11);
        t.registry.perform(l.by_venue(positions(l.venue, theirs))).await.unwrap();
        let facts = ParcelPatch { code: Some("M".to_owned()), ..ParcelPatch::default() };
        let footprint = yulin_tests::acts::rectangle([0.0, 0.0, 20.0, 10.0]);
        t.done(MergeParcels { parcels: parents, facts, footprint, dispositions: vec![] }).await;
        let now = t.now().await;
        let filter = yulin_persistence::AccountFilter { code: Some("POOL0/M".to_owned()), ..Default::default() };
        let heir = t.registry.account_ids(&now, &filter, None, 10).await.unwrap();
        let heir = t.registry.accounts_by_ids(&now, &heir).await.unwrap().pop().unwrap().state;
        assert_eq!(heir.blocks.iter().map(|block| block.venue).collect::<Vec<_>>(), [Some(l.venue)]);
        let order = t.registry.perform(l.by_venue(l.order(heir.id, 1))).await;
        assert!(matches!(order, Err(PerformError::Refused(refused)) if refused.code == ErrorCode::AccountBlocked));
        t.assert_sound().await;
    }

    async fn positions_of_an_earlier_entry_are_compared_with_what_lay_there_then(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 2).await;
        let then = true_position(&t, accounts[0]).await;
        let as_of = t.now().await.seq;
        t.done(transfer(accounts[0], accounts[1], 7)).await;
        let old = ReconcileBooks { as_of: Some(as_of), ..positions(l.venue, vec![then.clone()]) };
        let agreed = t.registry.perform(l.by_venue(old.clone())).await.unwrap();
        assert_eq!(found_by(&t, agreed.act_id).await.differences, vec![]);
        let stale = t.registry.perform(l.by_venue(positions(l.venue, vec![then.clone()]))).await.unwrap();
        assert_eq!(found_by(&t, stale.act_id).await.differences.len(), 1);
        assert_eq!(blocked(&t, &l, &accounts).await, BTreeSet::from([accounts[0]]));
        // What was so before settles nothing of what was found since.
        t.registry.perform(l.by_venue(old.clone())).await.unwrap();
        assert_eq!(blocked(&t, &l, &accounts).await, BTreeSet::from([accounts[0]]));
        let beyond = ReconcileBooks { as_of: Some(1_000_000), ..old };
        assert_eq!(refused(&t, l.by_venue(beyond)).await, Some(ErrorCode::AsOfBeyondHead));
        // Every account that is open to the venue, listed or not.
        let all = ReconcileBooks { covers: Coverage::All, venue: Some(l.venue), ..positions(l.venue, vec![]) };
        let all = t.registry.perform(l.by_venue(all)).await.unwrap();
        let told: Vec<_> = found_by(&t, all.act_id).await.differences.iter().map(|one| one.theirs.account).collect();
        assert!(accounts.iter().chain([&l.pool]).all(|account| told.contains(account)) && told.len() == 3);
        // Accounts of others are not there for a venue, and are not blocked by it.
        let stranger = t.venue("stranger").await;
        let mut meddling = l.by_venue(positions(stranger, vec![Position { posted: Units::of(1), ..then }]));
        meddling.envelope.principal = stranger;
        let told = found_by(&t, t.registry.perform(meddling).await.unwrap().act_id).await;
        assert_eq!(told.differences[0].ours, None);
        t.assert_sound().await;
    }

    async fn a_blocked_account_is_freed_by_its_own_book_or_by_hand_with_a_reason(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 1).await;
        let other = t.venue("other").await;
        t.done(AuthoriseVenue { venue: other, accounts: accounts.clone(), factors: vec![l.cod], access: VenueAccess::Granted }).await;
        let by_other = |body: ReconcileBooks| {
            let mut act = l.by_venue(body);
            act.envelope.principal = other;
            act
        };
        let truth = true_position(&t, accounts[0]).await;
        let lie = Position { posted: Units::of(1), ..truth.clone() };
        t.registry.perform(l.by_venue(positions(l.venue, vec![lie.clone()]))).await.unwrap();
        t.registry.perform(by_other(positions(other, vec![lie]))).await.unwrap();
        t.registry.perform(l.by_venue(positions(l.venue, vec![truth]))).await.unwrap();
        assert_eq!(blocked(&t, &l, &accounts).await.len(), 1, "one of two books still differs");
        let order = refused(&t, l.by_venue(l.order(accounts[0], 1))).await;
        assert_eq!(order, Some(ErrorCode::AccountBlocked));
        let seq = t.registry.accounts_by_ids(&t.now().await, &accounts).await.unwrap()[0].version;
        let lift = LiftBlock { account: Seen { id: accounts[0], seq }, source: BookSource::Venue, venue: Some(other) };
        let mut silent = by_admin(&l, lift.clone());
        silent.envelope.reason = None;
        assert_eq!(refused(&t, silent).await, Some(ErrorCode::ReasonRequired));
        t.done(lift).await;
        assert_eq!(blocked(&t, &l, &accounts).await.len(), 0);
        t.assert_sound().await;
    }

    async fn a_banks_statement_is_compared_line_by_line_and_in_sum(t) {
        let l = t.ledger().await;
        let [one, two] = l.firms.map(|firm| firm.money);
        let booked = l.deposit(0, 500);
        t.done(booked.clone()).await;
        let as_booked = line(&booked.bank_reference, one, 500);
        let wrong = statement(&l, 800, vec![line(&booked.bank_reference, one, 600), line("B-2", two, 200)]);
        let told = found_by(&t, t.registry.perform(by_admin(&l, wrong)).await.unwrap().act_id).await;
        assert_eq!(told.differences.len(), 1);
        assert_eq!(told.lines.iter().map(|one| one.ours.clone()).collect::<Vec<_>>(), [Some(as_booked.clone()), None]);
        // What the bank says is booked though the account is blocked; nothing else moves.
        assert_eq!(refused(&t, by_admin(&l, transfer(one, two, 1))).await, Some(ErrorCode::AccountBlocked));
        t.done(RecordDeposit { bank_reference: "B-2".to_owned(), ..l.deposit(1, 200) }).await;
        // Another line that agrees does not settle the one that did not.
        let other = l.deposit(1, 7);
        t.done(other.clone()).await;
        let part = statement(&l, 707, vec![line(&other.bank_reference, two, 7)]);
        t.registry.perform(by_admin(&l, part)).await.unwrap();
        assert_eq!(refused(&t, by_admin(&l, transfer(two, one, 1))).await, Some(ErrorCode::AccountBlocked));
        let all = vec![as_booked, line("B-2", two, 200), line(&other.bank_reference, two, 7)];
        let right = statement(&l, 707, all);
        let told = found_by(&t, t.registry.perform(by_admin(&l, right)).await.unwrap().act_id).await;
        assert_eq!((told.differences.len(), told.lines.len()), (0, 0));
        t.done(transfer(one, two, 1)).await;
        let strange = refused(&t, l.by_venue(statement(&l, 0, vec![]))).await;
        assert_eq!(strange, Some(ErrorCode::Forbidden));
        t.assert_sound().await;
    }

    async fn what_is_booked_and_on_no_statement_stops_whoever_it_was_booked_to(t) {
        let l = t.ledger().await;
        let [one, two] = l.firms.map(|firm| firm.money);
        let typo = l.deposit(0, 1_000_000);
        t.done(typo.clone()).await;
        let empty = statement(&l, 0, vec![]);
        let told = found_by(&t, t.registry.perform(by_admin(&l, empty)).await.unwrap().act_id).await;
        assert_eq!((told.differences.len(), told.lines.len()), (1, 1));
        assert_eq!((&told.lines[0].theirs, told.lines[0].ours.as_ref().unwrap().account), (&None, one));
        let payout = RequestPayout { account: one, amount: Units::of(1), reference: None };
        assert_eq!(refused(&t, by_admin(&l, payout)).await, Some(ErrorCode::AccountBlocked));
        // Booked to the wrong one: both stop, and the bank's reference is free again once it was taken back.
        let misled = statement(&l, 1_000_000, vec![line(&typo.bank_reference, two, 1_000_000)]);
        let told = found_by(&t, t.registry.perform(by_admin(&l, misled.clone())).await.unwrap().act_id).await;
        assert_eq!((told.differences.len(), told.lines.len()), (0, 1));
        let stopped = refused(&t, by_admin(&l, transfer(two, one, 1))).await;
        assert_eq!(stopped, Some(ErrorCode::AccountBlocked));
        t.control(l.cny, Controls { reversal_days: 5, ..Controls::default() }).await;
        let booked = l.deposit(0, 5);
        let id = transfer_of(t.done(booked.clone()).await);
        t.done(ReverseTransfer { transfer: id }).await;
        t.done(RecordDeposit { account: two, ..booked }).await;
        t.assert_sound().await;
    }

    async fn a_reference_that_was_received_and_one_that_was_paid_are_two_lines(t) {
        let l = t.ledger().await;
        let [one, two] = l.firms.map(|firm| firm.money);
        let booked = l.deposit(0, 500);
        t.done(booked.clone()).await;
        t.done(l.deposit(1, 100)).await;
        let out = BankLine { direction: BankDirection::Out, ..line(&booked.bank_reference, one, 70) };
        let sent = vec![line(&booked.bank_reference, one, 500), out.clone()];
        let receipt = t.registry.perform(by_admin(&l, statement(&l, 600, sent))).await.unwrap();
        let told = found_by(&t, receipt.act_id).await;
        assert!(told.lines.iter().any(|one| one.theirs == Some(out.clone()) && one.ours.is_none()));
        // What was received agrees and does not settle what was not paid here.
        let only_in = statement(&l, 600, vec![line(&booked.bank_reference, one, 500)]);
        t.registry.perform(by_admin(&l, only_in)).await.unwrap();
        assert_eq!(refused(&t, by_admin(&l, transfer(one, two, 1))).await, Some(ErrorCode::AccountBlocked));
        let found = t.registry.accounts_by_ids(&t.now().await, &[one]).await.unwrap();
        assert_eq!(found[0].state.blocks[0].lines.iter().cloned().collect::<Vec<_>>(), [out.name()]);
    }

    async fn what_was_booked_on_no_line_and_taken_back_blocks_no_longer(t) {
        let l = t.ledger().await;
        let [one, two] = l.firms.map(|firm| firm.money);
        t.control(l.cny, Controls { reversal_days: 5, ..Controls::default() }).await;
        let typo = transfer_of(t.done(l.deposit(0, 500)).await);
        t.registry.perform(by_admin(&l, statement(&l, 0, vec![]))).await.unwrap();
        assert_eq!(refused(&t, by_admin(&l, transfer(one, two, 1))).await, Some(ErrorCode::AccountBlocked));
        t.done(ReverseTransfer { transfer: typo }).await;
        t.registry.perform(by_admin(&l, statement(&l, 0, vec![]))).await.unwrap();
        t.done(l.deposit(0, 5)).await;
        t.done(transfer(one, two, 1)).await;
        t.assert_sound().await;
    }

    async fn holds_are_compared_one_by_one(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 2).await;
        let other = t.venue("other").await;
        t.done(AuthoriseVenue { venue: other, accounts: accounts.clone(), factors: vec![l.cod], access: VenueAccess::Granted }).await;
        let mut holds = Vec::new();
        for amount in [10, 20, 30] {
            let placed = t.registry.perform(l.by_venue(l.order(accounts[0], amount))).await.unwrap();
            holds.push(HeldPosition { hold: yulin_tests::ledger::hold_of(placed.act_id), open: Units::of(amount) });
        }
        // What another venue has set aside is in the balance and in no list of this one.
        let mut theirs = l.by_venue(l.order(accounts[0], 5));
        theirs.envelope.principal = other;
        t.registry.perform(theirs).await.unwrap();
        let as_of = Some(t.now().await.seq);
        let position = |holds: &[HeldPosition]| Position {
            account: accounts[0], posted: Units::of(1_000), held: None, holds: Some(holds.to_vec()),
        };
        let compare = |holds: &[HeldPosition]| ReconcileBooks { as_of, ..positions(l.venue, vec![position(holds)]) };
        let agreed = t.registry.perform(l.by_venue(compare(&holds))).await.unwrap();
        assert_eq!(found_by(&t, agreed.act_id).await.differences, vec![]);
        // The same sum, and two of three holds wrong; the third of them is not theirs at all.
        let mut wrong = holds.clone();
        (wrong[0].open, wrong[1].open) = (wrong[1].open, wrong[0].open);
        wrong[2].hold = yulin_tests::ledger::hold_of(agreed.act_id);
        let found = t.registry.perform(l.by_venue(compare(&wrong))).await.unwrap();
        let found = found_by(&t, found.act_id).await.differences;
        assert_eq!((found.len(), found[0].holds.len(), &found[0].found_in), (1, 4, &vec![BookPart::Holds]));
        assert_eq!(blocked(&t, &l, &accounts).await, BTreeSet::from([accounts[0]]));
        // As of then they were open, whatever has become of them since.
        let release = ReleaseHold { hold: holds[0].hold, amount: None };
        t.registry.perform(l.by_venue(release)).await.unwrap();
        t.registry.perform(l.by_venue(compare(&holds))).await.unwrap();
        let now = Some(t.now().await.seq);
        let since = ReconcileBooks { as_of: now, ..compare(&holds) };
        let found = t.registry.perform(l.by_venue(since)).await.unwrap();
        assert_eq!(found_by(&t, found.act_id).await.differences[0].holds[0].ours, None);
        let right = ReconcileBooks { as_of: Some(t.now().await.seq), ..compare(&holds[1..]) };
        t.registry.perform(l.by_venue(right)).await.unwrap();
        // What waits for an outside register is no order of the venue's.
        t.control(l.cod, Controls { confirmed_by: Some("register".to_owned()), ..Controls::default() }).await;
        let sold = yulin_tests::ledger::settle(&[(holds[1].hold, l.firms[1].rights, 20)]);
        t.registry.perform(l.by_venue(sold)).await.unwrap();
        let received = Position { account: l.firms[1].rights, posted: Units::of(20), held: None, holds: Some(vec![]) };
        let as_of_now = Some(t.now().await.seq);
        let told = ReconcileBooks { as_of: as_of_now, ..positions(l.venue, vec![received]) };
        let told = t.registry.perform(l.by_venue(told)).await.unwrap();
        assert_eq!(found_by(&t, told.act_id).await.differences, vec![]);
        let unsaid = ReconcileBooks { as_of: None, ..compare(&holds) };
        assert_eq!(refused(&t, l.by_venue(unsaid)).await, Some(ErrorCode::FieldRequired));
        let twice = ReconcileBooks { as_of, ..compare(&[holds[1], holds[1]]) };
        assert_eq!(refused(&t, l.by_venue(twice)).await, Some(ErrorCode::Validation));
    }

    async fn what_a_venue_says_of_an_account_closed_to_it_settles_nothing(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 1).await;
        let lie = Position { posted: Units::of(1), ..true_position(&t, accounts[0]).await };
        t.registry.perform(l.by_venue(positions(l.venue, vec![lie.clone()]))).await.unwrap();
        t.done(AuthoriseVenue { venue: l.venue, accounts: accounts.clone(), factors: vec![], access: VenueAccess::Withdrawn }).await;
        let told = t.registry.perform(l.by_venue(positions(l.venue, vec![lie]))).await.unwrap();
        assert_eq!(found_by(&t, told.act_id).await.differences[0].ours, None);
        assert_eq!(blocked(&t, &l, &accounts).await, BTreeSet::from([accounts[0]]));
    }

    async fn what_a_venue_says_of_the_zones_own_accounts_stops_that_venue_alone(t) {
        let l = t.ledger().await;
        stocked(&t, &l, 1).await;
        let lie = Position { account: l.pool, posted: Units::of(1), held: None, holds: None };
        t.registry.perform(l.by_venue(positions(l.venue, vec![lie]))).await.unwrap();
        let hold = refused(&t, l.by_venue(l.order(l.pool, 1))).await;
        assert_eq!(hold, Some(ErrorCode::AccountBlocked));
        t.done(transfer(l.pool, l.firms[0].rights, 1)).await;
    }

    async fn a_table_that_differs_from_the_journal_is_found_while_trade_goes_on_and_blocks_that_account_alone(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 8).await;
        t.registry.perform(l.by_venue(l.order(accounts[2], 5))).await.unwrap();
        let mut watch = Watch::start();
        let sound = watch.round(&t.registry).await.unwrap();
        assert_eq!(sound.differing, vec![]);
        let raw = t.raw().await;
        let altered = [
            (accounts[0], format!("UPDATE ledger_entry SET posted = posted + 1 WHERE account = '{}'", accounts[0])),
            (accounts[1], format!("UPDATE lot_version SET unit_to = unit_to - 1, account = '{}' WHERE account = '{}'",
                Uuid::nil(), accounts[1])),
            (accounts[2], format!("UPDATE hold_index SET state = 'SETTLED' WHERE account = '{}'", accounts[2])),
            (accounts[3], altered_status(&t, accounts[3])),
        ];
        for (_, sql) in &altered {
            raw.execute_unprepared(sql).await.unwrap();
        }
        let found = watch.round(&t.registry).await.unwrap();
        let expected: BTreeSet<_> = altered.iter().map(|(account, _)| *account).collect();
        assert_eq!(found.differing.iter().copied().collect::<BTreeSet<_>>(), expected);
        let rest: Vec<_> = accounts.iter().copied().filter(|account| !expected.contains(account)).collect();
        assert_eq!(blocked(&t, &l, &rest).await, BTreeSet::new());
        for account in expected {
            assert_eq!(refused(&t, by_admin(&l, transfer(account, l.pool, 1))).await, Some(ErrorCode::AccountBlocked));
        }
        // It is told once.
        assert_eq!(watch.round(&t.registry).await.unwrap().differing, vec![]);
        let kinds = ActFilter { kinds: vec![ActKind::ReportDifferences], ..ActFilter::default() };
        let reported = t.registry.acts(&t.now().await, &kinds, None, 10).await.unwrap();
        assert_eq!(reported.len(), 1);
        let told = found_by(&t, reported[0].header.act_id).await;
        let parts: BTreeSet<_> = told.differences.iter().flat_map(|one| one.found_in.clone()).collect();
        assert_eq!(parts, BTreeSet::from([BookPart::Balance, BookPart::Lots, BookPart::Holds, BookPart::Account]));
    }

    async fn a_venue_has_every_difference_with_its_entries_in_one_answer(t) {
        let l = t.ledger().await;
        let accounts = stocked(&t, &l, 2).await;
        // What came before the accounts were opened to it is not the venue's to read.
        t.done(transfer(l.pool, accounts[1], 1)).await;
        let gateway = Gateway::open(&t.registry).await;
        let key = t.registry.issue_key(l.venue, Role::Venue, None).await.unwrap();
        let global = |account: AccountId| RecordKey::from(account).to_string();
        let asked = "mutation($act: ActEnvelopeInput!, $input: ReconcileBooksInput!) {
            reconcileBooks(act: $act, input: $input) { __typename
            ... on ActRefused { code field facts }
            ... on ActDone { receipt { seq } reconciliation { id source compared asOf differences {
                accountId account { code blocks { source foundBy } } postedTheirs postedOurs heldTheirs heldOurs foundIn
                latestEntries { seq kind amount postedAfter } } } } } }";
        let position = |account, posted: &str| json!({ "account": global(account), "posted": posted });
        let me = RecordKey::from(l.venue).to_string();
        let input = json!({ "source": "VENUE", "venue": me, "positions": [position(accounts[0], "1000"), position(accounts[1], "1000")] });
        let told = gateway.told(Some(&key), asked, &json!({ "act": { "actId": Uuid::now_v7() }, "input": input })).await;
        let found = &told["reconcileBooks"]["reconciliation"];
        assert_eq!((&found["source"], &found["compared"]), (&json!("VENUE"), &json!(2)), "{told}");
        let differences = found["differences"].as_array().unwrap();
        assert_eq!(differences.len(), 1);
        assert_eq!(differences[0]["accountId"], global(accounts[1]));
        assert_eq!((&differences[0]["postedOurs"], &differences[0]["foundIn"]), (&json!("1001"), &json!(["BALANCE"])));
        assert_eq!(differences[0]["account"]["blocks"][0]["foundBy"], found["id"]);
        assert_eq!(differences[0]["latestEntries"][0]["amount"], "1");
        let again = "query($id: ID!) { reconciliation(id: $id) { compared } node(id: $id) { id } }";
        let asked_for = json!({ "id": found["id"] });
        assert_eq!(gateway.told(Some(&key), again, &asked_for).await["reconciliation"]["compared"], 2);
        let stranger = t.key(Role::Venue).await.unwrap();
        assert_eq!(gateway.told(Some(&stranger), again, &asked_for).await["reconciliation"], Value::Null);
        gateway.close().await;
    }
}
