//! What an answer is made of is counted while it is made, and given up when it is too much to hold. What fails of it is null
//! where it may be.
//!
//! The cost of a document is taken from what lists are assumed to hold. What they do hold is known here alone: lists of
//! lists of lists that lie in memory would fill it before anything else is asked again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo};
use async_graphql::{PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::errors::refused_error;

/// The most fields and items of an answer.
pub const MADE_MAX: usize = 400_000;

/// Counts what each answer is made of.
pub struct Counting;

impl ExtensionFactory for Counting {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Made::default())
    }
}

/// How many fields and items an answer has so far, and the errors of those of them that are null for it.
#[derive(Debug, Default)]
struct Made {
    count: AtomicUsize,
    errors: Mutex<Vec<ServerError>>,
}

impl Made {
    /// A field that may be null is null where it fails, and takes nothing beside it away: an argument may fail that is read
    /// only once other fields have recorded acts.
    fn or_null(&self, resolved: ServerResult<Option<Value>>, is_nullable: bool) -> ServerResult<Option<Value>> {
        resolved.or_else(|error| {
            if !is_nullable {
                return Err(error);
            }
            self.errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
            // Of an item of a list nothing is not null.
            Ok(Some(Value::Null))
        })
    }
}

#[async_trait]
impl Extension for Made {
    /// Each answer of a subscription is counted for itself.
    async fn execute(&self, ctx: &ExtensionContext<'_>, name: Option<&str>, next: NextExecute<'_>) -> Response {
        self.count.store(0, Ordering::Relaxed);
        let mut response = next.run(ctx, name).await;
        response.errors.append(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner));
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (made, is_nullable) = (self.count.fetch_add(1, Ordering::Relaxed), !info.return_type.ends_with('!'));
        if made < MADE_MAX {
            return self.or_null(next.run(ctx, info).await, is_nullable);
        }
        // It is told once, wherever an answer must not be null, and of each field of the root, where what was asked was not
        // tried; what is null besides takes no room for an error.
        let is_of_root = info.path_node.parent.is_none();
        if made > MADE_MAX && is_nullable && !is_of_root {
            return Ok(Some(Value::Null));
        }
        let refused = Refused::new(ErrorCode::LimitExceeded).at("query").with("maxFields", MADE_MAX);
        let error = refused_error(&refused).into_server_error(info.field.name.pos);
        self.or_null(Err(ServerError { path: path_of(info.path_node), ..error }), is_nullable)
    }
}

/// The way to a field from the root.
fn path_of(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<_> = std::iter::successors(Some(node), |node| node.parent)
        .map(|node| match node.segment {
            QueryPathSegment::Index(place) => PathSegment::Index(place),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        })
        .collect();
    path.reverse();
    path
}
