//! Mutations of the journal itself: an act rescinded, a list of acts, a bundle.

use async_graphql::{Context, ID, InputObject, Object, Result};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Refused, RescindAct};

use super::perform;
use super::read::Read;
use super::{ActBodyInput, ActEnvelopeInput, ActPayload};
use crate::errors::OrNull;
use crate::scalars::Seq;

/// A mistaken act to be voided; nothing may depend on it (撤销登记).
#[derive(Debug, Clone, InputObject)]
pub struct RescindActInput {
    /// The number of its entry (登记序号).
    pub seq: Seq,
    /// Its id, so that no other entry is meant (行为标识).
    pub act: ID,
}

impl TryFrom<RescindActInput> for RescindAct {
    type Error = Refused;
    fn try_from(RescindActInput { seq, act }: RescindActInput) -> Read<Self> {
        let bare = act.strip_prefix("act:").unwrap_or(&act);
        let malformed = |_| Refused::new(ErrorCode::IdInvalid).at("act").with("expected", "act:uuid");
        let act = bare.parse().map_err(malformed)?;
        Ok(Self { seq: seq.0, act })
    }
}

/// An act of a list: alone, or a bundle (列表中的登记行为).
#[derive(Debug, Clone, InputObject)]
pub struct ActInput {
    /// Id, time, reason and legal basis (登记行为要素).
    pub act: ActEnvelopeInput,
    /// What is done; left out of a bundle (登记内容).
    #[graphql(name = "do")]
    pub r#do: Option<ActBodyInput>,
    /// What is done leg by leg, one entry, all or none; instead of `do` (组合登记内容).
    pub legs: Option<Vec<ActBodyInput>>,
}

/// Mutations of the journal itself.
#[derive(Debug, Default)]
pub struct JournalMutations;

#[Object]
impl JournalMutations {
    /// Voids a mistaken act in recorded time, where nothing depends on it; else tells what does (撤销登记).
    async fn rescind_act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is done (登记内容)")] input: RescindActInput,
        #[graphql(desc = "Id, time, reason and legal basis of the act (登记行为要素)")] act: ActEnvelopeInput,
    ) -> OrNull<ActPayload> {
        Some(perform::one(ctx, act, ActBodyInput::RescindAct(input)).await)
    }

    /// Performs up to 1000 acts or bundles, each an entry of its own and answered on its own, in the order given. One that
    /// could not be decided is null, with an error at its place (批量登记).
    async fn perform_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The acts (登记行为)")] acts: Vec<ActInput>,
    ) -> Result<Vec<Option<Result<ActPayload>>>> {
        perform::all(ctx, acts).await
    }

    /// Performs up to 200 acts as legs of one: one entry, all or none (组合登记).
    async fn perform_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id, time, reason and legal basis of the bundle (登记行为要素)")] act: ActEnvelopeInput,
        #[graphql(desc = "What is done, leg by leg (登记内容)")] legs: Vec<ActBodyInput>,
    ) -> OrNull<ActPayload> {
        Some(perform::bundle(ctx, act, legs).await)
    }
}
