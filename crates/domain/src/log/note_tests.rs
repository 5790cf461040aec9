//! Notes and checkpoints: read by another implementation, and by nobody once a character differs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::*;
use crate::journal::Digest;

fn signer() -> Signer {
    Signer::new(origin_of(Uuid::from_u128(7)), &[42; 32])
}

fn checkpoint() -> SignedCheckpoint {
    let root = Digest(Sha256::digest("root").into());
    Checkpoint { origin: origin_of(Uuid::from_u128(7)), size: 20_852_163, root }.sign(&signer())
}

/// The note of the specification.
const PUBLISHED: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

#[test]
fn a_checkpoint_and_its_key_are_read_by_another_implementation() {
    let (signed, key) = (checkpoint(), signer().verifier());
    let note = signed_note::Note::from_bytes(signed.note.as_bytes()).unwrap();
    let theirs = signed_note::StandardVerifier::new(&key.to_string()).unwrap();
    let known = signed_note::VerifierList::new(vec![Box::new(theirs)]);
    let (verified, unknown) = note.verify(&known).unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    // It reads a blank line at the end as well, so that what it wrote is compared.
    let again = tlog_tiles::Checkpoint::new(
        &signed.checkpoint.origin,
        signed.checkpoint.size,
        tlog_tiles::Hash(signed.checkpoint.root.0),
        "",
    );
    assert_eq!(again.unwrap().to_bytes(), note.text());
}

#[test]
fn a_key_and_a_note_of_the_specification_are_read() {
    let note = SignedNote::parse(PUBLISHED).unwrap();
    assert_eq!(note.text(&signer().verifier()), Err(NoteRefused::NotSigned));
    // The key of the Go project's checksum database.
    let go: VerifierKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8".parse().unwrap();
    assert_eq!(go.name(), "sum.golang.org");
    assert_eq!(go.to_string(), "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
}

#[test]
fn a_checkpoint_reads_as_it_was_and_not_with_one_character_changed() {
    let (signed, key) = (checkpoint(), signer().verifier());
    assert_eq!(SignedCheckpoint::read(&signed.note, &key).unwrap(), signed);
    assert_eq!(key.to_string().parse::<VerifierKey>().unwrap(), key);
    for (at, was) in signed.note.char_indices() {
        for other in ['A', 'b', '7', '+', '\n', ' ', '=', '鱼', '\u{1}'] {
            if other == was {
                continue;
            }
            let mut forged = signed.note.clone();
            forged.replace_range(at..at + was.len_utf8(), &other.to_string());
            assert!(SignedCheckpoint::read(&forged, &key).is_err(), "{forged}");
        }
    }
    for (at, was) in key.to_string().char_indices() {
        let mut forged = key.to_string();
        forged.replace_range(at..at + was.len_utf8(), if was == 'A' { "B" } else { "A" });
        let read = forged.parse::<VerifierKey>();
        assert!(read.is_err() || SignedCheckpoint::read(&signed.note, &read.unwrap()).is_err(), "{forged}");
    }
}

#[test]
fn a_witness_may_add_its_line_and_a_note_of_something_else_is_no_checkpoint() {
    let (signed, key) = (checkpoint(), signer().verifier());
    let witness = Signer::new("witness.example".to_owned(), &[1; 32]);
    let theirs = witness.sign(&signed.checkpoint.text());
    let line = theirs.rsplit_once("\n\n").unwrap().1;
    assert!(SignedCheckpoint::read(&format!("{}{line}", signed.note), &key).is_ok());
    for text in ["yulin/x\n1\n\n", "yulin-extract/1\n", "\n"] {
        assert_eq!(SignedCheckpoint::read(&signer().sign(text), &key), Err(CheckpointRefused::Text), "{text}");
    }
    let other = Checkpoint { origin: "yulin/other".to_owned(), ..signed.checkpoint };
    assert_eq!(SignedCheckpoint::read(&other.sign(&signer()).note, &key), Err(CheckpointRefused::Origin));
    for text in ["", "x", "x\n\n", "x\n\n\n", "x\n\n— a \n", "x\n\n— a AAAA\n", "x\n\n- a AAAAAAAA\n"] {
        assert!(SignedNote::parse(text).is_err_and(|why| why == NoteRefused::Malformed), "{text:?}");
    }
}
