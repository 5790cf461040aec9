//! Yulin.
