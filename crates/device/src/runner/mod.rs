//! The acting half of sync: reads rows, asks [`crate::sync`] what is next, makes the request, keeps the
//! facts. One request at a time; a kill anywhere loses nothing, because everything that matters is a row.

mod background;
mod confirm;
mod engine;
mod enrol;
mod heal;
mod hello;
mod notes;
mod pace;
mod pull;
mod push;
mod rows;
mod run;
mod shared;
mod stopwatch;
mod take;
mod turn;
mod upload;
mod view;

pub use background::{Background, start};
pub(crate) use confirm::mirror_went_back;
pub use engine::Traffic;
pub use enrol::enrol;
pub use run::{RunReport, run_until};
pub use shared::Shared;
pub use take::{Took, take_turn};
pub use view::{OpenChange, SyncFaultView, SyncView, lanes, sync_state};
