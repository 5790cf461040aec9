//! Who asks: every role, and of those that read their own alone one for each enterprise and venue, and one without any.

use std::collections::{BTreeMap, BTreeSet};

use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::{PrincipalId, RecordKey};
use yulin_domain::party::RegisterPrincipal;
use yulin_tests::whole::Side;
use yulin_tests::whole_ledger::ShareOfBooks;
use yulin_tests::{TestRegistry, Whole};

/// One who asks.
#[derive(Debug)]
pub struct Viewer {
    pub name: String,
    pub role: Role,
    pub key: Option<String>,
    /// Ids of the rows that are his.
    pub own: BTreeSet<String>,
    /// Ids of rows that must stand in no answer to him.
    pub foreign: BTreeSet<String>,
    /// Of accounts that were opened to him later, the entry that did: what was before is not his.
    pub opened: BTreeMap<String, i64>,
}

/// Everybody who asks.
pub async fn viewers(t: &TestRegistry, whole: &Whole) -> Vec<Viewer> {
    let mut all = Vec::new();
    let reads_all = |role: Role| !matches!(role, Role::Public | Role::Investor | Role::Enterprise | Role::Venue);
    for role in Role::all().iter().copied().filter(|role| *role != Role::System) {
        let key = match role {
            // An enterprise without a party.
            Role::Enterprise => Some(key(t, "of nobody", role).await),
            other => t.key(other).await,
        };
        let foreign = if reads_all(role) { BTreeSet::new() } else { private(whole, &[0, 1]) };
        let mut own = BTreeSet::new();
        if let (Role::Admin, Some(key)) = (role, &key) {
            let principal = t.registry.ensure_principal("test-ADMIN", role).await.expect("a principal");
            own.insert(format!("webhook:{}", t.unreachable_webhook((principal, role), key).await));
        }
        all.push(Viewer { name: role.to_string(), role, key, own, foreign, opened: BTreeMap::new() });
    }
    for nth in [0, 1] {
        let (side, share) = (&whole.sides[nth], whole.books.shares[nth]);
        let foreign = private(whole, &[1 - nth]);
        all.push(viewer(t, share.principal, Role::Enterprise, of_enterprise(whole, nth), foreign).await);
        let foreign = foreign_to_venue(side, private(whole, &[1 - nth]));
        all.push(viewer(t, share.venue, Role::Venue, of_venue(whole, nth), foreign).await);
    }
    all
}

/// Administrators by keys that are narrowed, to the land of the first district and to emission rights: rows of the other
/// district, and money, must stand in no answer to them that does not repeat them from the question.
pub async fn narrowed(t: &TestRegistry, whole: &Whole) -> Vec<Viewer> {
    let [first, second] = &whole.sides;
    let is_on_land = |kind: &str| ["right", "restriction", "freeze", "zone", "feature"].contains(&kind);
    let of_second = |ids: &Vec<String>| ids.iter().skip(ids.len() / 2).cloned().collect::<Vec<_>>();
    let halves = whole.ids.iter().filter(|(kind, _)| is_on_land(kind)).flat_map(|(_, ids)| of_second(ids));
    let parcels = second.land.parents.iter().chain(&second.land.parcels).map(|parcel| RecordKey::from(*parcel));
    let beyond = halves.chain(named(parcels)).collect();
    let money = whole.books.shares.iter().map(|share| share.deposit.into());
    let money = named(money.chain(whole.sides.iter().map(|side| side.firm.money.into())));
    let land = t.narrowed_key(Role::Admin, &[first.land.district], &[]).await;
    let books = t.narrowed_key(Role::Admin, &[], &[whole.ledger.cod]).await;
    let viewer = |name: &str, key, foreign| Viewer {
        name: format!("{} narrowed to {name}", Role::Admin),
        role: Role::Admin,
        key: Some(key),
        own: BTreeSet::new(),
        foreign,
        opened: BTreeMap::new(),
    };
    vec![viewer("land", land, beyond), viewer("books", books, money)]
}

async fn key(t: &TestRegistry, name: &str, role: Role) -> String {
    let register = RegisterPrincipal { name: name.to_owned(), party: None, roles: [role].into() };
    let principal = PrincipalId::made_by(t.done(register).await, 0, 0);
    t.registry.issue_key(principal, role, None).await.expect("a key")
}

async fn viewer(
    t: &TestRegistry,
    principal: PrincipalId,
    role: Role,
    own: BTreeSet<String>,
    foreign: BTreeSet<String>,
) -> Viewer {
    let key = Some(t.registry.issue_key(principal, role, None).await.expect("a key"));
    let opened = t.opened_to(principal).await;
    let opened = opened.into_iter().map(|(account, seq)| (RecordKey::from(account).to_string(), seq)).collect();
    Viewer { name: format!("{role} with {} rows of its own", own.len()), role, key, own, foreign, opened }
}

fn named(keys: impl IntoIterator<Item = RecordKey>) -> BTreeSet<String> {
    keys.into_iter().map(|key| key.to_string()).collect()
}

fn on_accounts(side: &Side, share: &ShareOfBooks) -> Vec<RecordKey> {
    let accounts = [side.firm.rights, side.firm.money].map(RecordKey::from);
    accounts.into_iter().chain([share.allotted.into(), share.deposit.into()]).collect()
}

fn of_enterprise(whole: &Whole, nth: usize) -> BTreeSet<String> {
    let (side, share) = (&whole.sides[nth], &whole.books.shares[nth]);
    let holds = [share.order, share.frozen].map(RecordKey::from);
    let schedules = [share.scheduled, share.proposed].map(RecordKey::from);
    let awaiting = (nth == 0).then(|| whole.books.awaiting.into());
    let land = side.land_of_firm();
    let land = land.into_iter().chain([side.bound.into()]);
    named(land.chain(on_accounts(side, share)).chain(holds).chain(schedules).chain(awaiting))
}

/// The first venue is that of the small ledger: the accounts of that are opened to it too.
fn of_venue(whole: &Whole, nth: usize) -> BTreeSet<String> {
    let (side, share, l) = (&whole.sides[nth], &whole.books.shares[nth], &whole.ledger);
    let mut own: Vec<RecordKey> = on_accounts(side, share);
    own.extend([RecordKey::from(share.order), share.venue.into()]);
    if nth == 0 {
        own.extend(l.firms.iter().flat_map(|firm| [firm.rights, firm.money]).chain([l.pool]).map(RecordKey::from));
        own.extend(whole.books.shares.iter().map(|share| RecordKey::from(share.allotted)));
        own.extend([RecordKey::from(whole.books.awaiting), whole.books.found[0].into()]);
    }
    named(own)
}

/// Rows of sides that none but officers and their owners are told of, by whatever way.
fn private(whole: &Whole, sides: &[usize]) -> BTreeSet<String> {
    let of = |nth: &usize| {
        let (side, share) = (&whole.sides[*nth], &whole.books.shares[*nth]);
        let books: [RecordKey; 7] = [
            side.firm.money.into(),
            side.bound.into(),
            share.order.into(),
            share.frozen.into(),
            share.deposit.into(),
            share.scheduled.into(),
            share.proposed.into(),
        ];
        side.on_its_land().into_iter().chain(books).chain([side.firm.party.into()]).collect::<Vec<_>>()
    };
    named(sides.iter().flat_map(of))
}

/// A venue is told nothing of the land of those whose accounts are opened to it, nor who they are.
fn foreign_to_venue(side: &Side, others: BTreeSet<String>) -> BTreeSet<String> {
    let land = named(side.on_its_land().into_iter().chain([side.firm.party.into()]));
    others.into_iter().chain(land).collect()
}
