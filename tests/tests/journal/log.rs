//! The transparency log of a real journal: what is signed, what is served, and what verification finds in it.

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use yulin_domain::codes::PartyKind;
use yulin_domain::journal::{Digest, root};
use yulin_domain::log::{Growth, SignedCheckpoint, VerifierKey, leaf_of};
use yulin_domain::party::RegisterParty;
use yulin_persistence::{ProofError, rebuild};
use yulin_tests::{Backend, Gateway, TestRegistry, acts, each_backend};

/// Adds entries, many a commit.
async fn grow(t: &TestRegistry, entries: usize) {
    let party = |nth: usize| RegisterParty {
        kind: PartyKind::Enterprise,
        name: Some(format!("party {nth}")),
        credit_code: None,
        personal: None,
        external: None,
    };
    t.all_done((0..entries).map(|nth| acts::act(t.admin, party(nth))).collect()).await;
}

async fn signed(t: &TestRegistry) -> SignedCheckpoint {
    t.registry.make_checkpoint(&mut |_| {}).await.unwrap()
}

/// The leaves of the journal, read past the registry.
async fn leaves(raw: &DatabaseConnection) -> Vec<Digest> {
    let sql = "SELECT hash FROM journal ORDER BY seq";
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    let hash = |row: &sea_orm::QueryResult| row.try_get::<Vec<u8>>("", "hash").unwrap();
    rows.iter().map(|row| leaf_of(Digest::from_slice(&hash(row)).unwrap())).collect()
}

/// Does something to the log that must be noticed, and undoes it.
async fn noticed(t: &TestRegistry, raw: &DatabaseConnection, table: &str, doing: &str) {
    let tables = ["log_tile", "checkpoint", "checkpoint_head"];
    for name in tables {
        raw.execute_unprepared(&format!("CREATE TABLE kept_{name} AS SELECT * FROM {name}")).await.unwrap();
    }
    for step in doing.split("; ") {
        raw.execute_unprepared(step).await.unwrap();
    }
    let wrong = t.verify().await.first_wrong.unwrap_or_else(|| panic!("{doing} was not noticed"));
    assert_eq!(wrong.table, table, "{doing}: {wrong:?}");
    for name in tables {
        raw.execute_unprepared(&format!("DELETE FROM {name}")).await.unwrap();
        raw.execute_unprepared(&format!("INSERT INTO {name} SELECT * FROM kept_{name}")).await.unwrap();
        raw.execute_unprepared(&format!("DROP TABLE kept_{name}")).await.unwrap();
    }
    t.assert_sound().await;
}

each_backend! {
    async fn a_checkpoint_is_that_of_the_journal_and_two_gateways_make_one_line_of_them(t) {
        let other = t.another_gateway().await;
        let key = t.registry.log_key().await.unwrap();
        assert_eq!(other.log_key().await.unwrap(), key);
        let raw = t.raw().await;
        let mut notes = vec![signed(&t).await];
        for entries in [1, 300, 255, 1, 500] {
            grow(&t, entries).await;
            let (mut one, mut two) = (|_| {}, |_| {});
            let made = tokio::join!(t.registry.make_checkpoint(&mut one), other.make_checkpoint(&mut two));
            let made = (made.0.unwrap(), made.1.unwrap());
            assert_eq!(made.0, made.1);
            assert_eq!(made.0.checkpoint.root, root(&leaves(&raw).await));
            assert_eq!(SignedCheckpoint::read(&made.0.note, &key).unwrap(), made.0);
            assert_eq!(other.last_checkpoint().await.unwrap().as_ref(), Some(&made.0));
            notes.push(made.0);
        }
        for old in &notes {
            let proof = t.registry.prove_consistency(&old.note, &mut |_| {}).await.unwrap();
            let proven = proof.check(&key).unwrap();
            assert_eq!((proven.old_size, proven.new_size), (old.checkpoint.size, notes[5].checkpoint.size));
            assert_eq!(t.verify_against(&old.note).await.map(|wrong| wrong.what), None);
        }
        t.assert_sound().await;
    }

    async fn whatever_is_altered_in_the_log_is_found(t) {
        for entries in [300, 250, 100] {
            grow(&t, entries).await;
            signed(&t).await;
        }
        let raw = t.raw().await;
        let size = |nth: usize| format!("(SELECT size FROM checkpoint ORDER BY size LIMIT 1 OFFSET {nth})");
        let zeros = if t.backend == Backend::Sqlite { "zeroblob(8192)" } else { "decode(repeat('00', 8192), 'hex')" };
        for (table, doing) in [
            ("log_tile", format!("UPDATE log_tile SET hashes = {zeros} WHERE number = 1")),
            ("log_tile", "UPDATE log_tile SET hashes = substr(hashes, 1, 8160) WHERE number = 1".to_owned()),
            ("log_tile", "DELETE FROM log_tile WHERE number = 0".to_owned()),
            ("log_tile", "DELETE FROM log_tile".to_owned()),
            ("log_tile", "UPDATE log_tile SET number = 7 WHERE number = 1".to_owned()),
            ("log_tile", "INSERT INTO log_tile SELECT 3, number, hashes FROM log_tile WHERE number = 0".to_owned()),
            ("log_tile", "INSERT INTO log_tile SELECT 9, number, hashes FROM log_tile WHERE number = 0".to_owned()),
            (
                "log_tile",
                "UPDATE log_tile SET number = 9 WHERE number = 0; UPDATE log_tile SET number = 0 WHERE number = 1; \
                 UPDATE log_tile SET number = 1 WHERE number = 9"
                    .to_owned(),
            ),
            ("checkpoint", format!("UPDATE checkpoint SET note = replace(note, 'yulin', 'yulim') WHERE size = {}", size(1))),
            ("checkpoint", format!("UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = {}) WHERE size = {}", size(0), size(1))),
            ("checkpoint", format!("UPDATE checkpoint SET size = size + 1 WHERE size = {}", size(1))),
            ("checkpoint", format!("UPDATE checkpoint SET previous = previous - 1 WHERE size = {}", size(1))),
            ("checkpoint", format!("UPDATE checkpoint SET previous = NULL WHERE size = {}", size(2))),
            ("checkpoint", format!("DELETE FROM checkpoint WHERE size = {}", size(0))),
            ("checkpoint", format!("DELETE FROM checkpoint WHERE size = {}", size(1))),
            ("checkpoint", format!("DELETE FROM checkpoint WHERE size = {}", size(2))),
            ("checkpoint", "DELETE FROM checkpoint".to_owned()),
            ("checkpoint", "INSERT INTO checkpoint SELECT size + 9, size, note FROM checkpoint WHERE previous IS NULL".to_owned()),
            ("checkpoint", "INSERT INTO checkpoint SELECT 99999, size, note FROM checkpoint WHERE previous IS NULL".to_owned()),
            ("checkpoint_head", format!("UPDATE checkpoint_head SET size = {}", size(1))),
            ("checkpoint_head", "DELETE FROM checkpoint_head".to_owned()),
        ] {
            noticed(&t, &raw, table, &doing).await;
        }
        let key = "UPDATE setting SET value = (SELECT value FROM setting WHERE name = 'server_key') WHERE name = 'log_key'";
        raw.execute_unprepared(key).await.unwrap();
        assert_eq!(t.verify().await.first_wrong.unwrap().table, "checkpoint");
    }

    async fn rebuilding_keeps_checkpoints_and_makes_tiles_anew(t) {
        grow(&t, 600).await;
        let made = signed(&t).await;
        let raw = t.raw().await;
        raw.execute_unprepared("UPDATE log_tile SET number = 9 WHERE number = 0").await.unwrap();
        assert!(!t.verify().await.sound);
        rebuild(&t.url, &mut |_| {}).await.unwrap();
        t.assert_sound().await;
        assert_eq!(t.registry.last_checkpoint().await.unwrap().unwrap(), made);
        assert!(t.registry.prove_consistency(&made.note, &mut |_| {}).await.is_ok());
    }

    async fn anybody_computes_the_root_from_the_tiles_that_are_served(t) {
        let gateway = Gateway::open(&t.registry).await;
        let get = |path: String| gateway.client().get(format!("http://{}/log/{path}", gateway.address)).send();
        let early = get("checkpoint".to_owned()).await.unwrap();
        assert_eq!(early.status(), StatusCode::NOT_FOUND);
        grow(&t, 599).await;
        let made = signed(&t).await;
        grow(&t, 200).await;
        let answer = get("checkpoint".to_owned()).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=5");
        let key: VerifierKey = t.registry.log_key().await.unwrap().to_string().parse().unwrap();
        let checkpoint = SignedCheckpoint::read(&answer.text().await.unwrap(), &key).unwrap().checkpoint;
        assert_eq!(checkpoint, made.checkpoint);
        let last = checkpoint.size % 256;
        let mut tree = Growth::default();
        for path in ["tile/0/000".to_owned(), "tile/0/001".to_owned(), format!("tile/0/002.p/{last}")] {
            let answer = get(path).await.unwrap();
            assert_eq!(answer.headers()["content-type"], "application/octet-stream");
            assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
            let bytes = answer.bytes().await.unwrap();
            for leaf in bytes.chunks(32) {
                tree.push(Digest::from_slice(leaf).unwrap());
            }
        }
        assert_eq!((tree.size(), tree.root()), (checkpoint.size, checkpoint.root));
        let above = get("tile/1/000.p/2".to_owned()).await.unwrap().bytes().await.unwrap();
        let first = get("tile/0/000".to_owned()).await.unwrap().bytes().await.unwrap();
        let first: Vec<_> = first.chunks(32).map(|leaf| Digest::from_slice(leaf).unwrap()).collect();
        assert_eq!((above.len(), &above[..32]), (64, &root(&first).0[..]));
        assert_eq!(get("tile/0/001.p/7".to_owned()).await.unwrap().bytes().await.unwrap().len(), 7 * 32);
        let more = format!("tile/0/002.p/{}", last + 1);
        for path in ["tile/0/002", &more, "tile/0/003", "tile/1/000", "tile/1/000.p/3", "tile/2/000.p/1", "tile/0/1", "tile/", "x"] {
            assert_eq!(get(path.to_owned()).await.unwrap().status(), StatusCode::NOT_FOUND, "{path}");
        }
        gateway.close().await;
    }

    /// More entries than a test can perform: rows that are no acts, with hashes all the same.
    async fn a_tree_of_three_levels_has_the_root_of_its_leaves(t) {
        let raw = t.raw().await;
        let columns = "act_id, principal, kind, format, effective_at, recorded_at, request_hash, evidence_hashes, body, prev_hash, hash";
        let (numbers, seq, hash) = match t.backend {
            Backend::Sqlite => (
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 66000)",
                "FROM n WHERE i > (SELECT seq FROM journal_head)",
                "randomblob(32)",
            ),
            Backend::Postgres => (
                "WITH n AS (SELECT generate_series(1, 66000) AS i)",
                "FROM n WHERE i > (SELECT seq FROM journal_head)",
                "sha256(convert_to(i::text, 'UTF8'))",
            ),
        };
        let from = "SELECT i, 'act' || i, 'p', 'k', 1, 0, 0";
        let sql = format!("{numbers} INSERT INTO journal (seq, {columns}) {from}, {hash}, '', {hash}, {hash}, {hash} {seq}");
        raw.execute_unprepared(&sql).await.unwrap();
        raw.execute_unprepared("UPDATE journal_head SET seq = 65000 WHERE id = 1").await.unwrap();
        let old = signed(&t).await;
        raw.execute_unprepared("UPDATE journal_head SET seq = 66000 WHERE id = 1").await.unwrap();
        let new = signed(&t).await;
        let leaves = leaves(&raw).await;
        assert_eq!((new.checkpoint.size, new.checkpoint.root), (66_000, root(&leaves)));
        assert_eq!(old.checkpoint.root, root(&leaves[..65_000]));
        assert!(t.registry.prove_consistency(&old.note, &mut |_| {}).await.is_ok());
        let tile = yulin_domain::log::TileId { level: 2, number: 0 };
        let top = t.registry.log_tile(tile, 1).await.unwrap().unwrap();
        assert_eq!(top, root(&leaves[..65_536]).0);
        let stranger = format!("{}\n", old.note.replace("65000", "65001"));
        assert!(matches!(t.registry.prove_consistency(&stranger, &mut |_| {}).await, Err(ProofError::NotOurs(_))));
    }
}
