//! The feed: whatever is asked, it is the journal seen through scope and filter, and each event names the one before.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::{ActKind, Entry, EntryBody, Subject};
use yulin_persistence::{ActFilter, Feed, FeedFilter, FeedScope, Registry};
use yulin_tests::socket::Books;
use yulin_tests::stir::Stirred;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const EVENTS: &str = "query($filter: EventFilterInput, $after: Seq, $feed: String, $first: Int) {
    events(filter: $filter, after: $after, feed: $feed, first: $first) {
        nodes { seq previousSeq kind actId recordedAt subjects changes { subject record } act { id reason } } completeTo feed } }";

fn subjects_of(entry: &Entry) -> BTreeSet<Subject> {
    let changes = EntryBody::decode(&entry.body).unwrap().read_changes().unwrap();
    changes.iter().map(|change| change.subject).collect()
}

/// What a feed must be, by looking at every entry.
fn naive(journal: &[Entry], feed: &Feed) -> Vec<i64> {
    let meets = |entry: &&Entry| {
        let (subjects, filter) = (subjects_of(entry), &feed.filter);
        let seen: BTreeSet<_> =
            subjects.into_iter().filter(|subject| feed.scope.tells(subject, entry.header.seq)).collect();
        (filter.kinds.is_empty() || filter.kinds.contains(&entry.header.kind))
            && (filter.subjects.is_empty() || !filter.subjects.is_disjoint(&seen))
            && (feed.scope == FeedScope::Everything || !seen.is_empty())
    };
    journal.iter().filter(meets).map(|entry| entry.header.seq).collect()
}

async fn journal(t: &TestRegistry) -> Vec<Entry> {
    t.registry.acts(&t.now().await, &ActFilter::default(), None, 1_000_000).await.unwrap()
}

/// Some of the subjects, few or many.
fn some(random: &mut StdRng, subjects: &[Subject]) -> BTreeSet<Subject> {
    let most = if random.random() { subjects.len() } else { 5 };
    let size = random.random_range(0..most);
    subjects.choose_multiple(random, size).copied().collect()
}

/// Everything, or some subjects, all of some from an entry on.
fn random_scope(random: &mut StdRng, subjects: &[Subject], head: i64) -> FeedScope {
    if random.random() {
        return FeedScope::Everything;
    }
    let some = some(random, subjects);
    let from = |_: &Subject| if random.random() { random.random_range(0..head) } else { 0 };
    let from: Vec<_> = some.iter().map(from).collect();
    FeedScope::Subjects(Arc::new(some.into_iter().zip(from).collect()))
}

fn random_feed(random: &mut StdRng, subjects: &[Subject], head: i64) -> Feed {
    let scope = random_scope(random, subjects, head);
    let kinds = if random.random() {
        BTreeSet::new()
    } else {
        let size = random.random_range(1..6);
        ActKind::ALL.choose_multiple(random, size).copied().collect()
    };
    let subjects = if random.random() { BTreeSet::new() } else { some(random, subjects) };
    Feed { scope, filter: FeedFilter { kinds, subjects } }
}

/// Reads a feed from a place to the end, in batches of any size; the sequence of (seq, previous).
async fn read_on(
    registry: &Registry,
    t: &TestRegistry,
    feed: &Feed,
    after: i64,
    limit: usize,
) -> Vec<(i64, Option<i64>)> {
    let (now, mut after, mut found) = (t.now().await, after, Vec::new());
    loop {
        let batch = registry.feed(&now, feed, after, limit).await.unwrap();
        assert!(batch.complete_to >= after && batch.complete_to <= now.seq && batch.events.len() <= limit);
        if batch.events.len() < limit {
            assert_eq!(batch.complete_to, now.seq, "what is not full is complete");
        }
        found.extend(batch.events.iter().map(|event| (event.entry.header.seq, event.previous)));
        if batch.complete_to == now.seq {
            return found;
        }
        after = batch.complete_to;
    }
}

async fn books(gateway: &Gateway, key: &str, filter: &Value) -> Books {
    let mut books = Books::default();
    loop {
        let before = books.complete_to;
        let told = gateway.told(Some(key), EVENTS, &books.variables(filter)).await;
        books.take(&told["events"]);
        if books.complete_to == before {
            return books;
        }
    }
}

each_backend! {
    async fn a_feed_is_the_journal_through_scope_and_filter_and_each_event_names_the_one_before(t) {
        let mut random = StdRng::seed_from_u64(20_151_117);
        let land = t.full_land("D1", 3).await;
        Stirred::beside(&t, land.parcels.clone()).await.stir(&t, &mut random, 60).await;
        let journal = journal(&t).await;
        let subjects: Vec<_> = journal.iter().flat_map(subjects_of).collect::<BTreeSet<_>>().into_iter().collect();
        for nth in 0..200 {
            let feed = random_feed(&mut random, &subjects, journal.len() as i64);
            let expected = naive(&journal, &feed);
            let after = random.random_range(0..journal.len() as i64);
            let limit = random.random_range(1..40);
            let linked = expected.iter().enumerate().map(|(at, seq)| (*seq, at.checked_sub(1).map(|before| expected[before])));
            let expected: Vec<_> = linked.filter(|(seq, _)| *seq > after).collect();
            assert_eq!(read_on(&t.registry, &t, &feed, after, limit).await, expected, "{nth}: after {after}, {feed:?}");
        }
    }

    async fn a_batch_costs_the_same_few_statements_however_much_is_followed(t) {
        let land = t.full_land("D1", 4).await;
        let now = t.now().await;
        let many = (0..3_000).map(|_| yulin_domain::journal::ParcelId(uuid::Uuid::new_v4()).into());
        let many = many.chain(land.parcels.iter().map(|parcel| Subject::from(*parcel)));
        let many = Arc::new(many.map(|subject| (subject, 0)).collect());
        for scope in [FeedScope::Everything, FeedScope::Subjects(many)] {
            for limit in [3, 100] {
                let before = t.registry.statements_read();
                let feed = Feed { scope: scope.clone(), filter: FeedFilter::default() };
                assert!(!t.registry.feed(&now, &feed, 0, limit).await.unwrap().events.is_empty());
                assert!(t.registry.statements_read() - before <= 2, "{limit}");
            }
        }
    }

    async fn every_role_follows_what_it_may_read_and_nobody_else_does(t) {
        let land = t.full_land("D1", 1).await;
        let gateway = Gateway::open(&t.registry).await;
        for role in Role::all() {
            if *role == Role::System {
                continue;
            }
            let key = t.key(*role).await;
            let answer = gateway.asked(key.as_deref(), EVENTS, &json!({})).await;
            let events = &answer["data"]["events"];
            match role {
                Role::Public | Role::Investor => {
                    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{role}: {answer}");
                }
                // They are of no party, and nothing is theirs.
                Role::Enterprise | Role::Venue => assert_eq!(events["nodes"], json!([]), "{role}"),
                _ => {
                    assert!(events["nodes"].as_array().unwrap().len() > 5, "{role}: {answer}");
                    assert_eq!(events["nodes"][5]["act"]["reason"], "test", "{role}");
                }
            }
        }
        let own = t.key_of_party(land.firms[0]).await;
        let parcel = format!("parcel:{}", land.parcels[0]);
        let told = gateway.told(Some(&own), EVENTS, &json!({})).await;
        let shown: BTreeSet<_> = told["events"]["nodes"].as_array().unwrap().iter()
            .flat_map(|event| event["subjects"].as_array().unwrap()).map(|one| one.as_str().unwrap().to_owned()).collect();
        assert_eq!(shown, [format!("party:{}", land.firms[0]), parcel.clone()].into());
        for event in told["events"]["nodes"].as_array().unwrap() {
            assert_eq!(event["act"], Value::Null, "an enterprise reads no acts");
            assert!(event["changes"].as_array().unwrap().iter().all(|change| shown.contains(change["subject"].as_str().unwrap())));
        }
        let other = json!({ "filter": { "subjects": [format!("parcel:{}", land.parcels[1])] } });
        let refused = gateway.asked(Some(&own), EVENTS, &other).await;
        let error = &refused["errors"][0]["extensions"];
        assert_eq!((&error["code"], &error["field"]), (&json!("FORBIDDEN"), &json!("filter.subjects")), "{refused}");
        gateway.close().await;
    }

    async fn a_feed_that_is_no_longer_the_same_is_refused_and_one_that_only_grew_goes_on(t) {
        let land = t.full_land("D1", 2).await;
        let gateway = Gateway::open(&t.registry).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let books = books(&gateway, &auditor, &Value::Null).await;
        assert_eq!(books.taken, (1..=books.complete_to).collect::<Vec<_>>());
        for event in gateway.told(Some(&auditor), EVENTS, &json!({})).await["events"]["nodes"].as_array().unwrap() {
            assert_eq!(event["act"]["id"], format!("act:{}", event["actId"].as_str().unwrap()));
        }
        let code = |answer: Value| answer["errors"][0]["extensions"]["code"].clone();
        let with_filter = books.variables(&json!({ "kinds": ["BUNDLE"] }));
        assert_eq!(code(gateway.asked(Some(&auditor), EVENTS, &with_filter).await), "FEED_CHANGED");
        let planner = t.key(Role::Planner).await.unwrap();
        let same = books.variables(&Value::Null);
        assert_eq!(code(gateway.asked(Some(&planner), EVENTS, &same).await), "FEED_CHANGED");
        gateway.told(Some(&auditor), EVENTS, &same).await;
        let beyond = json!({ "after": (t.now().await.seq + 1).to_string() });
        assert_eq!(code(gateway.asked(Some(&auditor), EVENTS, &beyond).await), "AS_OF_BEYOND_HEAD");

        let own = t.key_of_party(land.firms[0]).await;
        let mut own_books = self::books(&gateway, &own, &Value::Null).await;
        // A parcel that was not there when he last looked: nothing of it was missed.
        let fresh = t.parcel(land.district, "FRESH", [0.0, 500.0, 20.0, 520.0]).await;
        t.granted(fresh, land.firms[0]).await;
        let told = gateway.told(Some(&own), EVENTS, &own_books.variables(&Value::Null)).await;
        own_books.take(&told["events"]);
        assert_eq!(told["events"]["nodes"].as_array().unwrap().len(), 2);
        // One that has a past: he has to begin anew.
        let old = t.parcel(land.district, "OLD", [0.0, 600.0, 20.0, 620.0]).await;
        own_books = self::books(&gateway, &own, &Value::Null).await;
        t.granted(old, land.firms[0]).await;
        assert_eq!(code(gateway.asked(Some(&own), EVENTS, &own_books.variables(&Value::Null)).await), "FEED_CHANGED");
        gateway.close().await;
    }
}
