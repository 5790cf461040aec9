//! The factor ledger: its rows, what a batch loads of it, and what is asked of it.

mod load;
mod load_books;
mod read;
mod row;
mod totals;
mod watch;

pub use read::{AccountFilter, EntryLine, HoldFilter, LotLife, Lots};
pub(crate) use row::{ToldApart, account_row, close_many, entry_row, hold_row, lot_row, open_lot};
pub use totals::{FactorTotals, PurposeTotal};
pub use watch::{Round, Watch, WatchError};
