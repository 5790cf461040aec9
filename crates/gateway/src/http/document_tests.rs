//! A subscription that asks for more than one field at its root is refused before the schema sees it.

#![allow(clippy::unwrap_used)]

use async_graphql::Variables;
use yulin_domain::error_catalogue::ErrorCode;

use super::super::accept::Media;
use super::{Document, HttpRefused, Parameters};

fn read(query: &str) -> Result<Document, HttpRefused> {
    let query = query.to_owned();
    Document::read(&Parameters { query, operation_name: None, variables: Variables::default(), left: None })
}

#[test]
fn a_subscription_of_two_root_fields_is_refused_however_they_are_written() {
    for query in [
        "subscription { a: events { completeTo } b: events { completeTo } }",
        "subscription { events { completeTo } other }",
        "subscription { __typename events { completeTo } }",
        "subscription { __typename }",
        "subscription { ... { a: events { completeTo } } ... on Subscription { b: events { completeTo } } }",
        "subscription { ...A b: events { completeTo } } fragment A on Subscription { a: events { completeTo } }",
        "subscription { ...A } fragment A on Subscription { a: events { completeTo } ...B }
         fragment B on Subscription { b: events { completeTo } }",
        "subscription { a: events @skip(if: true) { completeTo } b: events { completeTo } }",
        "subscription { ...A } fragment A on Subscription { events { completeTo } }",
        "subscription { events { completeTo } ... on Subscription { events { nodes { __typename } } } }",
        "subscription { events { completeTo } events { feed } }",
        "query Q { me } subscription S { a: events { completeTo } b: events { completeTo } }",
    ] {
        let refused = read(query).unwrap_err();
        assert!(matches!(refused, HttpRefused::SeveralRoots { .. }), "{query}: {refused:?}");
        assert_eq!(refused.code(), ErrorCode::QueryInvalid, "{query}");
        assert_eq!(refused.status(Media::GraphqlResponse).as_u16(), 400, "{query}");
    }
    let refused = read("subscription {\n  a: events { completeTo }\n  b: events { completeTo } }").unwrap_err();
    assert!(matches!(refused, HttpRefused::SeveralRoots { line: 3, column: 3 }), "{refused:?}");
}

#[test]
fn a_subscription_of_one_root_field_and_a_query_of_many_are_read() {
    for query in [
        "subscription { events { completeTo nodes { __typename } } }",
        "subscription { a: events { completeTo } }",
        "subscription S { events { completeTo } } subscription T { b: events { completeTo } }",
        "{ __typename a: me b: me }",
    ] {
        assert!(read(query).is_ok(), "{query}");
    }
}
