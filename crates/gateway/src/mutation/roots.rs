//! The macro that declares the mutations of one concern, and the root that joins them.
//!
//! Every mutation of one act has the same two arguments and the same answer; only its input differs.

/// Declares an object of mutations: a line each with its input and the kind of act.
///
/// Each may be null, where an error tells why nothing was decided: the receipts of its neighbours in the same operation
/// stay readable.
macro_rules! mutations {
    ($object:ident: $($(#[$doc:meta])+ $field:ident($input:ident) = $kind:ident;)+) => {
        /// Mutations of one concern.
        #[derive(Debug, Default)]
        pub struct $object;

        #[async_graphql::Object]
        impl $object {
            $(
                $(#[$doc])+
                async fn $field(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "What is done (登记内容)")] input: $input,
                    #[graphql(desc = "Id, time, reason and legal basis of the act (登记行为要素)")]
                    act: $crate::mutation::ActEnvelopeInput,
                ) -> $crate::errors::OrNull<$crate::mutation::ActPayload> {
                    Some($crate::mutation::perform::one(ctx, act, $crate::mutation::ActBodyInput::$kind(input)).await)
                }
            )+
        }
    };
}

pub(super) use mutations;
