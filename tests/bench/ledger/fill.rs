//! A ledger to measure on: firms with an account of numbered units and one of money, filled through the writer.

use anyhow::{Context as _, Result};
use sea_orm::ConnectionTrait;
use yulin_domain::codes::{AccountPurpose, Role};
use yulin_domain::factor::{AuthoriseVenue, VenueAccess};
use yulin_domain::journal::{AccountId, Act, ActBody, ActId, FactorId, PartyId, RecordKey};
use yulin_domain::party::RegisterParty;
use yulin_tests::acts::act;
use yulin_tests::ledger::{Ledger, account, transfer};
use yulin_tests::{Backend, TestRegistry};

use crate::place::Place;

/// Units a firm begins with: a thousand firms have all that the cap of the ledger allows.
pub const UNITS_EACH: i64 = 1_000_000;
/// Fen a firm begins with.
pub const FEN_EACH: i64 = 1_000_000_000_000;
/// Acts that are handed in at once.
const LIST: usize = 500;
/// Accounts that are opened to the venue in one act.
const OPENED_AT_ONCE: usize = 150;
/// The district into which parcels are imported meanwhile.
pub const DISTRICT: &str = "M";

/// Accounts under load, as the API names them, and who may move what lies there.
#[derive(Debug)]
pub struct Field {
    pub units: Vec<String>,
    pub money: Vec<String>,
    /// A key of a TRADE_OPERATOR.
    pub operator: String,
    /// A key of a VENUE to which all accounts are opened.
    pub venue: String,
    /// A key of an AUDITOR.
    pub auditor: String,
}

/// Makes the ledger in an empty database, with so many transfers behind it.
pub async fn fill(place: &Place, firms: usize, history: usize) -> Result<Field> {
    let t = TestRegistry::at(place.backend, place.url.clone()).await;
    let ledger = t.ledger().await;
    t.district(DISTRICT).await;
    let parties = perform(&t, (0..firms).map(|nth| party(nth).into())).await?;
    let parties: Vec<_> = parties.into_iter().map(|act| PartyId::made_by(act, 0, 0)).collect();
    let units = open(&t, &ledger, ("U", ledger.cod), &parties).await?;
    let money = open(&t, &ledger, ("M", ledger.cny), &parties).await?;
    t.done(ledger.issue(UNITS_EACH * firms as i64, None)).await;
    perform(&t, units.iter().map(|to| transfer(ledger.pool, *to, UNITS_EACH).into())).await?;
    perform(
        &t,
        money.iter().map(|to| {
            let mut deposit = ledger.deposit(0, FEN_EACH);
            deposit.account = *to;
            deposit.into()
        }),
    )
    .await?;
    let all: Vec<_> = units.iter().chain(&money).copied().collect();
    let opened = all.chunks(OPENED_AT_ONCE).map(|accounts| {
        let (accounts, access) = (accounts.to_vec(), VenueAccess::Granted);
        AuthoriseVenue { venue: ledger.venue, accounts, factors: Vec::new(), access }.into()
    });
    perform(&t, opened).await?;
    let past = |nth: usize| transfer(money[nth % firms], money[(nth + 1) % firms], 7).into();
    perform(&t, (0..history).map(past)).await?;
    if place.backend == Backend::Postgres {
        // Autovacuum does so within a minute; until then plans are made for the tables as they were.
        t.raw().await.execute_unprepared("ANALYZE").await?;
    }
    let operator = t.key(Role::TradeOperator).await.context("a key")?;
    let auditor = t.key(Role::Auditor).await.context("a key")?;
    let venue = t.registry.issue_key(ledger.venue, Role::Venue, None).await?;
    t.registry.close().await;
    let named = |accounts: Vec<AccountId>| accounts.into_iter().map(|id| RecordKey::from(id).to_string()).collect();
    Ok(Field { units: named(units), money: named(money), operator, venue, auditor })
}

fn party(nth: usize) -> RegisterParty {
    let kind = yulin_domain::codes::PartyKind::Enterprise;
    RegisterParty { kind, name: Some(format!("Firm {nth}")), credit_code: None, personal: None, external: None }
}

async fn open(
    t: &TestRegistry,
    ledger: &Ledger,
    (prefix, factor): (&str, FactorId),
    parties: &[PartyId],
) -> Result<Vec<AccountId>> {
    let opened = parties.iter().enumerate().map(|(nth, party)| {
        let code = format!("{prefix}-{nth}");
        account(&code, factor, AccountPurpose::Holding, ledger.district, Some(*party)).into()
    });
    let acts = perform(t, opened).await?;
    Ok(acts.into_iter().map(|act| AccountId::made_by(act, 0, 0)).collect())
}

/// Performs acts of the administrator that must succeed; their ids.
async fn perform(t: &TestRegistry, bodies: impl Iterator<Item = ActBody>) -> Result<Vec<ActId>> {
    let acts: Vec<Act> = bodies.map(|body| act(t.admin, body)).collect();
    let ids = acts.iter().map(|act| act.envelope.id).collect();
    for list in acts.chunks(LIST) {
        for outcome in t.registry.perform_all(list.to_vec()).await {
            outcome?;
        }
    }
    Ok(ids)
}
