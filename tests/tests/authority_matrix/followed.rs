//! The subscription, as everybody: what is sent is what a page of the feed tells, and to nobody else.

use serde_json::{Value, json};
use yulin_tests::paths::{Edge, leaves};
use yulin_tests::socket::Socket;
use yulin_tests::told::name_of;

use crate::asking::Asking;
use crate::compared::{Asked, Compared, Tally};
use crate::viewers::Viewer;

/// Everybody follows the feed from its beginning to the present.
pub async fn every_subscription(asking: &Asking<'_>, tally: &mut Tally, head: i64) {
    for field in asking.schema.fields("Subscription") {
        let field = name_of(&field);
        assert_eq!(field, "events", "a subscription that nobody is asked for here");
        let [event, change] = ["Event", "Change"].map(|of| leaves(asking.schema, of).join(" "));
        let question = format!(
            "subscription {{ events(after: \"0\", to: \"{head}\") {{ __typename completeTo nodes {{ __typename {event}
             changes {{ __typename {change} }} act {{ __typename id }} }} }} }}"
        );
        let admin = followed(asking, asking.admin, &question).await;
        assert!(admin["data"]["events"]["nodes"].as_array().is_some_and(|all| all.len() > 50), "{admin}");
        let edge =
            Edge { parent: "Subscription".into(), field: field.into(), to: "EventBatch".into(), is_one_of_many: false };
        let asked = [Asked { key: field.to_owned(), entrance: edge }];
        for viewer in asking.viewers {
            let answer = followed(asking, viewer, &question).await;
            Compared::answer((viewer, tally), (&asked, &question), &admin, &answer);
        }
    }
}

/// All that is sent until the end, as one answer.
async fn followed(asking: &Asking<'_>, viewer: &Viewer, question: &str) -> Value {
    let mut socket = Socket::open(asking.gateway, viewer.key.as_deref()).await;
    socket.subscribe("f", question, &json!({})).await;
    let (mut events, mut last, mut errors) = (Vec::new(), Value::Null, Value::Null);
    loop {
        let heard = socket.heard().await;
        match heard["type"].as_str() {
            Some("next") => {
                let mut batch = heard["payload"]["data"]["events"].clone();
                events.append(batch["nodes"].as_array_mut().unwrap_or(&mut Vec::new()));
                last = batch;
                errors = heard["payload"]["errors"].clone();
            }
            Some("error") => return json!({ "data": null, "errors": heard["payload"] }),
            Some("complete") => break,
            other => panic!("{other:?}: {heard}"),
        }
        if !errors.is_null() {
            return json!({ "data": null, "errors": errors });
        }
    }
    last["nodes"] = Value::Array(events);
    json!({ "data": { "events": last }, "errors": errors })
}
