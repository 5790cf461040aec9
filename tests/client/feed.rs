//! Following the feed: what it tells of our acts must be what we know, and what others did is taken into the books.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::books::Books;
use crate::line::{Account, Effect, Event, Line, Place};
use crate::registry::{Registry, number};

const EVENTS: &str = "query($after: Seq, $feed: String) { events(after: $after, feed: $feed, first: 200) {
    nodes { seq previousSeq actId subjects } completeTo feed } }";
const ENTRIES: &str = "query($account: ID!, $seq: Seq!) { account(id: $account, asOf: { recorded: { seq: $seq } }) {
    latestEntries { seq postedAfter heldAfter } } }";
/// Entries that `latestEntries` tells.
const ENTRIES_TOLD: usize = 20;

/// Follows the feed from where it was left to its end.
pub async fn follow(registry: &mut Registry, books: &mut Books) -> Result<()> {
    loop {
        let Place { feed, complete_to, last } = books.place().clone();
        let answer = registry.ask(EVENTS, &json!({ "after": complete_to.to_string(), "feed": feed })).await?;
        let batch = &answer["data"]["events"];
        let place = Place {
            feed: batch["feed"].as_str().map(str::to_owned),
            complete_to: number(&batch["completeTo"])?,
            last: newest(batch, last, complete_to)?,
        };
        let has_grown = place.complete_to > complete_to;
        let events = read(registry, books, batch).await?;
        books.write(Line::Told { place, events })?;
        if !has_grown {
            break;
        }
    }
    ensure!(books.untold() == 0, "the feed is at its end and has not told of {} of our acts", books.untold());
    Ok(())
}

/// The newest event of a batch, when each names the one before it: nothing is missing between them.
fn newest(batch: &Value, mut last: Option<i64>, opened_at: i64) -> Result<Option<i64>> {
    for event in batch["nodes"].as_array().context("a batch has events")? {
        let previous = if event["previousSeq"].is_null() { None } else { Some(number(&event["previousSeq"])?) };
        // Before the first event that we take there are those from before our books were opened.
        let follows = if last.is_some() { previous == last } else { previous.is_none_or(|seq| seq <= opened_at) };
        ensure!(follows, "the feed has a gap: {last:?} before {event}");
        last = Some(number(&event["seq"])?);
    }
    Ok(last)
}

/// Our acts, and what the others did to our accounts, in the order of the journal.
async fn read(registry: &mut Registry, books: &Books, batch: &Value) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for event in batch["nodes"].as_array().into_iter().flatten() {
        let (seq, act) = (number(&event["seq"])?, event["actId"].as_str().context("an event is of an act")?);
        // A global id: `act:` and the id that its author chose.
        let act = act.trim_start_matches("act:");
        if let Some(act) = act.parse::<Uuid>().ok().filter(|id| books.knows(*id)) {
            ensure!(books.done().any(|done| done == (act, seq)), "entry {seq} is act {act}, by our books it is not");
            events.push(Event::Ours(act));
            continue;
        }
        let subjects = event["subjects"].as_array().context("an event has subjects")?;
        for account in books.accounts().iter().filter(|account| subjects.iter().any(|id| *id == *account.id)) {
            events.extend(effect_of(registry, account, seq).await?.map(Event::Theirs));
        }
    }
    Ok(events)
}

/// How an entry of others changed an account: what lay there after it, less what lay there before.
async fn effect_of(registry: &mut Registry, account: &Account, seq: i64) -> Result<Option<Effect>> {
    let answer = registry.ask(ENTRIES, &json!({ "account": account.id, "seq": seq.to_string() })).await?;
    let entries = answer["data"]["account"]["latestEntries"].as_array().context("an account has entries")?;
    let (mut before, mut after, mut count) = ((0, 0), None, 0);
    for entry in entries {
        let lay = (number(&entry["postedAfter"])?, number(&entry["heldAfter"])?);
        if number(&entry["seq"])? == seq {
            (after, count) = (Some(lay), count + 1);
        } else {
            before = lay;
        }
    }
    ensure!(count < ENTRIES_TOLD, "entry {seq} moved so much on {} that its statement is to be read", account.code);
    let change =
        |(posted, held)| Effect { account: account.id.clone(), posted: posted - before.0, held: held - before.1 };
    Ok(after.map(change))
}
