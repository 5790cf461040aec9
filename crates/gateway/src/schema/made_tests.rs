//! An answer that is too much to hold is given up, and told so once; what fails of one takes nothing else away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, Schema, SimpleObject};

use super::made::{Counting, MADE_MAX};

/// Lists of lists, each in memory.
struct Many;

#[derive(SimpleObject)]
struct One {
    number: i32,
}

#[Object]
impl Many {
    async fn many(&self) -> Vec<Self> {
        (0..50).map(|_| Self).collect()
    }

    async fn perhaps(&self) -> Option<Vec<Self>> {
        Some((0..50).map(|_| Self).collect())
    }

    async fn holes(&self) -> Vec<Option<Self>> {
        (0..50).map(|_| Some(Self)).collect()
    }

    async fn one(&self) -> Option<One> {
        Some(One { number: 1 })
    }

    async fn half(&self, of: i32) -> Result<Option<One>, async_graphql::Error> {
        tokio::task::yield_now().await;
        if of % 2 == 0 { Ok(Some(One { number: of / 2 })) } else { Err("it is odd".into()) }
    }
}

async fn asked(query: &str) -> Response {
    Schema::build(Many, EmptyMutation, EmptySubscription).extension(Counting).finish().execute(query).await
}

#[tokio::test]
async fn lists_of_lists_that_would_fill_the_memory_are_given_up() {
    for field in ["many", "perhaps", "holes"] {
        let deep = (0..10).fold("one { number }".to_owned(), |below, _| format!("{field} {{ {below} }}"));
        let answer = asked(&format!("{{ {deep} }}")).await;
        assert!(!answer.errors.is_empty() && answer.errors.len() < 1_000, "{field}: {}", answer.errors.len());
        let extensions = answer.errors[0].extensions.as_ref().unwrap();
        assert_eq!(extensions.get("code"), Some(&"LIMIT_EXCEEDED".into()), "{field}");
        assert!(answer.errors.iter().all(|error| !error.path.is_empty()), "{field}");
        let told = answer.data.to_string();
        assert!(told.len() < MADE_MAX * 40, "{field}: {}", told.len());
    }
    let answer = asked("{ many { perhaps { one { number } } } }").await;
    assert!(answer.errors.is_empty() && answer.data.to_string().matches("number").count() == 2_500);
}

#[tokio::test]
async fn what_fails_and_may_be_null_is_null_and_nothing_else_is() {
    let answer = asked("{ one { number } half(of: 3) { number } wrong: half(of: 4) { number } }").await;
    assert_eq!(answer.data.to_string(), "{one: {number: 1}, half: null, wrong: {number: 2}}");
    assert_eq!(answer.errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>(), ["it is odd"]);
    assert_eq!(answer.errors[0].path.len(), 1);
}
