//! The rules of the trade, pure: no clock, no randomness, no I/O. Everything a phone, a server, a
//! report or a test needs to agree on is decided here and nowhere else.

pub mod calendar;
pub mod checklist;
pub mod conclusion;
pub mod county;
pub mod found;
pub mod grading;
#[cfg(test)]
mod grading_tests;
pub mod ids;
pub mod inspection;
pub mod keypad;
pub mod licence;
pub mod mask;
pub mod merge;
pub mod operator;
pub mod org;
pub mod place;
pub mod province;
pub mod retention;
pub mod review;
pub mod score_table;
pub mod scoring;
pub mod section_confirm;
pub mod signals;
pub mod text;
pub mod time;
pub mod trace;
pub mod words;
