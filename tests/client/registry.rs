//! Asking the registry, through one gateway after the other, until there is an answer.
//!
//! All that is asked here may be asked twice: a query changes nothing, and an act carries an id of our own.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::line::{Act, Balance, Outcome, Step};
use crate::options::Options;

/// Codes under which nothing is said of what was asked: it is not decided, or not known to be.
const NOTHING_SAID: [&str; 7] =
    ["BUSY", "OUTCOME_UNKNOWN", "TIMEOUT", "NOT_READY", "INTERNAL", "AS_OF_BEYOND_HEAD", "RATE_LIMITED"];
/// How often one question is asked. With the pauses that is about two minutes without an answer.
const ASKED_MAX: usize = 60;
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// The longest that it waits because it was told to.
const REST_MAX: Duration = Duration::from_secs(30);

/// The registry behind its gateways.
#[derive(Debug)]
pub struct Registry {
    gateways: Vec<String>,
    key: String,
    http: reqwest::Client,
    patience: Duration,
    /// Which gateway is asked next.
    turn: usize,
    /// The newest entry heard of: no answer is to be older, whichever gateway gives it.
    newest: i64,
    /// How often there was no answer.
    unheard: usize,
}

/// What came of asking once.
enum Heard {
    Answer(Value),
    /// Lost, late, or not decided.
    Nothing(String),
}

impl Registry {
    /// The registry that the command line names.
    pub fn at(options: &Options) -> Result<Self> {
        let Options { gateways, key, patience, .. } = options;
        let http = reqwest::Client::builder().timeout(*patience).build()?;
        let (gateways, key) = (gateways.clone(), key.clone());
        Ok(Self { gateways, key, http, patience: *patience, turn: 0, newest: 0, unheard: 0 })
    }

    /// How often an answer was lost, late or undecided.
    pub const fn unheard(&self) -> usize {
        self.unheard
    }

    /// Performs an act; asked again, it has the outcome it had, with the balances of then.
    pub async fn perform(&mut self, act: &Act) -> Result<Outcome> {
        let variables = json!({ "act": { "actId": act.id }, "input": act.input });
        let answer = self.ask(&mutation(act.step), &variables).await?;
        let done = &answer["data"]["done"];
        match done["__typename"].as_str() {
            Some("ActDone") => entered(done),
            Some("ActRefused") => {
                Ok(Outcome::Refused { code: done["code"].as_str().context("a refusal has a code")?.to_owned() })
            }
            _ => bail!("not understood: {answer}"),
        }
    }

    /// Asks until there is an answer. An answer that says the question itself is wrong ends the program.
    pub async fn ask(&mut self, query: &str, variables: &Value) -> Result<Value> {
        let (mut pause, mut last) = (PAUSE_MIN, String::new());
        for _ in 0..ASKED_MAX {
            match self.ask_once(query, variables).await? {
                Heard::Answer(answer) => {
                    let seq = &answer["extensions"]["seq"];
                    self.newest = if seq.is_null() { self.newest } else { self.newest.max(number(seq)?) };
                    return Ok(answer);
                }
                Heard::Nothing(why) => last = why,
            }
            self.unheard += 1;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
        bail!("asked {ASKED_MAX} times, heard last: {last}")
    }

    async fn ask_once(&mut self, query: &str, variables: &Value) -> Result<Heard> {
        let gateway = &self.gateways[self.turn % self.gateways.len()];
        self.turn += 1;
        let request = self.http.post(format!("{gateway}/graphql")).bearer_auth(&self.key);
        let request = request.header("Yulin-Seq", self.newest).json(&json!({ "query": query, "variables": variables }));
        let answer = async {
            let answer = request.send().await?;
            // Whoever asks too much is told when to come back.
            let rest = answer.headers().get("Retry-After").and_then(|rest| rest.to_str().ok()?.parse().ok());
            Ok::<_, reqwest::Error>((answer.json::<Value>().await?, rest.unwrap_or_default()))
        };
        let (answer, rest) = match answer.await {
            Ok(answered) => answered,
            // Cut off, too late, or the page of some proxy: what became of the act is not known.
            Err(lost) => return Ok(Heard::Nothing(lost.to_string())),
        };
        let Some(error) = answer["errors"].get(0) else { return Ok(Heard::Answer(answer)) };
        match error["extensions"]["code"].as_str() {
            Some(code) if NOTHING_SAID.contains(&code) => {
                tokio::time::sleep(Duration::from_secs(rest).min(REST_MAX)).await;
                Ok(Heard::Nothing(code.to_owned()))
            }
            _ => bail!("the registry does not take this: {error}"),
        }
    }

    /// Asks every gateway, which must be a sandbox, to lose, delay and refuse answers of this key from now on.
    pub async fn ask_for_faults(&self, seed: u64) -> Result<()> {
        let chances = json!({ "slow": 30, "busy": 60, "refuse": 10, "drop-reply": 60, "drop-request": 60,
            "outcome-unknown": 60 });
        let late = self.patience.as_millis() + 100;
        let plan = json!({ "seed": seed, "slowMillis": late, "refuseCode": "STATE", "perMille": chances });
        for gateway in &self.gateways {
            let put = self.http.put(format!("{gateway}/sandbox/faults")).bearer_auth(&self.key).json(&plan);
            let answer = put.send().await?;
            ensure!(answer.status().is_success(), "{gateway} makes no faults: {}", answer.text().await?);
        }
        Ok(())
    }
}

fn mutation(step: Step) -> String {
    let (name, input) = match step {
        Step::Sell | Step::Buy => ("placeHold", "PlaceHoldInput"),
        Step::Settle => ("settleHolds", "SettleHoldsInput"),
        Step::ReleaseUnits | Step::ReleaseMoney => ("releaseHold", "ReleaseHoldInput"),
    };
    format!(
        "mutation($act: ActEnvelopeInput!, $input: {input}!) {{ done: {name}(act: $act, input: $input) {{
            __typename ... on ActDone {{ receipt {{ seq }} changed balances {{ account posted held }} }}
            ... on ActRefused {{ code }} }} }}"
    )
}

/// What is told of an act that is an entry.
fn entered(told: &Value) -> Result<Outcome> {
    let changed = told["changed"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let hold = changed.into_iter().find(|id| id.starts_with("hold:")).map(str::to_owned);
    let balances = told["balances"].as_array().context("an entry tells what lay on the accounts")?;
    let balances = balances.iter().map(balance).collect::<Result<_>>()?;
    Ok(Outcome::Done { seq: number(&told["receipt"]["seq"])?, hold, balances })
}

fn balance(told: &Value) -> Result<Balance> {
    let account = told["account"].as_str().context("a balance is of an account")?.to_owned();
    Ok(Balance { account, posted: number(&told["posted"])?, held: number(&told["held"])? })
}

/// A whole number, which the registry writes as text so that no reader rounds it.
pub fn number(value: &Value) -> Result<i64> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse().with_context(|| format!("no number: {text}"))
}
