//! Acts handed to the registry until each is answered for good.

use std::time::Duration;

use yulin_domain::journal::{Act, Receipt, Record, Refused};
use yulin_domain::land::Parcel;
use yulin_persistence::{PerformError, PersistenceError, Registry, Rehearsal};

/// How often an act is asked again where the registry is busy or does not know.
const TRIES_MAX: u32 = 20;
/// The pause before the first time; each further one is as much longer.
const PAUSE: Duration = Duration::from_millis(100);

/// The answer to an act: recorded, refused, or the fault that ends the import.
pub type Answer = Result<Result<Receipt, Refused>, PersistenceError>;

/// Performs acts as a list; what was not decided is asked again under the same id.
pub async fn perform(registry: &Registry, acts: Vec<Act>) -> anyhow::Result<Vec<Answer>> {
    let mut answers: Vec<Option<Answer>> = acts.iter().map(|_| None).collect();
    for turn in 1..=TRIES_MAX {
        let open: Vec<usize> = (0..acts.len()).filter(|at| answers.get(*at).is_some_and(Option::is_none)).collect();
        if open.is_empty() {
            break;
        }
        let asked = open.iter().filter_map(|at| acts.get(*at).cloned()).collect();
        for (at, answered) in open.into_iter().zip(registry.perform_all(asked).await) {
            let settled = match answered {
                Ok(receipt) => Some(Ok(Ok(receipt))),
                Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => Some(Ok(Err(refused))),
                Err(PerformError::Fault(fault)) => Some(Err(fault)),
                Err(PerformError::Busy | PerformError::OutcomeUnknown) => None,
            };
            if let Some(place) = answers.get_mut(at) {
                *place = settled;
            }
        }
        if answers.iter().any(Option::is_none) {
            tokio::time::sleep(PAUSE * turn).await;
        }
    }
    let settled = answers.into_iter().collect::<Option<Vec<_>>>();
    settled.ok_or_else(|| anyhow::anyhow!("the registry stayed busy; the same command goes on where this one stopped"))
}

/// What an act that is only tried would do: the parcel it would make, where it makes one.
pub type Tried = Result<Option<Parcel>, Refused>;

/// Tries acts without recording them, after those tried before.
pub async fn rehearse(rehearsal: &mut Rehearsal, acts: Vec<Act>) -> anyhow::Result<Vec<Tried>> {
    let tried = rehearsal.decide(acts).await?.into_iter();
    tried
        .map(|tried| match tried {
            Ok(preview) => {
                let versions = preview.changes.iter().flat_map(|change| &change.versions);
                let mut parcels = versions.filter_map(|version| match &*version.state {
                    Record::Parcel(parcel) => Some((**parcel).clone()),
                    _ => None,
                });
                Ok(Ok(parcels.next_back()))
            }
            Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => Ok(Err(refused)),
            Err(error @ (PerformError::Busy | PerformError::OutcomeUnknown | PerformError::Fault(_))) => {
                Err(error.into())
            }
        })
        .collect()
}
