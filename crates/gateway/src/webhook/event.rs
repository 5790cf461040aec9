//! An event as it is sent: a `CloudEvent` of version 1.0 in structured JSON, and the schema of it.

use async_graphql::Error;
use serde_json::{Value, json};
use yulin_domain::journal::{ActKind, Change, RecordKind};
use yulin_domain::quantity::Instant;

use crate::feed::EventObject;

/// The type of every event.
pub const EVENT_TYPE: &str = "cn.yulin.act.recorded.v1";
/// The media type of a `CloudEvent` in structured JSON.
pub const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// The body by which an event is told.
pub fn cloud_event(event: &EventObject, journal: &str, feed: &str) -> Result<String, Error> {
    let header = &event.event.entry.header;
    let texts = |seq: Option<i64>| seq.map(|seq| seq.to_string());
    let changes: Vec<_> = event.seen()?.iter().map(change).collect();
    let subjects: Vec<_> = event.subjects_seen()?.iter().map(ToString::to_string).collect();
    let told = json!({
        "specversion": "1.0",
        "id": event_id(event),
        "source": format!("urn:uuid:{journal}"),
        "type": EVENT_TYPE,
        "time": header.recorded_at.to_string(),
        "datacontenttype": "application/json",
        // In the order of text, as the extension wants it.
        "sequence": format!("{:020}", header.seq),
        "data": {
            "seq": header.seq.to_string(),
            "previousSeq": texts(event.event.previous),
            "feed": feed,
            "kind": header.kind.name(),
            "actId": header.act_id.to_string(),
            "recordedAt": header.recorded_at.to_string(),
            "effectiveAt": header.effective_at.to_string(),
            "subjects": subjects,
            "changes": changes,
        },
    });
    Ok(told.to_string())
}

/// What names an event among all of its journal. A number that is taken anew after a restore is another entry.
pub fn event_id(event: &EventObject) -> String {
    let header = &event.event.entry.header;
    format!("{}_{}", header.seq, header.act_id)
}

fn change(change: &Change) -> Value {
    let bounded = |at: Instant| (at != Instant::MIN && at != Instant::MAX).then(|| at.to_string());
    json!({
        "subject": change.subject.to_string(),
        "previous": change.previous.map(|seq| seq.to_string()),
        "record": change.key.to_string(),
        "kind": change.key.kind.tag().to_uppercase(),
        "validFrom": bounded(change.span.from),
        "validTo": bounded(change.span.to),
    })
}

/// The JSON Schema of what is sent, for `schema/events`.
pub fn event_schema() -> Value {
    let kinds: Vec<_> = ActKind::ALL.iter().map(|kind| kind.name()).collect();
    let records: Vec<_> = RecordKind::ALL.iter().map(|kind| kind.tag().to_uppercase()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:yulin:event:{EVENT_TYPE}"),
        "title": "An act was recorded (登记事件)",
        "description": "A CloudEvent 1.0 in structured JSON. Members may be added; none is removed or changes its meaning.",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "sequence", "data"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": {
                "type": "string",
                "pattern": "^[0-9]{1,19}_[0-9a-f-]{36}$",
                "description": "The number of the entry and the id of its act; with `source` it names the event for ever.",
            },
            "source": { "type": "string", "pattern": "^urn:uuid:", "description": "The journal." },
            "type": { "const": EVENT_TYPE },
            "time": { "type": "string", "format": "date-time", "description": "When it was recorded." },
            "datacontenttype": { "const": "application/json" },
            "sequence": { "type": "string", "pattern": "^[0-9]{20}$", "description": "The number of the entry, in the order of text." },
            "data": { "$ref": "#/$defs/event" },
        },
        "$defs": {
            "seq": { "type": "string", "pattern": "^[0-9]{1,19}$" },
            "record": { "type": "string", "pattern": "^[a-z]+:[0-9a-f-]{36}$" },
            "instant": { "type": "string", "format": "date-time" },
            "event": event_data(&kinds),
            "change": change_data(&records),
        },
    })
}

fn event_data(kinds: &[&str]) -> Value {
    json!({
        "type": "object",
        "required": ["seq", "previousSeq", "feed", "kind", "actId", "recordedAt", "effectiveAt", "subjects", "changes"],
        "properties": {
            "seq": { "$ref": "#/$defs/seq" },
            "previousSeq": {
                "oneOf": [{ "$ref": "#/$defs/seq" }, { "type": "null" }],
                "description": "The event before it in this feed; null for the first.",
            },
            "feed": { "type": "string", "description": "The name of the feed: of its filter, and of who follows it." },
            "kind": { "enum": kinds },
            "actId": { "type": "string", "format": "uuid", "description": "The id its author gave the act, as its receipt tells it." },
            "recordedAt": { "$ref": "#/$defs/instant" },
            "effectiveAt": { "$ref": "#/$defs/instant" },
            "subjects": { "type": "array", "items": { "$ref": "#/$defs/record" }, "uniqueItems": true },
            "changes": { "type": "array", "items": { "$ref": "#/$defs/change" } },
        },
    })
}

fn change_data(records: &[String]) -> Value {
    json!({
        "type": "object",
        "required": ["subject", "previous", "record", "kind", "validFrom", "validTo"],
        "properties": {
            "subject": { "$ref": "#/$defs/record" },
            "previous": { "oneOf": [{ "$ref": "#/$defs/seq" }, { "type": "null" }] },
            "record": { "$ref": "#/$defs/record" },
            "kind": { "enum": records },
            "validFrom": { "oneOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] },
            "validTo": { "oneOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] },
        },
    })
}
