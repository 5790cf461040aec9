//! Processor time of the registry, the database and the load, as Linux counts it.

use std::path::Path;
use std::time::Duration;

/// A tick of `/proc/PID/stat`: Linux tells a hundredth of a second on all architectures that we know.
const TICK: Duration = Duration::from_millis(10);

/// Processes that are watched beside this one.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    pub registry: Option<u32>,
    pub postmaster: Option<u32>,
}

/// Processor time that was taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    pub registry: Duration,
    pub database: Duration,
    pub load: Duration,
}

impl Watched {
    /// What was taken until now.
    pub fn spent(&self) -> Spent {
        let of = |pid: Option<u32>| pid.and_then(of_process).map_or(Duration::ZERO, |one| one.own);
        let (registry, load) = (of(self.registry), of(Some(std::process::id())));
        Spent { registry, load, database: self.postmaster.map_or(Duration::ZERO, of_family) }
    }
}

impl Spent {
    /// What was taken since an earlier look.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            registry: self.registry.saturating_sub(before.registry),
            database: self.database.saturating_sub(before.database),
            load: self.load.saturating_sub(before.load),
        }
    }
}

/// What a process says of itself.
#[derive(Debug)]
struct Process {
    parent: u32,
    own: Duration,
    /// Of children that have ended.
    ended: Duration,
}

fn of_process(pid: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold blanks: state, parent and the rest come after it.
    let (_, rest) = stat.rsplit_once(')')?;
    let words: Vec<_> = rest.split_whitespace().collect();
    let ticks = |place: usize| words.get(place).and_then(|word| word.parse::<u32>().ok());
    Some(Process { parent: ticks(1)?, own: TICK * (ticks(11)? + ticks(12)?), ended: TICK * (ticks(13)? + ticks(14)?) })
}

/// A process, its children, and those that have ended.
fn of_family(pid: u32) -> Duration {
    let Ok(all) = std::fs::read_dir(Path::new("/proc")) else { return Duration::ZERO };
    let pids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let own = of_process(pid).map_or(Duration::ZERO, |process| process.own + process.ended);
    let children = pids.filter_map(of_process).filter(|process| process.parent == pid);
    own + children.map(|process| process.own).sum::<Duration>()
}
