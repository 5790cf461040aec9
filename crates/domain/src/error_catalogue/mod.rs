//! The error catalogue: every code under which the product refuses or fails, with its class and its messages.
//!
//! One list for the whole product, because integrators write against the codes. What a code's numbers are is said by the
//! refusal that carries it; here are the fixed words.

mod class;
mod code;

pub use class::ErrorClass;
pub use code::ErrorCode;

#[cfg(test)]
mod catalogue_tests;
