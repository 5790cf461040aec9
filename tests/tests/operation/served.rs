//! What the program serves beside the registry, and how it is told to: figures for those who watch it, limits, documents.

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_tests::command::told;
use yulin_tests::each_backend;
use yulin_tests::ledger::transfer;
use yulin_tests::served::{Served, serve};

/// What stands at a name and its labels.
async fn figure(served: &Served, begins: &str) -> f64 {
    let text = reqwest::get(served.start["metrics"].as_str().unwrap()).await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(begins));
    let line = line.unwrap_or_else(|| panic!("{begins} is not in:\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

fn code(answer: &Value) -> &Value {
    &answer["errors"][0]["extensions"]["code"]
}

each_backend! {
    async fn whoever_watches_is_told_what_was_done_at_an_address_of_its_own(t) {
        let l = t.ledger().await;
        l.fill(&t, 10, 10).await;
        let key = t.key(Role::Admin).await.unwrap();
        let served = Served::start(&t, &["--metrics-bind", "127.0.0.1:0"]).await;
        let transfer = transfer(l.firms[0].rights, l.firms[1].rights, 7);
        let sent = |act: uuid::Uuid| json!({
            "query": "mutation($act: ActEnvelopeInput!, $input: TransferUnitsInput!) { transferUnits(act: $act, input: $input) { __typename } }",
            "variables": { "act": { "actId": act, "legalBasis": "a law", "reason": "a test" }, "input": {
                "from": format!("account:{}", transfer.from), "to": format!("account:{}", transfer.to), "amount": "7" } },
        });
        for expected in ["ActDone", "ActRefused"] {
            let (status, answer) = served.asked(Some(&key), sent(uuid::Uuid::now_v7())).await;
            assert_eq!((status, &answer["data"]["transferUnits"]["__typename"]), (200, &json!(expected)), "{answer}");
        }
        assert_eq!(figure(&served, "yulin_acts_total{kind=\"TRANSFER_UNITS\",outcome=\"recorded\"}").await, 1.0);
        assert_eq!(figure(&served, "yulin_acts_total{kind=\"\",outcome=\"INSUFFICIENT\"}").await, 1.0);
        let again = uuid::Uuid::now_v7();
        for expected in ["recorded", "repeated"] {
            let little = json!({ "from": format!("account:{}", transfer.from), "to": format!("account:{}", transfer.to), "amount": "1" });
            let mut body = sent(again);
            body["variables"]["input"] = little;
            assert_eq!(served.asked(Some(&key), body).await.0, 200);
            let counted = format!("yulin_acts_total{{kind=\"TRANSFER_UNITS\",outcome=\"{expected}\"}}");
            assert_eq!(figure(&served, &counted).await, if expected == "recorded" { 2.0 } else { 1.0 });
        }
        // What has not happened is zero, and not unknown.
        for none in ["yulin_acts_total{kind=\"\",outcome=\"INTERNAL\"}", "yulin_rate_limited_total{caller=\"address\"}", "yulin_ledger_accounts_differing_total"] {
            assert_eq!(figure(&served, none).await, 0.0, "{none}");
        }
        assert_eq!(figure(&served, "yulin_journal_seq").await, t.now().await.seq as f64);
        assert_eq!(figure(&served, "yulin_operations_total{kind=\"mutation\",outcome=\"clean\"}").await, 4.0);
        assert_eq!(figure(&served, "yulin_http_requests_total{route=\"/graphql\",method=\"POST\",status=\"200\"}").await, 4.0);
        assert_eq!(figure(&served, "yulin_operation_seconds_count{kind=\"mutation\"}").await, 4.0);
        assert_eq!(figure(&served, "yulin_batch_seconds_count").await, 4.0);
        // Those who may ask the registry are not told there.
        let page = served.start["page"].as_str().unwrap();
        assert_eq!(reqwest::get(format!("{page}metrics")).await.unwrap().status(), 404);
    }

    async fn limits_and_documents_are_those_of_the_command_line(t) {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("documents.json");
        std::fs::write(&manifest, json!({ "sha256:1": "{ districts { code } }" }).to_string()).unwrap();
        let words = ["--public-rate", "10000/1", "--documents", manifest.to_str().unwrap(), "--documents-mode", "enforce"];
        let served = Served::start(&t, &words).await;
        let (status, answer) = served.asked(None, json!({ "documentId": "sha256:1" })).await;
        let cost = json!({ "requested": 6, "actual": 1, "allowance": { "most": 10_000, "left": 9_999, "restoredPerSecond": 1 } });
        assert_eq!((status, &answer["extensions"]["cost"]), (200, &cost), "{answer}");
        let (status, answer) = served.asked(None, json!({ "query": "{ __typename }" })).await;
        assert_eq!((status, code(&answer)), (403, &json!("DOCUMENT_UNTRUSTED")));
    }

    async fn it_is_served_under_a_certificate_to_pages_that_are_named(t) {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let [certificate, key] = [&certificate, &key].map(|path| path.to_str().unwrap());
        let words = ["--tls-certificate", certificate, "--tls-key", key, "--allow-origin", "https://front.example"];
        let served = Served::start(&t, &words).await;
        let endpoint = served.start["endpoint"].as_str().unwrap();
        assert!(endpoint.starts_with("https://"), "{endpoint}");
        let known = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
        let client = reqwest::Client::builder().add_root_certificate(known).build().unwrap();
        let ask = |origin: &str| client.post(endpoint).header("Origin", origin).json(&json!({ "query": "{ __typename }" })).send();
        let named = ask("https://front.example").await.unwrap();
        assert_eq!(named.status(), 200);
        assert_eq!(named.headers()["strict-transport-security"], "max-age=31536000");
        assert_eq!(named.headers()["access-control-allow-origin"], "https://front.example");
        assert!(named.headers().get("access-control-allow-credentials").is_none());
        assert!(ask("https://other.example").await.unwrap().headers().get("access-control-allow-origin").is_none());
        let preflight = |origin: &str| {
            let asked = client.request(reqwest::Method::OPTIONS, endpoint).header("Origin", origin);
            asked.header("Access-Control-Request-Method", "POST").header("Access-Control-Request-Headers", "authorization,if-none-match,yulin-role,yulin-seq").send()
        };
        let allowed = preflight("https://front.example").await.unwrap();
        assert!(allowed.status().is_success(), "{allowed:?}");
        assert!(preflight("https://other.example").await.unwrap().headers().get("access-control-allow-origin").is_none());
        let unknown = reqwest::Client::new().post(endpoint).json(&json!({ "query": "{ __typename }" })).send().await;
        assert!(unknown.is_err(), "a certificate that nobody vouches for");
    }

    async fn a_renewed_certificate_is_served_without_a_restart(t) {
        let folder = tempfile::tempdir().unwrap();
        let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
        let made = || rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let (former, renewed) = (made(), made());
        std::fs::write(&certificate, former.cert.pem()).unwrap();
        std::fs::write(&key, former.signing_key.serialize_pem()).unwrap();
        let [chain, secret] = [&certificate, &key].map(|path| path.to_str().unwrap());
        let served = Served::start(&t, &["--tls-certificate", chain, "--tls-key", secret]).await;
        let endpoint = served.start["endpoint"].as_str().unwrap();
        let is_served = async |certificate: &rcgen::Certificate| {
            let known = reqwest::Certificate::from_pem(certificate.pem().as_bytes()).unwrap();
            let client = reqwest::Client::builder().add_root_certificate(known).build().unwrap();
            client.post(endpoint).json(&json!({ "query": "{ __typename }" })).send().await.is_ok()
        };
        assert!(is_served(&former.cert).await && !is_served(&renewed.cert).await);
        // One file is renewed before the other: what is served stays, and is served.
        std::fs::write(&certificate, renewed.cert.pem()).unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(12)).await;
        assert!(is_served(&former.cert).await && !is_served(&renewed.cert).await);
        std::fs::write(&key, renewed.signing_key.serialize_pem()).unwrap();
        let begun = std::time::Instant::now();
        while !is_served(&renewed.cert).await {
            assert!(begun.elapsed().as_secs() < 30, "not renewed");
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        assert!(!is_served(&former.cert).await);
    }

    async fn what_cannot_be_served_so_is_refused_before_anything_is_opened(t) {
        let folder = tempfile::tempdir().unwrap();
        let unread = folder.path().join("unread.json");
        std::fs::write(&unread, json!({ "1": "query {" }).to_string()).unwrap();
        let (nothing, unread) = ("there-is-no-such-file", unread.to_str().unwrap());
        for (code, words) in [
            ("VALIDATION", &["--documents", nothing][..]),
            ("VALIDATION", &["--documents", unread]),
            ("VALIDATION", &["--documents-mode", "enforce"]),
            ("VALIDATION", &["--key-rate", "5/5"]),
            ("VALIDATION", &["--public-rate", "many"]),
            ("VALIDATION", &["--allow-origin", "*"]),
            ("VALIDATION", &["--allow-origin", "https://front.example/page"]),
            ("VALIDATION", &["--tls-certificate", nothing, "--tls-key", nothing]),
            ("FIELD_REQUIRED", &["--tls-key", nothing]),
            ("VALIDATION", &["--oidc-issuer", "http://login.example", "--oidc-audience", "yulin"]),
            ("FIELD_REQUIRED", &["--oidc-issuer", "https://login.example"]),
        ] {
            let file = folder.path().join("none.sqlite");
            let refused = told(&serve(&format!("sqlite://{}?mode=rwc", file.display()), words).output().unwrap());
            assert_eq!(refused.error().0, code, "{words:?}: {refused:?}");
            assert!(!file.exists(), "{words:?}");
        }
        // Half a pair is refused wherever it is set, before anything is served in the clear.
        for (half, lacks) in [("tls-certificate", "tls-key"), ("tls-key", "tls-certificate"), ("oidc-issuer", "oidc-audience")] {
            let settings = folder.path().join("half.toml");
            std::fs::write(&settings, format!("[serve]\n{half} = \"https://login.example\"\n")).unwrap();
            let check = std::process::Command::new(yulin_tests::command::binary())
                .args(["--json", "--config", settings.to_str().unwrap(), "config", "check"]).output().unwrap();
            assert_eq!((told(&check).error().0, told(&check).error().1), ("FIELD_REQUIRED", lacks), "{check:?}");
        }
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let refused = told(&serve(&t.url, &["--metrics-bind", &taken.local_addr().unwrap().to_string()]).output().unwrap());
        assert_eq!((refused.error().0, refused.error().1), ("NOT_READY", "metrics-bind"), "{refused:?}");
    }
}
