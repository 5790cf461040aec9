//! The books of the whole registry: what lies, is set aside, waits and differs on the accounts of two enterprises.

use std::time::Duration;

use yulin_domain::codes::{BankDirection, BookSource, HoldKind, Role};
use yulin_domain::factor::{
    AuthoriseVenue, BankLine, BankStatement, ClosePeriod, Controls, Coverage, HeldPosition, PlaceHold, Position,
    ReconcileBooks, RecordDeposit, RequestPayout, TrustCounterparty, VenueAccess,
};
use yulin_domain::journal::{
    Act, ActBody, ActId, HoldId, PrincipalId, ProposeAct, ReconciliationId, RecordKey, ScheduleAct, ScheduleId, Seen,
    TransferId,
};
use yulin_domain::land::{ChangeParcel, ParcelPatch};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Instant, Units};
use yulin_persistence::{Failing, FeedFilter, NewWebhook, WebhookId};

use crate::TestRegistry;
use crate::acts::envelope;
use crate::ledger::{Ledger, freeze, hold_of, transfer, transfer_of};
use crate::whole::Side;

/// Units that each enterprise is given, and fen.
const GIVEN: i64 = 1_000;

/// Who asks for an enterprise and its venue, and what is in the books of both.
pub struct Books {
    pub shares: [ShareOfBooks; 2],
    /// A transfer that waits for an outside register.
    pub awaiting: TransferId,
    /// What was found in the first venue's books, and in the bank's.
    pub found: [ReconciliationId; 2],
    /// The last act that was recorded.
    pub last: ActId,
    refused: ScheduleId,
}

/// What of the books belongs to one enterprise.
#[derive(Debug, Clone, Copy)]
pub struct ShareOfBooks {
    /// The principal that acts for the enterprise.
    pub principal: PrincipalId,
    /// The venue to which its accounts are opened, and no other's.
    pub venue: PrincipalId,
    pub allotted: TransferId,
    pub deposit: TransferId,
    /// What the venue set aside, and what a court froze.
    pub order: HoldId,
    pub frozen: HoldId,
    pub scheduled: ScheduleId,
    pub proposed: ScheduleId,
}

impl ShareOfBooks {
    pub(crate) fn all(&self) -> [RecordKey; 8] {
        let Self { principal, venue, allotted, deposit, order, frozen, scheduled, proposed } = *self;
        [
            principal.into(),
            venue.into(),
            allotted.into(),
            deposit.into(),
            order.into(),
            frozen.into(),
            scheduled.into(),
            proposed.into(),
        ]
    }
}

impl Books {
    pub(crate) fn all(&self) -> Vec<RecordKey> {
        let others = [self.awaiting.into(), self.found[0].into(), self.found[1].into(), self.refused.into()];
        self.shares.iter().flat_map(ShareOfBooks::all).chain(others).collect()
    }
}

impl TestRegistry {
    pub(crate) async fn books(&self, l: &Ledger, sides: &[Side; 2]) -> Books {
        let refused = self.to_be_refused(&sides[0]).await;
        self.done(l.issue(10 * GIVEN, None)).await;
        let second = self.venue("second venue").await;
        let shares = [self.share(l, &sides[0], l.venue).await, self.share(l, &sides[1], second).await];
        let account = sides[0].firm.rights;
        let seen = self.registry.accounts_by_ids(&self.now().await, &[account]).await.expect("accounts are read");
        let (account, access) = (Seen { id: account, seq: seen[0].version }, VenueAccess::Granted);
        self.done(TrustCounterparty { account, counterparty: l.firms[0].rights, access }).await;
        self.control(l.cod, Controls { confirmed_by: Some("province".to_owned()), ..Controls::default() }).await;
        let awaiting = transfer_of(self.done(transfer(sides[0].firm.rights, l.firms[0].rights, 3)).await);
        let found = self.compared(l, sides, &shares[0]).await;
        let seen = self.registry.factors_by_ids(&self.now().await, &[l.cny]).await.expect("factors are read");
        let (factor, until) = (Seen { id: l.cny, seq: seen[0].version }, "2026-01-01".parse().expect("a date"));
        let last = self.done(ClosePeriod { factor, district: l.district, until }).await;
        Books { shares, awaiting, found, last, refused }
    }

    /// An act that waits until what it is about has changed; the registry refuses it when the next act is recorded.
    async fn to_be_refused(&self, side: &Side) -> ScheduleId {
        let parcel = self.parcel(side.land.district, &format!("{}-LATER", side.code), [0.0, 200.0, 50.0, 240.0]).await;
        let facts = |name: &str| ParcelPatch { name: Some(name.to_owned()), ..ParcelPatch::default() };
        let seen = self.seen(parcel).await;
        let rename = |name| ChangeParcel { parcel: seen, facts: facts(name), footprint: None, state: None };
        let begins_at = in_millis(1_500);
        let waiting = self.done(ScheduleAct { begins_at, legs: vec![rename("later").into()] }).await;
        self.done(rename("meanwhile")).await;
        while in_millis(-200) < begins_at {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        ScheduleId::made_by(waiting, 0, 0)
    }

    pub(crate) async fn share(&self, l: &Ledger, side: &Side, venue: PrincipalId) -> ShareOfBooks {
        let firm = side.firm;
        let opened = vec![firm.rights, firm.money];
        let access = VenueAccess::Granted;
        self.done(AuthoriseVenue { venue, accounts: opened, factors: vec![l.cod, l.cny], access }).await;
        let (name, roles) = (format!("office of {}", side.code), [Role::Enterprise].into());
        let register = RegisterPrincipal { name, party: Some(firm.party), roles };
        let principal = PrincipalId::made_by(self.done(register).await, 0, 0);
        let allotted = transfer_of(self.done(transfer(l.pool, firm.rights, GIVEN)).await);
        let bank_reference = format!("bank {}", side.code);
        let deposit = RecordDeposit { account: firm.money, bank_reference, ..l.deposit(0, GIVEN) };
        let deposit = transfer_of(self.done(deposit).await);
        let order = PlaceHold { reference: Some(format!("order of {}", side.code)), ..l.order(firm.rights, 20) };
        let order = hold_of(self.by((venue, Role::Venue), order).await);
        let frozen = hold_of(self.done(freeze(HoldKind::Court, firm.rights, Some(30), vec![])).await);
        let payout = || RequestPayout { account: firm.money, amount: Units::of(5), reference: None };
        let later = ScheduleAct { begins_at: in_millis(86_400_000), legs: vec![payout().into()] };
        let office = (principal, Role::Enterprise);
        let scheduled = ScheduleId::made_by(self.by(office, later).await, 0, 0);
        let propose = ProposeAct { legs: vec![payout().into()] };
        let proposed = ScheduleId::made_by(self.by(office, propose).await, 0, 0);
        ShareOfBooks { principal, venue, allotted, deposit, order, frozen, scheduled, proposed }
    }

    /// The first venue's positions and the bank's statement, both of which differ.
    async fn compared(&self, l: &Ledger, sides: &[Side; 2], share: &ShareOfBooks) -> [ReconciliationId; 2] {
        let one = Units::of(1);
        let holds = Some(vec![HeldPosition { hold: share.order, open: one }]);
        let position = Position { account: sides[0].firm.rights, posted: one, held: Some(one), holds };
        let of_venue = ReconcileBooks {
            source: BookSource::Venue,
            venue: Some(share.venue),
            as_of: Some(self.now().await.seq),
            covers: Coverage::Listed,
            positions: vec![position],
            statement: None,
        };
        let found = self.by((share.venue, Role::Venue), of_venue).await;
        let today = jiff::Timestamp::now().in_tz("Asia/Shanghai").expect("a zone").date();
        let line = BankLine {
            bank_reference: "nobody's".to_owned(),
            account: sides[1].firm.money,
            direction: BankDirection::In,
            amount: one,
        };
        let of_bank = ReconcileBooks {
            source: BookSource::Bank,
            venue: None,
            as_of: None,
            covers: Coverage::Listed,
            positions: vec![],
            statement: Some(BankStatement { bank: l.bank, from: today, to: today, lines: vec![line] }),
        };
        [found, self.done(of_bank).await].map(|act| ReconciliationId::made_by(act, 0, 0))
    }

    /// An act of somebody in a role, which must succeed.
    pub(crate) async fn by(&self, (principal, role): (PrincipalId, Role), body: impl Into<ActBody>) -> ActId {
        let mut envelope = envelope(principal);
        envelope.role = role;
        let id = envelope.id;
        self.registry.perform(Act { envelope, legs: vec![body.into()] }).await.expect("the act is recorded");
        id
    }
}

impl TestRegistry {
    /// A webhook of the holder of a key, which could not be reached once.
    pub async fn unreachable_webhook(&self, (principal, role): (PrincipalId, Role), key: &str) -> WebhookId {
        let (url, filter, position) = ("https://example.org/".to_owned(), FeedFilter::default(), 0);
        let new = NewWebhook { principal, role, url, filter, position, feed: "of all".to_owned() };
        let made = self.registry.create_webhook(new, key).await.expect("it is registered").expect("the key is good");
        let failing = Failing { seq: 1, previous: None, tries: 4, again_in: None, failure: "status 503".to_owned() };
        self.registry.webhook_failed(made.id, failing).await.expect("a failure is kept");
        made.id
    }
}

fn in_millis(millis: i64) -> Instant {
    Instant::from_micros(jiff::Timestamp::now().as_microsecond() + millis * 1_000)
}
