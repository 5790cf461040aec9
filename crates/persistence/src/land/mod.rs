//! Land as it is searched.

pub mod search;
