//! Districts: the areas whose land is registered.

mod amend;
mod district;
mod register;

pub use amend::AmendDistrict;
pub use district::District;
pub use register::RegisterDistrict;
pub(crate) use register::{check_given, check_text, division_over};
