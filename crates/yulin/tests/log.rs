//! Checkpoints, extracts and their check, as somebody at a command line meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use yulin_tests::command::{Told, told};
use yulin_tests::{TestRegistry, each_backend};

/// Runs the binary of this build; without a registry no database is named.
async fn run(t: Option<&TestRegistry>, folder: &Path, words: &[&str]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yulin"));
    command.args(words).arg("--json").current_dir(folder).stdin(Stdio::null());
    command.env_remove("YULIN_DATABASE").env("YULIN_LOG", "error");
    if let Some(t) = t {
        command.args(["--database", &t.url]);
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    told(&output.expect("the binary starts"))
}

fn altered(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

each_backend! {
    async fn a_journal_is_signed_extracted_and_checked_off_line(t) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let on = |words: &'static str| { let t = &t; async move {
            run(Some(t), path, &words.split(' ').collect::<Vec<_>>()).await
        }};
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "PARCEL-1", [0.0, 0.0, 100.0, 100.0]).await;

        let key = on("checkpoint --key").await.result["key"].as_str().unwrap().to_owned();
        let told = on("checkpoint --out old.note").await;
        assert_eq!((told.code, told.result["size"].as_i64()), (0, Some(t.now().await.seq)), "{told:?}");
        let note = std::fs::read_to_string(path.join("old.note")).unwrap();
        assert_eq!(told.result["note"].as_str(), Some(note.as_str()));
        t.party("One").await;
        assert_eq!(on("checkpoint --since old.note --out proof.json").await.code, 0);
        assert_eq!(on("verify --checkpoint old.note").await.code, 0);
        let subject = format!("parcel:{parcel}");
        let told = run(Some(&t), path, &["extract", "--subject", &subject, "--out", "p.json"]).await;
        assert_eq!((told.code, told.result["entries"].as_i64()), (0, Some(1)), "{told:?}");

        for file in ["p.json", "proof.json"] {
            let given = run(None, path, &["verify-extract", file, "--key", &key]).await;
            assert_eq!((given.code, given.result["keyFrom"].as_str()), (0, Some("given")), "{given:?}");
            assert_eq!((given.result["valid"].as_bool(), given.stderr.as_str()), (Some(true), ""));
            let own = run(None, path, &["verify-extract", file]).await;
            assert_eq!((own.code, own.result["keyFrom"].as_str()), (0, Some("file")), "{own:?}");
            assert!(own.stderr.contains("not who made it"), "{own:?}");
        }
        altered(&path.join("p.json"), "PARCEL-1", "PARCEL-2");
        let told = run(None, path, &["verify-extract", "p.json", "--key", &key]).await;
        let place = told.result["place"].as_str();
        assert_eq!((told.code, told.result["valid"].as_bool(), place), (1, Some(false), Some("entries[0].changes[0].path")));
        altered(&path.join("old.note"), "yulin/", "yulin/x");
        let told = on("verify --checkpoint old.note").await;
        assert_eq!((told.code, told.result["first_wrong"]["table"].as_str()), (1, Some("checkpoint")), "{told:?}");
        t.assert_sound().await;
    }

    async fn what_cannot_be_extracted_or_checked_is_told_with_a_code(t) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::write(path.join("noise.json"), "{").unwrap();
        std::fs::write(path.join("other.json"), r#"{"format":"yulin-extract/9"}"#).unwrap();
        std::fs::write(path.join("short.json"), r#"{"format":"yulin-extract/1"}"#).unwrap();
        std::fs::write(path.join("foreign.note"), "yulin/x\n1\nAA==\n\n— yulin/x AAAAAAAA\n").unwrap();
        for (words, code, field) in [
            ("extract --subject parcel:0198c0de-0000-7000-8000-000000000000 --out x.json", "NOT_FOUND", "subject"),
            ("extract --subject parcel --out x.json", "ID_INVALID", "subject"),
            ("extract --subject house:0198c0de-0000-7000-8000-000000000000 --out x.json", "ID_INVALID", "subject"),
            ("extract --subject parcel:x", "ID_INVALID", "subject"),
            ("checkpoint --out /nonexistent/of/this/name/x", "FILE_UNWRITABLE", "out"),
            ("checkpoint --since absent.note", "FILE_UNREADABLE", "since"),
            ("checkpoint --since foreign.note", "VALIDATION", "since"),
            ("checkpoint --key --out x", "VALIDATION", "key"),
            ("verify --checkpoint absent.note", "FILE_UNREADABLE", "checkpoint"),
            ("verify-extract absent.json", "FILE_UNREADABLE", "file"),
            ("verify-extract noise.json", "JSON_INVALID", "file"),
            ("verify-extract short.json", "JSON_INVALID", "file"),
            ("verify-extract other.json", "FORMAT_UNKNOWN", "file"),
            ("verify-extract other.json --key nonsense", "VALIDATION", "key"),
        ] {
            let told = run(Some(&t), path, &words.split(' ').collect::<Vec<_>>()).await;
            let (found, at, _) = told.error();
            assert_eq!((found, at), (code, field), "{words}: {told:?}");
        }
        assert!(!path.join("x.json").exists() && !path.join("x").exists());
        for command in ["checkpoint", "checkpoint --key", "extract --out x --subject party:0198c0de-0000-7000-8000-000000000000"] {
            let words: Vec<_> = command.split(' ').chain(["--database", "sqlite://absent.sqlite"]).collect();
            assert_eq!(run(None, path, &words).await.error().0, "FILE_UNREADABLE", "{command}");
        }
        assert!(!path.join("absent.sqlite").exists());
        assert_eq!(run(Some(&t), path, &["checkpoint"]).await.result["file"], Value::Null);
    }
}
