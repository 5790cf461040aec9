//! A journal that was rewritten or cut short with all that hangs on it agrees with itself; a checkpoint that was kept
//! outside finds it.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use yulin_domain::journal::{Digest, Entry, EntryBody, body_digest};
use yulin_persistence::{ActFilter, PersistenceError, ProofError, rebuild};
use yulin_tests::{TestRegistry, each_backend};

async fn entries(t: &TestRegistry) -> Vec<Entry> {
    t.registry.acts(&t.now().await, &ActFilter::default(), None, 1_000).await.unwrap()
}

async fn execute(raw: &DatabaseConnection, sql: &str, values: Vec<Value>) {
    raw.execute_raw(Statement::from_sql_and_values(raw.get_database_backend(), sql, values)).await.unwrap();
}

async fn set_head(raw: &DatabaseConnection, last: &Entry) {
    let (seq, at) = (last.header.seq, last.header.recorded_at.micros());
    let sql = "UPDATE journal_head SET seq = $1, recorded_at = $2, hash = $3 WHERE id = 1";
    execute(raw, sql, vec![seq.into(), at.into(), last.hash.0.to_vec().into()]).await;
}

/// Another reason in one entry, and every entry from there on hashed anew.
async fn rewrite(raw: &DatabaseConnection, mut entries: Vec<Entry>, from: usize) {
    entries[from].header.reason = Some("another".to_owned());
    let mut prev: Option<Digest> = None;
    for entry in &mut entries[from..] {
        entry.header.prev_hash = prev.unwrap_or(entry.header.prev_hash);
        let parts = EntryBody::decode(&entry.body).unwrap().root();
        entry.hash = entry.header.hash_over(parts, body_digest(&entry.body));
        prev = Some(entry.hash);
        let header = &entry.header;
        let sql = "UPDATE journal SET reason = $1, prev_hash = $2, hash = $3 WHERE seq = $4";
        let hashes = [header.prev_hash, entry.hash].map(|hash| Value::from(hash.0.to_vec()));
        let [prev_hash, hash] = hashes;
        execute(raw, sql, vec![header.reason.clone().into(), prev_hash, hash, header.seq.into()]).await;
    }
    set_head(raw, entries.last().unwrap()).await;
}

/// What a forger takes away so that nothing within tells.
async fn without_log(raw: &DatabaseConnection) {
    for sql in ["DELETE FROM log_tile", "DELETE FROM checkpoint", "UPDATE checkpoint_head SET size = 0"] {
        raw.execute_unprepared(sql).await.unwrap();
    }
}

async fn filled(t: &TestRegistry) {
    let district = t.district("D1").await;
    for nth in 0..10 {
        let west = f64::from(nth) * 20.0;
        t.parcel(district, &format!("P{nth}"), [west, 0.0, west + 20.0, 20.0]).await;
    }
}

each_backend! {
    async fn a_rewritten_journal_is_found_by_a_checkpoint_from_before(t) {
        filled(&t).await;
        let kept = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        t.party("Later").await;
        let raw = t.raw().await;
        rewrite(&raw, entries(&t).await, 4).await;
        // With the log left as it was, it is found within.
        assert_eq!(t.verify().await.first_wrong.unwrap().table, "checkpoint");
        let again = t.registry.make_checkpoint(&mut |_| {}).await;
        assert!(matches!(again, Err(PersistenceError::Corrupt { table: "checkpoint", .. })), "{again:?}");
        // Without, it agrees with itself, and signs what it has become.
        without_log(&raw).await;
        t.assert_sound().await;
        let forged = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        t.assert_sound().await;
        assert!(t.verify_against(&forged.note).await.is_none());
        let wrong = t.verify_against(&kept.note).await.unwrap();
        assert_eq!((wrong.table, wrong.seq.unsigned_abs()), ("journal", kept.checkpoint.size), "{wrong:?}");
        let proof = t.registry.prove_consistency(&kept.note, &mut |_| {}).await;
        assert!(matches!(proof, Err(ProofError::Rewritten)), "{proof:?}");
    }

    async fn a_journal_cut_short_is_found_by_a_checkpoint_from_before(t) {
        filled(&t).await;
        let early = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        t.party("Later").await;
        t.party("Latest").await;
        let kept = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        let (raw, entries) = (t.raw().await, entries(&t).await);
        let last = &entries[entries.len() - 2];
        execute(&raw, "DELETE FROM journal WHERE seq > $1", vec![last.header.seq.into()]).await;
        set_head(&raw, last).await;
        rebuild(&t.url, &mut |_| {}).await.unwrap();
        assert_eq!(t.verify().await.first_wrong.unwrap().table, "checkpoint");
        let again = t.registry.make_checkpoint(&mut |_| {}).await;
        assert!(matches!(again, Err(PersistenceError::Corrupt { table: "checkpoint", .. })), "{again:?}");
        without_log(&raw).await;
        t.assert_sound().await;
        assert!(t.verify_against(&early.note).await.is_none());
        let wrong = t.verify_against(&kept.note).await.unwrap();
        assert_eq!((wrong.table, wrong.seq), ("journal", last.header.seq), "{wrong:?}");
        assert!(wrong.what.contains("ends at"), "{wrong:?}");
        assert!(matches!(t.registry.prove_consistency(&kept.note, &mut |_| {}).await, Err(ProofError::Rewritten)));
    }

    async fn a_checkpoint_that_this_registry_did_not_sign_is_none(t) {
        filled(&t).await;
        assert!(t.verify_against("not a note").await.is_some());
        let kept = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        let other = TestRegistry::open(t.backend).await.unwrap();
        let foreign = other.registry.make_checkpoint(&mut |_| {}).await.unwrap();
        let altered = kept.note.replacen(&format!("\n{}\n", kept.checkpoint.size), "\n1\n", 1);
        for note in [foreign.note.as_str(), altered.as_str(), "not a note", ""] {
            assert_eq!(t.verify_against(note).await.unwrap().table, "checkpoint", "{note}");
        }
        assert!(t.verify_against(&kept.note).await.is_none());
    }
}
