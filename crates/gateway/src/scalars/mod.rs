//! Scalars and small common inputs and outputs.

mod amounts;
mod as_of;
mod geojson;
mod ids;
mod list;
mod seq;
mod text;

pub use amounts::{AreaObject, MessagesObject, RangeInput, ShareObject};
pub use as_of::{AsOfInput, RecordedInput};
pub use geojson::GeoJson;
pub use ids::{read_id, write_id};
pub use list::{Under, read_each};
pub use seq::Seq;
pub(crate) use text::number;
pub use text::{Decimal, LocalDate, Timestamp};
