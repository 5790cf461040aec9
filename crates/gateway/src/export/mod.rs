//! Exports: every parcel that answers a question, as a file.
//!
//! The question is that of `parcels` and `stockLand`, read and answered by the same code, under the same rules of
//! disclosure; the command line and HTTP differ in who asks and where the bytes go.

mod columns;
mod course;
mod error;
mod http;
mod input;
mod places;
mod question;
mod statement;
mod statement_rows;

#[cfg(test)]
mod places_tests;
#[cfg(test)]
mod question_tests;

pub(crate) use columns::Columns;
pub use course::{Export, Exported};
pub use error::ExportError;
pub use http::Exporter;
pub(crate) use http::answer;
pub use question::{ExportQuestion, Exportable};
