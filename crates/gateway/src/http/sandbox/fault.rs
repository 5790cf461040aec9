//! What is to go wrong with a request, as the header `Yulin-Fault` says it.

use std::time::Duration;

use actix_web::http::header::HeaderMap;
use yulin_domain::error_catalogue::{ErrorClass, ErrorCode};

use crate::http::refused::HttpRefused;

/// The header by which a fault is asked for.
const FAULT_HEADER: &str = "Yulin-Fault";
/// The longest that an answer may be late, in milliseconds.
pub const LATE_MAX_MS: u32 = 60_000;
const EXPECTED: &str = "none, or slow=MILLIS (at most 60000) and at most one of busy, refuse=CODE (a code under which acts are \
     refused), drop-reply, drop-request, outcome-unknown";

/// What is to go wrong with a request: it may be late, and one thing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// How much later the answer comes, or the connection is closed.
    pub late: Duration,
    pub fault: Option<Fault>,
}

/// What goes wrong beside lateness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed before anything is done.
    DropRequest,
    /// All is done and committed; then the connection is closed without an answer.
    DropReply,
    Act(ActFault),
}

/// What goes wrong with the acts of a request; a request without acts, or one that only tries them, is answered as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActFault {
    /// Nothing is decided: the queue is said to be full.
    Busy,
    /// Each act is answered as refused under this code; nothing is recorded, and the refusal is not remembered.
    Refuse(ErrorCode),
    /// Each act is decided and committed, and its outcome is said to be unknown.
    OutcomeUnknown,
}

impl Faults {
    /// Reads the header; none where it is not sent.
    pub fn asked(headers: &HeaderMap) -> Result<Option<Self>, HttpRefused> {
        let mut asked = headers.get_all(FAULT_HEADER).peekable();
        if asked.peek().is_none() {
            return Ok(None);
        }
        let texts = asked.map(|value| value.to_str().map_err(|_| unreadable())).collect::<Result<Vec<_>, _>>()?;
        Self::read(&texts.join(",")).map(Some)
    }

    fn read(text: &str) -> Result<Self, HttpRefused> {
        if text.trim() == "none" {
            return Ok(Self::default());
        }
        let (mut late, mut fault) = (None, None);
        for switch in text.split(',').map(str::trim) {
            let repeated = match switch.split_once('=') {
                Some(("slow", millis)) => late.replace(late_by(millis)?).is_some(),
                Some(("refuse", code)) => fault.replace(Fault::Act(ActFault::Refuse(refusable(code)?))).is_some(),
                Some(_) => return Err(unreadable()),
                None => fault.replace(plain(switch)?).is_some(),
            };
            if repeated {
                return Err(unreadable());
            }
        }
        Ok(Self { late: late.unwrap_or_default(), fault })
    }
}

fn plain(switch: &str) -> Result<Fault, HttpRefused> {
    match switch {
        "busy" => Ok(Fault::Act(ActFault::Busy)),
        "outcome-unknown" => Ok(Fault::Act(ActFault::OutcomeUnknown)),
        "drop-reply" => Ok(Fault::DropReply),
        "drop-request" => Ok(Fault::DropRequest),
        _ => Err(unreadable()),
    }
}

fn late_by(millis: &str) -> Result<Duration, HttpRefused> {
    let is_number = millis.bytes().all(|digit| digit.is_ascii_digit());
    let millis = millis.parse::<u32>().ok().filter(|millis| is_number && *millis <= LATE_MAX_MS);
    millis.map(|millis| Duration::from_millis(millis.into())).ok_or_else(unreadable)
}

fn refusable(code: &str) -> Result<ErrorCode, HttpRefused> {
    code.parse().ok().filter(|code| refuses_acts(*code)).ok_or_else(unreadable)
}

/// Whether an act may be refused under a code: not under one that says that nothing was decided, or that all failed.
pub const fn refuses_acts(code: ErrorCode) -> bool {
    match code.class() {
        ErrorClass::Malformed | ErrorClass::Authority | ErrorClass::Refused | ErrorClass::Conflict => true,
        ErrorClass::Busy | ErrorClass::Fault => false,
    }
}

const fn unreadable() -> HttpRefused {
    HttpRefused::ParameterInvalid { name: FAULT_HEADER, expected: EXPECTED }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn switches_are_read_alone_and_together() {
        let read = |text| Faults::read(text).unwrap();
        let faults = |millis, fault| Faults { late: Duration::from_millis(millis), fault };
        assert_eq!(read("none"), faults(0, None));
        assert_eq!(read("slow=60000"), faults(60_000, None));
        assert_eq!(read("busy"), faults(0, Some(Fault::Act(ActFault::Busy))));
        assert_eq!(read("drop-reply, slow=5"), faults(5, Some(Fault::DropReply)));
        assert_eq!(read("slow=5,drop-request"), faults(5, Some(Fault::DropRequest)));
        assert_eq!(read("refuse=STATE"), faults(0, Some(Fault::Act(ActFault::Refuse(ErrorCode::State)))));
        assert_eq!(read("outcome-unknown"), faults(0, Some(Fault::Act(ActFault::OutcomeUnknown))));
    }

    #[test]
    fn what_is_no_switch_or_contradicts_itself_is_refused() {
        let wrong = [
            "",
            "fast",
            "slow",
            "slow=",
            "slow=-1",
            "slow=+1",
            "slow=60001",
            "slow=1,slow=2",
            "busy,drop-reply",
            "busy=1",
            "refuse",
            "refuse=",
            "refuse=NO_SUCH",
            "refuse=BUSY",
            "refuse=INTERNAL",
            "busy,",
            "none,busy",
            "busy,busy",
        ];
        assert!(wrong.iter().all(|text| Faults::read(text).is_err()));
        assert_eq!(unreadable().code(), ErrorCode::Validation);
    }
}
