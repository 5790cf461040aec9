//! Both books, side by side: what lies on the accounts when ours are opened, and every difference at the end.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::books::Books;
use crate::line::{Account, Line, Outcome, Step};
use crate::registry::{Registry, number};

const ACCOUNT: &str = "query($code: String!) { accounts(filter: { code: $code }) { nodes {
    id code balance { posted { units } held { units } } } } }";
const AS_OF: &str = "query($id: ID!, $seq: Seq!) { account(id: $id, asOf: { recorded: { seq: $seq } }) {
    id code balance { posted { units } held { units } } } }";
const COMPARE: &str = "query($positions: [PositionInput!]!, $seq: Seq!) {
    compareBooks(positions: $positions, asOf: { recorded: { seq: $seq } }) {
    accountId postedOurs heldOurs latestEntries { seq kind amount postedAfter heldAfter } } }";

/// The accounts of these codes, all as of one entry.
pub async fn opening(registry: &mut Registry, codes: &[String; 4]) -> Result<Line> {
    let (mut ids, mut seq) = (Vec::new(), 0);
    for code in codes {
        let answer = registry.ask(ACCOUNT, &json!({ "code": code })).await?;
        let found = answer["data"]["accounts"]["nodes"].get(0);
        ids.push(found.with_context(|| format!("no account {code} is opened to this key"))?["id"].clone());
        seq = number(&answer["extensions"]["seq"])?;
    }
    let mut accounts = Vec::new();
    for id in ids {
        let answer = registry.ask(AS_OF, &json!({ "id": id, "seq": seq.to_string() })).await?;
        accounts.push(account(&answer["data"]["account"])?);
    }
    Ok(Line::Opened { seq, accounts })
}

fn account(told: &Value) -> Result<Account> {
    let text =
        |name: &str| Ok::<_, anyhow::Error>(told[name].as_str().context("an account has id and code")?.to_owned());
    let units = |name: &str| number(&told["balance"][name]["units"]);
    Ok(Account { id: text("id")?, code: text("code")?, posted: units("posted")?, held: units("held")? })
}

/// The accounts on which the books differ, as of the entry up to which ours are complete.
pub async fn with_the_registry(registry: &mut Registry, books: &Books) -> Result<Vec<Value>> {
    let seq = books.place().complete_to;
    ensure!(books.done().all(|(_, entry)| entry <= seq), "the feed is not complete to our last act");
    let position = |account: &Account| json!({ "account": account.id, "posted": account.posted.to_string(), "held": account.held.to_string() });
    let positions: Vec<_> = books.accounts().iter().map(position).collect();
    let answer = registry.ask(COMPARE, &json!({ "positions": positions, "seq": seq.to_string() })).await?;
    Ok(answer["data"]["compareBooks"].as_array().context("an answer about books")?.clone())
}

/// Prints what was done and how both books stand.
pub fn print(books: &Books, registry: &Registry, differences: &[Value]) {
    let settled =
        books.trades().iter().filter(|trade| matches!(trade.outcome(Step::Settle), Some(Outcome::Done { .. })));
    let refused = books.acts().filter(|(_, outcome)| matches!(outcome, Some(Outcome::Refused { .. })));
    println!("{} trades, {} of them settled", books.trades().len(), settled.count());
    println!("{} acts are entries, {} were refused", books.done().count(), refused.count());
    println!("{} answers were lost, late or undecided in this run, and asked for again", registry.unheard());
    println!(
        "the feed is complete to entry {}; others changed our accounts {} times",
        books.place().complete_to,
        books.others()
    );
    match books.differed_at() {
        Some(seq) => println!("the reply to our act of entry {seq} was the first to tell other balances than ours\n"),
        None => println!("every reply told the balances that are ours\n"),
    }
    println!("| account | posted | set aside | the registry |\n|---|---|---|---|");
    for Account { id, code, posted, held } in books.accounts() {
        let differs = differences.iter().find(|one| one["accountId"] == **id);
        let says = differs.map_or_else(|| "agrees".to_owned(), Value::to_string);
        println!("| {code} | {posted} | {held} | {says} |");
    }
}
