//! Extracts: an honest one is taken; whatever is left out, added, moved or altered is found, and told where.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use uuid::Uuid;

use super::*;
use crate::codes::Role;
use crate::journal::*;
use crate::party::{Principal, RegisterPrincipal};
use crate::quantity::Instant;

fn subject(nth: u128) -> PrincipalId {
    PrincipalId(Uuid::from_u128(nth))
}

fn change(nth: u128, previous: Option<i64>, name: &str) -> Change {
    let id = subject(nth);
    let state = Principal { id, name: name.to_owned(), party: None, roles: [Role::Planner].into() };
    let span = Span { from: Instant::from_micros(0), to: Instant::MAX };
    Change { previous, ..Change::put(id.into(), id.into(), span, state) }
}

fn entry(seq: i64, prev_hash: Digest, changes: &[Change]) -> Entry {
    let id = ActId(Uuid::from_u128(seq.unsigned_abs().into()));
    let body = RegisterPrincipal { name: "某某".to_owned(), party: None, roles: [Role::Planner].into() };
    let act = Act { envelope: Envelope::by_the_registry(id), legs: vec![body.into()] };
    let header = Header {
        seq,
        act_id: id,
        principal: PrincipalId::SYSTEM,
        on_behalf_of: None,
        kind: act.kind(),
        format: ENTRY_FORMAT,
        effective_at: Instant::from_micros(seq),
        recorded_at: Instant::from_micros(seq + 1),
        request_hash: Digest([3; 32]),
        reason: Some("因".to_owned()),
        legal_basis: None,
        evidence_hashes: vec![Digest([9; 32])],
        approved_by: None,
        prev_hash,
    };
    Entry::seal(header, &EntryBody::of([5; 32], &act, changes).unwrap()).unwrap()
}

/// A journal of `size` entries in which every third changes subject 1, twice or once, beside others.
fn journal(size: i64) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last = None;
    for seq in 1..=size {
        let prev = entries.last().map_or(chain_start(Uuid::from_u128(1)), |entry| entry.hash);
        let mut changes = vec![change(99, (seq > 1).then_some(seq - 1), "other")];
        if seq % 3 == 0 {
            changes.push(change(1, last, "one"));
            changes.extend((seq % 2 == 0).then(|| change(1, last, "two")));
            last = Some(seq);
        }
        changes.push(change(100 + u128::from(seq.unsigned_abs()), None, "alone"));
        entries.push(entry(seq, prev, &changes));
    }
    entries
}

fn signer() -> Signer {
    Signer::new(origin_of(Uuid::from_u128(1)), &[42; 32])
}

fn extract(size: i64) -> Extract {
    let entries = journal(size);
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_of(entry.hash)).collect();
    let size = leaves.len() as u64;
    let known = |Subtree { level, number }: Subtree| {
        let from = usize::try_from(number << level).unwrap();
        Some(root(&leaves[from..from + (1 << level)]))
    };
    let checkpoint = Checkpoint { origin: origin_of(Uuid::from_u128(1)), size, root: root(&leaves) };
    let disclosed = entries.iter().filter_map(|entry| {
        let path = inclusion(entry.header.seq.unsigned_abs() - 1, size).unwrap();
        let path = path.into_iter().map(|stretch| stretch.hash(known).unwrap()).collect();
        ExtractEntry::of(entry, subject(1).into(), path).ok()
    });
    Extract::seal(subject(1).into(), checkpoint.sign(&signer()), disclosed.collect(), &signer())
}

fn check(extract: &Extract) -> Result<ExtractVerified, Wrong> {
    extract.check(&signer().verifier(), &mut |_| {})
}

/// Signs anew what the file says, as a forger with the registry's key would: what is left is found without it.
fn sealed_anew(extract: &Extract) -> Extract {
    let checkpoint = SignedCheckpoint::read(&extract.checkpoint, &signer().verifier()).unwrap();
    Extract::seal(subject(1).into(), checkpoint, extract.entries.clone(), &signer())
}

#[test]
fn an_honest_extract_is_taken_and_discloses_nothing_else() {
    let extract = extract(20);
    let verified = check(&extract).unwrap();
    assert_eq!((verified.size, verified.entries, verified.changes, verified.last_seq), (20, 6, 9, 18));
    let text = serde_json::to_string(&extract).unwrap();
    assert!(!text.contains("other") && !text.contains("alone") && !text.contains("某某"), "{text}");
    assert!(!text.contains(&hex::encode([5; 32])), "the salt of an entry is kept back");
    let (read, from) = Document::read(&text).unwrap().check(None, &mut |_| {}).unwrap();
    assert_eq!((read, from), (DocumentVerified::Extract(verified), KeyFrom::File));
}

#[test]
fn what_is_left_out_moved_or_doubled_is_found_where_it_is() {
    let honest = extract(20);
    let forged = |forge: &dyn Fn(&mut Extract)| {
        let mut forged = honest.clone();
        forge(&mut forged);
        let found = check(&forged).unwrap_err();
        (found.place, found.flaw)
    };
    let at = |place: &str, flaw| (place.to_owned(), flaw);
    let gap = |previous, last| Flaw::Gap { previous, last };
    assert_eq!(forged(&|e| drop(e.entries.remove(0))), at("entries[0].changes[0].change", gap(Some(3), None)));
    assert_eq!(forged(&|e| drop(e.entries.remove(2))), at("entries[2].changes[0].change", gap(Some(9), Some(6))));
    assert_eq!(forged(&|e| drop(e.entries.pop())), at("entries", Flaw::LastSeq { stated: 18, found: Some(15) }));
    assert_eq!(forged(&|e| e.entries.clear()), at("entries", Flaw::LastSeq { stated: 18, found: None }));
    let dropped = |e: &mut Extract| drop(e.entries[1].changes.pop());
    assert_eq!(forged(&dropped), at("entries", Flaw::Changes { stated: 9, found: 8 }));
    assert_eq!(forged(&|e| e.entries[0].changes.clear()), at("entries[0].changes", Flaw::NoChange));
    assert_eq!(forged(&|e| e.entries.swap(1, 2)), at("entries[1].changes[0].change", gap(Some(6), Some(3))));
    let doubled = |e: &mut Extract| e.entries.insert(1, e.entries[0].clone());
    assert_eq!(forged(&doubled), at("entries[1].seq", Flaw::Order { last: 3 }));
    let doubled = |e: &mut Extract| e.entries[1].changes[1] = e.entries[1].changes[0].clone();
    assert_eq!(forged(&doubled), at("entries[1].changes[1].leaf", Flaw::Leaf { parts: 5 }));
    assert_eq!(forged(&|e| e.entries[1].changes.swap(0, 1)), at("entries[1].changes[1].leaf", Flaw::Leaf { parts: 5 }));
}

#[test]
fn what_is_altered_is_found_where_it_is() {
    let honest = extract(20);
    let forged = |forge: &dyn Fn(&mut Extract)| {
        let mut forged = honest.clone();
        forge(&mut forged);
        let Wrong { place, flaw } = check(&forged).unwrap_err();
        format!("{place} {flaw:?}")
    };
    let header = "entries[1].hash Header";
    assert_eq!(forged(&|e| e.entries[1].reason = None), header);
    assert_eq!(forged(&|e| e.entries[1].principal = subject(1)), header);
    assert_eq!(forged(&|e| e.entries[1].kind = ActKind::GrantRole.name().to_owned()), header);
    assert_eq!(forged(&|e| e.entries[1].body_hash.0[0] ^= 1), header);
    assert_eq!(forged(&|e| e.entries[1].kind = "nothing".to_owned()), "entries[1].kind KindUnknown");
    assert_eq!(forged(&|e| e.entries[1].format = 9), "entries[1].format FormatUnknown");
    assert_eq!(forged(&|e| e.entries[1].hash.0[0] ^= 1), header);
    let path = "entries[1].changes[0].path ChangePath";
    assert_eq!(forged(&|e| e.entries[1].changes[0].salt.0[0] ^= 1), path);
    assert_eq!(forged(&|e| e.entries[1].changes[0].path[0].0[0] ^= 1), path);
    assert_eq!(forged(&|e| e.entries[1].parts_root.0[0] ^= 1), path);
    let named = |e: &mut Extract| e.entries[1].changes[0].change = e.entries[1].changes[0].change.replace("one", "two");
    assert_eq!(forged(&named), path);
    assert_eq!(forged(&|e| e.entries[1].inclusion[0].0[0] ^= 1), "entries[1].inclusion Inclusion");
    assert_eq!(forged(&|e| e.entries[5].seq = 21), "entries[5].seq Beyond { size: 20 }");
    assert_eq!(forged(&|e| e.entries[0].seq = 0), "entries[0].seq Beyond { size: 20 }");
    let place = forged(&|e| e.subject = subject(99).into_subject());
    assert_eq!(place, "statement StatementSubject");
}

#[test]
fn a_change_of_another_subject_is_not_taken_even_where_it_stands_in_the_entry() {
    let mut forged = extract(20);
    let entries = journal(20);
    let other = ExtractEntry::of(&entries[5], subject(99).into(), forged.entries[1].inclusion.clone()).unwrap();
    forged.entries[1].changes.insert(0, other.changes[0].clone());
    let found = check(&sealed_anew(&forged)).unwrap_err();
    let other = Flaw::OtherSubject { found: subject(99).into_subject() };
    assert_eq!((found.place.as_str(), found.flaw), ("entries[1].changes[0].change", other));
}

#[test]
fn a_number_of_parts_that_gives_the_same_path_is_found_too() {
    let mut forged = extract(20);
    let paths: Vec<_> = (2..9).filter(|parts| inclusion(2, *parts).map(|path| path.len()) == Some(3)).collect();
    assert!(paths.contains(&5) && paths.contains(&6), "{paths:?}");
    forged.entries[1].parts = 6;
    assert_eq!(check(&forged).unwrap_err().flaw, Flaw::Places);
}

#[test]
fn another_key_another_statement_and_another_checkpoint_are_found() {
    let (honest, later) = (extract(20), extract(23));
    let stranger = Signer::new(origin_of(Uuid::from_u128(1)), &[43; 32]);
    let place = |extract: &Extract| check(extract).unwrap_err().place;
    assert_eq!(place(&Extract { checkpoint: later.checkpoint.clone(), ..honest.clone() }), "statement");
    assert_eq!(place(&Extract { statement: later.statement, ..honest.clone() }), "statement");
    assert_eq!(place(&Extract { statement: honest.checkpoint.clone(), ..honest.clone() }), "statement");
    assert_eq!(place(&Extract { checkpoint: honest.statement.clone(), ..honest.clone() }), "checkpoint");
    assert_eq!(place(&Extract { format: "yulin-extract/2".to_owned(), ..honest.clone() }), "format");
    let found = honest.check(&stranger.verifier(), &mut |_| {}).unwrap_err();
    assert_eq!((found.place.as_str(), found.flaw), ("checkpoint", Flaw::Checkpoint(NoteRefused::NotSigned.into())));
    let document = Document::Extract(honest);
    let given = document.check(Some(&stranger.verifier()), &mut |_| {}).unwrap_err();
    assert_eq!((given.place.as_str(), given.flaw), ("key", Flaw::KeyOther));
    assert_eq!(document.check(Some(&signer().verifier()), &mut |_| {}).unwrap().1, KeyFrom::Given);
}

trait IntoSubject {
    fn into_subject(self) -> String;
}

impl IntoSubject for PrincipalId {
    fn into_subject(self) -> String {
        Subject::from(self).to_string()
    }
}
