//! The table that is printed, line by line as it is measured.

use crate::load::Figures;
use crate::peer::Bare;
use crate::work::{Line, Spread};

/// What a line is compared with: as many clients, the same accounts, the same thing beside.
type Conditions = (usize, Spread, &'static str);

/// What was printed and is still needed.
#[derive(Debug, Default)]
pub struct Table {
    bare: Vec<(Conditions, f64)>,
    notes: Vec<String>,
}

impl Table {
    pub fn head(&self) {
        println!(
            "| work | accounts | clients | acts a request | a second | p50 | p99 | to pgbench | acts a commit | \
                  µs of registry, database, load | failed |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|");
    }

    /// Something to be said below the table.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Ends the table.
    pub fn end(&mut self) {
        println!();
        for note in self.notes.drain(..) {
            println!("- {note}");
        }
    }

    /// A line of the peer.
    pub fn bare(&mut self, conditions: Conditions, bare: &Bare) {
        let (clients, spread, beside) = conditions;
        let Bare { a_second, p50_ms, p99_ms } = bare;
        println!(
            "| pgbench, bare transfer{} | {} | {clients} | 1 | {a_second:.0} | {p50_ms:.1} ms | {p99_ms:.1} ms | 1 | 1 |  | 0 |",
            meanwhile(beside),
            accounts(spread)
        );
        self.bare.retain(|(before, _)| *before != conditions);
        self.bare.push((conditions, *a_second));
    }

    /// A line of the registry; time of the processors is told for each piece of work.
    pub fn line(&self, (line, beside): (Line, &'static str), figures: &Figures, commits: f64) {
        let Line { work, spread, clients, acts } = line;
        let Figures { done, failed, a_second, p50_ms, p99_ms, spent } = figures;
        let bare = self.bare.iter().find(|(conditions, _)| *conditions == (clients, spread, beside));
        let ratio = bare.map_or_else(String::new, |(_, bare)| format!("{:.2}", a_second / bare));
        let each = |spent: std::time::Duration| spent.as_micros() as f64 / *done as f64;
        let spent = [spent.registry, spent.database, spent.load].map(|spent| format!("{:.0}", each(spent)));
        println!(
            "| {}{} | {} | {clients} | {acts} | {a_second:.0} | {p50_ms:.1} ms | {p99_ms:.1} ms | {ratio} | {commits:.1} | \
             {} | {failed} |",
            work.name(),
            meanwhile(beside),
            accounts(spread),
            spent.join(", ")
        );
    }
}

fn meanwhile(beside: &str) -> String {
    if beside.is_empty() { String::new() } else { format!(", beside {beside}") }
}

const fn accounts(spread: Spread) -> &'static str {
    match spread {
        Spread::Uniform => "any two",
        Spread::OneAccount => "one and any",
    }
}
