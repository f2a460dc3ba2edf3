//! The acting half of sync: reads rows, asks [`crate::sync`] what is next, makes the request, keeps the
//! facts. One request at a time; a kill anywhere loses nothing, because everything that matters is a row.

mod background;
mod compare;
mod confirm;
mod drafts;
mod engine;
mod enrol;
mod escrow;
mod heal;
mod hello;
mod kept;
mod notes;
mod pace;
mod pull;
mod push;
mod rows;
mod run;
mod shared;
mod stopwatch;
mod take;
mod tasks;
mod turn;
mod upload;
mod view;

pub use background::{Background, start};
pub(crate) use confirm::{mirror_went_back, run as confirm_passed};
pub use engine::Traffic;
pub use enrol::enrol;
pub(crate) use escrow::owner as escrow_owner;
pub(crate) use hello::{Brought, greeting, open_list, understood};
pub use kept::Kept;
pub(crate) use push::{keep as keep_facts, read_sound, segment};
pub use run::{RunReport, run_until};
pub use shared::Shared;
pub use take::{Took, take_turn};
pub use tasks::{PersonTask, TaskPage};
pub(crate) use turn::fetch_draft;
pub(crate) use upload::{read as read_file, told};
pub use view::{OpenChange, SyncFaultView, SyncView, lanes, sync_state};
