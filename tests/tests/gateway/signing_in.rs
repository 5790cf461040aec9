//! Signing in by the word of an OpenID provider: who somebody is comes from there, what he may do from the journal.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use yulin_domain::codes::Role;
use yulin_domain::journal::{PrincipalId, Seen};
use yulin_domain::party::{GrantRole, RegisterPrincipal, RevokeRole};
use yulin_gateway::identity::Oidc;
use yulin_tests::socket::{FOLLOW, Socket};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const AUDIENCE: &str = "yulin-test";
const WHO: &str = "{ __typename parties(first: 1) { totalCount } }";

/// A key of the provider, under an id.
struct SigningKey {
    id: String,
    pair: rcgen::KeyPair,
}

impl SigningKey {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), pair: rcgen::KeyPair::generate().unwrap() }
    }

    /// As it is published: a point of P-256.
    fn published(&self) -> Value {
        let point = self.pair.public_key_raw();
        assert_eq!((point.len(), point[0]), (65, 4));
        let [x, y] = [&point[1..33], &point[33..]].map(|half| BASE64_URL_SAFE_NO_PAD.encode(half));
        json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id, "x": x, "y": y })
    }

    fn signed(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &EncodingKey::from_ec_der(&self.pair.serialize_der())).unwrap()
    }
}

/// A provider on this machine.
struct TestProvider {
    issuer: String,
    keys: Arc<Mutex<Vec<Value>>>,
    /// How often its keys were fetched.
    fetched: Arc<AtomicUsize>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl TestProvider {
    async fn open(keys: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (keys, fetched) = (Arc::new(Mutex::new(keys)), Arc::new(AtomicUsize::new(0)));
        let (published, counted, own) = (Arc::clone(&keys), Arc::clone(&fetched), issuer.clone());
        let listening = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = vec![0; 4_096];
                let read = stream.read(&mut asked).await.unwrap_or(0);
                let body =
                    if String::from_utf8_lossy(&asked[..read]).starts_with("GET /.well-known/openid-configuration") {
                        json!({ "issuer": own, "jwks_uri": format!("{own}/keys") })
                    } else {
                        counted.fetch_add(1, Ordering::SeqCst);
                        json!({ "keys": *published.lock().unwrap() })
                    }
                    .to_string();
                let answer =
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
                drop(stream.write_all(answer.as_bytes()).await);
            }
        });
        Self { issuer, keys, fetched, listening }
    }

    fn oidc(&self) -> Oidc {
        Oidc { issuer: self.issuer.clone(), audience: AUDIENCE.to_owned(), name_claim: "sub".to_owned() }
    }

    fn claims(&self, name: &str, lasts_s: i64) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({ "iss": self.issuer, "aud": AUDIENCE, "sub": name, "iat": now, "exp": now + lasts_s })
    }
}

/// A principal whom somebody of the provider is, by the name that only the provider can bring.
async fn registered(t: &TestRegistry, provider: &TestProvider, name: &str, roles: &[Role]) -> PrincipalId {
    let name = format!("oidc:{}#{name}", provider.issuer);
    let register = RegisterPrincipal { name, party: None, roles: roles.iter().copied().collect() };
    PrincipalId::made_by(t.done(register).await, 0, 0)
}

async fn seen(t: &TestRegistry, id: PrincipalId) -> Seen<PrincipalId> {
    Seen { id, seq: t.registry.principals_by_ids(&t.now().await, &[id]).await.unwrap()[0].version }
}

/// The status, and the code of the error, if any.
async fn asked(gateway: &Gateway, token: &str, role: Option<&str>) -> (u16, Value) {
    let request = gateway.post(Some(token)).json(&json!({ "query": WHO }));
    let request = if let Some(role) = role { request.header("Yulin-Role", role) } else { request };
    let answer = request.send().await.unwrap();
    let (status, told) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
    (status, told["errors"][0]["extensions"]["code"].clone())
}

each_backend! {
    async fn who_signed_in_may_do_what_acts_granted_to_him_and_nothing_else(t) {
        let key = SigningKey::new("one");
        // Keys of kinds that are not known, and those for secrets, are passed over.
        let strange = json!({ "kty": "EC", "crv": "secp256k1", "alg": "ES256K", "kid": "strange", "x": "AA", "y": "AA" });
        let mut secret = SigningKey::new("secret").published();
        secret["use"] = json!("enc");
        let provider = TestProvider::open(vec![strange, secret, key.published()]).await;
        let gateway = Gateway::taking_tokens(&t.registry, provider.oidc()).await;
        let token = key.signed(&provider.claims("li", 600));
        assert_eq!(asked(&gateway, &token, None).await, (401, json!("UNAUTHENTICATED")), "nobody of that name is registered");
        let li = registered(&t, &provider, "li", &[Role::Planner]).await;
        assert_eq!(asked(&gateway, &token, None).await, (200, Value::Null));
        assert_eq!(asked(&gateway, &token, Some("PLANNER")).await, (200, Value::Null));
        assert_eq!(asked(&gateway, &token, Some("ADMIN")).await, (403, json!("FORBIDDEN")));
        assert_eq!(asked(&gateway, &token, Some("KING")).await, (400, json!("VALIDATION")));
        // With two roles he says in which he asks.
        t.done(GrantRole { principal: seen(&t, li).await, role: Role::Auditor }).await;
        assert_eq!(asked(&gateway, &token, None).await, (403, json!("FORBIDDEN")));
        assert_eq!(asked(&gateway, &token, Some("AUDITOR")).await, (200, Value::Null));
        t.done(RevokeRole { principal: seen(&t, li).await, role: Role::Auditor }).await;
        assert_eq!(asked(&gateway, &token, Some("AUDITOR")).await, (403, json!("FORBIDDEN")));
        // A key of the registry is taken as ever, in its own role.
        let own = t.key(Role::Auditor).await.unwrap();
        // Nobody becomes a principal that keys were made for by choosing his name elsewhere.
        let chosen = format!("test-{}", Role::Auditor);
        assert_eq!(asked(&gateway, &key.signed(&provider.claims(&chosen, 600)), None).await.0, 401);
        assert_eq!(asked(&gateway, &key.signed(&provider.claims("test-admin", 600)), None).await.0, 401);
        assert_eq!(asked(&gateway, &own, None).await, (200, Value::Null));
        assert_eq!(asked(&gateway, &own, Some("ADMIN")).await, (403, json!("FORBIDDEN")));
        assert_eq!(provider.fetched.load(Ordering::SeqCst), 1, "keys are kept");
        gateway.close().await;
    }

    async fn a_token_that_is_not_the_providers_own_and_for_this_registry_is_not_taken(t) {
        let key = SigningKey::new("one");
        let provider = TestProvider::open(vec![key.published()]).await;
        let gateway = Gateway::taking_tokens(&t.registry, provider.oidc()).await;
        registered(&t, &provider, "li", &[Role::Planner]).await;
        let with = |name: &str, value: Value| {
            let mut claims = provider.claims("li", 600);
            claims[name] = value;
            key.signed(&claims)
        };
        let now = jiff::Timestamp::now().as_second();
        let good = key.signed(&provider.claims("li", 600));
        let [head, body, signature]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
        let unsigned = BASE64_URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": "one" }).to_string());
        let other = SigningKey { id: "one".to_owned(), pair: rcgen::KeyPair::generate().unwrap() };
        // Signed with what everybody can read, as if it were a secret.
        let symmetric = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
        let symmetric = encode(&symmetric, &provider.claims("li", 600), &EncodingKey::from_secret(key.pair.public_key_raw())).unwrap();
        let mut no_end = provider.claims("li", 600);
        no_end.as_object_mut().unwrap().remove("exp");
        for (what, token) in [
            ("another issuer", with("iss", json!("https://elsewhere.example"))),
            ("another audience", with("aud", json!("another"))),
            ("ended", with("exp", json!(now - 120))),
            ("not begun", with("nbf", json!(now + 600))),
            ("no end", key.signed(&no_end)),
            ("no name", with("sub", json!(""))),
            ("another name", key.signed(&provider.claims("wang", 600))),
            ("another key under the same id", other.signed(&provider.claims("li", 600))),
            ("unsigned", format!("{unsigned}.{body}.")),
            ("symmetric", symmetric),
            ("cut short", format!("{head}.{body}.{}", &signature[1..])),
            ("not a token", "a.b.c".to_owned()),
        ] {
            assert_eq!(asked(&gateway, &token, None).await, (401, json!("UNAUTHENTICATED")), "{what}");
        }
        assert_eq!(asked(&gateway, &good, None).await, (200, Value::Null));
        assert_eq!(asked(&gateway, &with("exp", json!(now - 30)), None).await, (200, Value::Null), "clocks differ a little");
        gateway.close().await;
    }

    async fn keys_are_changed_without_a_restart_and_a_provider_that_is_away_is_told_of(t) {
        let (old, new) = (SigningKey::new("old"), SigningKey::new("new"));
        let provider = TestProvider::open(vec![old.published()]).await;
        let gateway = Gateway::taking_tokens(&t.registry, provider.oidc()).await;
        registered(&t, &provider, "li", &[Role::Planner]).await;
        let claims = provider.claims("li", 600);
        assert_eq!(asked(&gateway, &old.signed(&claims), None).await, (200, Value::Null));
        *provider.keys.lock().unwrap() = vec![new.published()];
        // A token of a key that is not known is looked for, but not more often than every ten seconds.
        for _ in 0..5 {
            assert_eq!(asked(&gateway, &new.signed(&claims), None).await.0, 401);
        }
        assert_eq!(provider.fetched.load(Ordering::SeqCst), 1);
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
        assert_eq!(asked(&gateway, &new.signed(&claims), None).await, (200, Value::Null));
        assert_eq!(asked(&gateway, &old.signed(&claims), None).await.0, 401);
        assert_eq!(provider.fetched.load(Ordering::SeqCst), 2);
        gateway.close().await;
        let (oidc, claims) = (provider.oidc(), provider.claims("li", 600));
        drop(provider);
        let gateway = Gateway::taking_tokens(&t.registry, oidc).await;
        assert_eq!(asked(&gateway, &new.signed(&claims), None).await, (503, json!("NOT_READY")));
        gateway.close().await;
    }

    async fn a_stream_ends_with_the_token_or_the_role(t) {
        let key = SigningKey::new("one");
        let provider = TestProvider::open(vec![key.published()]).await;
        let gateway = Gateway::taking_tokens(&t.registry, provider.oidc()).await;
        let li = registered(&t, &provider, "li", &[Role::Auditor]).await;
        // The clocks may be a minute apart: this one is good for two seconds more.
        for (lasts, revoked) in [(-58, false), (600, true)] {
            let mut socket = Socket::open(&gateway, Some(&key.signed(&provider.claims("li", lasts)))).await;
            socket.subscribe("1", FOLLOW, &json!({})).await;
            assert_eq!(socket.heard().await["type"], "next");
            if revoked {
                t.done(RevokeRole { principal: seen(&t, li).await, role: Role::Auditor }).await;
            }
            let begun = std::time::Instant::now();
            let code = loop {
                let heard = socket.heard().await;
                if let Some(errors) = heard["payload"].get("errors") {
                    break errors[0]["extensions"]["code"].clone();
                }
            };
            // What he followed is the same after the token as before it: only who he is has to be said anew.
            assert_eq!(code, if revoked { "FEED_CHANGED" } else { "UNAUTHENTICATED" });
            assert!(begun.elapsed() < std::time::Duration::from_secs(4), "{:?}", begun.elapsed());
        }
        gateway.close().await;
    }
}
