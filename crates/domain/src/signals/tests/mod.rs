#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
//! Each rule at its boundary, and what holds of all of them together.

mod edges;
mod sample;
mod sentences;
mod together;
