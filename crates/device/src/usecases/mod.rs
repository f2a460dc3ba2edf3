//! What a person does, one file per noun. Every tap is one transaction, committed before the answer.

pub mod acting;
mod amendment_view;
mod amendment_work;
pub mod amendments;
pub mod answering;
pub mod answers;
mod append;
pub mod bundle;
pub mod checklists;
pub mod current;
pub mod draft_copy;
pub mod drafts;
pub mod findings;
mod form;
mod form_view;
pub mod index;
mod last_visit;
pub mod licences;
mod market_day;
pub(crate) mod new_log;
pub mod notices;
pub mod operators;
pub mod people;
pub mod photos;
pub mod readiness;
pub mod records;
pub mod register;
pub mod sections;
pub mod signing;
pub mod standing;
pub mod status;
pub mod takeover;
#[cfg(test)]
pub(crate) mod tests;
pub mod text;
pub mod today;
pub mod visit;
