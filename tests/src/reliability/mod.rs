//! The fault table: every row is a fault, played so many times on real parts, with what was lost and
//! what was doubled. `docs/reliability.md` holds the last figures and what they do not show.

mod jobs;
pub mod mutants;
pub mod row;
pub mod rows;
pub mod run;

pub use row::{Count, Form, Plan, Row};
