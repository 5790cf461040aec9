//! Tokens of a provider: by a key that it published, for this registry, still good.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use yulin_domain::quantity::Instant;

use super::published::Published;

/// How far the clocks of provider and registry may be apart, in seconds.
const LEEWAY_S: u64 = 60;
/// Signatures that are believed: made with a key that the provider alone has.
const BELIEVED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Whose tokens are taken, and for whom they must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oidc {
    /// The address of the provider, as it stands in its tokens.
    pub issuer: String,
    /// The name under which the provider knows this registry.
    pub audience: String,
    /// The claim that says who somebody is.
    pub name_claim: String,
}

/// Why a provider cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum OidcInvalid {
    #[error("an issuer is an https address; http is taken on this machine alone")]
    Issuer,
    #[error("no client can be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefused {
    /// It is not of the provider, not for this registry, not yet or no longer good, or says no name.
    Unknown,
    /// The provider's keys are not known, and it does not answer.
    Unreachable,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who he is there.
    pub name: String,
    /// When his token ends.
    pub until: Instant,
}

/// A provider and the keys it published; clones share them.
#[derive(Debug, Clone)]
pub struct Provider {
    oidc: Oidc,
    published: Published,
}

impl Provider {
    /// A provider that has not been asked yet.
    pub fn of(oidc: Oidc) -> Result<Self, OidcInvalid> {
        let published = Published::by(&oidc.issuer)?;
        Ok(Self { oidc, published })
    }

    /// Whether a secret has the form of a token, which no key of the registry has.
    pub fn is_token(secret: &str) -> bool {
        secret.split('.').count() == 3
    }

    /// The name of the principal whom somebody is here. Nobody comes by it but through this provider: the names of principals
    /// that were made for keys are none that a person could choose elsewhere.
    pub fn principal(&self, name: &str) -> String {
        format!("oidc:{}#{name}", self.oidc.issuer)
    }

    /// Who a token speaks for.
    pub async fn signed_in(&self, token: &str) -> Result<SignedIn, TokenRefused> {
        let header = decode_header(token).map_err(|_| TokenRefused::Unknown)?;
        if !BELIEVED.contains(&header.alg) {
            return Err(TokenRefused::Unknown);
        }
        let key = self.published.key(header.kid.as_deref()).await?.ok_or(TokenRefused::Unknown)?;
        let key = usable(&key, header.alg).ok_or(TokenRefused::Unknown)?;
        let claims = decode::<Map<String, Value>>(token, &key, &self.validation(header.alg));
        let claims = claims.map_err(|why| {
            tracing::info!(%why, "a token was not taken");
            TokenRefused::Unknown
        })?;
        self.read(&claims.claims).ok_or(TokenRefused::Unknown)
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.oidc.issuer]);
        validation.set_audience(&[&self.oidc.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY_S;
        validation
    }

    fn read(&self, claims: &Map<String, Value>) -> Option<SignedIn> {
        let name = claims.get(&self.oidc.name_claim)?.as_str().filter(|name| !name.is_empty())?;
        let until = claims.get("exp")?.as_i64()?.saturating_add(i64::try_from(LEEWAY_S).ok()?);
        Some(SignedIn { name: name.to_owned(), until: Instant::from_micros(until.saturating_mul(1_000_000)) })
    }
}

/// The key, where it is one for signatures of this kind.
fn usable(key: &Jwk, algorithm: Algorithm) -> Option<DecodingKey> {
    let said = key.common.key_algorithm.map(|said| said.to_string());
    let is_of_kind = said.is_none_or(|said| said == format!("{algorithm:?}"));
    is_of_kind.then(|| DecodingKey::from_jwk(key).ok()).flatten()
}
